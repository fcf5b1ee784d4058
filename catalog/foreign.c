#include "catalog/fetch.h"
#include "common/err.h"

/* ---- Foreign-data wrappers ------------------------------------------------------- */

enum { FDW_OID, FDW_NAME, FDW_OWNER, FDW_ACL, FDW_ACL_DEFAULT, FDW_HANDLER, FDW_VALIDATOR, FDW_OPTIONS };

static const DnSqlPart fdw_columns[] = {
    [FDW_OID] = {.text = "w.oid"},
    [FDW_NAME] = {.text = "w.fdwname"},
    [FDW_OWNER] = {.text = "pg_catalog.pg_get_userbyid(w.fdwowner)"},
    [FDW_ACL] = {.text = "w.fdwacl"},
    [FDW_ACL_DEFAULT] = {.text = "pg_catalog.acldefault('F', w.fdwowner)"},
    [FDW_HANDLER] = {.text = "w.fdwhandler::pg_catalog.regproc"},
    [FDW_VALIDATOR] = {.text = "w.fdwvalidator::pg_catalog.regproc"},
    [FDW_OPTIONS] = {.text = DN_OPTIONS_LIST("w.fdwoptions")},
};

static const DnSqlPart fdw_from[] = {
    {.text = "FROM pg_catalog.pg_foreign_data_wrapper w ORDER BY w.oid"},
};

static DnStatus take_fdws(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnFdw *fdw = DN_ADD(model, DnFdw, DN_KIND_FDW, dn_rows_oid(rows, i, FDW_OID),
                            dn_rows_str(rows, i, FDW_NAME), NULL);
        if (!fdw) {
            return dn_err_nomem(err);
        }
        fdw->object.owner = dn_row_text(model, rows, i, FDW_OWNER);
        dn_set_acl(model, &fdw->object, dn_rows_text(rows, i, FDW_ACL),
                   dn_rows_text(rows, i, FDW_ACL_DEFAULT));
        fdw->handler = dn_row_text(model, rows, i, FDW_HANDLER);
        fdw->validator = dn_row_text(model, rows, i, FDW_VALIDATOR);
        fdw->options = dn_row_filled(model, rows, i, FDW_OPTIONS);
        dn_select_object(catalog, &fdw->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_fdws = {.what = "reading foreign-data wrappers",
                               .scope = DN_SCOPE_ALL,
                               .only_with = DN_WITH_FDW,
                               DN_COLUMNS(fdw_columns),
                               DN_FROM(fdw_from),
                               .rows = take_fdws};

/* ---- Servers --------------------------------------------------------------------- */

enum {
    SRV_OID,
    SRV_NAME,
    SRV_OWNER,
    SRV_ACL,
    SRV_ACL_DEFAULT,
    SRV_WRAPPER_OID,
    SRV_WRAPPER,
    SRV_TYPE,
    SRV_VERSION,
    SRV_OPTIONS
};

static const DnSqlPart server_columns[] = {
    [SRV_OID] = {.text = "s.oid"},
    [SRV_NAME] = {.text = "s.srvname"},
    [SRV_OWNER] = {.text = "pg_catalog.pg_get_userbyid(s.srvowner)"},
    [SRV_ACL] = {.text = "s.srvacl"},
    [SRV_ACL_DEFAULT] = {.text = "pg_catalog.acldefault('S', s.srvowner)"},
    [SRV_WRAPPER_OID] = {.text = "s.srvfdw"},
    [SRV_WRAPPER] = {.text = "w.fdwname"},
    [SRV_TYPE] = {.text = "s.srvtype"},
    [SRV_VERSION] = {.text = "s.srvversion"},
    [SRV_OPTIONS] = {.text = DN_OPTIONS_LIST("s.srvoptions")},
};

static const DnSqlPart server_from[] = {
    {.text = "FROM pg_catalog.pg_foreign_server s "
             "JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw ORDER BY s.oid"},
};

static DnStatus take_servers(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnServer *server = DN_ADD(model, DnServer, DN_KIND_SERVER, dn_rows_oid(rows, i, SRV_OID),
                                  dn_rows_str(rows, i, SRV_NAME), NULL);
        if (!server) {
            return dn_err_nomem(err);
        }
        server->object.owner = dn_row_text(model, rows, i, SRV_OWNER);
        dn_set_acl(model, &server->object, dn_rows_text(rows, i, SRV_ACL),
                   dn_rows_text(rows, i, SRV_ACL_DEFAULT));
        server->wrapper_oid = dn_rows_oid(rows, i, SRV_WRAPPER_OID);
        server->wrapper = dn_row_text(model, rows, i, SRV_WRAPPER);
        server->type = dn_row_filled(model, rows, i, SRV_TYPE);
        server->version = dn_row_filled(model, rows, i, SRV_VERSION);
        server->options = dn_row_filled(model, rows, i, SRV_OPTIONS);
        dn_select_object(catalog, &server->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_servers = {.what = "reading foreign servers",
                                  .scope = DN_SCOPE_ALL,
                                  .only_with = DN_WITH_SERVER,
                                  DN_COLUMNS(server_columns),
                                  DN_FROM(server_from),
                                  .rows = take_servers};
