#include "catalog/fetch.h"
#include "common/err.h"

enum {
    COL_OID,
    COL_NAME,
    COL_SCHEMA,
    COL_OWNER,
    COL_ACL,
    COL_ACL_DEFAULT,
    COL_ARG_TYPES,
    COL_ARGUMENTS,
    COL_IDENTITY,
    COL_KIND,
    COL_PARALLEL,
    COL_SORT_OPERATOR,
    COL_TRANSITION,
    COL_TRANSITION_TYPE,
    COL_TRANSITION_SPACE,
    COL_INITIAL,
    COL_FINAL,
    COL_FINAL_EXTRA,
    COL_FINAL_MODIFY,
    COL_COMBINE,
    COL_SERIAL,
    COL_DESERIAL,
    COL_MOVING,
    COL_MOVING_INVERSE,
    COL_MOVING_TYPE,
    COL_MOVING_SPACE,
    COL_MOVING_INITIAL,
    COL_MOVING_FINAL,
    COL_MOVING_FINAL_EXTRA,
    COL_MOVING_FINAL_MODIFY
};

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "p.oid"},
    [COL_NAME] = {.text = "p.proname"},
    [COL_SCHEMA] = {.text = "p.pronamespace"},
    [COL_OWNER] = {.text = "pg_catalog.pg_get_userbyid(p.proowner)"},
    [COL_ACL] = {.text = "p.proacl"},
    [COL_ACL_DEFAULT] = {.text = "pg_catalog.acldefault('f', p.proowner)"},
    [COL_ARG_TYPES] = {.text = "p.proargtypes"},
    [COL_ARGUMENTS] = {.text = "pg_catalog.pg_get_function_arguments(p.oid)"},
    [COL_IDENTITY] = {.text = "pg_catalog.pg_get_function_identity_arguments(p.oid)"},
    [COL_KIND] = {.text = "a.aggkind"},
    [COL_PARALLEL] = {.text = "p.proparallel"},
    [COL_SORT_OPERATOR] = {.text = "'OPERATOR(' || pg_catalog.quote_ident(n.nspname) || '.' || o.oprname"
                                   " || ')'"},
    [COL_TRANSITION] = {.text = "a.aggtransfn"},
    [COL_TRANSITION_TYPE] = {.text = "a.aggtranstype::pg_catalog.regtype"},
    [COL_TRANSITION_SPACE] = {.text = "a.aggtransspace"},
    [COL_INITIAL] = {.text = "a.agginitval"},
    [COL_FINAL] = {.text = "a.aggfinalfn"},
    [COL_FINAL_EXTRA] = {.text = "a.aggfinalextra"},
    [COL_FINAL_MODIFY] = {.text = "a.aggfinalmodify"},
    [COL_COMBINE] = {.text = "a.aggcombinefn"},
    [COL_SERIAL] = {.text = "a.aggserialfn"},
    [COL_DESERIAL] = {.text = "a.aggdeserialfn"},
    [COL_MOVING] = {.text = "a.aggmtransfn"},
    [COL_MOVING_INVERSE] = {.text = "a.aggminvtransfn"},
    [COL_MOVING_TYPE] = {.text = "a.aggmtranstype::pg_catalog.regtype"},
    [COL_MOVING_SPACE] = {.text = "a.aggmtransspace"},
    [COL_MOVING_INITIAL] = {.text = "a.aggminitval"},
    [COL_MOVING_FINAL] = {.text = "a.aggmfinalfn"},
    [COL_MOVING_FINAL_EXTRA] = {.text = "a.aggmfinalextra"},
    [COL_MOVING_FINAL_MODIFY] = {.text = "a.aggmfinalmodify"},
};

