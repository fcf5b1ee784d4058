/*
 * dumpnative.h - dump a PostgreSQL database as SQL, inside your own process.
 *
 * The library talks to the server over libpq and to nothing else: no subprocess, no
 * pg_dump. It keeps no global state, never prints and never exits; two dumps may run
 * in two threads at the same time.
 *
 * Ownership: every pointer that you pass is borrowed for the length of the call.
 * Every pointer that a callback receives is valid until the callback returns.
 * Errors are values of type DnErr: nothing in them needs to be freed.
 */
#ifndef DUMPNATIVE_H
#define DUMPNATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define DN_API               __attribute__((visibility("default")))
#define DN_MUST_USE          __attribute__((warn_unused_result))
#define DN_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define DN_API
#define DN_MUST_USE
#define DN_PRINTF(fmt, args)
#endif

/* What a call came to. DN_OK is zero; everything else filled the DnErr. */
typedef enum DnStatus {
    DN_OK = 0,
    DN_E_USAGE,     /* options that contradict each other or make no sense */
    DN_E_NOMEM,     /* out of memory */
    DN_E_CONNECT,   /* no connection to the server */
    DN_E_PASSWORD,  /* the server asks for a password and none was given */
    DN_E_QUERY,     /* the server refused or broke off a query */
    DN_E_NO_MATCH,  /* a pattern matched nothing that it had to match */
    DN_E_IO,        /* writing or reading a file failed */
    DN_E_CANCELLED, /* dn_cancel_request() was called */
    DN_E_PROTOCOL,  /* the server sent something that it must not send */
    DN_E_MISMATCH,  /* a file is not what its digest or its closing line say */
    DN_E_INTERNAL   /* a state that the code holds to be impossible */
} DnStatus;

/* An error: what failed (message), on which object, and what to do (hint). UTF-8, one line each. */
typedef struct DnErr {
    DnStatus status;
    char sqlstate[6];   /* the server's SQLSTATE, or "" */
    char object[256];   /* the object or file concerned, or "" */
    char message[1024]; /* what failed */
    char hint[512];     /* what to do about it, or "" */
    char server[768];   /* the server's or libpq's own words, which may have more than one line, or "" */
    char query[1024];   /* the statement that the server refused, or "" */
} DnErr;

/* ---- Cancelling ------------------------------------------------------------------ */

/* A handle with which any thread, or a signal handler, stops a running call. */
typedef struct DnCancel DnCancel;

/* Returns owned, or NULL when out of memory or file descriptors. */
DN_API DnCancel *dn_cancel_new(void);
/* Asks the call that was given this handle to stop: it cancels the query on the server, removes what
   it wrote, and returns DN_E_CANCELLED. Async-signal-safe; may be called more than once. */
DN_API void dn_cancel_request(DnCancel *cancel);
/* Takes NULL. No call may still be using the handle. */
DN_API void dn_cancel_free(DnCancel *cancel);

/* ---- Events ---------------------------------------------------------------------- */

typedef enum DnEventKind {
    DN_EVENT_STEP,       /* text: what is being done now (what pg_dump -v tells) */
    DN_EVENT_NOTICE,     /* text: a notice that the server sent */
    DN_EVENT_WARNING,    /* text: something that the user should know */
    DN_EVENT_OMISSION,   /* text: catalog content that the dump leaves out */
    DN_EVENT_MANAGED,    /* text: what was left to the platform that runs the server, with counts */
    DN_EVENT_START,      /* connected; database, server_version, tables, total_* are known */
    DN_EVENT_TABLE_DONE, /* object: schema-qualified table; table, rows, bytes of that table */
    DN_EVENT_PROGRESS,   /* at most some ten times a second while rows stream */
    DN_EVENT_FINISHED,   /* rows and bytes of all; sha256, seconds */
    DN_EVENT_DIFFERENCE  /* object: what differs, such as "TABLE public.t"; text: how */
} DnEventKind;

