#include "catalog/fetch.h"
#include "common/err.h"
#include "common/pgarray.h"

enum {
    COL_OID,
    COL_NAME,
    COL_SCHEMA,
    COL_OWNER,
    COL_ACL,
    COL_ACL_DEFAULT,
    COL_PROKIND,
    COL_ARG_TYPES,
    COL_ARGUMENTS,
    COL_IDENTITY,
    COL_RESULT,
    COL_LANGUAGE,
    COL_LANGUAGE_OID,
    COL_VOLATILITY,
    COL_STRICT,
    COL_SECURITY_DEFINER,
    COL_LEAKPROOF,
    COL_RETURNS_SET,
    COL_PARALLEL,
    COL_COST,
    COL_ROWS,
    COL_SUPPORT,
    COL_SOURCE,
    COL_BINARY,
    COL_SQL_BODY,
    COL_TRANSFORM_TYPES,
    COL_SETTINGS
};

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "p.oid"},
    [COL_NAME] = {.text = "p.proname"},
    [COL_SCHEMA] = {.text = "p.pronamespace"},
    [COL_OWNER] = {.text = "w.name"},
    [COL_ACL] = {.text = "p.proacl"},
    [COL_ACL_DEFAULT] = {.text = "w.acl"},
    [COL_PROKIND] = {.text = "p.prokind"},
    [COL_ARG_TYPES] = {.text = "p.proargtypes"},
    [COL_ARGUMENTS] = {.text = "pg_catalog.pg_get_function_arguments(p.oid)"},
    [COL_IDENTITY] = {.text = "pg_catalog.pg_get_function_identity_arguments(p.oid)"},
    [COL_RESULT] = {.text = "pg_catalog.pg_get_function_result(p.oid)"},
    [COL_LANGUAGE] = {.text = "l.lanname"},
    [COL_LANGUAGE_OID] = {.text = "l.oid"},
    [COL_VOLATILITY] = {.text = "p.provolatile"},
    [COL_STRICT] = {.text = "p.proisstrict"},
    [COL_SECURITY_DEFINER] = {.text = "p.prosecdef"},
    [COL_LEAKPROOF] = {.text = "p.proleakproof"},
    [COL_RETURNS_SET] = {.text = "p.proretset"},
    [COL_PARALLEL] = {.text = "p.proparallel"},
    [COL_COST] = {.text = "p.procost"},
    [COL_ROWS] = {.text = "p.prorows"},
    [COL_SUPPORT] = {.text = "NULLIF(p.prosupport::pg_catalog.text, '-')"},
    [COL_SOURCE] = {.text = "p.prosrc"},
    [COL_BINARY] = {.text = "p.probin"},
    [COL_SQL_BODY] = {.text = "pg_catalog.pg_get_function_sqlbody(p.oid)", .since = 140000},
    [COL_TRANSFORM_TYPES] = {.text = "CASE WHEN p.protrftypes IS NOT NULL THEN ARRAY("
                                     "SELECT pg_catalog.format_type(u.t, NULL)"
                                     " FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY u(t, n)"
                                     " ORDER BY u.n) END"},
    [COL_SETTINGS] = {.text = "p.proconfig"},
};

/*
 * Functions that another object brings along (deptype i: the constructors of a range) are not ours. Of the
 * server's own, those whose privileges were changed count, as do those that a user's cast or transform
 * calls, since its statement names them.
 */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_proc p"},
    {.text = DN_OWNERS("pg_proc", "proowner", "pg_catalog.acldefault('f', u.oid)::pg_catalog.text AS acl",
                       "p.proowner")},
    {.text = "JOIN pg_catalog.pg_language l ON l.oid = p.prolang"},
    {.text = "LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = p.oid AND i.objsubid = 0"
             " AND i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass"},
    {.text = "WHERE p.prokind <> 'a' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d"
             " WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid"
             " AND d.deptype = 'i')"},
    {.text = "AND (p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace"
             " OR p.proacl IS DISTINCT FROM i.initprivs"
             " OR EXISTS (SELECT 1 FROM pg_catalog.pg_cast c WHERE c.oid >= 16384 AND c.castfunc = p.oid)"
             " OR EXISTS (SELECT 1 FROM pg_catalog.pg_transform t WHERE t.oid >= 16384"
             " AND p.oid IN (t.trffromsql, t.trftosql)))"},
};

static void take_arg_types(DnModel *model, DnFunction *function, const char *text) {
    uint32_t *oids = NULL;
    function->arg_types.count = dn_oids_split(&model->arena, text, &oids);
    function->arg_types.items = oids;
    function->arg_types.capacity = function->arg_types.count;
}

static void take_signature(DnModel *model, DnFunction *function, const DnRows *rows, size_t row) {
    function->object.owner = dn_row_shared(model, rows, row, COL_OWNER);
    dn_set_acl(model, &function->object, dn_rows_text(rows, row, COL_ACL),
               dn_rows_text(rows, row, COL_ACL_DEFAULT));
    function->prokind = dn_rows_char(rows, row, COL_PROKIND);
    take_arg_types(model, function, dn_rows_str(rows, row, COL_ARG_TYPES));
    function->arguments = dn_row_shared(model, rows, row, COL_ARGUMENTS);
    function->identity = dn_row_shared(model, rows, row, COL_IDENTITY);
    function->result = dn_row_shared(model, rows, row, COL_RESULT);
    function->language = dn_row_given(model, rows, row, COL_LANGUAGE);
    function->language_oid = dn_rows_oid(rows, row, COL_LANGUAGE_OID);
}

static void take_list(DnModel *model, const char *text, const char ***items, size_t *count) {
    int found = dn_pgarray_split(&model->arena, text, items);
    *count = found > 0 ? (size_t)found : 0;
}

static void take_attributes(DnModel *model, DnFunction *function, const DnRows *rows, size_t row) {
    function->volatility = dn_rows_char(rows, row, COL_VOLATILITY);
    function->strict = dn_rows_bool(rows, row, COL_STRICT);
    function->security_definer = dn_rows_bool(rows, row, COL_SECURITY_DEFINER);
    function->leakproof = dn_rows_bool(rows, row, COL_LEAKPROOF);
    function->returns_set = dn_rows_bool(rows, row, COL_RETURNS_SET);
    function->parallel = dn_rows_char(rows, row, COL_PARALLEL);
    function->cost = dn_row_shared(model, rows, row, COL_COST);
    function->rows = dn_row_shared(model, rows, row, COL_ROWS);
    function->support = dn_row_shared(model, rows, row, COL_SUPPORT);
    function->source = dn_row_text(model, rows, row, COL_SOURCE);
    function->binary = dn_row_filled(model, rows, row, COL_BINARY);
    function->sql_body = dn_row_text(model, rows, row, COL_SQL_BODY);
    take_list(model, dn_rows_text(rows, row, COL_TRANSFORM_TYPES), &function->transform_types.items,
              &function->transform_types.count);
    take_list(model, dn_rows_text(rows, row, COL_SETTINGS), &function->settings.items,
              &function->settings.count);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnFunction *function =
            DN_ADD(model, DnFunction, DN_KIND_FUNCTION, dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), dn_model_schema(model, dn_rows_oid(rows, i, COL_SCHEMA)));
        if (!function) {
            return dn_err_nomem(err);
        }
        take_signature(model, function, rows, i);
        take_attributes(model, function, rows, i);
        dn_select_object(catalog, &function->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_functions = {.what = "reading functions",
                                    .scope = DN_SCOPE_ALL,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_rows};
