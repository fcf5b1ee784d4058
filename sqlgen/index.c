#include "sqlgen/index.h"

#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

void dn_index_cluster(DnBuf *buf, const DnRender *render, const DnIndex *index) {
    if (index->is_clustered) {
        dn_buf_str(buf, "\nALTER TABLE ");
        dn_qualified_name(buf, render, &index->table->object);
        dn_buf_str(buf, " CLUSTER ON ");
        dn_name(buf, render, &index->object);
        dn_end(buf);
    }
}

void dn_index_replica_identity(DnBuf *buf, const DnRender *render, const DnIndex *index) {
    if (index->is_replica_identity) {
        dn_buf_str(buf, "\nALTER TABLE ONLY ");
        dn_qualified_name(buf, render, &index->table->object);
        dn_buf_str(buf, " REPLICA IDENTITY USING INDEX ");
        dn_name(buf, render, &index->object);
        dn_end(buf);
    }
}

/* Columns go by number here: a column that is an expression has no name that one could write. */
static void add_statistics(DnBuf *buf, const DnIndex *index, const char *name) {
    for (size_t i = 0; i < index->statistics.count; i++) {
        const DnIndexStatistics *target = &index->statistics.items[i];
        dn_end_with(buf, "ALTER INDEX %s ALTER COLUMN %d SET STATISTICS %d", name, target->column,
                    target->target);
    }
}

/* A part of a partitioned index cannot be dropped by itself; 12's pg_dump tries it all the same. */
static bool can_drop(const DnRender *render, const DnIndex *index) {
    enum { WHOLE_ONLY_SINCE = 13 };
    bool tries = render->stand_in && dn_model_spelling(render->model) < WHOLE_ONLY_SINCE;
    return !index->parent_oid || tries;
}

void dn_index_columns(DnBuf *buf, const DnRender *render, const DnIndex *index, size_t first, size_t end) {
    for (size_t i = first; i < end && i < index->columns.count; i++) {
        dn_buf_str(buf, i > first ? ", " : "");
        dn_ident(buf, &render->spelling, index->columns.items[i]);
    }
}

/* A plain B-tree, as pg_get_indexdef() would have it. */
static void add_definition(DnBuf *buf, const DnRender *render, const DnIndex *index) {
    dn_buf_str(buf, index->is_unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ");
    dn_name(buf, render, &index->object);
    dn_buf_str(buf, " ON ");
    dn_qualified_name(buf, render, &index->table->object);
    dn_buf_str(buf, " USING ");
    dn_ident(buf, &render->spelling, "btree");
    dn_buf_str(buf, " (");
    dn_index_columns(buf, render, index, 0, index->key_count);
    if (index->columns.count > index->key_count) {
        dn_buf_str(buf, ") INCLUDE (");
        dn_index_columns(buf, render, index, index->key_count, index->columns.count);
    }
    dn_buf_str(buf, index->nulls_not_distinct ? ") NULLS NOT DISTINCT" : ")");
}

static void render_definition(const DnRender *render, const DnIndex *index, DnEntries *entries) {
    DnBuf name = {0};
    dn_qualified_name(&name, render, &index->object);
    DnEntry *entry = dn_entry_add(entries, &index->object, "INDEX");
    entry->tablespace = index->tablespace;
    if (index->definition) {
        dn_buf_str(&entry->create, index->definition);
    } else {
        add_definition(&entry->create, render, index);
    }
    dn_end(&entry->create);
    dn_index_cluster(&entry->create, render, index);
    add_statistics(&entry->create, index, dn_buf_text(&name));
    dn_part_extensions(&entry->create, render, &index->object, "INDEX", dn_buf_text(&name));
    dn_index_replica_identity(&entry->create, render, index);
    if (can_drop(render, index)) {
        dn_end_with(&entry->drop, "DROP INDEX %s", dn_buf_text(&name));
    }
    dn_buf_deinit(&name);
}

/* The index of a constraint comes with that one; its comment is still its own. */
void dn_render_index(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnIndex *index = (const DnIndex *)object;
    if (render->data_only) {
        return;
    }
    if (!index->constraint && dn_part_defined(object)) {
        render_definition(render, index, entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        DnBuf name = {0};
        dn_name(&name, render, object);
        dn_render_comment(render, object, "INDEX", dn_buf_text(&name), entries);
        dn_buf_deinit(&name);
    }
}

void dn_render_index_attach(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnIndexAttach *attachment = (const DnIndexAttach *)object;
    if (render->data_only || !dn_part_defined(object)) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "INDEX ATTACH");
    dn_buf_str(&entry->create, "ALTER INDEX ");
    dn_qualified_name(&entry->create, render, &attachment->parent->object);
    dn_buf_str(&entry->create, " ATTACH PARTITION ");
    dn_qualified_name(&entry->create, render, &attachment->child->object);
    dn_end(&entry->create);
}
