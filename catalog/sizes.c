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

/* To measure a relation, the server reads all it knows of it, as if it were to be queried; to look at its
   file costs a fifth of that. Only superusers may. What is longer than this may have more files than the
   first. */
#define LONG_FILE "67108864"
#define FILE_SIZE(relation)                                                                                  \
    "(SELECT CASE WHEN f.size < " LONG_FILE " THEN f.size ELSE pg_catalog.pg_relation_size(" relation        \
    ") END FROM pg_catalog.pg_stat_file(pg_catalog.pg_relation_filepath(" relation "), true) f)"

static const DnSqlPart file_columns[] = {
    [OID] = {.text = "c.oid"},
    [HEAP] = {.text = FILE_SIZE("c.oid")},
    [TOAST] = {.text = "CASE WHEN c.reltoastrelid <> 0 THEN " FILE_SIZE("c.reltoastrelid") " END"},
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
                                .reader = DN_READER_OTHERS,
                                .slow = true,
                                .wanted = wanted,
                                DN_COLUMNS(columns),
                                DN_FROM(from),
                                .rows = take_rows};

const DnFetch dn_fetch_file_sizes = {.what = "measuring the tables",
                                     .scope = DN_SCOPE_TABLES,
                                     .reader = DN_READER_SUPERUSER,
                                     .slow = true,
                                     .wanted = wanted,
                                     DN_COLUMNS(file_columns),
                                     DN_FROM(from),
                                     .rows = take_rows};
