#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, ROLE, SCHEMA, OBJTYPE, ACL, ACL_DEFAULT };

/* Per-schema entries add to what the role grants everywhere, so they start from nothing; global ones
   replace what is built in. */
static const DnSqlPart columns[] = {
    [OID] = {.text = "d.oid"},
    [ROLE] = {.text = "pg_catalog.pg_get_userbyid(d.defaclrole)"},
    [SCHEMA] = {.text = "d.defaclnamespace"},
    [OBJTYPE] = {.text = "d.defaclobjtype"},
    [ACL] = {.text = "d.defaclacl"},
    [ACL_DEFAULT] = {.text = "CASE WHEN d.defaclnamespace = 0 THEN pg_catalog.acldefault("
                             "CASE WHEN d.defaclobjtype = 'S' THEN 's'::\"char\" ELSE d.defaclobjtype END, "
                             "d.defaclrole) ELSE '{}' END"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_default_acl d ORDER BY d.oid"},
};

static const char *objects_of(char objtype) {
    switch (objtype) {
    case 'r':
        return "TABLES";
    case 'S':
        return "SEQUENCES";
    case 'f':
        return "FUNCTIONS";
    case 'T':
        return "TYPES";
    case 'n':
        return "SCHEMAS";
    case 'L':
        return "LARGE OBJECTS"; /* 18 */
    default:
        return NULL;
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        char objtype = dn_rows_char(rows, i, OBJTYPE);
        /* By type of object, then by role: so pg_dump orders them. */
        const char name[] = {objtype, '\0'};
        DnDefaultAcl *entry = DN_ADD(model, DnDefaultAcl, DN_KIND_DEFAULT_ACL, dn_rows_oid(rows, i, OID),
                                     name, dn_model_schema(model, dn_rows_oid(rows, i, SCHEMA)));
        if (!entry) {
            return dn_err_nomem(err);
        }
        entry->objtype = objtype;
        entry->objects = objects_of(objtype);
        entry->object.owner = entry->role = dn_row_text(model, rows, i, ROLE);
        dn_set_acl(model, &entry->object, dn_rows_text(rows, i, ACL), dn_rows_text(rows, i, ACL_DEFAULT));
        dn_select_object(catalog, &entry->object);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_default_acls = {.what = "reading default privileges",
                                       .scope = DN_SCOPE_ALL,
                                       .only_with = DN_WITH_DEFAULT_ACL,
                                       DN_COLUMNS(columns),
                                       DN_FROM(from),
                                       .rows = take_rows};
