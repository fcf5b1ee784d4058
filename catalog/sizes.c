#include "catalog/sizes.h"

enum { OID, HEAP, TOAST };

/* pg_relation_size() is NULL for what is no longer there; there is no lock on materialized views. */
static const char sizes_sql[] =
    "SELECT c.oid, COALESCE(pg_catalog.pg_relation_size(c.oid), 0), "
    "CASE WHEN c.reltoastrelid = 0 THEN 0 ELSE COALESCE(pg_catalog.pg_relation_size(c.reltoastrelid), 0) END "
    "FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::pg_catalog.oid[]) AND c.relkind = 'r'";

static DnStatus take_sizes(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ctx;
    (void)err;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, i, OID));
        if (table) {
            table->heap_bytes = (uint64_t)dn_rows_int64(rows, i, HEAP);
            table->toast_bytes = (uint64_t)dn_rows_int64(rows, i, TOAST);
        }
    }
    return DN_OK;
}

DnRequest dn_sizes_request(DnModel *model, DnBuf *tables) {
    dn_buf_char(tables, '{');
    for (size_t i = 0; i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        if (object->kind == DN_KIND_TABLE_DATA) {
            dn_buf_fmt(tables, "%s%u", tables->size > 1 ? "," : "",
                       ((const DnTableData *)object)->table->object.oid);
        }
    }
    dn_buf_char(tables, '}');
    return (DnRequest){.what = "measuring the tables",
                       .sql = sizes_sql,
                       .param = dn_buf_text(tables),
                       .rows = take_sizes,
                       .ctx = model};
}
