/* replication.h - publications with what they publish, and subscriptions. */
#ifndef DN_CATALOG_MODEL_REPLICATION_H
#define DN_CATALOG_MODEL_REPLICATION_H

#include "catalog/model/relation.h"
#include "catalog/model/schema.h"

typedef struct DnPublication {
    DnObject object;
    bool all_tables;
    bool inserts, updates, deletes, truncates;
    bool via_root;          /* 13 */
    bool generated_columns; /* 18: stored ones are published too */
} DnPublication;

/* A table in a publication. Its name and schema are the table's, its owner the publication's. */
typedef struct DnPublicationTable {
    DnObject object;
    const DnPublication *publication;
    const DnRelation *table;
    DN_VEC(const char *) columns; /* 15; none = all */
    const char *filter;           /* 15: the condition, or NULL */
} DnPublicationTable;

/* 15: all tables of a schema in a publication. Its name is the schema's, its owner the publication's. */
typedef struct DnPublicationSchema {
    DnObject object;
    const DnPublication *publication;
} DnPublicationSchema;

typedef struct DnSubscription {
    DnObject object;
    const char *connection; /* conninfo: may hold a password */
    const char *slot;       /* NULL = NONE */
    DN_VEC(const char *) publications;
    bool binary;            /* 14 */
    char streaming;         /* 14: f, t; 16: p = parallel */
    bool two_phase;         /* 15 */
    bool disable_on_error;  /* 15 */
    bool password_required; /* 16 */
    bool run_as_owner;      /* 16 */
    const char *origin;     /* 16: none, any; before: NULL */
    bool failover;          /* 17 */
    const char *synchronous_commit;
} DnSubscription;

#endif
