/*
 * Indexes, and the PRIMARY KEY, UNIQUE and EXCLUDE constraints that some of them stand for.
 */
#include "catalog/fetch.h"
#include "catalog/table_part.h"
#include "common/err.h"

enum {
    OID,
    TABLE,
    NAME,
    SIMPLE,
    VALID,
    UNIQUE,
    COLUMNS,
    CLASSES,
    COLLATIONS,
    COLUMN_OPTIONS,
    TABLESPACE,
    OPTIONS,
    CLUSTERED,
    REPLICA_IDENTITY,
    NULLS_NOT_DISTINCT,
    KEY_COUNT,
    PARENT,
    STATISTICS,
    CON_OID,
    CON_TYPE,
    CON_NAME,
    CON_DEFERRABLE,
    CON_DEFERRED,
    CON_PERIOD,
    CON_PARENT,
    CON_DEFINITION
};

static const DnSqlPart columns[] = {
    [OID] = {.text = "t.oid"},
    [TABLE] = {.text = "i.indrelid"},
    [NAME] = {.text = "t.relname"},
    [SIMPLE] = {.text = "t.relkind = 'i' AND m.amname = 'btree' AND i.indexprs IS NULL AND i.indpred IS NULL "
                        "AND t.reloptions IS NULL"},
    [VALID] = {.text = "i.indisvalid"},
    [UNIQUE] = {.text = "i.indisunique"},
    [COLUMNS] = {.text = "i.indkey"},
    [CLASSES] = {.text = "i.indclass"},
    [COLLATIONS] = {.text = "i.indcollation"},
    [COLUMN_OPTIONS] = {.text = "i.indoption"},
    [TABLESPACE] = {.text = "s.spcname"},
    [OPTIONS] = {.text = "t.reloptions"},
    [CLUSTERED] = {.text = "i.indisclustered"},
    [REPLICA_IDENTITY] = {.text = "i.indisreplident"},
    [NULLS_NOT_DISTINCT] = {.text = "i.indnullsnotdistinct", .since = 150000},
    [KEY_COUNT] = {.text = "i.indnkeyatts"},
    [PARENT] = {.text = "inh.inhparent"},
    /* "column target column target ...", which only expressions have; 17 has NULL where older servers have
       -1 */
    [STATISTICS] = {.text = "CASE WHEN i.indexprs IS NOT NULL THEN (SELECT pg_catalog.string_agg("
                            "a.attnum || ' ' || a.attstattarget, ' ' ORDER BY a.attnum) "
                            "FROM pg_catalog.pg_attribute a WHERE a.attrelid = i.indexrelid "
                            "AND a.attnum > 0 AND a.attstattarget >= 0) END"},
    [CON_OID] = {.text = "c.oid"},
    [CON_TYPE] = {.text = "c.contype"},
    [CON_NAME] = {.text = "c.conname"},
    [CON_DEFERRABLE] = {.text = "c.condeferrable"},
    [CON_DEFERRED] = {.text = "c.condeferred"},
    [CON_PERIOD] = {.text = "c.conperiod", .since = 180000},
    [CON_PARENT] = {.text = "c.conparentid"},
    [CON_DEFINITION] = {.text = "CASE WHEN c.contype = 'x' THEN "
                                "pg_catalog.pg_get_constraintdef(c.oid, false) END"},
};

/*
 * An index that a failed CREATE INDEX CONCURRENTLY left behind does not count. One on a partitioned table
 * may be invalid merely because a partition still lacks its part; that is how it must be restored.
 */
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS src (oid) "
             "JOIN pg_catalog.pg_index i ON i.indrelid = src.oid "
             "JOIN pg_catalog.pg_class t ON t.oid = i.indexrelid "
             "JOIN pg_catalog.pg_am m ON m.oid = t.relam "
             "LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = t.reltablespace "
             "LEFT JOIN pg_catalog.pg_constraint c ON c.conrelid = i.indrelid "
             "AND c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x') "
             "LEFT JOIN pg_catalog.pg_inherits inh ON inh.inhrelid = i.indexrelid "
             "WHERE i.indisready "
             "ORDER BY i.indrelid, t.relname"},
};

