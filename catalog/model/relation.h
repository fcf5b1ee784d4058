/*
 * relation.h - everything that has a row in pg_class and columns: tables, views, materialized views,
 * foreign tables, and sequences; with their columns, defaults, data, and attachments.
 */
#ifndef DN_CATALOG_MODEL_RELATION_H
#define DN_CATALOG_MODEL_RELATION_H

#include "catalog/model/object.h"

typedef struct DnRelation DnRelation;
typedef struct DnConstraint DnConstraint;
typedef struct DnIndex DnIndex;
typedef struct DnRule DnRule;
typedef struct DnType DnType;
typedef struct DnServer DnServer;

/* A column's default or generation expression; an object of its own, since it has dependencies of its own. */
typedef struct DnDefault {
    DnObject object; /* name = the table's */
    DnRelation *table;
    int number;             /* the column's attnum */
    const char *expression; /* NULL: nextval() of `sequence` */
    const DnRelation *sequence;
    bool separate; /* written as ALTER TABLE ... SET DEFAULT, not inside CREATE TABLE */
} DnDefault;

typedef struct DnAttribute {
    const char *name;
    int number;        /* attnum: 1, 2, ... */
    const char *type;  /* format_type(); also for dropped columns of binary-compatible text */
    uint32_t type_oid; /* 0 when dropped */
    uint32_t collation_oid;
    bool dropped;
    bool local;                      /* attislocal: defined here, not only inherited */
    bool not_null;                   /* NOT NULL belongs into CREATE TABLE */
    const char *not_null_name;       /* 18: the constraint's name when it is not the default one, else NULL */
    const char *not_null_constraint; /* 18: its name, usual or not; NULL before */
    const char *not_null_comment;    /* 18: COMMENT ON that constraint, or NULL */
    bool not_null_no_inherit;        /* 18 */
    bool not_null_invalid;   /* 18: NOT VALID; written by itself, so children cannot inherit it at once */
    bool not_null_local;     /* 18: conislocal of the NOT NULL */
    bool not_null_inherited; /* before 18: a parent's column is NOT NULL too */
    char storage;            /* p, e, m, x as in pg_attribute */
    char type_storage;       /* the type's own */
    char identity;           /* a = always, d = by default, '\0' = none */
    char generated;          /* s = stored, v = virtual, '\0' = none */
    char compression;        /* p = pglz, l = lz4, '\0' = default */
    int statistics_target;   /* -1 = default */
    const char *collation_schema; /* of `collation`, which is NULL unless it differs from the type's */
    const char *collation;
    const char *options;     /* reloptions text "n_distinct=5, ..." or NULL */
    const char *fdw_options; /* "a 'x',\n    b 'y'" or NULL */
    const char *acl;         /* aclitem[] or NULL */
    const char *acl_base;    /* what pg_init_privs holds, or NULL */
    DnDefault *fallback;     /* the default (or generation expression), or NULL */
} DnAttribute;

typedef DN_VEC(DnAttribute) DnAttributes;

/* Why its rows can't be read. */
typedef enum DnUnreadable {
    DN_UNREADABLE_NOT = 0,
    DN_UNREADABLE_SCHEMA = 's', /* no USAGE */
    DN_UNREADABLE_TABLE = 't',  /* no SELECT, and so no lock */
    DN_UNREADABLE_ROWS = 'p'    /* policies hide some */
} DnUnreadable;

