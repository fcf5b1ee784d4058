#include "catalog/fetch.h"
#include "common/err.h"

enum {
    COL_OID,
    COL_SOURCE_OID,
    COL_TARGET_OID,
    COL_FUNCTION_OID,
    COL_SOURCE,
    COL_TARGET,
    COL_FUNCTION,
    COL_CONTEXT,
    COL_METHOD
};

/* CREATE CAST names the function's schema always, also pg_catalog. */
#define ARGUMENT_TYPES                                                                                       \
    "pg_catalog.array_to_string(ARRAY(SELECT pg_catalog.format_type(u.t, NULL)"                              \
    " FROM pg_catalog.unnest(p.proargtypes) WITH ORDINALITY u(t, n) ORDER BY u.n), ', ')"

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "c.oid"},
    [COL_SOURCE_OID] = {.text = "c.castsource"},
    [COL_TARGET_OID] = {.text = "c.casttarget"},
    [COL_FUNCTION_OID] = {.text = "c.castfunc"},
    [COL_SOURCE] = {.text = "pg_catalog.format_type(c.castsource, NULL)"},
    [COL_TARGET] = {.text = "pg_catalog.format_type(c.casttarget, NULL)"},
    [COL_FUNCTION] = {.text = "pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)"
                              " || '(' || " ARGUMENT_TYPES " || ')'"},
    [COL_CONTEXT] = {.text = "c.castcontext"},
    [COL_METHOD] = {.text = "c.castmethod"},
};

/* The casts from ranges to their multiranges come with the range type (14). */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_cast c"},
    {.text = "LEFT JOIN pg_catalog.pg_proc p ON p.oid = c.castfunc"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace"},
    {.text = "WHERE c.oid >= 16384"},
    {.text = "AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_range r"
             " WHERE r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget)",
     .since = 140000},
    {.text = "ORDER BY c.castsource, c.casttarget"},
};

static void select_cast(const DnCatalog *catalog, DnCast *cast) {
    const DnObject *const parts[] = {
        dn_model_find(catalog->model, DN_CLASS_TYPE, cast->source_oid),
        dn_model_find(catalog->model, DN_CLASS_TYPE, cast->target_oid),
        dn_model_find(catalog->model, DN_CLASS_PROC, cast->function_oid),
    };
    dn_select_by_parts(catalog, &cast->object, parts, DN_COUNT(parts));
}

/* pg_dump orders casts by the names of the two types. */
static const char *sort_name(DnModel *model, const DnRows *rows, size_t row) {
    const DnType *source = dn_model_type(model, dn_rows_oid(rows, row, COL_SOURCE_OID));
    const DnType *target = dn_model_type(model, dn_rows_oid(rows, row, COL_TARGET_OID));
    DnBuf name = {0};
    if (source && target) {
        dn_buf_fmt(&name, "%s %s", source->object.name, target->object.name);
    }
    const char *copy = dn_model_str(model, dn_buf_text(&name));
    dn_buf_deinit(&name);
    return copy;
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnCast *cast = DN_ADD(model, DnCast, DN_KIND_CAST, dn_rows_oid(rows, i, COL_OID),
                              sort_name(model, rows, i), NULL);
        if (!cast) {
            return dn_err_nomem(err);
        }
        cast->source_oid = dn_rows_oid(rows, i, COL_SOURCE_OID);
        cast->target_oid = dn_rows_oid(rows, i, COL_TARGET_OID);
        cast->function_oid = dn_rows_oid(rows, i, COL_FUNCTION_OID);
        cast->source = dn_row_text(model, rows, i, COL_SOURCE);
        cast->target = dn_row_text(model, rows, i, COL_TARGET);
        cast->function = dn_row_text(model, rows, i, COL_FUNCTION);
        cast->context = dn_rows_char(rows, i, COL_CONTEXT);
        cast->method = dn_rows_char(rows, i, COL_METHOD);
        select_cast(catalog, cast);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_casts = {.what = "reading casts",
                                .scope = DN_SCOPE_ALL,
                                .only_with = DN_WITH_CAST,
                                DN_COLUMNS(columns),
                                DN_FROM(from),
                                .rows = take_rows};
