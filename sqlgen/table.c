#include <string.h>

#include "sqlgen/constraint.h"
#include "sqlgen/default.h"
#include "sqlgen/relation.h"
#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

enum { NAMES_NOT_NULL_SINCE = 18 };

static bool is_filled(const char *options) {
    return options && strlen(options) > 2; /* "{}" */
}

static const char *description(const DnRelation *t) {
    return t->relkind == 'f' ? "FOREIGN TABLE" : t->relkind == 'm' ? "MATERIALIZED VIEW" : "TABLE";
}

/* ---- Columns and constraints inside the parentheses ------------------------------ */

static bool default_is_inside(const DnAttribute *a) {
    return a->fallback && !a->fallback->separate && (a->fallback->object.dump & DN_PART_DEFINITION);
}

/* A NOT NULL that comes from a parent needs no word here; a partition repeats all. */
static bool not_null_is_inside(const DnRender *render, const DnRelation *t, const DnAttribute *a) {
    if (!a->not_null || t->is_partition) {
        return a->not_null;
    }
    return dn_model_spelling(render->model) >= NAMES_NOT_NULL_SINCE ? a->not_null_local
                                                                    : !a->not_null_inherited;
}

static void add_not_null(DnBuf *sql, const DnRender *render, const DnAttribute *a) {
    if (a->not_null_name && dn_model_spelling(render->model) >= NAMES_NOT_NULL_SINCE) {
        dn_buf_str(sql, " CONSTRAINT ");
        dn_ident(sql, &render->spelling, a->not_null_name);
    }
    dn_buf_str(sql, " NOT NULL");
    dn_buf_str(sql, a->not_null_no_inherit ? " NO INHERIT" : "");
}

static void add_column(DnBuf *sql, const DnRender *render, const DnRelation *t, const DnAttribute *a) {
    dn_ident(sql, &render->spelling, a->name);
    if (!t->of_type) {
        dn_buf_fmt(sql, " %s", a->type);
    }
    if (default_is_inside(a)) {
        dn_buf_str(sql, a->generated ? " GENERATED ALWAYS AS (" : " DEFAULT ");
        dn_default_expression(sql, render, a->fallback);
        dn_buf_str(sql, a->generated == 's' ? ") STORED" : a->generated ? ")" : "");
    }
    if (not_null_is_inside(render, t, a)) {
        add_not_null(sql, render, a);
    }
    if (a->collation) {
        dn_buf_str(sql, " COLLATE ");
        dn_qualified(sql, &render->spelling, a->collation_schema, a->collation);
    }
}

/* A typed table names only columns that have more than the type says. */
static bool column_is_inside(const DnRender *render, const DnRelation *t, const DnAttribute *a) {
    return dn_column_is_written(t, a) &&
           (!t->of_type || default_is_inside(a) || not_null_is_inside(render, t, a));
}

static void next_item(DnBuf *sql, int *count) {
    dn_buf_str(sql, (*count)++ ? ",\n    " : " (\n    ");
}

/* 18: a NOT NULL of its own on a column that the parent brings. */
static void add_inherited_column_not_null(DnBuf *sql, const DnRender *render, const DnRelation *t,
                                          const DnAttribute *a, int *count) {
    if (dn_model_spelling(render->model) < NAMES_NOT_NULL_SINCE || a->dropped ||
        !not_null_is_inside(render, t, a)) {
        return;
    }
    next_item(sql, count);
    if (a->not_null_name) {
        dn_buf_str(sql, "CONSTRAINT ");
        DnSpelling spelling = render->spelling;
        spelling.quote_all = spelling.quote_all && !render->stand_in; /* 18 forgets the quotes just here */
        dn_ident(sql, &spelling, a->not_null_name);
        dn_buf_char(sql, ' ');
    }
    dn_buf_str(sql, "NOT NULL ");
    dn_ident(sql, &render->spelling, a->name);
    dn_buf_str(sql, a->not_null_no_inherit ? " NO INHERIT" : "");
}

static void add_body(DnBuf *sql, const DnRender *render, const DnRelation *t) {
    int count = 0;
    for (size_t i = 0; i < t->attributes.count; i++) {
        const DnAttribute *a = &t->attributes.items[i];
        if (column_is_inside(render, t, a)) {
            next_item(sql, &count);
            add_column(sql, render, t, a);
        } else if (!dn_column_is_written(t, a)) {
            add_inherited_column_not_null(sql, render, t, a, &count);
        }
    }
    for (size_t i = 0; i < t->checks.count; i++) {
        const DnConstraint *c = t->checks.items[i];
        /* ATTACH PARTITION expects a partition to have its parent's constraints. */
        if (!c->separate && (c->local || t->is_partition)) {
            next_item(sql, &count);
            dn_buf_str(sql, "CONSTRAINT ");
            dn_name(sql, render, &c->object);
            dn_buf_fmt(sql, " %s", c->definition);
        }
    }
    dn_buf_str(sql, count ? "\n)" : t->of_type ? "" : " (\n)");
}

