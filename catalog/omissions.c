#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/*
 * Content of the dumped schemas that has no kind yet. Each such object is named to the user: nothing goes
 * missing in silence.
 */
enum { WHAT, SCHEMA, NAME, CLASS, OBJECT };

static const DnSqlPart columns[] = {
    [WHAT] = {.text = "o.what"},     [SCHEMA] = {.text = "o.schema"}, [NAME] = {.text = "o.name"},
    [CLASS] = {.text = "o.classid"}, [OBJECT] = {.text = "o.oid"},
};

#define IN_SCHEMA(what, catalog, schema, name)                                                               \
    "SELECT '" what "' AS what, " schema " AS schema, " name "::pg_catalog.text AS name, tableoid AS classid, "     \
    "oid FROM pg_catalog." catalog

static const DnSqlPart from[] = {
    {.text = "FROM (" IN_SCHEMA("collation", "pg_collation", "collnamespace", "collname")
         " UNION ALL " IN_SCHEMA("conversion", "pg_conversion", "connamespace", "conname")
             " UNION ALL " IN_SCHEMA("operator class", "pg_opclass", "opcnamespace", "opcname")
                 " UNION ALL " IN_SCHEMA("operator family", "pg_opfamily", "opfnamespace", "opfname")
                     " UNION ALL " IN_SCHEMA("text search parser", "pg_ts_parser", "prsnamespace", "prsname")
                         " UNION ALL " IN_SCHEMA("text search dictionary", "pg_ts_dict", "dictnamespace",
                                                 "dictname")
                             " UNION ALL " IN_SCHEMA("text search template", "pg_ts_template",
                                                     "tmplnamespace", "tmplname")
                                 " UNION ALL " IN_SCHEMA("text search configuration", "pg_ts_config",
                                                         "cfgnamespace", "cfgname")
                                     ") o WHERE o.oid >= 16384 ORDER BY 1, 2, 3, 5"},
};

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    DnBuf text = {0};
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        const DnSchema *schema = dn_model_schema(model, dn_rows_oid(rows, i, SCHEMA));
        uint64_t key = dn_map_key(dn_rows_oid(rows, i, CLASS), dn_rows_oid(rows, i, OBJECT));
        if (!schema || !(schema->contains & DN_PART_DEFINITION) || dn_map_get(&model->members, key)) {
            continue;
        }
        dn_buf_clear(&text);
        dn_buf_fmt(&text, "%s %s.%s", dn_rows_str(rows, i, WHAT), schema->object.name,
                   dn_rows_str(rows, i, NAME));
        dn_catalog_omit(catalog, dn_buf_text(&text));
    }
    DnStatus status = dn_buf_failed(&text) ? dn_err_nomem(err) : DN_OK;
    dn_buf_deinit(&text);
    return status;
}

const DnFetch dn_fetch_omissions = {.what = "looking for content that is not carried",
                                    .scope = DN_SCOPE_ALL,
                                    DN_COLUMNS(columns),
                                    DN_FROM(from),
                                    .rows = take_rows};

/* ---- Security labels ------------------------------------------------------------- */

enum { LABEL_CLASS, LABEL_OBJECT, PROVIDER };

static const DnSqlPart label_columns[] = {
    [LABEL_CLASS] = {.text = "l.classoid"},
    [LABEL_OBJECT] = {.text = "l.objoid"},
    [PROVIDER] = {.text = "l.provider"},
};

static const DnSqlPart label_from[] = {
    {.text = "FROM pg_catalog.pg_seclabel l ORDER BY 1, 2, 3"},
};

static DnStatus take_labels(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnBuf text = {0};
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        const DnObject *object = dn_model_find(catalog->model, dn_rows_oid(rows, i, LABEL_CLASS),
                                               dn_rows_oid(rows, i, LABEL_OBJECT));
        if (object && (object->dump & DN_PART_SECLABEL)) {
            dn_buf_clear(&text);
            dn_buf_fmt(&text, "security label of provider %s on %s", dn_rows_str(rows, i, PROVIDER),
                       object->name);
            dn_catalog_omit(catalog, dn_buf_text(&text));
        }
    }
    DnStatus status = dn_buf_failed(&text) ? dn_err_nomem(err) : DN_OK;
    dn_buf_deinit(&text);
    return status;
}

const DnFetch dn_fetch_labels = {.what = "looking for security labels",
                                 .scope = DN_SCOPE_ALL,
                                 DN_COLUMNS(label_columns),
                                 DN_FROM(label_from),
                                 .rows = take_labels};
