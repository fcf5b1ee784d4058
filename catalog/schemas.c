#include <string.h>

#include "catalog/fetch.h"
#include "catalog/platform.h"
#include "common/err.h"

enum { OID, NAME, OWNER, ACL, ACL_DEFAULT, OWNER_OID };

static const DnSqlPart columns[] = {
    [OID] = {.text = "n.oid"},
    [NAME] = {.text = "n.nspname"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(n.nspowner)"},
    [ACL] = {.text = "n.nspacl"},
    [ACL_DEFAULT] = {.text = "pg_catalog.acldefault('n', n.nspowner)"},
    [OWNER_OID] = {.text = "n.nspowner"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_namespace n ORDER BY n.oid"},
};

/* The owner of public as initdb makes it: pg_database_owner since 15, before that the bootstrap superuser. */
enum { BOOTSTRAP_SUPERUSER = 10, PG_DATABASE_OWNER = 6171 };

static bool is_usual_public(const DnCatalog *catalog, const char *name, uint32_t owner) {
    uint32_t usual = dn_model_major(catalog->model) >= 15 ? PG_DATABASE_OWNER : BOOTSTRAP_SUPERUSER;
    return owner == usual && strcmp(name, "public") == 0;
}

static void select_public(const DnCatalog *catalog, DnSchema *schema) {
    schema->create = false;
    schema->contains = DN_PART_ALL;
    schema->object.dump = DN_PART_ALL;
    if (catalog->selection.stand_in && dn_model_major(catalog->model) < 15) {
        /* Until 14 pg_dump passed over its owner and its comment. */
        schema->object.dump = DN_PART_ACL;
    } else if (schema->has_usual_owner) {
        schema->object.dump &= ~(unsigned)DN_PART_DEFINITION;
    }
}

/* The rules of pg_dump's -n, -N and -t for schemas; -t alone dumps no schema at all. */
static void select_schema(const DnCatalog *catalog, DnSchema *schema) {
    const DnSelection *selection = &catalog->selection;
    const char *name = schema->object.name;
    schema->create = true;
    unsigned parts = DN_PART_NONE;
    if (selection->by_table) {
        parts = DN_PART_NONE;
    } else if (selection->by_schema) {
        parts = dn_selected(selection, DN_USE_SCHEMA, schema->object.oid) ? DN_PART_ALL : DN_PART_NONE;
    } else if (strcmp(name, "pg_catalog") == 0) {
        parts = DN_PART_ACL;
    } else if (strncmp(name, "pg_", 3) != 0 && strcmp(name, "information_schema") != 0) {
        parts = DN_PART_ALL;
    }
    schema->contains = schema->object.dump = parts;
    if (!selection->by_table && !selection->by_schema && strcmp(name, "public") == 0) {
        select_public(catalog, schema);
    }
    if (dn_selected(selection, DN_USE_NOT_SCHEMA, schema->object.oid)) {
        schema->contains = schema->object.dump = DN_PART_NONE;
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnSchema *schema = DN_ADD(model, DnSchema, DN_KIND_SCHEMA, dn_rows_oid(rows, i, OID),
                                  dn_rows_str(rows, i, NAME), NULL);
        if (!schema) {
            return dn_err_nomem(err);
        }
        schema->object.owner = dn_row_given(model, rows, i, OWNER);
        dn_set_acl(model, &schema->object, dn_rows_text(rows, i, ACL), dn_rows_text(rows, i, ACL_DEFAULT));
        schema->has_usual_owner =
            is_usual_public(catalog, schema->object.name, dn_rows_oid(rows, i, OWNER_OID));
        select_schema(catalog, schema);
        dn_platform_take_schema(catalog, schema);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_schemas = {.what = "reading schemas",
                                  .scope = DN_SCOPE_FIRST,
                                  DN_COLUMNS(columns),
                                  DN_FROM(from),
                                  .rows = take_rows};