typedef struct DnEvent {
    DnEventKind kind;
    const char *text;   /* STEP, NOTICE, WARNING, OMISSION, MANAGED */
    const char *hint;   /* what to do about it, or NULL; may have more than one line */
    const char *detail; /* WARNING: the objects that it is about, one a line, or what led to it, or NULL */
    const char *object; /* the table in work, or NULL */
    const char *database;
    const char *server_version; /* as the server spells it */
    const char *sha256;         /* FINISHED: 64 lower-case hex digits */
    uint64_t table;             /* which table, counted from 1 */
    uint64_t tables;            /* how many tables have data to dump */
    uint64_t rows;              /* TABLE_DONE: of this table; otherwise of all so far */
    uint64_t bytes;             /* likewise, bytes of row data */
    uint64_t total_rows;        /* the planner's estimate of all rows, 0 = unknown */
    uint64_t total_bytes;       /* estimate of all row data in bytes, from relation sizes, 0 = unknown */
    double seconds;             /* since the call began */
} DnEvent;

/* Called from the thread that made the call. Must not call back into the library with the same dump. */
typedef void (*DnEventFn)(void *ctx, const DnEvent *event);

/* ---- Dumping --------------------------------------------------------------------- */

/* Sections, as pg_dump's --section. */
enum { DN_PRE_DATA = 1, DN_DATA = 2, DN_POST_DATA = 4, DN_ALL_SECTIONS = 7 };

/* Which addresses of a host to try first. */
typedef enum DnPrefer { DN_PREFER_IPV4, DN_PREFER_IPV6 } DnPrefer;

/* Receives output; returns 0, or an errno value that ends the dump. */
typedef int (*DnWriteFn)(void *ctx, const void *bytes, size_t size);

/*
 * What to dump, from where, to where. Initialise with DN_DUMP_OPTIONS_INIT, then set what you need.
 * Lists are arrays that end with NULL; a NULL list is an empty one. Patterns follow psql's rules:
 * * and ? are wildcards, double quotes keep case, a dot separates schema from name.
 */
