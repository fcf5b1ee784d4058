/* table_parts.h - what hangs on a table: indexes, constraints, triggers, rules, policies, statistics. */
#ifndef DN_CATALOG_MODEL_TABLE_PARTS_H
#define DN_CATALOG_MODEL_TABLE_PARTS_H

#include "catalog/model/object.h"
#include "catalog/model/relation.h"
#include "catalog/model/type.h"

typedef struct DnIndexStatistics {
    int column;
    int target;
} DnIndexStatistics;

struct DnIndex {
    DnObject object;
    DnRelation *table;
    const char *definition; /* pg_get_indexdef(), without a semicolon; NULL where `columns` say it all */
    const char *tablespace; /* "" = the database's */
    const char *options;    /* reloptions as text[] output, or NULL */
    DN_VEC(const char *) columns; /* of a primary key, UNIQUE, or plain B-tree: the table's column names */
    size_t key_count;             /* how many of `columns` are keys; INCLUDE has the rest */
    bool is_unique, is_clustered, is_replica_identity, nulls_not_distinct;
    DnIndex *parent; /* the partitioned index that it is attached to, or NULL */
    uint32_t parent_oid;
    DnConstraint *constraint;     /* that the index stands for, or NULL: then not dumped by itself */
    struct DnIndexAttach *attach; /* by which it is attached to `parent`, or NULL */
    DN_VEC(struct DnIndexAttach *) attached; /* to this one, when it is a partitioned index */
    DN_VEC(DnIndexStatistics) statistics;    /* per-column targets */
};

typedef struct DnIndexAttach {
    DnObject object; /* name and schema = the child index's */
    DnIndex *parent;
    DnIndex *child;
} DnIndexAttach;

/* A foreign key without any of the rarer clauses: what its text is made of. */
typedef struct DnForeignKey {
    const DnRelation *referenced;
    const char **columns;
    const char **referenced_columns;
    size_t count;
    char match, on_update, on_delete; /* as in pg_constraint */
} DnForeignKey;

struct DnConstraint {
    DnObject object;
    DnRelation *table;       /* NULL for a domain's */
    DnType *domain;          /* NULL for a table's */
    char contype;            /* c, f, p, u, x, n; t = constraint trigger is a trigger */
    const char *definition;  /* pg_get_constraintdef(); NULL for p, u and plain f, which we spell ourselves */
    const DnForeignKey *key; /* f without a definition */
    DnIndex *index;
    bool deferrable, deferred;
    bool local;             /* conislocal */
    bool separate;          /* written by itself, not inside CREATE TABLE / DOMAIN */
    bool validated;         /* not NOT VALID */
    bool without_overlaps;  /* 18: conperiod */
    uint32_t foreign_table; /* f: confrelid */
    uint32_t parent_oid;    /* conparentid */
};

typedef struct DnTrigger {
    DnObject object;
    DnRelation *table;
    const char *definition; /* pg_get_triggerdef() */
    char enabled;           /* O, D, R, A */
    bool of_partition;      /* cloned from the parent's, written only for a different `enabled` */
} DnTrigger;

struct DnRule {
    DnObject object;
    DnRelation *table;
    char event; /* 1 = SELECT, 2, 3, 4 */
    bool instead;
    char enabled;           /* O, D, R, A */
    const char *definition; /* pg_get_ruledef(); NULL for the ON SELECT rule of a view */
    bool separate;          /* written by itself; false for the ON SELECT rule that CREATE VIEW makes */
};

/* A policy, or (name NULL in `policy`) the fact that a table has ROW LEVEL SECURITY enabled. */
typedef struct DnPolicy {
    DnObject object; /* name = the policy's own, for ENABLE the table's: pg_dump sorts by it */
    DnRelation *table;
    const char *policy; /* the same name, but NULL for ENABLE ROW LEVEL SECURITY */
    char command;       /* r, a, w, d, * */
    bool permissive;
    const char *roles; /* quoted, comma separated; NULL = PUBLIC */
    const char *using_;
    const char *check;
} DnPolicy;

typedef struct DnStatistics {
    DnObject object;
    uint32_t table_oid;
    const char *definition; /* pg_get_statisticsobjdef() */
    int target;             /* -1 = default */
} DnStatistics;

typedef struct DnDefaultAcl {
    DnObject object;     /* name = objtype */
    char objtype;        /* r, S, f, T, n, L as in pg_default_acl */
    const char *objects; /* "TABLES", ...; NULL for a type that is not known */
    const char *role;
} DnDefaultAcl;

#endif
