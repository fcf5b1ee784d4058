/*
 * Constraints of tables that need no index: CHECK, foreign keys, and 18's NOT VALID not-null constraints,
 * which cannot be part of CREATE TABLE. Those of domains are in domain_constraints.c.
 */
#include <string.h>

#include "catalog/fetch.h"
#include "catalog/table_part.h"
#include "common/err.h"

enum {
    OID,
    TABLE,
    NAME,
    TYPE,
    DEFINITION,
    ALIKE,
    LOCAL,
    VALIDATED,
    FOREIGN_TABLE,
    FOREIGN_INDEX,
    WITH_COLUMN_LIST,
    WITH_18S_CLAUSES,
    COLUMNS,
    FOREIGN_COLUMNS,
    MATCH,
    ON_UPDATE,
    ON_DELETE,
    DEFERRABLE,
    DEFERRED
};

static const DnSqlPart columns[] = {
    [OID] = {.text = "c.oid"},
    [TABLE] = {.text = "c.conrelid"},
    [NAME] = {.text = "c.conname"},
    [TYPE] = {.text = "c.contype"},
    [DEFINITION] = {.text = "CASE WHEN c.contype <> 'f' AND (g.oid IS NULL OR g.oid = c.oid) "
                            "THEN pg_catalog.pg_get_constraintdef(c.oid) END"},
    [ALIKE] = {.text = "g.oid"},
    [LOCAL] = {.text = "c.conislocal"},
    [VALIDATED] = {.text = "c.convalidated"},
    [FOREIGN_TABLE] = {.text = "c.confrelid"},
    [FOREIGN_INDEX] = {.text = "c.conindid"},
    [WITH_COLUMN_LIST] = {.text = "c.confdelsetcols IS NOT NULL", .since = 150000},
    [WITH_18S_CLAUSES] = {.text = "c.conperiod OR NOT c.conenforced", .since = 180000},
    [COLUMNS] = {.text = "c.conkey"},
    [FOREIGN_COLUMNS] = {.text = "c.confkey"},
    [MATCH] = {.text = "c.confmatchtype"},
    [ON_UPDATE] = {.text = "c.confupdtype"},
    [ON_DELETE] = {.text = "c.confdeltype"},
    [DEFERRABLE] = {.text = "c.condeferrable"},
    [DEFERRED] = {.text = "c.condeferred"},
};

/*
 * A foreign key of a partition whose parent has it too comes with the parent's. Not-null constraints have
 * rows since 18; the valid ones come with their column.
 *
 * To spell a CHECK, the server reads all it knows of the table. Of those with equal trees (g) it spells one:
 * they differ in nothing but the names of the columns. Variable 0, the row as a whole, has the table's name.
 */
#define SUFFIXES "k.convalidated, k.connoinherit"
static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.unnest($1::pg_catalog.oid[]) AS src (oid) "
             "JOIN pg_catalog.pg_constraint c ON c.conrelid = src.oid "
             "LEFT JOIN (SELECT pg_catalog.min(k.oid) AS oid, k.conbin::pg_catalog.text AS tree, " SUFFIXES},
    {.text = ", k.conenforced", .since = 180000},
    {.text =
         "FROM pg_catalog.pg_constraint k WHERE k.contype = 'c' AND k.conrelid = ANY ($1::pg_catalog.oid[]) "
         "AND k.conbin::pg_catalog.text NOT LIKE '%:varattno 0 %' "
         "GROUP BY k.conbin::pg_catalog.text, " SUFFIXES},
    {.text = ", k.conenforced", .since = 180000},
    {.text = "HAVING pg_catalog.count(*) > 1) g ON c.contype = 'c' AND g.tree = c.conbin::pg_catalog.text "
             "AND g.convalidated = c.convalidated AND g.connoinherit = c.connoinherit"},
    {.text = "AND g.conenforced = c.conenforced", .since = 180000},
    {.text = "WHERE (c.contype = 'c' OR c.contype = 'f' AND c.conparentid = 0"},
    {.text = "OR c.contype = 'n' AND NOT c.convalidated", .since = 180000},
    {.text = ") ORDER BY c.contype = 'f', c.conrelid, c.conname"},
};

