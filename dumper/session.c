#include "dumper/session.h"

#include <string.h>

#include "catalog/changed.h"
#include "catalog/readable.h"
#include "common/err.h"
#include "dumper/blocked.h"
#include "dumper/second.h"
#include "sqlgen/quote.h"

/* What must hold while we read, whatever the user, the role or the database has set. Unknown names, on
   servers that are too old for them, are passed over. */
static const struct {
    const char *name, *value;
} settings[] = {
    {"search_path", ""}, /* the server then spells names with their schema (CVE-2018-1058) */
    {"datestyle", "ISO"},
    {"intervalstyle", "postgres"},
    {"bytea_output", "hex"},
    {"xmlbinary", "base64"},
    {"synchronize_seqscans", "off"}, /* rows in the order in which they lie on disk */
    {"idle_session_timeout", "0"},   /* 14 and later */
    {"jit", "off"},
    {"work_mem", "32MB"}, /* what the catalog queries of 100,000 objects sort and hash, without files */
    /* Setting them up costs more than a catalog query, and they would mix the order of rows. */
    {"max_parallel_workers_per_gather", "0"},
    {"enable_tidscan", "on"}, /* for ranges of pages */
};

static const DnSpelling server_spelling = {.std_strings = true, .quote_all = true};

static const DnSpelling plain_spelling = {.std_strings = true};

static void add_setting(DnBuf *sql, const char *name, const char *value) {
    dn_buf_str(sql, sql->size ? ", (" : "(");
    dn_literal(sql, &server_spelling, name);
    dn_buf_str(sql, ", ");
    dn_literal(sql, &server_spelling, value);
    dn_buf_char(sql, ')');
}

static void write_settings(DnBuf *sql, const DnDumpOptions *options) {
    DnBuf values = {0};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        add_setting(&values, settings[i].name, settings[i].value);
    }
    /* "off": an error in place of rows that a policy hides */
    add_setting(&values, "row_security", options->enable_row_security ? "on" : "off");
    if (options->quote_all_identifiers) {
        add_setting(&values, "quote_all_identifiers", "on");
    }
    DnBuf digits = {0};
    dn_buf_fmt(&digits, "%d", options->extra_float_digits ? *options->extra_float_digits : 3);
    add_setting(&values, "extra_float_digits", dn_buf_text(&digits));
    dn_buf_deinit(&digits);
    /* No view or foreign table may run its owner's code in our name (CVE-2024-7348). */
    bool foreign = options->include_foreign_data && options->include_foreign_data[0];
    add_setting(&values, "restrict_nonsystem_relation_kind", foreign ? "view" : "view, foreign-table");
    dn_buf_fmt(sql,
               "SELECT pg_catalog.pg_backend_pid(), pg_catalog.set_config(s.name, v.value, true) FROM "
               "(VALUES %s) v(name, value) "
               "JOIN pg_catalog.pg_settings s ON pg_catalog.lower(s.name) OPERATOR(pg_catalog.=) v.name",
               dn_buf_text(&values));
    sql->failed = sql->failed || dn_buf_failed(&values);
    dn_buf_deinit(&values);
}

/* How each of the dump's transactions begins; the requests point into the buffers. */
enum { MOST_BEGINNINGS = 7 };
typedef struct Opening {
    DnRequest begin[MOST_BEGINNINGS];
    size_t count;
    DnRequest settings;
    DnBuf snapshot, role, settings_sql;
} Opening;

static DnStatus take_backend(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    if (dn_rows_count(rows)) {
        dn_conn_set_backend(ctx, dn_rows_int(rows, 0, 0));
    }
    return DN_OK;
}

/* SET needs no catalog and so no time: it comes before a role's time-out of a millisecond is over, where the
   settings above wouldn't. */
static const struct {
    int since; /* server version */
    const char *sql;
} time_outs[] = {
    {0, "SET LOCAL statement_timeout = 0"},
    {170000, "SET LOCAL transaction_timeout = 0"},
    {0, "SET LOCAL lock_timeout = 0"},
    {0, "SET LOCAL idle_in_transaction_session_timeout = 0"},
};
enum { TIME_OUTS = sizeof time_outs / sizeof *time_outs };