/* ---- CREATE TABLE ---------------------------------------------------------------- */

static void add_parents(DnBuf *sql, const DnRender *render, const DnRelation *t) {
    if (t->is_partition || !t->parents.count) {
        return;
    }
    dn_buf_str(sql, "\nINHERITS (");
    for (size_t i = 0; i < t->parents.count; i++) {
        dn_buf_str(sql, i ? ", " : "");
        dn_qualified_name(sql, render, &t->parents.items[i]->object);
    }
    dn_buf_char(sql, ')');
}

static void add_options(DnBuf *sql, const DnRender *render, const DnRelation *t) {
    if (is_filled(t->options) || is_filled(t->toast_options)) {
        dn_buf_str(sql, "\nWITH (");
        if (is_filled(t->options)) {
            dn_reloptions(sql, &render->spelling, t->options, "");
        }
        if (is_filled(t->toast_options)) {
            dn_buf_str(sql, is_filled(t->options) ? ", " : "");
            dn_reloptions(sql, &render->spelling, t->toast_options, "toast.");
        }
        dn_buf_char(sql, ')');
    }
    if (t->foreign_options) {
        dn_buf_fmt(sql, "\nOPTIONS (\n    %s\n)", t->foreign_options);
    }
}

static void add_query(DnBuf *sql, const DnRelation *matview) {
    dn_buf_str(sql, " AS\n");
    dn_given_statement(sql, matview->definition);
    /* Rows come last of all, by REFRESH. */
    dn_buf_str(sql, "\n  WITH NO DATA");
}

static bool is_unlogged(const DnRender *render, const DnRelation *t) {
    /* 18 has no unlogged partitioned tables, and refuses to make one; older ones meant nothing by it. */
    bool none = dn_model_spelling(render->model) >= 18 || render->taken_by >= 18;
    return t->persistence == 'u' && !(t->relkind == 'p' && none);
}

static void create_table(DnBuf *sql, const DnRender *render, const DnRelation *t) {
    dn_buf_fmt(sql, "CREATE %s%s ", is_unlogged(render, t) ? "UNLOGGED " : "", description(t));
    dn_qualified_name(sql, render, &t->object);
    if (t->of_type) {
        dn_buf_fmt(sql, " OF %s", t->of_type_name);
    }
    if (t->relkind != 'm') {
        add_body(sql, render, t);
        add_parents(sql, render, t);
        if (t->partition_key) {
            dn_buf_fmt(sql, "\nPARTITION BY %s", t->partition_key);
        }
        if (t->foreign_server) {
            dn_buf_str(sql, "\nSERVER ");
            dn_ident(sql, &render->spelling, t->foreign_server);
        }
    }
    add_options(sql, render, t);
    if (t->relkind == 'm') {
        add_query(sql, t);
    }
    dn_end(sql);
}

/* ---- What only ALTER TABLE can say ----------------------------------------------- */

static void alter_column(DnBuf *sql, const DnRender *render, const DnRelation *t, const DnAttribute *a,
                         bool only) {
    dn_buf_fmt(sql, "ALTER %s%s ", t->relkind == 'f' ? "FOREIGN TABLE" : "TABLE", only ? " ONLY" : "");
    dn_qualified_name(sql, render, &t->object);
    dn_buf_str(sql, " ALTER COLUMN ");
    dn_ident(sql, &render->spelling, a->name);
    dn_buf_char(sql, ' ');
}

static const char *storage_name(char storage) {
    return storage == 'p'   ? "PLAIN"
           : storage == 'e' ? "EXTERNAL"
           : storage == 'm' ? "MAIN"
           : storage == 'x' ? "EXTENDED"
                            : NULL;
}

static const char *compression_name(char compression) {
    return compression == 'p' ? "pglz" : compression == 'l' ? "lz4" : NULL;
}

static void alter_columns(DnBuf *sql, const DnRender *render, const DnRelation *t, const DnAttribute *a) {
    if (dn_model_spelling(render->model) < NAMES_NOT_NULL_SINCE && !dn_column_is_written(t, a) &&
        a->not_null && !a->not_null_inherited) {
        alter_column(sql, render, t, a, true);
        dn_end_with(sql, "SET NOT NULL");
    }
    if (a->statistics_target >= 0) {
        alter_column(sql, render, t, a, true);
        dn_end_with(sql, "SET STATISTICS %d", a->statistics_target);
    }
    if (a->storage != a->type_storage && storage_name(a->storage)) {
        alter_column(sql, render, t, a, true);
        dn_end_with(sql, "SET STORAGE %s", storage_name(a->storage));
    }
    if (compression_name(a->compression) && !render->no_toast_compression) {
        alter_column(sql, render, t, a, true);
        dn_end_with(sql, "SET COMPRESSION %s", compression_name(a->compression));
    }
    if (a->options) {
        alter_column(sql, render, t, a, true);
        dn_end_with(sql, "SET (%s)", a->options);
    }
    if (t->relkind == 'f' && a->fdw_options) {
        /* Until 17 pg_dump left ONLY out here, and only here. */
        alter_column(sql, render, t, a, dn_model_spelling(render->model) >= 17);
        dn_end_with(sql, "OPTIONS (\n    %s\n)", a->fdw_options);
    }
}