/* A foreign key to a partitioned table needs the referenced index whole: with every partition attached. */
static void depend_on_attached(DnModel *model, DnObject *constraint, const DnIndex *index) {
    for (size_t i = 0; i < index->attached.count; i++) {
        const DnIndexAttach *attachment = index->attached.items[i];
        dn_depend(model, constraint, attachment->object.id);
        depend_on_attached(model, constraint, attachment->child);
    }
}

static DnConstraint *add(DnModel *model, DnKind kind, const DnSchema *schema, const DnRows *rows,
                         size_t row) {
    DnConstraint *constraint =
        DN_ADD(model, DnConstraint, kind, dn_rows_oid(rows, row, OID), dn_rows_str(rows, row, NAME), schema);
    if (constraint) {
        constraint->contype = dn_rows_char(rows, row, TYPE);
        constraint->definition = dn_row_text(model, rows, row, DEFINITION);
        constraint->local = dn_rows_bool(rows, row, LOCAL);
        constraint->validated = dn_rows_bool(rows, row, VALIDATED);
        constraint->separate = !constraint->validated;
    }
    return constraint;
}

/* The names of the columns in an array of their numbers; NULL when one of them isn't known. */
static const char **column_names(DnModel *model, const DnRelation *table, const char *array, size_t *count) {
    uint32_t *numbers;
    *count = dn_oids_split(&model->arena, array, &numbers);
    const char **names = DN_NEW_ARRAY(&model->arena, const char *, *count + 1);
    for (size_t i = 0; names && i < *count; i++) {
        const DnAttribute *column = dn_column(table, (int)numbers[i]);
        if (!column || column->dropped) {
            return NULL;
        }
        names[i] = column->name;
    }
    return names;
}

/* The parts of a foreign key that has none of the rarer clauses; false for any other, and where the other
   table's columns weren't read: then the server has to spell it. */
static bool spell_key(DnModel *model, DnConstraint *constraint, const DnRows *rows, size_t row) {
    const DnRelation *referenced = dn_model_relation(model, constraint->foreign_table);
    if (dn_rows_bool(rows, row, WITH_COLUMN_LIST) || dn_rows_bool(rows, row, WITH_18S_CLAUSES) ||
        !referenced || !referenced->attributes.count || dn_is_in_pg_catalog(&referenced->object)) {
        return false;
    }
    DnForeignKey *key = DN_NEW(&model->arena, DnForeignKey);
    if (!key) {
        return false;
    }
    size_t referenced_count;
    key->referenced = referenced;
    key->columns = column_names(model, constraint->table, dn_rows_str(rows, row, COLUMNS), &key->count);
    key->referenced_columns =
        column_names(model, referenced, dn_rows_str(rows, row, FOREIGN_COLUMNS), &referenced_count);
    key->match = dn_rows_char(rows, row, MATCH);
    key->on_update = dn_rows_char(rows, row, ON_UPDATE);
    key->on_delete = dn_rows_char(rows, row, ON_DELETE);
    constraint->deferrable = dn_rows_bool(rows, row, DEFERRABLE);
    constraint->deferred = dn_rows_bool(rows, row, DEFERRED);
    bool whole = key->columns && key->referenced_columns && key->count && key->count == referenced_count;
    constraint->key = whole ? key : NULL;
    return whole;
}

