/*
 * Extended statistics (CREATE STATISTICS).
 */
#include "catalog/fetch.h"
#include "catalog/table_part.h"
#include "common/err.h"

enum { OID, NAME, SCHEMA, OWNER, TABLE, TARGET, DEFINITION };

static const DnSqlPart columns[] = {
    [OID] = {.text = "s.oid"},
    [NAME] = {.text = "s.stxname"},
    [SCHEMA] = {.text = "s.stxnamespace"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(s.stxowner)"},
    [TABLE] = {.text = "s.stxrelid"},
    /* 13 to 16 have -1 for the default, 17 has NULL */
    [TARGET] = {.text = "coalesce(s.stxstattarget, -1)", .since = 130000, .otherwise = "-1"},
    [DEFINITION] = {.text = "pg_catalog.pg_get_statisticsobjdef(s.oid)"},
};

/* 12's pg_dump looks at the schema of the statistics alone, not at their table. */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_statistic_ext s"},
    {.text = "WHERE s.stxrelid = ANY ($1::pg_catalog.oid[])",
     .since = 130000,
     .otherwise = "WHERE $1::pg_catalog.oid[] IS NOT NULL"},
    {.text = "ORDER BY s.oid"},
};

enum { FOLLOWS_TABLE_SINCE = 13 };

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        DnStatistics *statistics =
            DN_ADD(model, DnStatistics, DN_KIND_STATISTICS, dn_rows_oid(rows, row, OID),
                   dn_rows_str(rows, row, NAME), dn_model_schema(model, dn_rows_oid(rows, row, SCHEMA)));
        if (!statistics) {
            break;
        }
        DnObject *object = &statistics->object;
        object->owner = dn_row_text(model, rows, row, OWNER);
        statistics->table_oid = dn_rows_oid(rows, row, TABLE);
        statistics->definition = dn_row_text(model, rows, row, DEFINITION);
        statistics->target = dn_rows_int(rows, row, TARGET);
        const DnRelation *table = dn_model_relation(model, statistics->table_oid);
        if (!dn_select_member(catalog, object)) {
            dn_select_object(catalog, object);
            if (dn_model_spelling(model) >= FOLLOWS_TABLE_SINCE && !dn_table_defined(table)) {
                object->dump = DN_PART_NONE;
            }
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_statistics = {
    .what = "reading extended statistics",
    .scope = DN_SCOPE_TABLES,
    .only_with = DN_WITH_STATISTIC_EXT,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
