#include "restore/run.h"

#include <stdio.h>
#include <string.h>

#include "common/cancel.h"
#include "common/clock.h"
#include "common/err.h"
#include "common/time_outs.h"
#include "restore/database.h"
#include "restore/header.h"
#include "restore/look.h"
#include "restore/rewrite.h"

/* ---- Telling --------------------------------------------------------------------- */

void dn_run_tell(const DnRun *run, DnEventKind kind, const char *text, const DnErr *err) {
    if (run->options->event) {
        const DnEvent event = {.kind = kind,
                               .text = text,
                               .hint = err && err->hint[0] ? err->hint : NULL,
                               .object = run->object[0] ? run->object : NULL};
        run->options->event(run->options->event_ctx, &event);
    }
}

static void on_notice(void *ctx, const char *text) {
    dn_run_tell(ctx, DN_EVENT_NOTICE, text, NULL);
}

static void on_step(void *ctx, const char *text) {
    dn_run_tell(ctx, DN_EVENT_STEP, text, NULL);
}

const char *dn_run_name(const DnRun *run) {
    return run->options->path ? run->options->path : "standard input";
}

/* The last header in the comments before a statement. */
static void note_object(DnRun *run, const DnSqlItem *item) {
    DnHeader header;
    if (dn_header_find(item->text, item->start, &header)) {
        (void)snprintf(run->object, sizeof run->object, "%.*s %.*s%s%.*s", (int)header.type.size,
                       header.type.text, (int)header.schema.size, header.schema.text,
                       header.schema.size ? "." : "", (int)header.name.size, header.name.text);
        dn_run_tell(run, DN_EVENT_STEP, run->object, NULL);
    }
}

static DnStatus put_place(const DnRun *run, const char *place, DnErr *err) {
    if (!run->from.all) { /* else there is no file that has lines */
        DnErr placed;
        (void)dn_err(&placed, err->status, "%s, line %s: %s", dn_run_name(run), place, err->message);
        memcpy(err->message, placed.message, sizeof err->message);
    }
    if (run->object[0]) {
        dn_err_object(err, "%s", run->object);
    }
    return err->status;
}

DnStatus dn_run_place(const DnRun *run, uint64_t line, DnErr *err) {
    char place[32];
    (void)snprintf(place, sizeof place, "%llu", (unsigned long long)line);
    return put_place(run, place, err);
}

DnStatus dn_run_refuse(DnRun *run, uint64_t line, uint64_t row_line, DnErr *err) {
    char place[96];
    if (err->status == DN_E_CANCELLED) {
        return err->status;
    }
    (void)snprintf(place, sizeof place, row_line ? "%llu, of the COPY at line %llu" : "%llu",
                   (unsigned long long)(row_line ? row_line : line), (unsigned long long)line);
    (void)put_place(run, place, err);
    run->result.failed++;
    if (!run->options->go_on || err->status != DN_E_QUERY || !dn_conn_alive(run->conn)) {
        return err->status;
    }
    if (!run->refused.status) {
        run->refused = *err;
    }
    dn_run_tell(run, DN_EVENT_WARNING, err->message, err);
    *err = (DnErr){0};
    return DN_OK;
}

/* ---- The session ----------------------------------------------------------------- */

static DnReachOptions reach_of(DnRun *run) {
    const DnRestoreOptions *options = run->options;
    return (DnReachOptions){.prefer = options->prefer,
                            .seconds = options->connect_timeout,
                            .retries = options->retries,
                            .retry_refused = options->retry_refused,
                            .fallback_hosts = options->fallback_hosts,
                            .fallback_hostaddrs = options->fallback_hostaddrs,
                            .address_cache = options->address_cache,
                            .use_cached_address = options->use_cached_address,
                            .log = on_step,
                            .log_ctx = run};
}

static DnConnOptions connection_of(DnRun *run, const char *database) {
    const DnRestoreOptions *options = run->options;
    return (DnConnOptions){.dbname = options->dbname,
                           .host = options->host,
                           .port = options->port,
                           .user = options->user,
                           .password = options->password,
                           .database = database,
                           .sslmode = options->sslmode,
                           .program = options->program ? options->program : "dumpnative",
                           .cancel = options->cancel,
                           .stop = run->stop,
                           .stall_seconds = options->stall_timeout,
                           .notice = on_notice,
                           .notice_ctx = run};
}

DnStatus dn_run_lift_limits(const DnRun *run, const char *before, DnErr *err) {
    DnBuf sql = {0};
    dn_buf_str(&sql, before);
    for (size_t i = 0; i < DN_TIME_OUTS; i++) {
        if (dn_conn_server_version(run->conn) >= dn_time_outs[i].since) {
            dn_buf_str(&sql, dn_time_outs[i].off);
        }
    }
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_run_words(run, sql.bytes, err);
    dn_buf_deinit(&sql);
    return status;
}

