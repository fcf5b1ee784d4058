#include <stdio.h>
#include <string.h>

#include "catalog/extra.h"
#include "catalog/fetch.h"
#include "common/err.h"

/* ---- Columns --------------------------------------------------------------------- */

enum {
    TABLE,
    NUMBER,
    NAME,
    TYPE,
    TYPE_OID,
    DROPPED,
    LOCAL,
    STATISTICS,
    STORAGE,
    TYPE_STORAGE,
    NOT_NULL,
    IDENTITY,
    GENERATED,
    COMPRESSION,
    COLLATION_OID,
    COLLATION_SCHEMA,
    COLLATION,
    OPTIONS,
    FDW_OPTIONS,
    ACL,
    NOT_NULL_NAME,
    NOT_NULL_VALID,
    NOT_NULL_LOCAL,
    NOT_NULL_NO_INHERIT,
    NOT_NULL_COMMENT
};

static const DnSqlPart columns[] = {
    [TABLE] = {.text = "a.attrelid"},
    [NUMBER] = {.text = "a.attnum"},
    [NAME] = {.text = "a.attname"},
    [TYPE] = {.text = "pg_catalog.format_type(t.oid, a.atttypmod)"},
    [TYPE_OID] = {.text = "a.atttypid"},
    [DROPPED] = {.text = "a.attisdropped"},
    [LOCAL] = {.text = "a.attislocal"},
    /* 17 made the default NULL where it was -1. */
    [STATISTICS] = {.text = "COALESCE(a.attstattarget, -1)"},
    [STORAGE] = {.text = "a.attstorage"},
    [TYPE_STORAGE] = {.text = "t.typstorage"},
    [NOT_NULL] = {.text = "a.attnotnull"},
    [IDENTITY] = {.text = "a.attidentity"},
    [GENERATED] = {.text = "a.attgenerated"},
    [COMPRESSION] = {.text = "a.attcompression", .since = 140000},
    [COLLATION_OID] = {.text = "NULLIF(a.attcollation, 0)"},
    [COLLATION_SCHEMA] = {.text = "cn.nspname"},
    [COLLATION] = {.text = "co.collname"},
    /* Minor releases since November 2026 keep a version of their own among the options; it is not ours. */
    [OPTIONS] = {.text = "CASE WHEN a.attoptions IS NOT NULL THEN pg_catalog.array_to_string(ARRAY("
                         "SELECT o FROM pg_catalog.unnest(a.attoptions) o "
                         "WHERE pg_catalog.substr(o, 1, 10) <> 'pg_attver='), ', ') END"},
    [FDW_OPTIONS] = {.text = "CASE WHEN a.attfdwoptions IS NOT NULL THEN " DN_OPTIONS_LIST(
                         "a.attfdwoptions") " END"},
    [ACL] = {.text = "a.attacl"},
    /* 18 keeps NOT NULL as a constraint with a name. */
    [NOT_NULL_NAME] = {.text = "nn.conname", .since = 180000},
    [NOT_NULL_VALID] = {.text = "nn.convalidated", .since = 180000, .otherwise = "true"},
    [NOT_NULL_LOCAL] = {.text = "nn.conislocal", .since = 180000},
    [NOT_NULL_NO_INHERIT] = {.text = "nn.connoinherit", .since = 180000},
    [NOT_NULL_COMMENT] = {.text = "pg_catalog.obj_description(nn.oid, 'pg_constraint')", .since = 180000},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_attribute a "
             "LEFT JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
             "LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation "
             "AND a.attcollation <> t.typcollation "
             "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace"},
    {.text = "LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' "
             "AND a.attnotnull AND nn.conkey = ARRAY[a.attnum]",
     .since = 180000},
    /* System columns matter for their privileges alone. */
    {.text = "WHERE a.attrelid = ANY ($1::pg_catalog.oid[]) AND (a.attnum > 0 OR a.attacl IS NOT NULL "
             "OR (a.attrelid, a.attnum) IN (SELECT p.objoid, p.objsubid FROM pg_catalog.pg_init_privs p "
             "WHERE p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass)) "
             "ORDER BY a.attrelid, a.attnum"},
};

/* Is the name what the server itself would choose? Then NOT NULL alone says it all. */
static bool is_usual_name(const char *table, const char *column, const char *name) {
    char usual[512];
    (void)snprintf(usual, sizeof usual, "%s_%s_not_null", table, column);
    return strcmp(usual, name) == 0;
}

static void take_not_null(DnModel *model, const DnRelation *table, DnAttribute *a, const DnRows *rows,
                          size_t i) {
    /* One that is NOT VALID is a constraint object of its own. */
    a->not_null = dn_rows_bool(rows, i, NOT_NULL) && dn_rows_bool(rows, i, NOT_NULL_VALID);
    a->not_null_invalid = dn_rows_bool(rows, i, NOT_NULL) && !a->not_null;
    const char *name = dn_rows_text(rows, i, NOT_NULL_NAME);
    if (!a->not_null || !name) {
        return;
    }
    a->not_null_local = dn_rows_bool(rows, i, NOT_NULL_LOCAL);
    a->not_null_no_inherit = dn_rows_bool(rows, i, NOT_NULL_NO_INHERIT);
    a->not_null_constraint = dn_model_str(model, name);
    a->not_null_comment = dn_row_text(model, rows, i, NOT_NULL_COMMENT);
    /* COMMENT ON needs a name to count on. */
    if (a->not_null_comment || !is_usual_name(table->object.name, a->name, name)) {
        a->not_null_name = dn_model_str(model, name);
    }
}

static void take_column(DnModel *model, DnRelation *table, const DnRows *rows, size_t i) {
    DnAttribute a = {.name = dn_row_shared(model, rows, i, NAME),
                     .number = dn_rows_int(rows, i, NUMBER),
                     .type = dn_row_shared(model, rows, i, TYPE),
                     .type_oid = dn_rows_oid(rows, i, TYPE_OID),
                     .dropped = dn_rows_bool(rows, i, DROPPED),
                     .local = dn_rows_bool(rows, i, LOCAL),
                     .statistics_target = dn_rows_int(rows, i, STATISTICS),
                     .storage = dn_rows_char(rows, i, STORAGE),
                     .type_storage = dn_rows_char(rows, i, TYPE_STORAGE),
                     .identity = dn_rows_char(rows, i, IDENTITY),
                     .generated = dn_rows_char(rows, i, GENERATED),
                     .compression = dn_rows_char(rows, i, COMPRESSION),
                     .collation_oid = dn_rows_oid(rows, i, COLLATION_OID),
                     .collation_schema = dn_row_shared(model, rows, i, COLLATION_SCHEMA),
                     .collation = dn_row_shared(model, rows, i, COLLATION),
                     .options = dn_row_filled(model, rows, i, OPTIONS),
                     .fdw_options = dn_row_filled(model, rows, i, FDW_OPTIONS),
                     .acl = dn_row_shared(model, rows, i, ACL)};
    if (a.number < 0) {
        DN_PUSH(&model->arena, &table->system, a);
        return;
    }
    take_not_null(model, table, &a, rows, i);
    DN_PUSH(&model->arena, &table->attributes, a);
}

static DnStatus take_columns(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    DnRelation *table = NULL;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        uint32_t oid = dn_rows_oid(rows, i, TABLE);
        if (!table || table->object.oid != oid) {
            table = dn_model_relation(model, oid);
        }
        if (table) {
            take_column(model, table, rows, i);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_attributes = {.what = "reading columns",
                                     .scope = DN_SCOPE_TABLES,
                                     DN_COLUMNS(columns),
                                     DN_FROM(from),
                                     .rows = take_columns};
