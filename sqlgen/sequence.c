#include <inttypes.h>
#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

/* The bounds that a sequence of a type has when none are given. */
static const struct {
    const char *type;
    int64_t minimum, maximum;
} bounds[] = {
    {"smallint", INT16_MIN, INT16_MAX},
    {"integer", INT32_MIN, INT32_MAX},
    {"bigint", INT64_MIN, INT64_MAX},
};

static void add_bounds(DnBuf *sql, const DnSequence *s) {
    int64_t lowest = INT64_MIN;
    int64_t highest = INT64_MAX;
    for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
        if (s->type && strcmp(bounds[i].type, s->type) == 0) {
            lowest = bounds[i].minimum;
            highest = bounds[i].maximum;
        }
    }
    if (s->minimum == (s->increment > 0 ? 1 : lowest)) {
        dn_buf_str(sql, "    NO MINVALUE\n");
    } else {
        dn_buf_fmt(sql, "    MINVALUE %" PRId64 "\n", s->minimum);
    }
    if (s->maximum == (s->increment > 0 ? highest : -1)) {
        dn_buf_str(sql, "    NO MAXVALUE\n");
    } else {
        dn_buf_fmt(sql, "    MAXVALUE %" PRId64 "\n", s->maximum);
    }
}

static void begin_identity(DnBuf *sql, const DnRender *render, const DnRelation *sequence,
                           const DnRelation *owner, const DnAttribute *column) {
    dn_buf_str(sql, "ALTER TABLE ");
    dn_qualified_name(sql, render, &owner->object);
    dn_buf_str(sql, " ALTER COLUMN ");
    dn_ident(sql, &render->spelling, column->name);
    dn_buf_fmt(sql, " ADD GENERATED %s AS IDENTITY (\n    SEQUENCE NAME ",
               column->identity == 'a' ? "ALWAYS" : "BY DEFAULT");
    dn_qualified_name(sql, render, &sequence->object);
    dn_buf_char(sql, '\n');
    /* 15: the sequence can differ from its table. */
    if (dn_model_spelling(render->model) >= 15 && sequence->persistence != owner->persistence) {
        dn_buf_str(sql, sequence->persistence == 'u' ? "    UNLOGGED\n" : "    LOGGED\n");
    }
}

static void begin_sequence(DnBuf *sql, const DnRender *render, const DnRelation *sequence) {
    dn_buf_str(sql, sequence->persistence == 'u' ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ");
    dn_qualified_name(sql, render, &sequence->object);
    dn_buf_char(sql, '\n');
    const char *type = sequence->sequence->type;
    if (!type || strcmp(type, "bigint") != 0) {
        dn_buf_str(sql, "    AS ");
        dn_given(sql, type);
        dn_buf_char(sql, '\n');
    }
}

static void create_sequence(const DnRender *render, const DnRelation *r, DnEntries *entries) {
    const DnSequence *s = r->sequence;
    const DnRelation *owner = r->is_identity ? dn_model_relation(render->model, r->owning_table) : NULL;
    const DnAttribute *column = owner ? dn_column(owner, r->owning_column) : NULL;
    DnEntry *entry = dn_entry_add(entries, &r->object, "SEQUENCE");
    DnBuf *sql = &entry->create;
    if (column) {
        begin_identity(sql, render, r, owner, column);
    } else {
        dn_entry_drop_and_owner(entry, render, "SEQUENCE");
        begin_sequence(sql, render, r);
    }
    dn_buf_fmt(sql, "    START WITH %" PRId64 "\n    INCREMENT BY %" PRId64 "\n", s->start, s->increment);
    add_bounds(sql, s);
    dn_buf_fmt(sql, "    CACHE %" PRId64 "%s", s->cache, s->cycle ? "\n    CYCLE" : "");
    dn_buf_str(sql, column ? "\n)" : "");
    dn_end(sql);
}

/* An entry of its own: the table exists by then, as the dependency that tells of the owner sees to. */
static void owned_by(const DnRender *render, const DnRelation *r, DnEntries *entries) {
    const DnRelation *owner = dn_model_relation(render->model, r->owning_table);
    const DnAttribute *column = owner ? dn_column(owner, r->owning_column) : NULL;
    if (r->is_identity || !column || !(owner->object.dump & DN_PART_DEFINITION)) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, &r->object, "SEQUENCE OWNED BY");
    dn_buf_str(&entry->create, "ALTER SEQUENCE ");
    dn_qualified_name(&entry->create, render, &r->object);
    dn_buf_str(&entry->create, " OWNED BY ");
    dn_qualified_name(&entry->create, render, &owner->object);
    dn_buf_char(&entry->create, '.');
    dn_ident(&entry->create, &render->spelling, column->name);
    dn_end(&entry->create);
}

static bool has_rights(const DnRelation *table) {
    bool has = table->object.acl.current != NULL;
    for (size_t i = 0; i < table->attributes.count && !has; i++) {
        has = table->attributes.items[i].acl != NULL;
    }
    return has;
}

/* pg_dump 12 and 13 forget the rights on an identity sequence when its table has none. */
static bool is_acl_forgotten(const DnRender *render, const DnRelation *sequence) {
    const DnRelation *table = dn_model_relation(render->model, sequence->owning_table);
    return render->stand_in && sequence->is_identity && dn_model_spelling(render->model) < 14 && table &&
           !has_rights(table);
}

void dn_render_sequence(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRelation *r = (const DnRelation *)object;
    if (render->data_only || !r->sequence) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        create_sequence(render, r, entries);
        owned_by(render, r, entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "SEQUENCE", dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, "SEQUENCE", dn_buf_text(&name), entries);
    if ((object->dump & DN_PART_ACL) && !is_acl_forgotten(render, r)) {
        dn_render_acl(render, object, "SEQUENCE", dn_buf_text(&name), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
}

void dn_render_sequence_set(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRelation *r = ((const DnTableData *)object)->table;
    if (!r->sequence || (render->schema_only && !render->sequence_data)) {
        return;
    }
    DnBuf name = {0};
    dn_qualified_name(&name, render, &r->object);
    DnEntry *entry = dn_entry_add(entries, object, "SEQUENCE SET");
    dn_buf_str(&entry->create, "SELECT pg_catalog.setval(");
    dn_literal(&entry->create, &render->spelling, dn_buf_text(&name));
    dn_end_with(&entry->create, ", %" PRId64 ", %s)", r->sequence->last_value,
                r->sequence->is_called ? "true" : "false");
    entry->create.failed = entry->create.failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
}
