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

/* What format_type() makes of the types that most columns have. Asked for each column, it would take a
   quarter of the query's time. */
#define USUAL_TYPES(X)                                                                                       \
    X(16, "boolean")                                                                                         \
    X(17, "bytea")                                                                                           \
    X(20, "bigint")                                                                                          \
    X(21, "smallint")                                                                                        \
    X(23, "integer")                                                                                         \
    X(25, "text")                                                                                            \
    X(114, "json")                                                                                           \
    X(700, "real")                                                                                           \
    X(701, "double precision")                                                                               \
    X(1007, "integer[]")                                                                                     \
    X(1009, "text[]")                                                                                        \
    X(1043, "character varying")                                                                             \
    X(1082, "date")                                                                                          \
    X(1114, "timestamp without time zone")                                                                   \
    X(1184, "timestamp with time zone")                                                                      \
    X(1700, "numeric")                                                                                       \
    X(2950, "uuid")                                                                                          \
    X(3802, "jsonb")

#define SQL_OID(oid, name) ", " #oid
static const struct {
    uint32_t oid;
    const char *name;
} usual_types[] = {
#define ROW(oid, name) {oid, name},
    USUAL_TYPES(ROW)
#undef ROW
};

static const DnSqlPart columns[] = {
    [TABLE] = {.text = "a.attrelid"},
    [NUMBER] = {.text = "a.attnum"},
    [NAME] = {.text = "a.attname"},
    [TYPE] = {.text = "CASE WHEN a.atttypmod >= 0 OR a.atttypid NOT IN (0" USUAL_TYPES(
                  SQL_OID) ") "
                           "OR (SELECT pg_catalog.current_setting('quote_all_identifiers') = 'on') "
                           "THEN pg_catalog.format_type(t.oid, a.atttypmod) END"},
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
    /* Minor releases since November 2026 keep a version of their own among the options; it is not ours. Most
       columns have nothing else, and are told by what costs least. */
    [OPTIONS] = {.text = "CASE WHEN a.attoptions[2] IS NOT NULL OR a.attoptions[1] NOT LIKE 'pg\\_attver=%' "
                         "THEN pg_catalog.array_to_string(ARRAY("
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
    /* System columns matter for their privileges alone. The first line only says so at less cost, since it
       is looked at first. The rows are not sorted: they come nearly so. */
    {.text = "WHERE (a.attnum > 0 OR a.attacl IS NOT NULL "
             "OR EXISTS (SELECT FROM pg_catalog.pg_init_privs p WHERE p.objsubid < 0)) "
             "AND (a.attnum > 0 OR a.attacl IS NOT NULL "
             "OR (a.attrelid, a.attnum) IN (SELECT p.objoid, p.objsubid FROM pg_catalog.pg_init_privs p "
             "WHERE p.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass)) "
             "AND a.attrelid = ANY ($1::pg_catalog.oid[])"},
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

static const char *type_name(DnModel *model, const DnRows *rows, size_t i) {
    uint32_t oid = dn_rows_oid(rows, i, TYPE_OID);
    const char *name = dn_rows_text(rows, i, TYPE);
    for (size_t k = 0; !name && k < DN_COUNT(usual_types); k++) {
        if (usual_types[k].oid == oid) {
            return usual_types[k].name;
        }
    }
    return dn_model_shared(model, name);
}

/* Adds the column where its number belongs, nearly always at the end. */
static void insert_column(DnModel *model, DnAttributes *list, DnAttribute column) {
    DN_PUSH(&model->arena, list, column);
    for (size_t i = list->count; i > 1 && list->items[i - 2].number > list->items[i - 1].number; i--) {
        DnAttribute other = list->items[i - 2];
        list->items[i - 2] = list->items[i - 1];
        list->items[i - 1] = other;
    }
}

static void take_column(DnModel *model, DnRelation *table, const DnRows *rows, size_t i) {
    DnAttribute a = {.name = dn_row_given(model, rows, i, NAME),
                     .number = dn_rows_int(rows, i, NUMBER),
                     .type = type_name(model, rows, i),
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
        insert_column(model, &table->system, a);
        return;
    }
    take_not_null(model, table, &a, rows, i);
    insert_column(model, &table->attributes, a);
}

/* For those of its columns that come in a row, usually all: half of a growing list's memory is for
   nothing. */
static void make_room(DnModel *model, DnRelation *table, const DnRows *rows, size_t first) {
    size_t i = first;
    while (i < dn_rows_count(rows) && table && dn_rows_oid(rows, i, TABLE) == table->object.oid) {
        i++;
    }
    if (table && !table->attributes.capacity) {
        table->attributes.items = DN_NEW_ARRAY(&model->arena, DnAttribute, i - first);
        table->attributes.capacity = table->attributes.items ? i - first : 0;
    }
}

static DnStatus take_columns(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    DnRelation *table = NULL;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        uint32_t oid = dn_rows_oid(rows, i, TABLE);
        if (!table || table->object.oid != oid) {
            table = dn_model_relation(model, oid);
            make_room(model, table, rows, i);
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