static void set_statistics(DnModel *model, DnIndex *index, const char *pairs) {
    uint32_t *numbers;
    size_t count = dn_oids_split(&model->arena, pairs, &numbers);
    for (size_t i = 0; i + 1 < count; i += 2) {
        DnIndexStatistics target = {.column = (int)numbers[i], .target = (int)numbers[i + 1]};
        DN_PUSH(&model->arena, &index->statistics, target);
    }
}

/* Is that the class which goes without saying, as the server's GetDefaultOpClass() finds it? A class of the
   server's own for just that type is, and for varchar text's, as long as it has none of its own. */
static bool is_default_class(const DnModel *model, uint32_t type_oid, uint32_t class_) {
    enum { TEXT = 25, VARCHAR = 1043 };
    const DnType *type = dn_model_type(model, type_oid);
    if (type && !type->btree_class && type_oid == VARCHAR) {
        type = dn_model_type(model, TEXT);
    }
    return type && dn_is_builtin(class_) && type->btree_class == class_;
}

/* Is there nothing to say of the index but its columns? Then pg_get_indexdef() need not be asked: it costs
   the server more than all the rest of an index. INCLUDE columns have neither class nor options. */
static bool is_plain(const DnModel *model, const DnIndex *index, const DnRows *rows, size_t row) {
    if (!dn_rows_bool(rows, row, SIMPLE) || dn_is_in_pg_catalog(&index->table->object)) {
        return false;
    }
    DnNumbers attributes = dn_numbers(dn_rows_str(rows, row, COLUMNS));
    DnNumbers classes = dn_numbers(dn_rows_str(rows, row, CLASSES));
    DnNumbers collations = dn_numbers(dn_rows_str(rows, row, COLLATIONS));
    DnNumbers options = dn_numbers(dn_rows_str(rows, row, COLUMN_OPTIONS));
    uint32_t number, class_, collation, option;
    for (size_t i = 0; dn_numbers_next(&attributes, &number); i++) {
        const DnAttribute *column = dn_column(index->table, (int)number);
        if (!column || column->dropped) {
            return false;
        }
        if (i < index->key_count &&
            (!dn_numbers_next(&classes, &class_) || !dn_numbers_next(&collations, &collation) ||
             !dn_numbers_next(&options, &option) || option != 0 || collation != column->collation_oid ||
             !is_default_class(model, column->type_oid, class_))) {
            return false;
        }
    }
    return true;
}

static void set_columns(DnModel *model, DnIndex *index, const char *numbers) {
    DnNumbers list = dn_numbers(numbers);
    uint32_t number;
    while (dn_numbers_next(&list, &number)) {
        const DnAttribute *column = dn_column(index->table, (int)number);
        if (column) {
            DN_PUSH(&model->arena, &index->columns, column->name);
        }
    }
}

static void add_constraint(DnModel *model, DnIndex *index, const DnRows *rows, size_t row) {
    DnConstraint *constraint =
        DN_ADD(model, DnConstraint, DN_KIND_CONSTRAINT, dn_rows_oid(rows, row, CON_OID),
               dn_rows_str(rows, row, CON_NAME), index->object.schema);
    if (!constraint) {
        return;
    }
    dn_follow_table(&constraint->object, index->table);
    constraint->table = index->table;
    constraint->contype = dn_rows_char(rows, row, CON_TYPE);
    constraint->definition = dn_row_text(model, rows, row, CON_DEFINITION);
    constraint->index = index;
    constraint->deferrable = dn_rows_bool(rows, row, CON_DEFERRABLE);
    constraint->deferred = dn_rows_bool(rows, row, CON_DEFERRED);
    constraint->without_overlaps = dn_rows_bool(rows, row, CON_PERIOD);
    constraint->parent_oid = dn_rows_oid(rows, row, CON_PARENT);
    constraint->local = true;
    constraint->validated = true;
    constraint->separate = true;
    index->constraint = constraint;
}

