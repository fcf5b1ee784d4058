#include "dumper/watch.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/buf.h"
#include "common/cancel.h"
#include "common/err.h"
#include "common/thread.h"

enum { TELL_AFTER = 10, MOST_TOLD = 32, WAITSTART_SINCE = 140000, SECOND = 1000 };

struct DnWatch {
    DnWatchOptions options;
    DnCancel *end;
    DnConn *conn;
    int told[MOST_TOLD]; /* pids */
    size_t told_count;
    bool yielded;
    pthread_t thread;
};

/* ---- What is told ---------------------------------------------------------------- */

enum { PID, MODE, RELATION, SECONDS, COMMAND, OTHERS };

static unsigned patience(const DnWatch *watch) {
    return watch->options.yield ? watch->options.yield : TELL_AFTER;
}

static bool is_new(DnWatch *watch, int pid) {
    for (size_t i = 0; i < watch->told_count; i++) {
        if (watch->told[i] == pid) {
            return false;
        }
    }
    if (watch->told_count == MOST_TOLD) {
        return false;
    }
    watch->told[watch->told_count++] = pid;
    return true;
}

static void describe(const DnRows *rows, size_t i, DnBuf *text) {
    dn_buf_fmt(text, "session %d (%s) has waited %lld s for %s on \"%s\", which this dump holds",
               dn_rows_int(rows, i, PID), dn_rows_str(rows, i, COMMAND),
               (long long)dn_rows_int64(rows, i, SECONDS), dn_rows_str(rows, i, MODE),
               dn_rows_str(rows, i, RELATION));
    long long others = (long long)dn_rows_int64(rows, i, OTHERS);
    if (others) {
        dn_buf_fmt(text, "; %lld more wait%s behind it", others, others == 1 ? "s" : "");
    }
}

static void yield_to(DnWatch *watch, const DnRows *rows, size_t i) {
    DnErr err;
    DnBuf text = {0};
    describe(rows, i, &text);
    (void)dn_err(&err, DN_E_QUERY, "the dump gives up, as it was asked to: %s", dn_buf_text(&text));
    dn_err_object(&err, "%s", dn_rows_str(rows, i, RELATION));
    dn_err_sqlstate(&err, "55P03"); /* lock_not_available */
    dn_err_hint(&err, "Run it at a quieter time, or with more patience (--yield-to-ddl).");
    dn_flow_fail(watch->options.flow, &err);
    dn_buf_deinit(&text);
    watch->yielded = true;
}

static DnStatus take_waiting(void *ctx, const DnRows *rows, DnErr *err) {
    DnWatch *watch = ctx;
    (void)err;
    for (size_t i = 0; !watch->yielded && i < dn_rows_count(rows); i++) {
        if (dn_rows_int64(rows, i, SECONDS) < (int64_t)patience(watch)) {
            continue;
        }
        if (watch->options.yield) {
            yield_to(watch, rows, i);
        } else if (is_new(watch, dn_rows_int(rows, i, PID))) {
            DnBuf text = {0};
            describe(rows, i, &text);
            dn_flow_notice(watch->options.flow, DN_EVENT_WARNING, dn_buf_text(&text));
            dn_buf_deinit(&text);
        }
    }
    return DN_OK;
}

/* ---- Looking --------------------------------------------------------------------- */

/* Of the other's query only the command: the rest may hold values. */
#define WAITING(since)                                                                                       \
    "SELECT l.pid, l.mode, n.nspname || '.' || c.relname, "                                                  \
    "pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - " since "))::pg_catalog.int8, "      \
    "COALESCE(pg_catalog.substring(pg_catalog.upper(a.query), "                                              \
    "'^\\s*((?:(?:ALTER|CREATE|DROP|LOCK|REFRESH|REINDEX|COMMENT|VACUUM)\\s+)?[A-Z]+)'), '?'), "             \
    "(SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks o WHERE o.locktype = 'relation' "                  \
    "AND NOT o.granted AND o.relation = l.relation AND o.database = l.database AND o.pid <> l.pid) "         \
    "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation "                           \
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "                                              \
    "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "                                              \
    "WHERE l.locktype = 'relation' AND NOT l.granted AND l.database = "                                      \
    "(SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()) "          \
    "AND pg_catalog.pg_blocking_pids(l.pid) && $1::pg_catalog.int4[] ORDER BY 4 DESC"