/* BEGIN, and nothing cuts the transaction short; returns how many requests that is. */
static size_t begin_transaction(DnRequest *requests, const DnConn *conn, const char *isolation) {
    size_t count = 0;
    requests[count++] = (DnRequest){.what = "beginning a transaction", .sql = isolation};
    for (size_t i = 0; i < TIME_OUTS; i++) {
        if (dn_conn_server_version(conn) >= time_outs[i].since) {
            requests[count++] = (DnRequest){.what = "switching time-outs off", .sql = time_outs[i].sql};
        }
    }
    return count;
}

static DnStatus make_opening(Opening *o, DnConn *conn, const DnDumpOptions *options, const char *isolation,
                             const char *snapshot, DnErr *err) {
    o->count = begin_transaction(o->begin, conn, isolation);
    if (snapshot) {
        /* Before anything that takes a snapshot of its own. */
        dn_buf_str(&o->snapshot, "SET TRANSACTION SNAPSHOT ");
        dn_literal(&o->snapshot, &server_spelling, snapshot);
        o->begin[o->count++] = (DnRequest){.what = "taking the snapshot", .sql = dn_buf_text(&o->snapshot)};
    }
    if (options->role) {
        dn_buf_str(&o->role, "SET ROLE ");
        dn_ident(&o->role, &plain_spelling, options->role);
        o->begin[o->count++] = (DnRequest){.what = "setting the role",
                                           .sql = "SELECT pg_catalog.set_config('role', $1, true)",
                                           .shown = dn_buf_text(&o->role),
                                           .param = options->role};
    }
    write_settings(&o->settings_sql, options);
    o->settings = (DnRequest){
        .what = "changing settings", .sql = dn_buf_text(&o->settings_sql), .rows = take_backend, .ctx = conn};
    return dn_buf_failed(&o->settings_sql) || dn_buf_failed(&o->snapshot) || dn_buf_failed(&o->role)
               ? dn_err_nomem(err)
               : DN_OK;
}

static void free_opening(Opening *o) {
    dn_buf_deinit(&o->snapshot);
    dn_buf_deinit(&o->role);
    dn_buf_deinit(&o->settings_sql);
}

/* pg_dump takes any wait for one; who asks us means locks. */
static const char *lock_timeout_of(const DnDumpOptions *options) {
    return options->stand_in ? "statement_timeout" : "lock_timeout";
}

/* A standby replays the log, and has no end of its own. */
static const char when_sql[] =
    "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() "
    "ELSE pg_catalog.pg_current_wal_insert_lsn() END, "
    "pg_catalog.has_function_privilege('pg_catalog.pg_export_snapshot()', 'EXECUTE')";

static DnStatus take_when(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ctx;
    (void)err;
    model->snapshot_time = dn_model_str(model, dn_rows_str(rows, 0, 0));
    model->snapshot_lsn = dn_model_str(model, dn_rows_text(rows, 0, 1));
    model->may_share = dn_rows_bool(rows, 0, 2);
    return DN_OK;
}

static const char repeatable_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/* The same without a query, which would take the snapshot: then the locks come before it. */
static DnStatus lock_first(DnConn *conn, const DnDumpOptions *options, const char *isolation,
                           const DnLockNames *tables, DnErr *err) {
    DnBuf role = {0};
    DnBuf timeout = {0};
    DnRequest requests[MOST_BEGINNINGS + 2];
    size_t count = begin_transaction(requests, conn, isolation);
    if (options->role) {
        dn_buf_str(&role, "SET LOCAL ROLE ");
        dn_ident(&role, &plain_spelling, options->role);
        requests[count++] = (DnRequest){.what = "setting the role", .sql = dn_buf_text(&role)};
    }
    if (options->lock_wait_timeout) {
        dn_buf_fmt(&timeout, "SET LOCAL %s = ", lock_timeout_of(options));
        dn_literal(&timeout, &plain_spelling, options->lock_wait_timeout);
        requests[count++] =
            (DnRequest){.what = "setting the time to wait for locks", .sql = dn_buf_text(&timeout)};
    }
    DnStatus status = dn_buf_failed(&role) || dn_buf_failed(&timeout)
                          ? dn_err_nomem(err)
                          : dn_conn_batch(conn, requests, count, err);
    if (status == DN_OK) {
        status = dn_lock_names_take(tables, conn, err);
    }
    dn_buf_deinit(&role);
    dn_buf_deinit(&timeout);
    return status;
}