typedef struct DnDumpOptions {
    size_t size; /* sizeof(DnDumpOptions), set by the initialiser */

    /* connection; what is NULL comes from the environment as libpq has it */
    const char *dbname; /* a database name, a conninfo string, or a postgresql:// URI */
    const char *host;
    const char *port;
    const char *user;
    const char *password;
    const char *role;     /* SET ROLE after connecting */
    const char *encoding; /* client_encoding of the dump; default: the database's */
    const char *program;  /* fallback_application_name; default "dumpnative" */

    /* Finding the server, but for stand_in, which leaves it to libpq. A host that is given by name is looked
       up in threads of its own; the next of its addresses is tried when the one before has not answered
       within 250 ms. Sockets, hostaddr, several hosts, target_session_attrs and load_balance_hosts are
       libpq's business. */
    DnPrefer prefer;          /* the addresses to begin with; default IPv4 */
    unsigned connect_timeout; /* seconds for an attempt in all, names included; 0 = the connection string's,
                                 else 10 for name and addresses */
    unsigned retries;         /* of what may pass: the server starts up, has no connection left, ... */
    bool retry_refused;       /* also where nobody takes the connection: a server that is about to start */
    unsigned stall_timeout; /* seconds of silence after which the server is asked whether it is still at work
                               for us, and the connection given up if it isn't; 0 = never */
    const char *const *fallback_hostaddrs; /* further addresses of `host`, when it can't be reached */
    const char *const *fallback_hosts;     /* then these hosts in its place */
    /* A file that tells at which address each host answered last; kept by the calls, made with its folder
       (mode 0600 and 0700) where it is missing; NULL = none. When no resolver answers, that address of `host`
       comes before the fallbacks: with sslmode=verify-full, or with use_cached_address whatever the server
       can prove. A file that can't be used is done without. Not with stand_in. */
    const char *address_cache;
    bool use_cached_address;

    /* Supabase, whose platform shares the database with the project. Implied by a host db.REF.supabase.co or
       NAME.pooler.supabase.com; never with stand_in. Without patterns everything is dumped that isn't the
       platform's: not its schemas, nor what only its roles could restore (DN_EVENT_MANAGED counts that);
       triggers and policies that the project put on the platform's tables come last. Addresses that can't be
       meant so are DN_E_USAGE, and so is a pooler in transaction mode; sslmode is at least require. */
    bool supabase;
    bool include_managed;          /* the platform's part as well, which only a superuser can restore */
    const char *supabase_url;      /* https://REF.supabase.co: where no host is named, it tells the host */
    const char *supabase_password; /* where `password` is NULL and the server is Supabase's */
    const char *pooler_host; /* session pooler (port 5432, user postgres.REF), for when the project's own
                                host can't be reached; not with fallback_hosts */

    /* selection */
    const char *const *schemas;            /* -n; when empty and no table is given: public */
    const char *const *exclude_schemas;    /* -N */
    const char *const *tables;             /* -t */
    const char *const *exclude_tables;     /* -T */
    const char *const *exclude_table_data; /* --exclude-table-data */
    /* The same for tables with all that inherit from them, partitions included (pg_dump 16). */
    const char *const *tables_and_children;
    const char *const *exclude_tables_and_children;
    const char *const *exclude_table_data_and_children;
    const char *const *extensions;           /* -e: of extensions only these, and else what -n or -t name */
    const char *const *exclude_extensions;   /* pg_dump 17 */
    const char *const *include_foreign_data; /* foreign servers whose tables' rows are dumped */
    const char *const *filters;              /* files of more patterns (see common/filter.h); "-" = stdin */
    bool strict_names;                       /* each pattern must match */
    bool whole_database;                     /* no default schema: everything */
    unsigned sections;                       /* DN_PRE_DATA | ...; default all */
    bool data_only;                          /* -a */
    bool schema_only;                        /* -s */
    bool no_data;                            /* no rows and sequence values (as schema_only) */
    bool no_schema;                          /* no definitions (as data_only); with no_data: nothing */
    bool sequence_data;                      /* sequence values even without rows (pg_dump 18) */
    bool statistics;                         /* the planner's statistics too (pg_dump 18); restored by 18 */
    bool statistics_only;                    /* them alone */
    bool large_objects, no_large_objects;    /* -b, -B: by default with the whole database; -b weighs more */
    bool no_unlogged_table_data;
    bool no_policies, no_publications, no_subscriptions, no_security_labels;
    bool enable_row_security; /* rows that policies show, in place of an error where they hide some */
    /* Rows that can't be read (no privilege, hidden by a policy) are left out, each table as an omission, in
       place of failing before the first row; definitions stay. Not with stand_in. */
    bool skip_unreadable;

    /* text */
    bool clean;           /* -c */
    bool if_exists;       /* --if-exists */
    bool create_database; /* -C */
    bool no_owner;        /* -O */
    bool no_privileges;   /* -x */
    bool no_comments;
    bool inserts; /* INSERT in place of COPY */
    bool column_inserts;
    unsigned rows_per_insert; /* 0 = one */
    bool on_conflict_do_nothing;
    bool disable_triggers;
    bool quote_all_identifiers;
    bool disable_dollar_quoting;
    bool load_via_partition_root; /* rows of partitions go to the root of their tree */
    bool no_tablespaces, no_table_access_method, no_toast_compression;
    bool use_set_session_authorization; /* in place of ALTER ... OWNER TO */
    const char *superuser;              /* -S: who switches triggers off */
    const int *extra_float_digits;      /* -15 to 3; NULL = what loses nothing */

    /* behaviour */
    const char *lock_wait_timeout; /* as PostgreSQL's lock_timeout: "500", "2s" */
    /* While rows stream, a session that waits for a lock of the dump is told as a warning after 10 seconds.
       Not 0: after so many seconds the dump gives up in its favour instead: DN_E_QUERY, SQLSTATE 55P03.
       Looked for over a connection of its own, opened only then. Not with stand_in. */
    unsigned yield_to_ddl;
    const char *snapshot;         /* one that another session has exported */
    bool serializable_deferrable; /* wait until the dump can't see an anomaly */
    /* Connections that read rows, on one snapshot; the output is the same with any number. 0 = as many as
       pay: 1 for little data or a small remote server, otherwise the number of processors, at most 8. With
       `stand_in` it is always 1. Connections that can't be had are done without. */
    unsigned jobs;

    /* pg_dump's own text, to the byte, in place of ours: its header lines, nothing that only the selection's
       dependencies ask for, no words to restore over what is there, and \restrict with `restrict_key` (NULL:
       a random one) where the server's pg_dump writes it; and no PATH.sha256. The header claims to be of
       `pg_dump_version` if that is of the server's major version, else of the server's own. */
    bool stand_in;
    const char *restrict_key;    /* letters and digits */
    const char *pg_dump_version; /* "17.12 (Debian 17.12-0+deb13u1)", or NULL */

    /* destination: path, or else write; a path becomes visible only when the dump is whole,
       and gets PATH.sha256 beside it */
    const char *path;
    bool append;          /* at the end of what is at `path`, as pg_dumpall asks for: not whole or nothing */
    const char *compress; /* -Z: "none", "gzip", "zstd:3", "lz4:level=1", or gzip's level; NULL = none */
    bool no_sync;         /* don't wait until the file is safe on disk */
    DnWriteFn write;
    void *write_ctx;

    DnEventFn event;
    void *event_ctx;
    DnCancel *cancel; /* or NULL */
} DnDumpOptions;

