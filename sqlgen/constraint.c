#include "sqlgen/constraint.h"

#include "sqlgen/index.h"
#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

/* PRIMARY KEY and UNIQUE are spelled here, not by pg_get_constraintdef(): that one would name the
   tablespace, which a dump leaves to default_tablespace. */
static void add_key(DnBuf *buf, const DnRender *render, const DnConstraint *constraint) {
    const DnIndex *index = constraint->index;
    bool primary = constraint->contype == 'p';
    dn_buf_str(buf, primary ? "PRIMARY KEY" : "UNIQUE");
    if (index->nulls_not_distinct && !primary) {
        dn_buf_str(buf, " NULLS NOT DISTINCT");
    }
    dn_buf_str(buf, " (");
    dn_index_columns(buf, render, index, 0, index->key_count);
    dn_buf_str(buf, constraint->without_overlaps ? " WITHOUT OVERLAPS" : "");
    if (index->columns.count > index->key_count) {
        dn_buf_str(buf, ") INCLUDE (");
        dn_index_columns(buf, render, index, index->key_count, index->columns.count);
    }
    dn_buf_char(buf, ')');
    dn_part_options(buf, render, index->options);
    if (constraint->deferrable) {
        dn_buf_str(buf, constraint->deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE");
    }
}

static void add_names(DnBuf *buf, const DnRender *render, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        dn_buf_str(buf, i ? ", " : "");
        dn_ident(buf, &render->spelling, names[i]);
    }
}

static void add_action(DnBuf *buf, const char *event, char action) {
    const char *text = action == 'r'   ? "RESTRICT"
                       : action == 'c' ? "CASCADE"
                       : action == 'n' ? "SET NULL"
                       : action == 'd' ? "SET DEFAULT"
                                       : NULL; /* a: NO ACTION, which goes without saying */
    if (text) {
        dn_buf_fmt(buf, " ON %s %s", event, text);
    }
}

/* A foreign key as pg_get_constraintdef() would have it. */
static void add_foreign_key(DnBuf *buf, const DnRender *render, const DnConstraint *constraint) {
    const DnForeignKey *key = constraint->key;
    dn_buf_str(buf, "FOREIGN KEY (");
    add_names(buf, render, key->columns, key->count);
    dn_buf_str(buf, ") REFERENCES ");
    dn_qualified_name(buf, render, &key->referenced->object);
    dn_buf_char(buf, '(');
    add_names(buf, render, key->referenced_columns, key->count);
    dn_buf_char(buf, ')');
    dn_buf_str(buf, key->match == 'f' ? " MATCH FULL" : "");
    add_action(buf, "UPDATE", key->on_update);
    add_action(buf, "DELETE", key->on_delete);
    dn_buf_str(buf, constraint->deferrable ? " DEFERRABLE" : "");
    dn_buf_str(buf, constraint->deferred ? " INITIALLY DEFERRED" : "");
    dn_buf_str(buf, constraint->validated ? "" : " NOT VALID");
}

/* Keys of partitions that are a part of a partitioned one can't be dropped by themselves. pg_dump tries it,
   and its dump with --clean stops there. */
static bool can_drop(const DnRender *render, const DnConstraint *constraint) {
    return render->stand_in || !constraint->index || !constraint->index->parent_oid;
}

/* "ALTER <target>\n    ADD CONSTRAINT c <definition>;" with its DROP; the definition NULL = as above. */
static void add_statements(DnEntry *entry, const DnRender *render, const DnConstraint *constraint,
                           const char *target) {
    dn_buf_fmt(&entry->create, "ALTER %s\n    ADD CONSTRAINT ", target);
    dn_name(&entry->create, render, &constraint->object);
    dn_buf_char(&entry->create, ' ');
    if (constraint->definition) {
        dn_buf_str(&entry->create, constraint->definition);
    } else if (constraint->key) {
        add_foreign_key(&entry->create, render, constraint);
    } else {
        add_key(&entry->create, render, constraint);
    }
    dn_end(&entry->create);
    if (can_drop(render, constraint)) {
        dn_buf_fmt(&entry->drop, "ALTER %s DROP CONSTRAINT ", target);
        dn_name(&entry->drop, render, &constraint->object);
        dn_end(&entry->drop);
    }
}

static void add_index_properties(DnEntry *entry, const DnRender *render, const DnIndex *index) {
    DnBuf name = {0};
    dn_qualified_name(&name, render, &index->object);
    entry->tablespace = index->tablespace;
    dn_index_cluster(&entry->create, render, index);
    dn_index_replica_identity(&entry->create, render, index);
    dn_part_extensions(&entry->create, render, &index->object, "INDEX", dn_buf_text(&name));
    dn_buf_deinit(&name);
}

/* How each type of table constraint goes: what the entry is called, and whether it is ONLY this table's. */
typedef struct Form {
    char contype;
    const char *desc;
    bool only;
} Form;

static const Form forms[] = {
    {'p', "CONSTRAINT", true},
    {'u', "CONSTRAINT", true},
    {'x', "CONSTRAINT", true},
    /* a partitioned table's goes to its partitions: see below */
    {'f', "FK CONSTRAINT", true},
    /* no ONLY: it has to reach the children, where it is then inherited */
    {'c', "CHECK CONSTRAINT", false},
    {'n', "CONSTRAINT", false},
};

static const Form *form_of(const DnConstraint *constraint) {
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (forms[i].contype == constraint->contype) {
            return &forms[i];
        }
    }
    return NULL;
}

static void render_definition(const DnRender *render, const DnConstraint *constraint, DnEntries *entries) {
    const Form *form = form_of(constraint);
    const DnRelation *table = constraint->table;
    if (!form) {
        return;
    }
    DnEntry *entry = dn_part_entry(entries, &constraint->object,
                                   table ? &table->object : &constraint->domain->object, form->desc);
    DnBuf target = {0};
    if (table) {
        bool partitioned_key = constraint->contype == 'f' && table->relkind == 'p';
        dn_part_table(&target, render, table, form->only && !partitioned_key);
    } else {
        dn_buf_str(&target, "DOMAIN ");
        dn_qualified_name(&target, render, &constraint->domain->object);
    }
    add_statements(entry, render, constraint, dn_buf_text(&target));
    if (constraint->index) {
        add_index_properties(entry, render, constraint->index);
    }
    dn_buf_deinit(&target);
}

static void render_comment(const DnRender *render, const DnConstraint *constraint, DnEntries *entries) {
    const DnObject *belongs_to = constraint->table ? &constraint->table->object : &constraint->domain->object;
    dn_part_comment(render, &constraint->object, "CONSTRAINT", constraint->table ? "ON" : "ON DOMAIN",
                    belongs_to, entries);
}

void dn_render_constraint(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnConstraint *constraint = (const DnConstraint *)object;
    if (render->data_only || !constraint->separate) {
        return;
    }
    if (constraint->local && dn_part_defined(object)) {
        render_definition(render, constraint, entries);
    }
    render_comment(render, constraint, entries);
}

void dn_render_check_comments(const DnRender *render, const DnRelation *table, DnEntries *entries) {
    for (size_t i = 0; i < table->checks.count; i++) {
        const DnConstraint *check = table->checks.items[i];
        if (!check->separate && check->local) {
            dn_part_comment(render, &check->object, "CONSTRAINT", "ON", &table->object, entries);
        }
    }
}
