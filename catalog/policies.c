/*
 * Row-level security: which tables have it enabled, and their policies.
 */
#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, TABLE, NAME, COMMAND, PERMISSIVE, ROLES, USING, CHECK };

static const DnSqlPart columns[] = {
    [OID] = {.text = "p.oid"},
    [TABLE] = {.text = "p.polrelid"},
    [NAME] = {.text = "p.polname"},
    [COMMAND] = {.text = "p.polcmd"},
    [PERMISSIVE] = {.text = "p.polpermissive"},
    /* in the order in which the server finds them, as pg_dump has it */
    [ROLES] = {.text = "CASE WHEN p.polroles = '{0}' THEN NULL ELSE pg_catalog.array_to_string("
                       "ARRAY(SELECT pg_catalog.quote_ident(rolname) FROM pg_catalog.pg_roles "
                       "WHERE oid = ANY (p.polroles)), ', ') END"},
    [USING] = {.text = "pg_catalog.pg_get_expr(p.polqual, p.polrelid)"},
    [CHECK] = {.text = "pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS src (oid) "
             "JOIN pg_catalog.pg_policy p ON p.polrelid = src.oid ORDER BY p.oid"},
};

static bool has_policies(const DnRelation *table) {
    return table && (table->object.dump & (DN_PART_POLICY | DN_PART_GUESTS)) &&
           (table->relkind == 'r' || table->relkind == 'p');
}

static DnPolicy *add(DnModel *model, uint32_t oid, const char *name, DnRelation *table) {
    DnPolicy *policy = DN_ADD(model, DnPolicy, DN_KIND_POLICY, oid, name, table->object.schema);
    if (policy) {
        policy->object.owner = table->object.owner;
        policy->object.dump = DN_PART_ALL;
        policy->object.guest = !(table->object.dump & DN_PART_POLICY);
        policy->table = table;
    }
    return policy;
}

/* ENABLE ROW LEVEL SECURITY has no row in a catalog, so what it needs is said here. */
static void add_enabled(DnModel *model) {
    size_t count = model->objects.count; /* grows as we go */
    for (size_t i = 0; i < count; i++) {
        DnObject *object = model->objects.items[i];
        if (object->kind != DN_KIND_TABLE) {
            continue;
        }
        DnRelation *table = (DnRelation *)object;
        if (table->row_security && has_policies(table) && (object->dump & DN_PART_POLICY)) {
            DnPolicy *enable = add(model, 0, object->name, table);
            if (enable) {
                dn_depend(model, &enable->object, object->id);
            }
        }
    }
}

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    add_enabled(model);
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, row, TABLE));
        if (!has_policies(table)) {
            continue;
        }
        DnPolicy *policy = add(model, dn_rows_oid(rows, row, OID), dn_rows_str(rows, row, NAME), table);
        if (!policy) {
            break;
        }
        policy->policy = policy->object.name;
        policy->command = dn_rows_char(rows, row, COMMAND);
        policy->permissive = dn_rows_bool(rows, row, PERMISSIVE);
        policy->roles = dn_row_text(model, rows, row, ROLES);
        policy->using_ = dn_row_text(model, rows, row, USING);
        policy->check = dn_row_text(model, rows, row, CHECK);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_policies = {
    .what = "reading row-level security policies",
    .scope = DN_SCOPE_TABLES,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
