/*
 * The user mappings of servers. Read from the view, which shows options (passwords among them) only to those
 * who may see them, and names PUBLIC's mapping "public".
 */
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { SERVER, USER, OPTIONS };

static const DnSqlPart columns[] = {
    [SERVER] = {.text = "m.srvid"},
    [USER] = {.text = "m.usename"},
    [OPTIONS] = {.text = DN_OPTIONS_LIST("m.umoptions")},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_user_mappings m ORDER BY m.srvid, m.usename"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnServer *server = (DnServer *)dn_model_find(model, DN_CLASS_SERVER, dn_rows_oid(rows, i, SERVER));
        if (server) {
            const DnUserMapping mapping = {.user = dn_row_text(model, rows, i, USER),
                                           .options = dn_row_filled(model, rows, i, OPTIONS)};
            DN_PUSH(&model->arena, &server->mappings, mapping);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_user_mappings = {.what = "reading user mappings",
                                        .scope = DN_SCOPE_ALL,
                                        .only_with = DN_WITH_SERVER,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .rows = take_rows};