#define DN_DUMP_OPTIONS_INIT                                                                                 \
    { .size = sizeof(DnDumpOptions), .sections = DN_ALL_SECTIONS, .retries = 3, .stall_timeout = 300 }

typedef struct DnDumpResult {
    uint64_t bytes; /* of the whole output */
    uint64_t rows;
    uint64_t tables;    /* whose rows were written */
    uint64_t omissions; /* named by DN_EVENT_OMISSION; 0 = everything asked for is in the dump */
    double seconds;
    char sha256[65]; /* of the output, lower-case hex */
} DnDumpResult;

/* Dumps. `result` may be NULL. On any status but DN_OK nothing is left at options->path that was not
   there before, and `err` (not NULL) says what failed. Bytes already given to `write` stay given.
   A connection that is lost is replaced, or the dump begins anew under another snapshot, up to `retries`
   times and unless bytes have been given to `write`; a WARNING before FINISHED tells. `stand_in` does
   neither. */
DN_API DN_MUST_USE DnStatus dn_dump(const DnDumpOptions *options, DnDumpResult *result, DnErr *err);

/* ---- Env files ------------------------------------------------------------------- */

/* Variables of a file such as .env.local, read as Next.js (dotenv with dotenv-expand) reads it: quotes,
   comments, "export", values of several lines in quotes, $NAME and ${NAME:-default}; no shell. Meant for
   supabase_url and supabase_password. */
typedef struct DnEnvFile DnEnvFile;

/* Returns owned in *out, NULL on failure: DN_E_IO when the file can't be read, DN_E_USAGE when it is over 1
   MiB or no text, or a value refers to itself. */
DN_API DN_MUST_USE DnStatus dn_env_file_read(const char *path, DnEnvFile **out, DnErr *err);
/* The process's variable of that name, which wins, or else the file's; NULL when there is neither. `file` may
   be NULL. Borrowed until the file is freed or the environment changes. */
DN_API const char *dn_env_file_get(const DnEnvFile *file, const char *name);
/* Wipes the values first. Takes NULL. */
DN_API void dn_env_file_free(DnEnvFile *file);

/* ---- Verifying ------------------------------------------------------------------- */

/* Which dump. Initialise with DN_VERIFY_OPTIONS_INIT. */
typedef struct DnVerifyOptions {
    size_t size; /* sizeof(DnVerifyOptions), set by the initialiser */
    const char *path;
    DnEventFn event; /* PROGRESS: bytes and total_bytes are those of the file */
    void *event_ctx;
    DnCancel *cancel; /* or NULL */
} DnVerifyOptions;

#define DN_VERIFY_OPTIONS_INIT                                                                               \
    { .size = sizeof(DnVerifyOptions) }

typedef struct DnVerifyResult {
    uint64_t bytes;
    char sha256[65];   /* of the file as it is now */
    bool has_manifest; /* there is a PATH.manifest.json, which says the same */
} DnVerifyResult;

/* Reads the dump at `path`, once: its SHA-256 must be the one in PATH.sha256, its last words must be
   pg_dump's closing comment, and where there is a PATH.manifest.json, each section and the rows of each table
   must be what that tells. DN_E_MISMATCH when they are not, naming what differs; DN_E_IO when a file can't be
   read. `result` may be NULL. */
DN_API DN_MUST_USE DnStatus dn_verify(const DnVerifyOptions *options, DnVerifyResult *result, DnErr *err);

/* ---- Comparing ------------------------------------------------------------------- */

