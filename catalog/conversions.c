#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, NAME, SCHEMA, OWNER, DEFAULT, SOURCE, TARGET, FUNCTION };

static const DnSqlPart columns[] = {
    [OID] = {.text = "c.oid"},
    [NAME] = {.text = "c.conname"},
    [SCHEMA] = {.text = "c.connamespace"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(c.conowner)"},
    [DEFAULT] = {.text = "c.condefault"},
    [SOURCE] = {.text = "pg_catalog.pg_encoding_to_char(c.conforencoding)"},
    [TARGET] = {.text = "pg_catalog.pg_encoding_to_char(c.contoencoding)"},
    [FUNCTION] = {.text = "c.conproc::pg_catalog.regproc"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_conversion c WHERE c.oid >= " DN_FIRST_OID " ORDER BY c.oid"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnConversion *conversion =
            DN_ADD(model, DnConversion, DN_KIND_CONVERSION, dn_rows_oid(rows, i, OID),
                   dn_rows_str(rows, i, NAME), dn_model_schema(model, dn_rows_oid(rows, i, SCHEMA)));
        if (!conversion) {
            return dn_err_nomem(err);
        }
        conversion->object.owner = dn_row_text(model, rows, i, OWNER);
        conversion->is_default = dn_rows_bool(rows, i, DEFAULT);
        conversion->source = dn_row_text(model, rows, i, SOURCE);
        conversion->target = dn_row_text(model, rows, i, TARGET);
        conversion->function = dn_row_text(model, rows, i, FUNCTION);
        dn_select_object(catalog, &conversion->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_conversions = {.what = "reading conversions",
                                      .scope = DN_SCOPE_ALL,
                                      .only_with = DN_WITH_CONVERSION,
                                      DN_COLUMNS(columns),
                                      DN_FROM(from),
                                      .rows = take_rows};
