#include "catalog/extra.h"
#include "catalog/fetch.h"

enum { OID, HEAP, TOAST };

/* As the files are now: the planner's figures may be old. NULL is for what is no longer there. */
static const DnSqlPart columns[] = {
    [OID] = {.text = "c.oid"},
    [HEAP] = {.text = "pg_catalog.pg_relation_size(c.oid)"},
    [TOAST] = {.text =
                   "CASE WHEN c.reltoastrelid <> 0 THEN pg_catalog.pg_relation_size(c.reltoastrelid) END"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_class c WHERE c.oid = ANY ($1::pg_catalog.oid[]) AND c.relkind = 'r'"},
};

static bool wanted(const DnCatalog *catalog) {
    return catalog->selection.sizes;
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    (void)err;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnRelation *table = dn_model_relation(catalog->model, dn_rows_oid(rows, i, OID));
        if (table) {
            table->heap_bytes = (uint64_t)dn_rows_int64(rows, i, HEAP);
            table->toast_bytes = (uint64_t)dn_rows_int64(rows, i, TOAST);
        }
    }
    return DN_OK;
}

const DnFetch dn_fetch_sizes = {.what = "measuring the tables",
                                .scope = DN_SCOPE_TABLES,
                                .slow = true,
                                .wanted = wanted,
                                DN_COLUMNS(columns),
                                DN_FROM(from),
                                .rows = take_rows};
