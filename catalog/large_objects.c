#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/*
 * Large objects belong to no schema; a dump of the whole database asks for them. They are not carried yet:
 * the user is told how many stay behind.
 */
enum { COUNT };

static const DnSqlPart columns[] = {
    [COUNT] = {.text = "pg_catalog.count(*)"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_largeobject_metadata"},
};

static DnStatus take_count(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    (void)err;
    int64_t count = dn_rows_count(rows) ? dn_rows_int64(rows, 0, COUNT) : 0;
    if (count > 0 && catalog->selection.large_objects) {
        DnBuf text = {0};
        dn_buf_fmt(&text, "%lld large object%s", (long long)count, count > 1 ? "s" : "");
        dn_catalog_omit(catalog, dn_buf_text(&text));
        dn_buf_deinit(&text);
    }
    return DN_OK;
}

const DnFetch dn_fetch_large_objects = {.what = "looking for large objects",
                                        .scope = DN_SCOPE_ALL,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .rows = take_count};