static void alter_table(DnBuf *sql, const DnRender *render, const DnRelation *t, const char *action) {
    dn_buf_str(sql, "\nALTER TABLE ONLY ");
    dn_qualified_name(sql, render, &t->object);
    dn_end_with(sql, " %s", action);
}

/* Until 13 ATTACH PARTITION was a part of the partition's own entry. */
static bool attaches_apart(const DnRender *render) {
    return dn_model_spelling(render->model) >= 14;
}

static void add_attach(DnBuf *sql, const DnRender *render, const DnRelation *parent,
                       const DnRelation *partition) {
    dn_buf_str(sql, "ALTER TABLE ONLY ");
    dn_qualified_name(sql, render, &parent->object);
    dn_buf_str(sql, " ATTACH PARTITION ");
    dn_qualified_name(sql, render, &partition->object);
    dn_end_with(sql, " %s", partition->partition_bound);
}

static void add_alterations(DnBuf *sql, const DnRender *render, const DnRelation *t) {
    if (t->relkind == 'm') {
        DnBuf name = {0};
        dn_qualified_name(&name, render, &t->object);
        dn_part_extensions(sql, render, &t->object, "MATERIALIZED VIEW", dn_buf_text(&name));
        dn_buf_deinit(&name);
    }
    if (t->is_partition && !attaches_apart(render) && t->parents.count) {
        add_attach(sql, render, t->parents.items[0], t);
    }
    for (size_t i = 0; i < t->attributes.count; i++) {
        if (!t->attributes.items[i].dropped) {
            alter_columns(sql, render, t, &t->attributes.items[i]);
        }
    }
    /* An index as replica identity is named after the index. */
    if (t->relkind != 'f' && t->replica_identity == 'n') {
        alter_table(sql, render, t, "REPLICA IDENTITY NOTHING");
    } else if (t->relkind != 'f' && t->replica_identity == 'f') {
        alter_table(sql, render, t, "REPLICA IDENTITY FULL");
    }
    if (t->force_row_security) {
        alter_table(sql, render, t, "FORCE ROW LEVEL SECURITY");
    }
}

/* ---- Entries --------------------------------------------------------------------- */

/* 18: NOT NULL is a constraint that can have a comment. */
static void not_null_comments(const DnRender *render, const DnRelation *t, DnEntries *entries) {
    for (size_t i = 0; i < t->attributes.count; i++) {
        const DnAttribute *a = &t->attributes.items[i];
        if (!a->not_null_comment || a->dropped) {
            continue;
        }
        DnBuf type = {0};
        DnBuf name = {0};
        dn_buf_str(&type, "CONSTRAINT ");
        dn_ident(&type, &render->spelling, a->not_null_constraint);
        dn_buf_str(&type, " ON");
        dn_name(&name, render, &t->object);
        dn_render_comment_text(render, &t->object, dn_buf_text(&type), dn_buf_text(&name),
                               a->not_null_comment, entries);
        dn_buf_deinit(&type);
        dn_buf_deinit(&name);
    }
}

void dn_render_table(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRelation *t = (const DnRelation *)object;
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, description(t));
        entry->section = t->postponed ? DN_POST_DATA : DN_PRE_DATA;
        /* A foreign table is stored nowhere; pg_dump 12 and 13 set a tablespace all the same. */
        entry->tablespace =
            t->relkind == 'f' && dn_model_spelling(render->model) >= 14 ? NULL : t->tablespace;
        entry->access_method = t->access_method;
        entry->partitioned = t->relkind == 'p';
        dn_entry_drop_and_owner(entry, render, description(t));
        create_table(&entry->create, render, t);
        add_alterations(&entry->create, render, t);
    }
    dn_render_relation_comments(render, t, description(t), entries);
    dn_render_relation_labels(render, t, description(t), entries);
    if ((object->dump & DN_PART_DEFINITION) && (object->dump & DN_PART_COMMENT)) {
        not_null_comments(render, t, entries);
        dn_render_check_comments(render, t, entries);
    }
    dn_render_relation_acls(render, t, entries);
}

void dn_render_table_attach(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnTableAttach *attach = (const DnTableAttach *)object;
    if (render->data_only || !(object->dump & DN_PART_DEFINITION) || !attaches_apart(render)) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "TABLE ATTACH");
    add_attach(&entry->create, render, attach->parent, attach->partition);
}
