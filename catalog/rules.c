/*
 * Rewrite rules, and the ON SELECT rules that are what a view is made of.
 */
#include "catalog/fetch.h"
#include "catalog/table_part.h"
#include "common/err.h"

enum { OID, TABLE, NAME, EVENT, INSTEAD, ENABLED, DEFINITION, READS_ITSELF };

static const DnSqlPart columns[] = {
    [OID] = {.text = "r.oid"},
    [TABLE] = {.text = "r.ev_class"},
    [NAME] = {.text = "r.rulename"},
    [EVENT] = {.text = "r.ev_type"},
    [INSTEAD] = {.text = "r.is_instead"},
    [ENABLED] = {.text = "r.ev_enabled"},
    [DEFINITION] = {.text = "CASE WHEN r.ev_type <> '1' AND r.ev_class = ANY ($1::pg_catalog.oid[]) "
                            "THEN pg_catalog.pg_get_ruledef(r.oid) END"},
    /* Every view's rule depends on the view; only one that reads its own columns depends on them. */
    [READS_ITSELF] = {.text = "EXISTS (SELECT 1 FROM pg_catalog.pg_depend d "
                              "WHERE d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass "
                              "AND d.objid = r.oid "
                              "AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass "
                              "AND d.refobjid = r.ev_class AND d.refobjsubid > 0 AND d.deptype = 'n')"},
};

/*
 * All rules, not just those of the dumped relations: what a view needs is known only by its rule, and
 * dumped views may need each other by way of one that is not dumped.
 */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_rewrite r WHERE r.ev_class >= " DN_FIRST_OID " ORDER BY r.oid"},
};

static bool is_view(const DnRelation *relation) {
    return relation->relkind == 'v' || relation->relkind == 'm';
}

static void add_rule(DnCatalog *catalog, DnRelation *table, const DnRows *rows, size_t row) {
    DnModel *model = catalog->model;
    DnRule *rule = DN_ADD(model, DnRule, DN_KIND_RULE, dn_rows_oid(rows, row, OID),
                          dn_rows_str(rows, row, NAME), table->object.schema);
    if (!rule) {
        return;
    }
    dn_follow_table(&rule->object, table);
    rule->table = table;
    rule->event = dn_rows_char(rows, row, EVENT);
    rule->instead = dn_rows_bool(rows, row, INSTEAD);
    rule->enabled = dn_rows_char(rows, row, ENABLED);
    rule->definition = dn_row_text(model, rows, row, DEFINITION);
    rule->separate = !(is_view(table) && rule->event == '1' && rule->instead);
    if (!rule->separate && !catalog->selection.stand_in && table->relkind == 'v' &&
        dn_rows_bool(rows, row, READS_ITSELF)) {
        table->dummy_view = rule->separate = true; /* pg_dump's text for such a view does not restore */
    }
    /* What the rule needs must come before CREATE VIEW, of which it is a part. */
    if (rule->separate) {
        dn_depend(model, &rule->object, table->object.id);
    } else {
        dn_depend(model, &table->object, rule->object.id);
    }
}

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, row, TABLE));
        if (table) {
            add_rule(catalog, table, rows, row);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_rules = {
    .what = "reading rules",
    .scope = DN_SCOPE_TABLES,
    .only_with = DN_WITH_REWRITE,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