struct DnRelation {
    DnObject object;
    char relkind;              /* r, p, v, m, S, f as in pg_class */
    char persistence;          /* p, u */
    const char *tablespace;    /* "" = the database's */
    const char *access_method; /* NULL where there is none */
    const char *options;       /* reloptions as text[] output, without check_option; or NULL */
    const char *check_option;  /* views: LOCAL, CASCADED or NULL */
    const char *toast_options; /* likewise, of the TOAST table; or NULL */
    bool row_security;
    bool force_row_security;
    bool is_partition;
    bool hashed_by_enum;   /* into partitions, by OIDs: in another database a row belongs elsewhere */
    bool populated;        /* matviews: not WITH NO DATA */
    char replica_identity; /* d, n, f, i */
    uint32_t of_type;      /* typed tables: reloftype */
    uint32_t row_type;     /* reltype */
    int64_t pages;         /* relpages plus toast's: the planner's estimate */
    double tuples;         /* reltuples, -1 = never analyzed */
    uint64_t heap_bytes;   /* as it lies on disk; 0 where dn_sizes_request() was not made */
    uint64_t toast_bytes;
    const char *partition_key;   /* pg_get_partkeydef() or NULL */
    const char *partition_bound; /* "FOR VALUES ..." or NULL */
    const char *definition;      /* views: the query, ending in a semicolon */
    const char *foreign_server;  /* foreign tables */
    uint32_t foreign_server_oid;
    const char *foreign_options; /* "a 'x',\n    b 'y'" or NULL */
    const char *of_type_name;    /* typed tables: format_type() */

    bool is_config; /* an extension's configuration table: its rows are dumped, not its definition */
    const char *config_filter; /* "WHERE ..." of those rows, or NULL */

    DnUnreadable unreadable;
    bool interesting;    /* its columns and the like are read: it is dumped, or a dumped child needs it */
    bool has_statistics; /* likewise, but for parents that only a child needs: its statistics may be dumped */
    bool postponed;      /* a matview that must wait for a primary key: written post-data */
    bool dummy_view;     /* a view in a loop: written first as an empty shell of itself */

    uint32_t owning_table; /* sequences: owned by a column of this table, 0 = none */
    int owning_column;
    bool is_identity; /* sequences: belongs to an identity column */

    DN_VEC(DnRelation *) parents;     /* inheritance parents, by inhseqno */
    DnAttributes attributes;          /* by attnum, dropped ones included */
    DnAttributes system;              /* tableoid and the like, where they have privileges of their own */
    DN_VEC(DnConstraint *) checks;    /* CHECK constraints, by name */
    DN_VEC(DnConstraint *) not_nulls; /* 18: NOT VALID not-null constraints, separate */
    DN_VEC(DnIndex *) indexes;
    DnObject *data; /* its TABLE_DATA, SEQUENCE_SET or MATVIEW_REFRESH object, or NULL */
    DnIndex *cluster_index;
    struct DnSequence *sequence; /* sequences: their parameters */
};

/* The rows of a table. */
typedef struct DnTableData {
    DnObject object; /* name and schema = the table's */
    DnRelation *table;
    const char *filter; /* "WHERE ..." of an extension's configuration table, or NULL */
} DnTableData;

/* ATTACH PARTITION. */
typedef struct DnTableAttach {
    DnObject object; /* name and schema = the partition's */
    DnRelation *parent;
    DnRelation *partition;
} DnTableAttach;

typedef struct DnSequence {
    const char *type; /* smallint, integer, bigint */
    int64_t start, increment, minimum, maximum, cache;
    bool cycle;
    int64_t last_value;
    bool is_called;
    bool readable; /* false: no privilege to read its value */
} DnSequence;

/* Is the column written inside CREATE TABLE? Inherited ones come with the parent; partitions repeat all. */
static inline bool dn_column_is_written(const DnRelation *table, const DnAttribute *column) {
    return !column->dropped && (column->local || table->is_partition);
}

/* The column with that attnum; NULL when there is none, or it is a system column without privileges. */
static inline DnAttribute *dn_column(const DnRelation *table, int number) {
    for (size_t i = 0; number < 0 && i < table->system.count; i++) {
        if (table->system.items[i].number == number) {
            return &table->system.items[i];
        }
    }
    return number > 0 && (size_t)number <= table->attributes.count ? &table->attributes.items[number - 1]
                                                                   : NULL;
}

#endif
