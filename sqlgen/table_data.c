#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"
#include "sqlgen/table_data.h"

/* "(a, b)" with the parentheses given: what COPY and INSERT can give values to; "" when there is no such
   column. */
static void add_columns(DnBuf *sql, const DnRender *render, const DnRelation *table, const char *open,
                        const char *close) {
    bool any = false;
    for (size_t i = 0; i < table->attributes.count; i++) {
        const DnAttribute *a = &table->attributes.items[i];
        if (!a->dropped && !a->generated) {
            dn_buf_str(sql, any ? ", " : open);
            dn_ident(sql, &render->spelling, a->name);
            any = true;
        }
    }
    dn_buf_str(sql, any ? close : "");
}

static const DnRelation *partitioned_parent(const DnRelation *table) {
    return table->is_partition && table->parents.count ? table->parents.items[0] : NULL;
}

/* The rows of such a partition may belong into another one where they are restored. */
static bool must_be_routed(const DnRelation *table) {
    const DnRelation *parent = partitioned_parent(table);
    return parent && (parent->hashed_by_enum || must_be_routed(parent));
}

const DnRelation *dn_load_target(const DnRender *render, const DnRelation *table) {
    if (!render->load_via_partition_root && !must_be_routed(table)) {
        return table;
    }
    for (const DnRelation *parent; (parent = partitioned_parent(table));) {
        table = parent;
    }
    return table;
}

void dn_pages_condition(DnBuf *sql, DnPages pages) {
    if (pages.first) {
        dn_buf_fmt(sql, " WHERE ctid >= '(%u,0)'", pages.first);
    }
    if (pages.end) {
        dn_buf_fmt(sql, " %s ctid < '(%u,0)'", pages.first ? "AND" : "WHERE", pages.end);
    }
}

void dn_copy_out(DnBuf *sql, const DnRender *render, const DnTableData *data, DnPages pages) {
    if (pages.first || pages.end) {
        dn_buf_str(sql, "COPY (SELECT ");
        add_columns(sql, render, data->table, "", "");
        dn_buf_str(sql, " FROM ONLY ");
        dn_qualified_name(sql, render, &data->table->object);
        dn_pages_condition(sql, pages);
        dn_buf_str(sql, ") TO stdout;\n");
        return;
    }
    /* The server copies no foreign table as it is. */
    if (data->filter || data->table->relkind == 'f') {
        dn_buf_str(sql, "COPY (SELECT ");
        add_columns(sql, render, data->table, "", "");
        dn_buf_str(sql, " FROM ");
        dn_qualified_name(sql, render, &data->table->object);
        dn_buf_fmt(sql, " %s) TO stdout;\n", data->filter ? data->filter : "");
        return;
    }
    dn_buf_str(sql, "COPY ");
    dn_qualified_name(sql, render, &data->table->object);
    dn_buf_char(sql, ' ');
    add_columns(sql, render, data->table, "(", ")");
    dn_buf_str(sql, " TO stdout;\n");
}

void dn_render_table_data(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnTableData *data = (const DnTableData *)object;
    if (render->schema_only) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "TABLE DATA");
    const DnRelation *target = dn_load_target(render, data->table);
    entry->data = data;
    if (target != data->table) {
        DnBuf name = {0};
        dn_qualified_name(&name, render, &target->object);
        dn_buf_str(&entry->note, "-- load via partition root ");
        dn_comment_text(&entry->note, dn_buf_text(&name), "");
        dn_buf_deinit(&name);
    }
    if (render->inserts) {
        return; /* each row is a statement of its own */
    }
    dn_buf_str(&entry->create, "COPY ");
    dn_qualified_name(&entry->create, render, &target->object);
    dn_buf_char(&entry->create, ' ');
    add_columns(&entry->create, render, data->table, "(", ")");
    dn_end_with(&entry->create, " FROM stdin");
}

void dn_render_matview_refresh(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRelation *matview = ((const DnTableData *)object)->table;
    if (render->schema_only || render->data_only || !matview->populated) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "MATERIALIZED VIEW DATA");
    entry->pass = DN_PASS_POST_ACL;
    dn_buf_str(&entry->create, "REFRESH MATERIALIZED VIEW ");
    dn_qualified_name(&entry->create, render, &matview->object);
    dn_end(&entry->create);
}
