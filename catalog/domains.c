#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { COL_OID, COL_BASE, COL_COLLATION, COL_NOT_NULL, COL_DEFAULT, COL_DEFAULT_LITERAL };

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "t.oid"},
    [COL_BASE] = {.text = "pg_catalog.format_type(t.typbasetype, t.typtypmod)"},
    [COL_COLLATION] = {.text = "pg_catalog.quote_ident(cn.nspname) || '.' || "
                               "pg_catalog.quote_ident(co.collname)"},
    [COL_NOT_NULL] = {.text = "t.typnotnull"},
    [COL_DEFAULT] = {.text =
                         "CASE WHEN t.typdefaultbin IS NULL THEN t.typdefault ELSE pg_catalog.pg_get_expr("
                         "t.typdefaultbin, 'pg_catalog.pg_type'::pg_catalog.regclass) END"},
    [COL_DEFAULT_LITERAL] = {.text = "t.typdefaultbin IS NULL"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_type t"},
    {.text = "JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype"},
    {.text = "LEFT JOIN pg_catalog.pg_collation co"
             " ON co.oid = t.typcollation AND t.typcollation <> b.typcollation"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"},
    {.text = "WHERE t.typtype = 'd' AND t.oid >= " DN_FIRST_OID},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *type = dn_model_type(model, dn_rows_oid(rows, i, COL_OID));
        if (type) {
            type->base_type = dn_row_shared(model, rows, i, COL_BASE);
            type->collation = dn_row_text(model, rows, i, COL_COLLATION);
            type->not_null = dn_rows_bool(rows, i, COL_NOT_NULL);
            type->fallback = dn_row_text(model, rows, i, COL_DEFAULT);
            type->fallback_literal = dn_rows_bool(rows, i, COL_DEFAULT_LITERAL);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_domains = {
    .what = "reading domains", .scope = DN_SCOPE_ALL, DN_COLUMNS(columns), DN_FROM(from), .rows = take_rows};