DnStatus dn_run_connect(DnRun *run, const char *database, DnErr *err) {
    const DnReachOptions reach = reach_of(run);
    DnConnOptions connection = connection_of(run, database);
    const DnRequest role = {.what = "setting the role",
                            .sql = "SELECT pg_catalog.set_config('role', $1, false)",
                            .param = run->options->role};
    connection.reach = &reach;
    dn_run_disconnect(run);
    DnStatus status = dn_conn_open(&connection, &run->conn, err);
    status = status ? status : dn_run_lift_limits(run, "", err);
    return !status && role.param ? dn_conn_batch(run->conn, &role, 1, err) : status;
}

DnStatus dn_run_is_pooled(DnRun *run, bool *pooled, DnErr *err) {
    const DnConnOptions again = connection_of(run, dn_conn_database(run->conn));
    return dn_conn_is_pooled(run->conn, &again, pooled, err);
}

void dn_run_disconnect(DnRun *run) {
    dn_conn_close(run->conn);
    run->conn = NULL;
    dn_buf_deinit(&run->changed);
    dn_buf_deinit(&run->copy);
}

DnStatus dn_run_words(const DnRun *run, const char *sql, DnErr *err) {
    bool takes_rows = false;
    return dn_conn_execute(run->conn, sql, &takes_rows, err);
}

DnStatus dn_run_commit(DnRun *run, DnErr *err) {
    run->transaction = false;
    DnStatus status = dn_run_words(run, "COMMIT", err);
    if (status && (!dn_conn_alive(run->conn) || status == DN_E_CANCELLED)) {
        dn_err_hint(err, "That was during COMMIT: look into the database whether all of it is there.");
    }
    return status;
}

void dn_run_hint_lost(const DnRun *run, DnStatus status, DnErr *err) {
    bool ours = status == DN_E_CANCELLED || status == DN_E_MISMATCH;
    if (status && !ours && run->transaction && run->conn && !dn_conn_alive(run->conn)) {
        dn_err_hint(err, "Nothing was changed: what a session has begun goes with it. Once the server is "
                         "back, run the same again.");
    }
}

/* ---- Statements ------------------------------------------------------------------ */

/* In these, a byte that looks like a quote or a backslash may be the second half of a character. */
static DnStatus check_encoding(const DnRun *run, const DnSqlItem *item, DnErr *err) {
    static const char *const unsafe[] = {"SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004"};
    const char *encoding = dn_conn_parameter(run->conn, "client_encoding");
    for (size_t i = 0; encoding && i < sizeof unsafe / sizeof *unsafe; i++) {
        if (strcmp(encoding, unsafe[i]) == 0) {
            (void)dn_err(err, DN_E_MISMATCH, "dumps in the encoding %s can't be read", encoding);
            dn_err_hint(err, "Dump again with -E UTF8: the server converts to the database's own encoding.");
            return dn_run_place(run, item->line, err);
        }
    }
    return DN_OK;
}

/* The server took the statement. */
static DnStatus took(DnRun *run, const DnSqlItem *item, bool wants_rows, DnErr *err) {
    if (wants_rows != (item->kind == DN_SQL_COPY)) {
        (void)dn_err(err, DN_E_PROTOCOL, "the server %s for rows where the dump has %s",
                     wants_rows ? "asks" : "does not ask", wants_rows ? "none" : "some");
        return dn_run_place(run, item->line, err);
    }
    run->in_rows = wants_rows;
    run->result.statements++;
    const char *strings = dn_conn_parameter(run->conn, "standard_conforming_strings");
    dn_sql_reader_standard_strings(run->reader, !strings || strcmp(strings, "off") != 0);
    return check_encoding(run, item, err);
}

/* Rows that come from elsewhere: who brings them chooses how the COPY is made. */
static DnStatus keep_copy(DnRun *run, const char *sql, DnErr *err) {
    run->result.statements++;
    dn_buf_clear(&run->copy);
    dn_buf_str(&run->copy, sql);
    return dn_buf_failed(&run->copy) ? dn_err_nomem(err) : DN_OK;
}