static DnStatus look(DnWatch *watch, DnErr *err) {
    char backends[32];
    (void)snprintf(backends, sizeof backends, "{%d,%d}", watch->options.backend, watch->options.second);
    /* The role's own search_path might lead to others' operators. */
    const DnRequest requests[] = {
        {.what = "beginning a transaction", .sql = "BEGIN READ ONLY"},
        {.what = "changing settings", .sql = "SELECT pg_catalog.set_config('search_path', '', true)"},
        {.what = "looking for sessions that wait",
         .sql = watch->options.server_version >= WAITSTART_SINCE ? WAITING("l.waitstart")
                                                                 : WAITING("a.query_start"),
         .param = backends,
         .rows = take_waiting,
         .ctx = watch},
        {.what = "ending the transaction", .sql = "COMMIT"},
    };
    return dn_conn_batch(watch->conn, requests, sizeof requests / sizeof *requests, err);
}

static void tell_of_end(const DnWatch *watch, const DnErr *err) {
    DnErr line; /* borrowed for its formatting */
    (void)dn_err(&line, DN_OK, "nobody looks for sessions that wait for this dump's locks: %s", err->message);
    dn_flow_notice(watch->options.flow, watch->options.yield ? DN_EVENT_WARNING : DN_EVENT_STEP,
                   line.message);
}

/* The holder may be idle, or stuck in sending rows that nobody takes: only its end gives the locks back at
   once. */
static void end_holder(DnWatch *watch) {
    char backend[16];
    DnErr err;
    (void)snprintf(backend, sizeof backend, "%d", watch->options.backend);
    const DnRequest end = {.what = "ending the session that holds the locks",
                           .sql = "SELECT pg_catalog.pg_terminate_backend($1::pg_catalog.int4)",
                           .param = backend};
    if (dn_conn_batch(watch->conn, &end, 1, &err) != DN_OK) {
        tell_of_end(watch, &err);
    }
}

/* False when the watch, or the dump, has ended. */
static bool sleep_for(const DnWatch *watch, int milliseconds) {
    struct pollfd fds[] = {{.fd = dn_cancel_fd(watch->end), .events = POLLIN},
                           {.fd = dn_cancel_fd(dn_flow_stop_handle(watch->options.flow)), .events = POLLIN}};
    return poll(fds, sizeof fds / sizeof *fds, milliseconds) <= 0 && !dn_cancel_requested(watch->end);
}

static void *watch_locks(void *arg) {
    DnWatch *watch = arg;
    DnErr err = {0};
    /* Who waits since the beginning is found when its patience is due. */
    bool going = sleep_for(watch, (int)patience(watch) * SECOND);
    DnStatus status = going ? dn_conn_open(&watch->options.connection, &watch->conn, &err) : DN_OK;
    while (going && status == DN_OK && !watch->yielded) {
        status = look(watch, &err);
        going = status == DN_OK && !watch->yielded && sleep_for(watch, SECOND);
    }
    if (watch->yielded && status == DN_OK) {
        end_holder(watch);
    } else if (status != DN_OK && status != DN_E_CANCELLED) {
        tell_of_end(watch, &err);
    }
    dn_conn_close(watch->conn);
    return NULL;
}

/* ---- Life ------------------------------------------------------------------------ */

DnWatch *dn_watch_start(const DnWatchOptions *options) {
    DnWatch *watch = calloc(1, sizeof *watch);
    if (!watch) {
        return NULL;
    }
    watch->options = *options;
    watch->end = dn_cancel_new();
    watch->options.connection.stop = watch->end;
    if (!watch->end || !dn_thread_start(&watch->thread, watch_locks, watch)) {
        dn_cancel_free(watch->end);
        free(watch);
        return NULL;
    }
    return watch;
}

void dn_watch_stop(DnWatch *watch) {
    if (watch) {
        dn_cancel_request(watch->end);
        (void)pthread_join(watch->thread, NULL);
        dn_cancel_free(watch->end);
        free(watch);
    }
}