static DnStatus first_round(DnConn *conn, const DnDumpOptions *options, const DnLockNames *tables,
                            DnCatalog *catalog, DnRequest second, DnErr *err) {
    const char *isolation = options->serializable_deferrable
                                ? "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE"
                                : repeatable_read;
    Opening o = {0};
    DnStatus status = make_opening(&o, conn, options, isolation, options->snapshot, err);
    bool again = tables->names.count > 0;
    if (status == DN_OK && again) {
        status = lock_first(conn, options, isolation, tables, err);
    }
    if (status == DN_OK) {
        DnRequest requests[3] = {o.settings};
        size_t count = 1;
        if (again || second.sql) {
            requests[count++] = again ? dn_changed_held(catalog) : second;
        }
        if (!options->stand_in) {
            requests[count++] = (DnRequest){.what = "asking how far the server is",
                                            .sql = when_sql,
                                            .rows = take_when,
                                            .ctx = catalog->model};
        }
        status = dn_catalog_load_relations(catalog, conn, o.begin, again ? 0 : o.count, requests, count, err);
    }
    free_opening(&o);
    return status;
}

/* ---- More sessions --------------------------------------------------------------- */

/* A host name, or a proxy behind it, may lead to another server this time. */
const char dn_session_start_sql[] =
    "SELECT EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())::pg_catalog.text";

const DnRequest dn_session_wide = {.what = "making room for rows",
                                   .sql = "SELECT pg_catalog.repeat(' ', 262144)"};

static DnStatus check_server(void *ctx, const DnRows *rows, DnErr *err) {
    const char *expected = ctx;
    if (dn_rows_count(rows) && strcmp(dn_rows_str(rows, 0, 0), expected) == 0) {
        return DN_OK;
    }
    return dn_err(err, DN_E_CONNECT, "a second connection led to another server");
}

DnStatus dn_session_join(const DnSessionJoin *join, DnConn **conn, DnErr *err) {
    Opening o = {0};
    DnStatus status = dn_conn_open(&join->connection, conn, err);
    if (status != DN_OK) {
        return status;
    }
    status = make_opening(&o, *conn, join->options, repeatable_read, join->snapshot, err);
    if (status == DN_OK) {
        DnRequest requests[MOST_BEGINNINGS + 3] = {0};
        memcpy(requests, o.begin, o.count * sizeof *requests);
        requests[o.count] = o.settings;
        requests[o.count + 1] = (DnRequest){.what = "asking which server this is",
                                            .sql = dn_session_start_sql,
                                            .rows = check_server,
                                            .ctx = join->server_start};
        requests[o.count + 2] = dn_session_wide;
        status = dn_conn_batch(*conn, requests, o.count + (join->local ? 3 : 2), err);
    }
    if (status != DN_OK) {
        dn_conn_close(*conn);
        *conn = NULL;
    }
    free_opening(&o);
    return status;
}

/* What came out of the second round may fit no moment: then the first error of that kind counts. */
static DnStatus check_unchanged(const DnCatalog *catalog, DnErr *err) {
    const DnObject *changed = dn_changed_object(catalog);
    if (!changed) {
        return DN_OK;
    }
    const char *schema = changed->schema ? changed->schema->object.name : "";
    (void)dn_err(err, DN_E_QUERY, "%s \"%s%s%s\" was changed by another session while the dump began",
                 dn_changed_noun(changed->classoid), schema, *schema ? "." : "", changed->name);
    dn_err_object(err, "%s%s%s", schema, *schema ? "." : "", changed->name);
    dn_err_sqlstate(err, DN_SESSION_CHANGED);
    return DN_E_QUERY;
}

