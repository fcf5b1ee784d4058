#include "catalog/presence.h"

#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

static const DnSqlPart columns[] = {
#define DN_PRESENCE(id, catalog)                                                                             \
    {.text = "EXISTS (SELECT FROM pg_catalog." catalog " x WHERE x.oid >= 16384)"},
    DN_PRESENCES(DN_PRESENCE)
#undef DN_PRESENCE
        {.text = "(SELECT pg_catalog.string_agg(c.relname, ' ') FROM pg_catalog.pg_class c "
                 "WHERE c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace AND c.relkind = 'r' "
                 "AND NOT pg_catalog.has_table_privilege(c.oid, 'SELECT'))"},
};
enum { SHUT = DN_PRESENCE_COUNT - 1 }; /* the last column */

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    for (size_t i = 0; dn_rows_count(rows) && i < SHUT; i++) {
        catalog->absent[i + 1] = !dn_rows_bool(rows, 0, i);
    }
    catalog->shut = dn_rows_count(rows) ? dn_row_text(catalog->model, rows, 0, SHUT) : NULL;
    return dn_arena_failed(&catalog->model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_presence = {
    .what = "looking what there is", .scope = DN_SCOPE_FIRST, DN_COLUMNS(columns), .rows = take_rows};
