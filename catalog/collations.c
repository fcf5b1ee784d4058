#include "catalog/fetch.h"
#include "common/err.h"

enum {
    COL_OID,
    COL_NAME,
    COL_SCHEMA,
    COL_OWNER,
    COL_ENCODING,
    COL_PROVIDER,
    COL_DETERMINISTIC,
    COL_ICU_LOCALE,
    COL_LOCALE,
    COL_COLLATE,
    COL_CTYPE,
    COL_RULES,
    COL_VERSION
};

/* Since 15 ICU has one locale in a column of its own, which 17 renamed for the builtin provider; until then
   it stood in collcollate and collctype as well. */
static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "c.oid"},
    [COL_NAME] = {.text = "c.collname"},
    [COL_SCHEMA] = {.text = "c.collnamespace"},
    [COL_OWNER] = {.text = "pg_catalog.pg_get_userbyid(c.collowner)"},
    [COL_ENCODING] = {.text = "c.collencoding"},
    [COL_PROVIDER] = {.text = "c.collprovider"},
    [COL_DETERMINISTIC] = {.text = "c.collisdeterministic"},
    [COL_ICU_LOCALE] = {.text = "c.colliculocale", .since = 150000, .before = 170000},
    [COL_LOCALE] = {.text = "c.colllocale", .since = 170000},
    [COL_COLLATE] = {.text = "c.collcollate"},
    [COL_CTYPE] = {.text = "c.collctype"},
    [COL_RULES] = {.text = "c.collicurules", .since = 160000},
    [COL_VERSION] = {.text = "c.collversion"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_collation c WHERE c.oid >= " DN_FIRST_OID " ORDER BY c.oid"},
};

static void take_row(DnModel *model, DnCollation *collation, const DnRows *rows, size_t row) {
    collation->object.owner = dn_row_text(model, rows, row, COL_OWNER);
    collation->encoding = dn_rows_int(rows, row, COL_ENCODING);
    collation->provider = dn_rows_char(rows, row, COL_PROVIDER);
    collation->deterministic = dn_rows_bool(rows, row, COL_DETERMINISTIC);
    const char *icu_locale = dn_row_text(model, rows, row, COL_ICU_LOCALE);
    collation->locale = icu_locale ? icu_locale : dn_row_text(model, rows, row, COL_LOCALE);
    collation->collate = dn_row_text(model, rows, row, COL_COLLATE);
    collation->ctype = dn_row_text(model, rows, row, COL_CTYPE);
    collation->rules = dn_row_text(model, rows, row, COL_RULES);
    collation->version = dn_row_text(model, rows, row, COL_VERSION);
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnCollation *collation =
            DN_ADD(model, DnCollation, DN_KIND_COLLATION, dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), dn_model_schema(model, dn_rows_oid(rows, i, COL_SCHEMA)));
        if (!collation) {
            return dn_err_nomem(err);
        }
        take_row(model, collation, rows, i);
        dn_select_object(catalog, &collation->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_collations = {.what = "reading collations",
                                     .scope = DN_SCOPE_ALL,
                                     .only_with = DN_WITH_COLLATION,
                                     DN_COLUMNS(columns),
                                     DN_FROM(from),
                                     .rows = take_rows};
