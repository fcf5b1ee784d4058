/*
 * fetch.h - helpers that the row functions of catalog/<kind>.c share.
 */
#ifndef DN_CATALOG_FETCH_H
#define DN_CATALOG_FETCH_H

#include <string.h>

#include "catalog/model/model.h"
#include "catalog/query.h"

/* The patterns of -n, -N, -t, -T and --exclude-table-data: lists that end with NULL, or NULL. */
typedef enum DnPatternUse {
    DN_USE_SCHEMA,
    DN_USE_NOT_SCHEMA,
    DN_USE_TABLE,
    DN_USE_NOT_TABLE,
    DN_USE_NO_DATA,
    DN_USE_EXTENSION,
    DN_USE_NOT_EXTENSION,
    DN_USE_FOREIGN_DATA, /* foreign servers */
    /* With all that inherit from what matches; they count as those above. */
    DN_USE_TABLE_TREE,
    DN_USE_NOT_TABLE_TREE,
    DN_USE_NO_DATA_TREE,
    DN_USE_COUNT
} DnPatternUse;

/* What a platform that runs the server keeps for itself (platform.h): lists that end with NULL. */
typedef struct DnPlatform {
    const char *const *schemas;       /* not dumped, unless -n names them */
    const char *const *guest_schemas; /* those of them on whose tables users put triggers and policies */
    const char *const *roles;         /* that the user can't act for */
    const char *const *publications;  /* are there already: only what users added to them is dumped */
} DnPlatform;

/* What is to be dumped. The sets are filled from the patterns in the first round trip; their keys are
   dn_map_key(0, oid). */
typedef struct DnSelection {
    bool whole_database;      /* neither -n nor -t nor -e: everything that is not the system's */
    bool by_schema, by_table; /* -n, -t were given (or the default schema) */
    bool by_extension;        /* -e was */
    /* carry along what has no schema and the selected objects need: extensions, casts, ... */
    bool with_needed;
    bool data_only, schema_only;
    bool sequence_data;    /* values of sequences even with schema_only */
    bool statistics;       /* what the planner knows of tables and indexes */
    bool no_unlogged_data; /* no rows of unlogged tables */
    bool large_objects;    /* are asked for */
    bool sizes;            /* of the tables are asked for */
    bool strict_names;
    bool stand_in; /* pg_dump's rules and words, where ours differ */
    bool create_database;
    bool skip_unreadable; /* leave out rows that can't be read */
    bool row_security;    /* rows that policies hide are not asked for */
    bool system; /* the patterns match schemas or tables of the system: what initdb made is read as well */
    const DnPlatform *platform; /* shares the database; NULL = none */
    const char *const *patterns[DN_USE_COUNT];
    DnMap matched[DN_USE_COUNT];
} DnSelection;

/* A catalog's column that the ledger does not have (ledger.h); names are quoted as in SQL. */
typedef struct DnUnknownColumn {
    const char *catalog, *name;
    const char *key; /* the column that tells whose a row is; or NULL */
    bool readable;
} DnUnknownColumn;

enum { DN_PLATFORM_COUNTS = 4 }; /* event triggers, publications, default privileges, other objects */

struct DnCatalog {
    DnModel *model;
    DnSelection selection;
    DN_VEC(DnUnknownColumn) unknown;
    /* What has more to it than we spell ourselves: asked for when all else is read (definitions.h). */
    DN_VEC(DnIndex *) unspelled_indexes;
    DN_VEC(DnConstraint *) unspelled_constraints;
    DN_VEC(DnDefault *) unspelled_defaults; /* that call nextval() */
    DnMap held;                             /* tables that were locked before the snapshot (changed.h) */
    DN_VEC(const char *) unreadable;        /* a line about each (readable.h) */
    DN_VEC(DnObject *) changed;             /* what others changed since */
    DnRequest looking;                      /* for these, when the answer is to come (dn_catalog_end) */
    bool absent[DN_PRESENCE_COUNT];         /* by presence.h: the catalog has nothing of users */
    const char *shut; /* names of catalogs of which not all may be read, a space between them */
    bool superuser;   /* in the second round of queries */
    void (*omit)(void *ctx, const char *text); /* content that is left out */
    void (*warn)(void *ctx, const char *text);
    void (*step)(void *ctx, const char *text); /* what is being read */
    void *ctx;
    uint64_t omissions;
    uint64_t left[DN_PLATFORM_COUNTS]; /* to the platform */
    const char *left_inside;           /* what users have in its schemas; or NULL (platform.h) */
};

/* Did a pattern of that use match the schema or table? */
bool dn_selected(const DnSelection *selection, DnPatternUse use, uint32_t oid);

/* Tells the user of content that the dump leaves out, and counts it. */
void dn_catalog_omit(DnCatalog *catalog, const char *text);

/* Is the object the server's own? */
static inline bool dn_is_builtin(uint32_t oid) {
    return oid < DN_FIRST_USER_OID;
}

/* The server spells names with their schema, search_path being empty; but not those of this one. */
static inline bool dn_is_in_pg_catalog(const DnObject *object) {
    return !object->schema || strcmp(object->schema->object.name, "pg_catalog") == 0;
}

/*
 * The rules by which pg_dump decides what to write of an object that lives in a schema:
 * members of an extension follow the extension, others the schema; objects without schema are dumped
 * only with the whole database.
 */
void dn_select_object(const DnCatalog *catalog, DnObject *object);
/* True when an extension owns the object; its parts to dump are then set. */
bool dn_select_member(const DnCatalog *catalog, DnObject *object);
/*
 * The same for casts and transforms, which have no schema but are made of a type or two and functions (NULL =
 * not in the model): where needed objects are carried along, they go with any of these that is dumped, when
 * the others will be there too.
 */
void dn_select_by_parts(const DnCatalog *catalog, DnObject *object, const DnObject *const *parts,
                        size_t count);

/* The columns acl and acldefault, as each kind's query brings them (NULL text = no entry). */
void dn_set_acl(DnModel *model, DnObject *object, const char *acl, const char *acl_default);

/* Copies a value into the model's arena; NULL stays NULL. */
const char *dn_row_text(DnModel *model, const DnRows *rows, size_t row, size_t column);
/* The same for values that come again and again, such as names of owners. */
const char *dn_row_shared(DnModel *model, const DnRows *rows, size_t row, size_t column);
/* The same for what every server gives, such as a name: NULL becomes "", which dn_ident() takes for none. */
const char *dn_row_given(DnModel *model, const DnRows *rows, size_t row, size_t column);
/* The same, but NULL also for an empty string. */
const char *dn_row_filled(DnModel *model, const DnRows *rows, size_t row, size_t column);

/* The numbers in the text of an int2vector or oidvector, one after the other. */
typedef struct DnNumbers {
    const char *next; /* borrowed */
} DnNumbers;

static inline DnNumbers dn_numbers(const char *text) {
    return (DnNumbers){.next = text};
}
/* False at the end. A negative number wraps around. */
bool dn_numbers_next(DnNumbers *numbers, uint32_t *number);

/* Splits "{17,0,25}" or an oidvector "17 0 25" into numbers. */
size_t dn_oids_split(DnArena *arena, const char *text, uint32_t **oids);

#endif