static DnStatus second_round(DnConn *conn, const DnDumpOptions *options, DnHelper *helper, DnCatalog *catalog,
                             DnErr *err) {
    static const char set_timeout[] = "SELECT pg_catalog.set_config($1, '0', true)";
    DnRequest before[3];
    size_t count = 0;
    DnBuf lock = {0};
    DnBuf shown = {0};
    DnBuf set = {0};
    if (dn_locks_write(&lock, options, catalog->model)) {
        const char *timeout = lock_timeout_of(options);
        if (options->lock_wait_timeout) {
            dn_buf_fmt(&shown, "SET %s = ", timeout);
            dn_literal(&shown, &plain_spelling, options->lock_wait_timeout);
            dn_buf_fmt(&set, "SELECT pg_catalog.set_config('%s', $1, true)", timeout);
            before[count++] = (DnRequest){.what = "setting the time to wait for locks",
                                          .sql = dn_buf_text(&set),
                                          .shown = dn_buf_text(&shown),
                                          .param = options->lock_wait_timeout};
        }
        before[count++] = (DnRequest){.what = "locking the tables", .sql = dn_buf_text(&lock)};
        if (options->lock_wait_timeout) {
            before[count++] = (DnRequest){
                .what = "setting the time to wait for locks", .sql = set_timeout, .param = timeout};
        }
    }
    DnStatus status = dn_buf_failed(&lock) || dn_buf_failed(&set) || dn_buf_failed(&shown)
                          ? dn_err_nomem(err)
                          : dn_catalog_load_rest(catalog, conn, helper, before, count, err);
    if (status == DN_E_QUERY) {
        dn_locks_explain(options, catalog->model, err);
    }
    dn_buf_deinit(&lock);
    dn_buf_deinit(&shown);
    dn_buf_deinit(&set);
    if (status == DN_OK) {
        status = check_unchanged(catalog, err);
    }
    return status == DN_OK ? dn_readable_check(catalog, err) : status;
}

/* pg_dump hands on the server's words, which tell neither the table nor who has it. */
static bool timed_out(const DnDumpOptions *options, DnStatus status, const DnErr *err) {
    return status == DN_E_QUERY && options->lock_wait_timeout && !options->stand_in &&
           strcmp(err->sqlstate, "55P03") == 0;
}

DnStatus dn_session_read_catalog(DnConn *conn, const DnDumpOptions *options, const DnConnOptions *connection,
                                 const DnLockNames *tables, DnCatalog *catalog, DnErr *err) {
    DnSecond second = {0};
    DnRequest request = {0};
    if (dn_second_is_worth_asking(options, conn)) {
        request = dn_second_request(&second, options, connection);
    }
    DnStatus status = first_round(conn, options, tables, catalog, request, err);
    if (status != DN_OK && dn_second_is_denied(err)) {
        catalog->step(catalog->ctx, "reading the catalog over one connection: the role may not call "
                                    "pg_export_snapshot()");
        status = dn_session_roll_back(conn, err);
        status = status == DN_OK ? first_round(conn, options, tables, catalog, (DnRequest){0}, err) : status;
    }
    if (status == DN_OK) {
        if (second.helper) {
            catalog->step(catalog->ctx, "reading the catalog over two connections: it is large");
        }
        status = second_round(conn, options, second.helper, catalog, err);
    }
    dn_second_end(&second);
    if (timed_out(options, status, err)) {
        status = dn_blocked_tell(conn, catalog->model, options->lock_wait_timeout, err);
    }
    return status;
}

bool dn_session_moved(const DnErr *err) {
    /* The server itself says 40001 of a conflict with replay, which is another matter. */
    bool changed = strcmp(err->sqlstate, DN_SESSION_CHANGED) == 0 && !err->server[0];
    return changed || dn_locks_moved(err);
}

DnStatus dn_session_roll_back(DnConn *conn, DnErr *err) {
    const DnRequest roll_back = {.what = "rolling back", .sql = "ROLLBACK"};
    DnStatus status = dn_conn_recover(conn, err);
    return status == DN_OK ? dn_conn_batch(conn, &roll_back, 1, err) : status;
}

DnStatus dn_session_end(DnConn *conn, DnErr *err) {
    const DnRequest commit = {.what = "ending the transaction", .sql = "COMMIT"};
    return dn_conn_batch(conn, &commit, 1, err);
}
