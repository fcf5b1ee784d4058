#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/* ---- The extensions -------------------------------------------------------------- */

enum { OID, NAME, SCHEMA_NAME, RELOCATABLE, VERSION };

static const DnSqlPart columns[] = {
    [OID] = {.text = "x.oid"},
    [NAME] = {.text = "x.extname"},
    [SCHEMA_NAME] = {.text = "n.nspname"},
    [RELOCATABLE] = {.text = "x.extrelocatable"},
    [VERSION] = {.text = "x.extversion"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_extension x JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace "
             "ORDER BY x.oid"},
};

static DnStatus take_extensions(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnExtension *extension = DN_ADD(model, DnExtension, DN_KIND_EXTENSION, dn_rows_oid(rows, i, OID),
                                        dn_rows_str(rows, i, NAME), NULL);
        if (!extension) {
            return dn_err_nomem(err);
        }
        extension->schema_name = dn_row_text(model, rows, i, SCHEMA_NAME);
        extension->relocatable = dn_rows_bool(rows, i, RELOCATABLE);
        extension->version = dn_row_text(model, rows, i, VERSION);
        /* initdb's own (plpgsql) is in every database already. */
        unsigned parts = dn_is_builtin(extension->object.oid) ? (unsigned)DN_PART_ACL : (unsigned)DN_PART_ALL;
        extension->contains = extension->object.dump =
            catalog->selection.whole_database ? parts : (unsigned)DN_PART_NONE;
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
             "AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass "
             "AND d.objid >= 16384 ORDER BY 3, 1, 2"},
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
            /* Schemas are read before their extensions are known; what lives inside is dumped all the same. */
            schema->member_of = (DnExtension *)extension;
            (void)dn_select_member(catalog, schema);
        }
        if (extension) {
            dn_map_put(&model->arena, &model->members,
                       dn_map_key(class_, dn_rows_oid(rows, i, MEMBER_OID)),
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
