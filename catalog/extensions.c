#include "catalog/config_tables.h"
#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"
#include "common/pgarray.h"

/* ---- The extensions -------------------------------------------------------------- */

enum { OID, NAME, SCHEMA_NAME, VERSION, CONFIG_TABLES, CONFIG_FILTERS };

static const DnSqlPart columns[] = {
    [OID] = {.text = "x.oid"},
    [NAME] = {.text = "x.extname"},
    [SCHEMA_NAME] = {.text = "n.nspname"},
    [VERSION] = {.text = "x.extversion"},
    [CONFIG_TABLES] = {.text = "x.extconfig"},
    [CONFIG_FILTERS] = {.text = "x.extcondition"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace "
             "ORDER BY x.oid"},
};

/* initdb's own are not asked for by name: they come along with any selection, for their members' rights. */
static bool is_extension_selected(const DnCatalog *catalog, uint32_t oid) {
    const DnSelection *selection = &catalog->selection;
    if (dn_is_builtin(oid)) {
        return true;
    }
    return (selection->by_extension ? dn_selected(selection, DN_USE_EXTENSION, oid)
                                    : selection->whole_database) &&
           !dn_selected(selection, DN_USE_NOT_EXTENSION, oid);
}

static DnStatus take_extensions(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnExtension *extension = DN_ADD(model, DnExtension, DN_KIND_EXTENSION, dn_rows_oid(rows, i, OID),
                                        dn_rows_str(rows, i, NAME), NULL);
        if (!extension) {
            return dn_err_nomem(err);
        }
        extension->schema_name = dn_row_text(model, rows, i, SCHEMA_NAME);
        extension->version = dn_row_text(model, rows, i, VERSION);
        extension->config_tables = dn_row_text(model, rows, i, CONFIG_TABLES);
        extension->config_filters = dn_row_text(model, rows, i, CONFIG_FILTERS);
        /* initdb's own (plpgsql) is in every database already. */
        unsigned parts = dn_is_builtin(extension->object.oid) ? (unsigned)DN_PART_ACL : (unsigned)DN_PART_ALL;
        extension->contains = extension->object.dump =
            is_extension_selected(catalog, extension->object.oid) ? parts : (unsigned)DN_PART_NONE;
        if (catalog->selection.platform) {
            /* Made by the platform, or on its behalf: comment and rights are its own affair. */
            extension->object.dump &= DN_PART_DEFINITION;
            extension->contains = DN_PART_NONE;
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_extensions = {.what = "reading extensions",
                                     .scope = DN_SCOPE_FIRST,
                                     DN_COLUMNS(columns),
                                     DN_FROM(from),
                                     .rows = take_extensions};

/* ---- Their members --------------------------------------------------------------- */

enum { MEMBER_CLASS, MEMBER_OID, MEMBER_EXTENSION };

static const DnSqlPart member_columns[] = {
    [MEMBER_CLASS] = {.text = "d.classid"},
    [MEMBER_OID] = {.text = "d.objid"},
    [MEMBER_EXTENSION] = {.text = "d.refobjid"},
};

static const DnSqlPart member_from[] = {
    {.text = "FROM pg_catalog.pg_depend d WHERE d.deptype = 'e' "
             "AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass ORDER BY 3, 1, 2"},
};

/* Objects are not there yet: the map remembers whose member each address is. */
static DnStatus take_members(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnObject *extension =
            dn_model_find(model, DN_CLASS_EXTENSION, dn_rows_oid(rows, i, MEMBER_EXTENSION));
        uint32_t class_ = dn_rows_oid(rows, i, MEMBER_CLASS);
        DnObject *schema = dn_model_find(model, DN_CLASS_NAMESPACE, dn_rows_oid(rows, i, MEMBER_OID));
        if (extension && class_ == DN_CLASS_NAMESPACE && schema) {
            /* Schemas are read before their extensions are known; what lives inside is dumped all the
               same. */
            schema->member_of = (DnExtension *)extension;
            (void)dn_select_member(catalog, schema);
        }
        if (extension) {
            dn_map_put(&model->arena, &model->members, dn_map_key(class_, dn_rows_oid(rows, i, MEMBER_OID)),
                       extension);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_extension_members = {.what = "reading extension members",
                                            .scope = DN_SCOPE_FIRST,
                                            DN_COLUMNS(member_columns),
                                            DN_FROM(member_from),
                                            .rows = take_members};

/* ---- Their configuration tables -------------------------------------------------- */

/* The rows go with the extension; or where the user has chosen the table, or its schema, by name. */
static bool is_config_dumped(const DnCatalog *catalog, const DnExtension *extension,
                             const DnRelation *table) {
    const DnSelection *selection = &catalog->selection;
    const DnSchema *schema = table->object.schema;
    /* With -e the other extensions' rows are nobody's, even where their schema is asked for. */
    if (!(extension->object.dump & DN_PART_DEFINITION) &&
        ((selection->by_extension && !dn_selected(selection, DN_USE_EXTENSION, extension->object.oid)) ||
         dn_selected(selection, DN_USE_NOT_EXTENSION, extension->object.oid))) {
        return false;
    }
    if (dn_selected(selection, DN_USE_NOT_TABLE, table->object.oid) ||
        (schema && dn_selected(selection, DN_USE_NOT_SCHEMA, schema->object.oid))) {
        return false;
    }
    return (extension->object.dump & DN_PART_DEFINITION) ||
           dn_selected(selection, DN_USE_TABLE, table->object.oid) ||
           (schema && (schema->object.dump & DN_PART_DATA));
}

static void mark_config_tables(DnCatalog *catalog, const DnExtension *extension) {
    DnModel *model = catalog->model;
    uint32_t *oids;
    const char **filters;
    size_t count = dn_oids_split(&model->arena, extension->config_tables, &oids);
    int filter_count = dn_pgarray_split(&model->arena, extension->config_filters, &filters);
    for (size_t i = 0; i < count; i++) {
        DnRelation *table = dn_model_relation(model, oids[i]);
        if (!table || !is_config_dumped(catalog, extension, table)) {
            continue;
        }
        table->is_config = table->interesting = true;
        if (filter_count > 0 && i < (size_t)filter_count && filters[i] && *filters[i]) {
            table->config_filter = filters[i];
        }
    }
}

void dn_mark_config_tables(DnCatalog *catalog) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (object->kind == DN_KIND_EXTENSION && ((const DnExtension *)object)->config_tables) {
            mark_config_tables(catalog, (const DnExtension *)object);
        }
    }
}