static void add_foreign_key(DnCatalog *catalog, DnRelation *table, const DnRows *rows, size_t row) {
    DnModel *model = catalog->model;
    DnConstraint *constraint = add(model, DN_KIND_FK_CONSTRAINT, table->object.schema, rows, row);
    if (!constraint) {
        return;
    }
    dn_follow_table(&constraint->object, table);
    constraint->table = table;
    constraint->separate = true;
    constraint->foreign_table = dn_rows_oid(rows, row, FOREIGN_TABLE);
    if (!spell_key(model, constraint, rows, row)) {
        DN_PUSH(&model->arena, &catalog->unspelled_constraints, constraint);
    }
    const DnRelation *target = dn_model_relation(model, constraint->foreign_table);
    const DnIndex *index = dn_model_index(model, dn_rows_oid(rows, row, FOREIGN_INDEX));
    if (target && target->relkind == 'p' && index) {
        depend_on_attached(model, &constraint->object, index);
    }
}

/*
 * What a constraint inside CREATE TABLE needs must come before that statement: the table
 * depends on its constraint. pg_depend says the contrary too; ordering cuts this loop. A NOT VALID one
 * comes after the data, which may break it.
 */
static void add_table_constraint(DnModel *model, DnRelation *table, const DnRows *rows, size_t row) {
    DnConstraint *constraint = add(model, DN_KIND_CONSTRAINT, table->object.schema, rows, row);
    if (!constraint) {
        return;
    }
    dn_follow_table(&constraint->object, table);
    constraint->table = table;
    if (constraint->contype == 'n') {
        DN_PUSH(&model->arena, &table->not_nulls, constraint);
        return;
    }
    DN_PUSH(&model->arena, &table->checks, constraint);
    if (!constraint->separate) {
        dn_depend(model, &table->object, constraint->object.id);
    }
}

/* Have both tables the same names for these columns? */
static bool is_spelled_alike(const DnRelation *a, const DnRelation *b, const char *numbers,
                             DnArena *scratch) {
    uint32_t *list;
    size_t count = dn_oids_split(scratch, numbers, &list);
    for (size_t i = 0; i < count; i++) {
        const DnAttribute *x = dn_column(a, (int)list[i]);
        const DnAttribute *y = dn_column(b, (int)list[i]);
        if (!x || !y || strcmp(x->name, y->name) != 0) {
            return false;
        }
    }
    return !dn_arena_failed(scratch);
}

/* Gives the CHECKs that the query left out the text of the one like them, or has them spelled after all. */
static void share_definitions(DnCatalog *catalog, const DnRows *rows) {
    DnModel *model = catalog->model;
    DnArena scratch = {0};
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        uint32_t oid = dn_rows_oid(rows, row, OID);
        uint32_t like = dn_rows_oid(rows, row, ALIKE);
        DnConstraint *constraint =
            like && like != oid ? (DnConstraint *)dn_model_find(model, DN_CLASS_CONSTRAINT, oid) : NULL;
        if (constraint) {
            const DnConstraint *spelled =
                (const DnConstraint *)dn_model_find(model, DN_CLASS_CONSTRAINT, like);
            dn_arena_reset(&scratch);
            if (spelled && is_spelled_alike(constraint->table, spelled->table,
                                            dn_rows_str(rows, row, COLUMNS), &scratch)) {
                constraint->definition = spelled->definition;
            } else {
                DN_PUSH(&model->arena, &catalog->unspelled_constraints, constraint);
            }
        }
    }
    dn_arena_deinit(&scratch);
}

static DnStatus read_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    for (size_t row = 0; row < dn_rows_count(rows); row++) {
        DnRelation *table = dn_model_relation(model, dn_rows_oid(rows, row, TABLE));
        bool foreign_key = dn_rows_char(rows, row, TYPE) == 'f';
        if (table && !foreign_key) {
            add_table_constraint(model, table, rows, row);
        } else if (dn_table_defined(table) || (table && table->is_config)) {
            /* The keys of an extension's configuration tables order their rows. */
            add_foreign_key(catalog, table, rows, row);
        }
    }
    share_definitions(catalog, rows);
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_constraints = {
    .what = "reading constraints",
    .scope = DN_SCOPE_TABLES,
    DN_COLUMNS(columns),
    DN_FROM(from),
    .rows = read_rows,
};
