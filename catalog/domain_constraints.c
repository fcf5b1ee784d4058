#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

enum { COL_OID, COL_NAME, COL_DOMAIN, COL_TYPE, COL_DEFINITION, COL_VALIDATED };

static const DnSqlPart columns[] = {
    [COL_OID] = {.text = "c.oid"},
    [COL_NAME] = {.text = "c.conname"},
    [COL_DOMAIN] = {.text = "c.contypid"},
    [COL_TYPE] = {.text = "c.contype"},
    [COL_DEFINITION] = {.text = "pg_catalog.pg_get_constraintdef(c.oid)"},
    [COL_VALIDATED] = {.text = "c.convalidated"},
};

/* Since 17 a domain's NOT NULL is a constraint with a name, too. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_constraint c"},
    {.text =
         "WHERE c.contypid >= " DN_FIRST_OID " AND c.contype IN ('c', 'n') ORDER BY c.contypid, c.conname"},
};

static void link_domain(DnModel *model, DnConstraint *constraint, DnType *domain) {
    if (constraint->contype == 'n') {
        domain->not_null_constraint = constraint;
    } else {
        DN_PUSH(&model->arena, &domain->checks, constraint);
    }
    /* What is written inside CREATE DOMAIN needs its own dependencies before that; the rest follows. */
    if (!constraint->separate) {
        dn_depend(model, &domain->object, constraint->object.id);
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnType *domain = dn_model_type(model, dn_rows_oid(rows, i, COL_DOMAIN));
        if (!domain || !(domain->object.dump & DN_PART_DEFINITION)) {
            continue;
        }
        DnConstraint *constraint =
            DN_ADD(model, DnConstraint, DN_KIND_CONSTRAINT, dn_rows_oid(rows, i, COL_OID),
                   dn_rows_str(rows, i, COL_NAME), domain->object.schema);
        if (!constraint) {
            return dn_err_nomem(err);
        }
        constraint->object.owner = domain->object.owner;
        constraint->object.dump = DN_PART_ALL;
        constraint->domain = domain;
        constraint->contype = dn_rows_char(rows, i, COL_TYPE);
        constraint->definition = dn_row_text(model, rows, i, COL_DEFINITION);
        constraint->validated = dn_rows_bool(rows, i, COL_VALIDATED);
        constraint->separate = !constraint->validated;
        constraint->local = true;
        link_domain(model, constraint, domain);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_domain_constraints = {.what = "reading constraints of domains",
                                             .scope = DN_SCOPE_ALL,
                                             DN_COLUMNS(columns),
                                             DN_FROM(from),
                                             .rows = take_rows};