typedef struct DnCompareResult {
    uint64_t objects; /* compared, on the first side */
    uint64_t tables;  /* whose rows were compared, likewise */
    uint64_t rows;
    uint64_t differences; /* told by DN_EVENT_DIFFERENCE */
    double seconds;
} DnCompareResult;

/* Compares a database with the manifest of the dump at `path` (PATH.manifest.json; the dump itself isn't
   read): every object's definition, sequence values, and the rows of each table, whatever their order. What
   is compared is what was dumped, as the manifest tells. Of `options` count the connection, `role`, `jobs`,
   `event` and `cancel`. DN_E_MISMATCH when there are differences. `result` may be NULL. */
DN_API DN_MUST_USE DnStatus dn_verify_database(const char *path, const DnDumpOptions *options,
                                               DnCompareResult *result, DnErr *err);
/* The same between two databases. Selection and text options are those of `source`; of `target` count the
   connection, `role` and `jobs`. */
DN_API DN_MUST_USE DnStatus dn_compare(const DnDumpOptions *source, const DnDumpOptions *target,
                                       DnCompareResult *result, DnErr *err);

/* ---- Restoring ------------------------------------------------------------------- */

/*
 * Which dump, into which database. Initialise with DN_RESTORE_OPTIONS_INIT. The dump is plain SQL of this
 * library or of pg_dump, as it is or compressed. By default it runs in one transaction, in which its own
 * BEGIN and COMMIT count for nothing.
 */
typedef struct DnRestoreOptions {
    size_t size; /* sizeof(DnRestoreOptions), set by the initialiser */

    /* connection; what is NULL comes from the environment as libpq has it */
    const char *dbname; /* a database name, a conninfo string, or a postgresql:// URI */
    const char *host;
    const char *port;
    const char *user;
    const char *password;
    const char *sslmode; /* over what dbname says */
    const char *role;    /* SET ROLE after connecting */
    const char *program; /* fallback_application_name; default "dumpnative" */
    /* as those of DnDumpOptions */
    DnPrefer prefer;
    unsigned connect_timeout;
    unsigned retries;
    bool retry_refused;
    unsigned stall_timeout;
    const char *const *fallback_hostaddrs;
    const char *const *fallback_hosts;
    const char *address_cache;
    bool use_cached_address;

    /* The dump. Before anything is changed it is checked, and the target for what the dump needs: roles,
       extensions, tablespaces, collations; and for what it creates and is there already. Each problem is a
       WARNING; with go_on they are no more than that. */
    const char *path;
    int fd; /* without a path: where to read it; checked before COMMIT only. Stays open. */

    /* The dump makes its database (pg_dump --create): CREATE DATABASE and \connect count, and `dbname` is
       another database of that server. When the restore fails, the new database is dropped again, except
       with no_transaction; one that the dump has dropped before (--clean) is gone. */
    bool create;
    /* Drop what the dump creates before it does, if it is there, unless the dump has DROPs of its own; in the
       same transaction (with `jobs`, in one before the rest). What is created IF NOT EXISTS stays, and
       nothing goes that isn't in the dump: where something else depends on what is dropped, all fails. Not
       with `create` and `fd`. */
    bool clean;
    bool no_transaction; /* each statement is a transaction of its own */
    /* More than 1: over so many sessions at once, 64 at most, and not in one transaction; `path` has to be a
       file that is not compressed. What is done when it fails stays, and the schema dumpnative_restore in the
       target, which tells it; a call with `resume` goes on from there, whatever was killed and when. */
    unsigned jobs;
    bool no_owner;      /* leave out who owns what, and as whom the dump does it */
    bool no_privileges; /* leave out GRANT, REVOKE and ALTER DEFAULT PRIVILEGES */
    /* "OLD=NEW" for roles that have another name in the target; ends with NULL, may be NULL. Statements of
       the dump are changed, not what stands in strings and function bodies. */
    const char *const *role_map;
    /* The same for schemas: names with a schema, CREATE SCHEMA and its like, search_path, and strings that
       the server reads as names ('shop.s'::regclass). Text of functions stays: a WARNING tells of those that
       name the schema. DN_E_MISMATCH when the dump has no such schema, or has NEW as well. */
    const char *const *schema_map;
    /* Patterns [SCHEMA.]NAME of tables, views and sequences; ends with NULL, may be NULL. Of the dump only
       these are restored, each with its rows, owner, privileges, comments, indexes, constraints, triggers,
       rules, policies, statistics, the sequences that its columns own, and its place in a table that is
       restored as well. Not with `create` and `fd`. DN_E_NO_MATCH when a pattern fits nothing. */
    const char *const *only_tables;
    bool dry_run; /* only look whether it could be restored; result->statements and tables tell of what */
    bool resume;  /* go on with a restore of this very file that has failed; with any number of jobs */
    bool go_on;   /* with no_transaction: at a refused statement, tell it as a warning and go on */

    DnEventFn event; /* STEP, NOTICE, WARNING, PROGRESS */
    void *event_ctx;
    DnCancel *cancel; /* or NULL */
} DnRestoreOptions;

