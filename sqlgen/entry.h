/*
 * entry.h - the pieces of a dump: each object renders to one or more entries, each entry becomes a
 * comment header and its SQL.
 *
 * Entries live in scratch memory: they are rendered, written, and forgotten, object by object.
 */
#ifndef DN_SQLGEN_ENTRY_H
#define DN_SQLGEN_ENTRY_H

#include "catalog/model/model.h"
#include "common/buf.h"
#include "sqlgen/quote.h"

/* Entries are written in passes over all objects, the first three as pg_dump's RestorePass has them:
   privileges after everything that they could get in the way of, then what runs user code (refreshes, event
   triggers); last what stands on tables that are not the dump's own. */
typedef enum DnPass { DN_PASS_MAIN, DN_PASS_ACL, DN_PASS_POST_ACL, DN_PASS_GUESTS, DN_PASS_COUNT } DnPass;

typedef struct DnEntry {
    const DnObject *object;
    unsigned section; /* DN_PRE_DATA, ...; 0 = goes with the entry before it (comments, privileges) */
    DnPass pass;
    const char *tag;           /* "-- Name: ..." */
    const char *desc;          /* "; Type: ..." */
    const char *schema;        /* "; Schema: ...", NULL = "-" */
    const char *owner;         /* "; Owner: ...", NULL = "-" */
    const char *tablespace;    /* NULL = does not matter; "" = default */
    const char *access_method; /* NULL = does not matter */
    bool partitioned;          /* a partitioned table: its access method is an ALTER TABLE of its own (17) */
    bool owned;                /* ALTER desc schema.tag OWNER TO owner follows the definition */
    DnBuf create;
    DnBuf drop;              /* "" = nothing to drop */
    DnBuf note;              /* a comment of its own before the rows, or "" */
    DnBuf owner_target;      /* "TABLE public.t": what ALTER ... OWNER TO names, when `owned` */
    const char *connect;     /* \connect to this database follows, NULL = none */
    bool tight;              /* one empty line follows `create`, not two */
    const DnTableData *data; /* rows go here, after `create` (the COPY statement) */
    const DnLargeObjectData *large_objects; /* likewise the bytes of these */
    const DnStatisticsData *statistics;     /* `create` is filled from the stream of statistics */
} DnEntry;

typedef struct DnEntries {
    DnEntry *items;
    size_t count;
    size_t capacity; /* items beyond count keep their buffers for the next object */
    DnArena text;
    DnEntry spare;
    bool failed;
} DnEntries;

/* A platform's server, where the dump will be restored by a role that is no superuser. */
typedef struct DnRestoreSite {
    /* that it can't make the owner of anything; ends with NULL, as open_roles */
    const char *const *foreign_roles;
    const char *open_schema; /* what is created there is born with all rights for open_roles */
    const char *const *open_roles;
    const char *guests_note; /* the comment before what stands on the platform's own tables */
} DnRestoreSite;

/* What rendering depends on beside the object itself. */
typedef struct DnRender {
    const DnModel *model;
    DnSpelling spelling;
    bool no_owner, no_privileges, no_comments, no_security_labels;
    bool no_publications, no_subscriptions;
    bool clean, if_exists, create_database;
    bool binary_upgrade; /* for files that are kept as they are */
    bool data_only, schema_only, sequence_data;
    bool inserts, column_inserts, on_conflict_do_nothing;
    bool disable_triggers;
    bool create_schema_if_not_exists; /* dumpnative's own face: CREATE SCHEMA IF NOT EXISTS public */
    bool no_tablespaces, no_table_access_method, no_toast_compression;
    bool no_policies;
    bool enable_row_security, disable_dollar_quoting, load_via_partition_root;
    int taken_by;  /* major version of the server that takes it, where that is known; 0 = the source's */
    bool stand_in; /* pg_dump's text to the byte, where ours means to differ */
    const char *restrict_key;   /* \restrict, or NULL */
    bool session_authorization; /* SET SESSION AUTHORIZATION in place of ALTER ... OWNER TO */
    const char *superuser;      /* who switches triggers off, or NULL */
    const DnRestoreSite *site;  /* NULL = any server, and a superuser restores */
} DnRender;

typedef void (*DnRenderFn)(const DnRender *render, const DnObject *object, DnEntries *entries);

/*
 * A new empty entry for the object: section of its kind, tag = its name, its schema and owner.
 * Never NULL: when memory is out, a spare entry that is never written. Borrowed until the next call.
 */
DnEntry *dn_entry_add(DnEntries *entries, const DnObject *object, const char *desc);
/* Keeps the memory for the next object. */
void dn_entries_clear(DnEntries *entries);
void dn_entries_deinit(DnEntries *entries);
bool dn_entries_failed(const DnEntries *entries);

/* Renders every entry of an object: definition, comments, privileges. */
void dn_render_object(const DnRender *render, const DnObject *object, DnEntries *entries);

/* A copy of text that lives as long as the entries: for tags put together by a renderer. */
const char *dn_entries_str(DnEntries *entries, const char *text);

/* The quoted name of an object, "t" or "public.t". */
void dn_name(DnBuf *buf, const DnRender *render, const DnObject *object);
void dn_qualified_name(DnBuf *buf, const DnRender *render, const DnObject *object);

/* "DROP <desc> <qualified name>;\n" and the owner's target "<desc> <qualified name>", for the kinds
   whose statements are that regular. (Before 16 pg_dump changes the owner of views and sequences by
   ALTER TABLE.) */
void dn_entry_drop_and_owner(DnEntry *entry, const DnRender *render, const char *desc);

/*
 * The trailers that all kinds share; renderers call them after their own entry, as the object's dump flags
 * say. `name` is quoted and has no schema: the schema comes from the object. The entry is tagged
 * "<type> <name>", as pg_dump does.
 */
/* COMMENT ON <type> <schema>.<name> IS the object's own comment, when it has one. */
void dn_render_comment(const DnRender *render, const DnObject *object, const char *type, const char *name,
                       DnEntries *entries);
/* The same for any text, such as a column's comment; the object gives schema and owner. */
void dn_render_comment_text(const DnRender *render, const DnObject *object, const char *type,
                            const char *name, const char *text, DnEntries *entries);
/* SECURITY LABEL ... ON <type> <schema>.<name> for the object's own labels, where its flags ask for them.
   They follow the comment. Tables and views have columns to label as well: see relation.h. */
void dn_render_labels(const DnRender *render, const DnObject *object, const char *type, const char *name,
                      DnEntries *entries);
/* GRANT and REVOKE ... ON <type> <schema>.<name> that lead from acl->base to acl->current. `column` is
   quoted, or NULL for the object itself. */
void dn_render_acl(const DnRender *render, const DnObject *object, const char *type, const char *name,
                   const char *column, const DnAcl *acl, DnEntries *entries);

/* One renderer a kind; it writes nothing when flags or options say so. */
#define DN_KIND(id, class_, priority, section, need, fetch, render)                                          \
    void dn_render_##render(const DnRender *, const DnObject *, DnEntries *);
#include "catalog/model/kinds.def"
#undef DN_KIND

#endif
