/*
 * Triggers that users made. Those that carry out constraints are the server's own business.
 */
#include "catalog/fetch.h"
#include "catalog/table_part.h"
#include "common/err.h"

enum { OID, TABLE, NAME, DEFINITION, ENABLED, OF_PARTITION, FUNCTION_SCHEMA };

static const DnSqlPart columns[] = {
    [OID] = {.text = "t.oid"},
    [TABLE] = {.text = "t.tgrelid"},
    [NAME] = {.text = "t.tgname"},
    /* not pretty-printed: without all its parentheses a WHEN clause may read otherwise in a newer version */
    [DEFINITION] = {.text = "pg_catalog.pg_get_triggerdef(t.oid, false)"},
    [ENABLED] = {.text = "t.tgenabled"},
    [OF_PARTITION] = {.text = "t.tgparentid <> 0", .since = 150000, .otherwise = "t.tgisinternal"},
    [FUNCTION_SCHEMA] = {.text = "(SELECT p.pronamespace FROM pg_catalog.pg_proc p WHERE p.oid = t.tgfoid)"},
};

/*
 * A partition's copy of its parent's trigger comes with the parent's, but whether it is enabled is its own
 * matter. Who the parent is stands in pg_depend before 13; until 14 copies pass for internal triggers.
 */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS src (oid) "
             "JOIN pg_catalog.pg_trigger t ON t.tgrelid = src.oid"},
    {.text = "LEFT JOIN pg_catalog.pg_trigger u ON u.oid = t.tgparentid",
     .since = 130000,
     .otherwise = "LEFT JOIN pg_catalog.pg_depend d "
                  "ON d.classid = 'pg_catalog.pg_trigger'::pg_catalog.regclass "
                  "AND d.refclassid = 'pg_catalog.pg_trigger'::pg_catalog.regclass AND d.objid = t.oid "
                  "LEFT JOIN pg_catalog.pg_trigger u ON u.oid = d.refobjid"},
    {.text = "WHERE (NOT t.tgisinternal AND t.tgparentid = 0 OR t.tgenabled <> u.tgenabled)",
     .since = 150000,
     .otherwise = "WHERE (NOT t.tgisinternal OR t.tgenabled <> u.tgenabled)"},
    {.text = "ORDER BY t.tgrelid, t.tgname"},
};

/* A trigger has no owner of its own. A platform's run functions of the schema that they work for; one that
   runs another's is somebody's addition. */
static bool is_guest(const DnRelation *table, uint32_t function_schema) {
    return table && (table->object.dump & DN_PART_GUESTS) && !dn_table_defined(table) &&
           table->object.schema->object.oid != function_schema;
}

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, row, TABLE));
        bool guest = is_guest(table, dn_rows_oid(rows, row, FUNCTION_SCHEMA));
        if (!dn_table_defined(table) && !guest) {
            continue;
        }
        DnTrigger *trigger = DN_ADD(model, DnTrigger, DN_KIND_TRIGGER, dn_rows_oid(rows, row, OID),
                                    dn_rows_str(rows, row, NAME), table->object.schema);
        if (!trigger) {
            break;
        }
        dn_follow_table(&trigger->object, table);
        if (guest) {
            trigger->object.dump = DN_PART_ALL;
            trigger->object.guest = true;
        }
        trigger->table = table;
        trigger->definition = dn_row_text(model, rows, row, DEFINITION);
        trigger->enabled = dn_rows_char(rows, row, ENABLED);
        trigger->of_partition = dn_rows_bool(rows, row, OF_PARTITION);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_triggers = {
    .what = "reading triggers",
    .scope = DN_SCOPE_TABLES,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