#define DN_RESTORE_OPTIONS_INIT                                                                              \
    { .size = sizeof(DnRestoreOptions), .retries = 3, .stall_timeout = 300 }

typedef struct DnRestoreResult {
    uint64_t statements; /* that the server took */
    uint64_t failed;     /* that it refused */
    uint64_t rows;       /* of COPY */
    uint64_t tables;     /* COPYs */
    double seconds;
} DnRestoreResult;

/* Restores. `result` may be NULL. On any status but DN_OK, in one transaction, nothing was changed; with
   no_transaction, what came before the failure stays. With go_on, DN_E_QUERY at the end when something was
   refused. `err` names the line in the dump, and for a row of COPY its line. */
DN_API DN_MUST_USE DnStatus dn_restore(const DnRestoreOptions *options, DnRestoreResult *result, DnErr *err);

/* ---- Cloning --------------------------------------------------------------------- */

/* The target of a clone, before anything in it is replaced. */
typedef struct DnCloneTarget {
    const char *host, *address, *port; /* `host` may be the folder of a socket, `address` "" */
    const char *database, *user;
    const char *server_version;
    const char *project; /* the reference of Supabase's; "" = none, or not known */
} DnCloneTarget;

/*
 * A database into another, without a file between: definitions, then rows as they come, then indexes and
 * constraints. Initialise with DN_CLONE_OPTIONS_INIT. All of it is of one snapshot of the source. Before
 * anything is changed the target is checked, as for dn_restore().
 */
typedef struct DnCloneOptions {
    size_t size; /* sizeof(DnCloneOptions), set by the initialiser */

    /* Connection, selection and what is left out of the definitions; not what is about rows as text, or a
       destination. Its events are those of reading. With `supabase`, which either end's host implies, the
       rules are those of both ends: nothing of the platform is read, dropped or written; not with
       include_managed. */
    const DnDumpOptions *source;
    /* Connection, role, no_owner, no_privileges, role_map, schema_map, jobs (0 = as many as pay), resume,
       dry_run and cancel. Its events are those of writing. */
    const DnRestoreOptions *target;

    /* All in one transaction, over one session: when it fails, the target is as it was. Otherwise over
       target->jobs sessions, and in steps: what is done stays, and the schema dumpnative_restore in the
       target, which tells it; a call with target->resume goes on from there, whatever was killed and when. */
    bool single_transaction;
    /* Drop what is in the way: what the clone creates, and nothing else. Asked for with `confirm`, if that is
       set: DN_E_CANCELLED when it says no. */
    bool drop_target_objects;
    bool (*confirm)(void *ctx, const DnCloneTarget *target);
    void *confirm_ctx;
} DnCloneOptions;

#define DN_CLONE_OPTIONS_INIT                                                                                \
    { .size = sizeof(DnCloneOptions) }

typedef struct DnCloneResult {
    uint64_t statements; /* that the target took */
    uint64_t rows;       /* that were copied */
    uint64_t tables;     /* likewise */
    uint64_t bytes;      /* of these rows */
    uint64_t omissions;  /* of the source, named by DN_EVENT_OMISSION */
    double seconds;
} DnCloneResult;

/* Clones. `result` may be NULL. DN_E_USAGE where source and target are the same database. */
DN_API DN_MUST_USE DnStatus dn_clone(const DnCloneOptions *options, DnCloneResult *result, DnErr *err);

/* The library's version, "MAJOR.MINOR.PATCH". */
DN_API const char *dn_version(void);

#ifdef __cplusplus
}
#endif

#endif
