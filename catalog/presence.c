#include "catalog/presence.h"

#include "catalog/extra.h"
#include "catalog/fetch.h"

static const DnSqlPart columns[] = {
#define DN_PRESENCE(id, catalog)                                                                             \
    {.text = "EXISTS (SELECT FROM pg_catalog." catalog " x WHERE x.oid >= 16384)"},
    DN_PRESENCES(DN_PRESENCE)
#undef DN_PRESENCE
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    (void)err;
    for (size_t i = 0; dn_rows_count(rows) && i < DN_COUNT(columns); i++) {
        catalog->absent[i + 1] = !dn_rows_bool(rows, 0, i);
    }
    return DN_OK;
}

const DnFetch dn_fetch_presence = {
    .what = "looking what there is", .scope = DN_SCOPE_FIRST, DN_COLUMNS(columns), .rows = take_rows};
