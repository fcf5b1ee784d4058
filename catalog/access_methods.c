#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, NAME, TYPE, HANDLER };

static const DnSqlPart columns[] = {
    [OID] = {.text = "a.oid"},
    [NAME] = {.text = "a.amname"},
    [TYPE] = {.text = "a.amtype"},
    [HANDLER] = {.text = "a.amhandler::pg_catalog.regproc"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_am a WHERE a.oid >= 16384 ORDER BY a.oid"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnAccessMethod *method = DN_ADD(model, DnAccessMethod, DN_KIND_ACCESS_METHOD,
                                        dn_rows_oid(rows, i, OID), dn_rows_str(rows, i, NAME), NULL);
        if (!method) {
            return dn_err_nomem(err);
        }
        method->amtype = dn_rows_char(rows, i, TYPE);
        method->handler = dn_row_text(model, rows, i, HANDLER);
        dn_select_object(catalog, &method->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_access_methods = {.what = "reading access methods",
                                         .scope = DN_SCOPE_ALL,
                                         .only_with = DN_WITH_AM,
                                         DN_COLUMNS(columns),
                                         DN_FROM(from),
                                         .rows = take_rows};