/* What pg_dump --clean drops without IF EXISTS. */
static bool drops_what_is_not_there(const DnSqlItem *item, const DnErr *err) {
    static const char *const not_there[] = {"42P01", "42704", "42883", "3F000"};
    bool drops = strcmp(item->words[0], "drop") == 0 ||
                 (strcmp(item->words[0], "alter") == 0 && strstr(item->text + item->start, " DROP "));
    for (size_t i = 0; drops && i < sizeof not_there / sizeof *not_there; i++) {
        if (strcmp(err->sqlstate, not_there[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether it would be is for the server to know: where the owner is that role already, nobody is asked. */
static bool may_not_give_away(const DnSqlItem *item, const DnErr *err) {
    return strcmp(item->words[0], "alter") == 0 && strcmp(err->sqlstate, "42501") == 0 &&
           strstr(item->text + item->start, " OWNER TO ");
}

static void add_hint(const DnRun *run, const DnSqlItem *item, DnErr *err) {
    if (!run->options->go_on && drops_what_is_not_there(item, err)) {
        bool steps = run->options->jobs > 1 || run->options->resume;
        dn_err_hint(err,
                    "The dump drops what it is going to create (--clean): for a database that lacks it, "
                    "dump with --if-exists, too%s.",
                    steps ? "" : ", or use --no-transaction --on-error=continue");
    } else if (may_not_give_away(item, err)) {
        dn_err_hint(err,
                    "A role can give away what is its own, to a role that it is a member of: leave owners "
                    "out with --no-owner, or choose them with --role-map.");
    }
}

static DnStatus statement(DnRun *run, const DnSqlItem *item, DnErr *err) {
    bool wants_rows = false;
    bool skip = false;
    bool failed = false;
    if (!dn_selected_has(run->selected, item, &failed)) {
        run->in_rows = false;
        return failed ? dn_err_nomem(err) : DN_OK;
    }
    note_object(run, item);
    run->in_rows = false;
    run->copy_line = item->line;
    run->rows_line = 0;
    DnStatus status = dn_look_statement(run, item, &skip, err);
    if (status || skip || dn_rewrite_skips(run->options, item)) {
        return status;
    }
    if (run->schemas) {
        dn_schema_notes_take(run->schemas, item);
    }
    /* from the statement itself on, as the server shows and logs it */
    const char *sql = dn_rewrite(run->options, item, &run->changed);
    if (!sql) {
        return dn_err_nomem(err);
    }
    if (item->kind == DN_SQL_COPY && run->from.all) {
        return keep_copy(run, sql, err);
    }
    if (dn_conn_execute(run->conn, sql, &wants_rows, err) != DN_OK) {
        add_hint(run, item, err);
        return dn_run_refuse(run, item->line, 0, err);
    }
    dn_database_note(run, item);
    return took(run, item, wants_rows, err);
}

static DnStatus rows_end(DnRun *run, DnErr *err) {
    uint64_t count = 0;
    if (!run->in_rows) {
        return DN_OK;
    }
    run->in_rows = false;
    if (dn_conn_end_rows(run->conn, &count, err) != DN_OK) {
        uint64_t row_line = count && run->rows_line ? run->rows_line + count - 1 : 0;
        return dn_run_refuse(run, run->copy_line, row_line, err);
    }
    run->result.rows += count;
    run->result.tables++;
    return DN_OK;
}

/* ---- Meta-commands --------------------------------------------------------------- */

static DnStatus meta_command(DnRun *run, const DnSqlItem *item, DnErr *err) {
    char database[DN_RUN_DATABASE] = "";
    DnMeta meta = dn_meta_parse(item);
    if (run->from.all && strcmp(meta.name, "rows") == 0) { /* of large objects, which have no COPY */
        return run->from.all(run->from.ctx, run, "", meta.argument, strlen(meta.argument), err);
    }
    DnStatus status = dn_look_meta(run, item, database, err);
    return status || !database[0] ? status : dn_database_connect(run, database, err);
}

/* ---- Rows ------------------------------------------------------------------------ */

/* A call with parts of the dump tells of all of them together. */
void dn_run_progress(DnRun *run, uint64_t bytes) {
    double now = dn_now();
    run->row_bytes += bytes;
    run->begun = run->begun > 0 ? run->begun : now;
    if (run->partial || !run->options->event || now - run->told < 0.1) {
        return;
    }
    const DnEvent event = {.kind = DN_EVENT_PROGRESS,
                           .object = run->object,
                           .table = run->result.tables + 1,
                           .rows = run->result.rows,
                           .bytes = run->row_bytes,
                           .seconds = now - run->begun};
    run->told = now;
    run->options->event(run->options->event_ctx, &event);
}

static DnStatus rows(DnRun *run, const DnSqlItem *item, DnErr *err) {
    if (run->from.all) {
        return run->from.all(run->from.ctx, run, dn_buf_text(&run->copy), item->text, item->size, err);
    }
    run->rows_line = run->rows_line ? run->rows_line : item->line;
    dn_run_progress(run, item->size);
    return run->in_rows ? dn_conn_put_rows(run->conn, item->text, item->size, err) : DN_OK;
}

/* ---- Items ----------------------------------------------------------------------- */

DnStatus dn_run_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    DnRun *run = ctx;
    if (dn_cancel_requested(run->options->cancel)) {
        return dn_err(err, DN_E_CANCELLED, "cancelled");
    }
    switch (item->kind) {
    case DN_SQL_STATEMENT:
    case DN_SQL_COPY:
        return statement(run, item, err);
    case DN_SQL_ROWS:
        return rows(run, item, err);
    case DN_SQL_ROWS_END:
        return rows_end(run, err);
    case DN_SQL_META:
        return meta_command(run, item, err);
    default:
        return DN_OK;
    }
}