static void add_index(DnCatalog *catalog, DnRelation *table, const DnRows *rows, size_t row) {
    DnModel *model = catalog->model;
    DnIndex *index = DN_ADD(model, DnIndex, DN_KIND_INDEX, dn_rows_oid(rows, row, OID),
                            dn_rows_str(rows, row, NAME), table->object.schema);
    if (!index) {
        return;
    }
    dn_follow_table(&index->object, table);
    index->table = table;
    index->tablespace = dn_model_shared(model, dn_rows_str(rows, row, TABLESPACE));
    index->options = dn_row_filled(model, rows, row, OPTIONS);
    index->is_clustered = dn_rows_bool(rows, row, CLUSTERED);
    index->is_replica_identity = dn_rows_bool(rows, row, REPLICA_IDENTITY);
    index->is_unique = dn_rows_bool(rows, row, UNIQUE);
    index->nulls_not_distinct = dn_rows_bool(rows, row, NULLS_NOT_DISTINCT);
    index->key_count = (size_t)dn_rows_int(rows, row, KEY_COUNT);
    index->parent_oid = dn_rows_oid(rows, row, PARENT);
    set_statistics(model, index, dn_rows_str(rows, row, STATISTICS));
    DN_PUSH(&model->arena, &table->indexes, index);
    if (index->is_clustered) {
        table->cluster_index = index;
    }
    bool constraint = dn_rows_oid(rows, row, CON_OID) != 0;
    if (constraint || is_plain(model, index, rows, row)) {
        set_columns(model, index, dn_rows_str(rows, row, COLUMNS));
    } else {
        DN_PUSH(&model->arena, &catalog->unspelled_indexes, index);
    }
    if (constraint) {
        add_constraint(model, index, rows, row);
    }
}

/*
 * ALTER INDEX ... ATTACH PARTITION. It has no row in pg_depend, so what it needs is said here: both
 * indexes, and both tables, as pg_dump has it. (An index of a constraint in turn depends on that one.)
 */
static void attach(DnModel *model, DnIndex *parent, DnIndex *child) {
    DnIndexAttach *attachment = DN_ADD(model, DnIndexAttach, DN_KIND_INDEX_ATTACH, 0, child->object.name,
                                       child->table->object.schema);
    if (!attachment) {
        return;
    }
    attachment->parent = parent;
    attachment->child = child;
    attachment->object.owner = parent->table->object.owner;
    attachment->object.dump = child->object.dump & DN_PART_DEFINITION;
    dn_depend(model, &attachment->object, child->object.id);
    dn_depend(model, &attachment->object, parent->object.id);
    dn_depend(model, &attachment->object, child->table->object.id);
    dn_depend(model, &attachment->object, parent->table->object.id);
    child->parent = parent;
    child->attach = attachment;
    DN_PUSH(&model->arena, &parent->attached, attachment);
}

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    size_t count = dn_rows_count(rows);
    for (size_t row = 0; row < count; row++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, row, TABLE));
        if (table && (dn_rows_bool(rows, row, VALID) || table->relkind == 'p')) {
            add_index(catalog, table, rows, row);
        }
    }
    /* A partition may have a lower oid than its parent: attach once all indexes are known. */
    for (size_t row = 0; row < count; row++) {
        DnIndex *child = dn_model_index(model, dn_rows_oid(rows, row, OID));
        DnIndex *parent = child ? dn_model_index(model, child->parent_oid) : NULL;
        if (parent && child->table->is_partition) {
            attach(model, parent, child);
        }
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_indexes = {
    .what = "reading indexes",
    .scope = DN_SCOPE_TABLES,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