/* Of the server's own aggregates only those with changed privileges count. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_proc p"},
    {.text = "JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid"},
    {.text = "LEFT JOIN pg_catalog.pg_operator o ON o.oid = a.aggsortop"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_init_privs i ON i.objoid = p.oid AND i.objsubid = 0"
             " AND i.classoid = 'pg_catalog.pg_proc'::pg_catalog.regclass"},
    {.text = "WHERE p.prokind = 'a' AND (p.pronamespace <> 'pg_catalog'::pg_catalog.regnamespace"
             " OR p.proacl IS DISTINCT FROM i.initprivs)"},
};

static void take_signature(DnModel *model, DnAggregate *aggregate, const DnRows *rows, size_t row) {
    aggregate->object.owner = dn_row_text(model, rows, row, COL_OWNER);
    dn_set_acl(model, &aggregate->object, dn_rows_text(rows, row, COL_ACL),
               dn_rows_text(rows, row, COL_ACL_DEFAULT));
    uint32_t *oids = NULL;
    aggregate->arg_types.count = dn_oids_split(&model->arena, dn_rows_str(rows, row, COL_ARG_TYPES), &oids);
    aggregate->arg_types.items = oids;
    aggregate->arg_types.capacity = aggregate->arg_types.count;
    aggregate->arguments = dn_row_text(model, rows, row, COL_ARGUMENTS);
    aggregate->identity = dn_row_text(model, rows, row, COL_IDENTITY);
    aggregate->aggkind = dn_rows_char(rows, row, COL_KIND);
    aggregate->parallel = dn_rows_char(rows, row, COL_PARALLEL);
    aggregate->sort_operator = dn_row_text(model, rows, row, COL_SORT_OPERATOR);
}

static void take_functions(DnModel *model, DnAggregate *aggregate, const DnRows *rows, size_t row) {
    aggregate->transition = dn_row_text(model, rows, row, COL_TRANSITION);
    aggregate->transition_type = dn_row_text(model, rows, row, COL_TRANSITION_TYPE);
    aggregate->transition_space = dn_row_text(model, rows, row, COL_TRANSITION_SPACE);
    aggregate->initial = dn_row_text(model, rows, row, COL_INITIAL);
    aggregate->final = dn_row_text(model, rows, row, COL_FINAL);
    aggregate->final_extra = dn_rows_bool(rows, row, COL_FINAL_EXTRA);
    aggregate->final_modify = dn_rows_char(rows, row, COL_FINAL_MODIFY);
    aggregate->combine = dn_row_text(model, rows, row, COL_COMBINE);
    aggregate->serial = dn_row_text(model, rows, row, COL_SERIAL);
    aggregate->deserial = dn_row_text(model, rows, row, COL_DESERIAL);
    aggregate->moving = dn_row_text(model, rows, row, COL_MOVING);
    aggregate->moving_inverse = dn_row_text(model, rows, row, COL_MOVING_INVERSE);
    aggregate->moving_type = dn_row_text(model, rows, row, COL_MOVING_TYPE);
    aggregate->moving_space = dn_row_text(model, rows, row, COL_MOVING_SPACE);
    aggregate->moving_initial = dn_row_text(model, rows, row, COL_MOVING_INITIAL);
    aggregate->moving_final = dn_row_text(model, rows, row, COL_MOVING_FINAL);
    aggregate->moving_final_extra = dn_rows_bool(rows, row, COL_MOVING_FINAL_EXTRA);
    aggregate->moving_final_modify = dn_rows_char(rows, row, COL_MOVING_FINAL_MODIFY);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnAggregate *aggregate =
            DN_ADD(model, DnAggregate, DN_KIND_AGGREGATE, dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), dn_model_schema(model, dn_rows_oid(rows, i, COL_SCHEMA)));
        if (!aggregate) {
            return dn_err_nomem(err);
        }
        take_signature(model, aggregate, rows, i);
        take_functions(model, aggregate, rows, i);
        dn_select_object(catalog, &aggregate->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_aggregates = {.what = "reading aggregates",
                                     .scope = DN_SCOPE_ALL,
                                     DN_COLUMNS(columns),
                                     DN_FROM(from),
                                     .rows = take_rows};
