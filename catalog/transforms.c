#include "catalog/fetch.h"
#include "common/err.h"

enum {
    COL_OID,
    COL_TYPE_OID,
    COL_FROM_SQL_OID,
    COL_TO_SQL_OID,
    COL_TYPE,
    COL_LANGUAGE,
    COL_SORT_LANGUAGE,
    COL_FROM_SQL,
    COL_TO_SQL
};

/* CREATE TRANSFORM names the functions' schema always, also pg_catalog. */
#define SIGNATURE(proc, namespace)                                                                           \
    "pg_catalog.quote_ident(" namespace ".nspname) || '.' || pg_catalog.quote_ident(" proc ".proname)"       \
                                        " || '(' || pg_catalog.array_to_string(ARRAY(SELECT "                \
                                        "pg_catalog.format_type(u.t, NULL)"                                  \
                                        " FROM pg_catalog.unnest(" proc                                      \
                                        ".proargtypes) WITH ORDINALITY u(t, n) ORDER BY u.n), ', ') || ')'"

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "t.oid"},
    [COL_TYPE_OID] = {.text = "t.trftype"},
    [COL_FROM_SQL_OID] = {.text = "t.trffromsql::pg_catalog.oid"},
    [COL_TO_SQL_OID] = {.text = "t.trftosql::pg_catalog.oid"},
    [COL_TYPE] = {.text = "pg_catalog.format_type(t.trftype, NULL)"},
    [COL_LANGUAGE] = {.text = "l.lanname"},
    [COL_SORT_LANGUAGE] = {.text = "pg_catalog.quote_ident(l.lanname)"},
    [COL_FROM_SQL] = {.text = SIGNATURE("f", "fn")},
    [COL_TO_SQL] = {.text = SIGNATURE("s", "sn")},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_transform t"},
    {.text = "JOIN pg_catalog.pg_language l ON l.oid = t.trflang"},
    {.text = "LEFT JOIN pg_catalog.pg_proc f ON f.oid = t.trffromsql"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_proc s ON s.oid = t.trftosql"},
    {.text = "LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.pronamespace"},
    {.text = "WHERE t.oid >= 16384 ORDER BY t.trftype, t.trflang"},
};

static void select_transform(const DnCatalog *catalog, DnTransform *transform, const DnRows *rows,
                             size_t row) {
    const DnObject *const parts[] = {
        dn_model_find(catalog->model, DN_CLASS_TYPE, dn_rows_oid(rows, row, COL_TYPE_OID)),
        dn_model_find(catalog->model, DN_CLASS_PROC, dn_rows_oid(rows, row, COL_FROM_SQL_OID)),
        dn_model_find(catalog->model, DN_CLASS_PROC, dn_rows_oid(rows, row, COL_TO_SQL_OID)),
    };
    dn_select_by_parts(catalog, &transform->object, parts, DN_COUNT(parts));
}

/* pg_dump orders transforms by the name of the type, then of the language. */
static const char *sort_name(DnModel *model, const DnRows *rows, size_t row) {
    const DnType *type = dn_model_type(model, dn_rows_oid(rows, row, COL_TYPE_OID));
    DnBuf name = {0};
    if (type) {
        dn_buf_fmt(&name, "%s %s", type->object.name, dn_rows_str(rows, row, COL_SORT_LANGUAGE));
    }
    const char *copy = dn_model_str(model, dn_buf_text(&name));
    dn_buf_deinit(&name);
    return copy;
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnTransform *transform = DN_ADD(model, DnTransform, DN_KIND_TRANSFORM, dn_rows_oid(rows, i, COL_OID),
                                        sort_name(model, rows, i), NULL);
        if (!transform) {
            return dn_err_nomem(err);
        }
        transform->type = dn_row_text(model, rows, i, COL_TYPE);
        transform->language = dn_row_text(model, rows, i, COL_LANGUAGE);
        transform->from_sql = dn_row_text(model, rows, i, COL_FROM_SQL);
        transform->to_sql = dn_row_text(model, rows, i, COL_TO_SQL);
        select_transform(catalog, transform, rows, i);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_transforms = {.what = "reading transforms",
                                     .scope = DN_SCOPE_ALL,
                                     .only_with = DN_WITH_TRANSFORM,
                                     DN_COLUMNS(columns),
                                     DN_FROM(from),
                                     .rows = take_rows};
