#include "dumper/blocked.h"

#include "common/err.h"
#include "dumper/locks.h"
#include "dumper/session.h"

enum { PID, RELATION, GRANTED, SECONDS, PROGRAM, STATE };

typedef struct Blocked {
    const char *timeout;
    DnErr *err;
} Blocked;

/* Only a lock of that mode is in our way; one that is waited for counts, as we queue behind it. */
static const char holders_sql[] =
    "SELECT l.pid, n.nspname || '.' || c.relname, l.granted, "
    "pg_catalog.floor(EXTRACT(epoch FROM pg_catalog.clock_timestamp() - "
    "COALESCE(a.xact_start, a.query_start)))::pg_catalog.int8, "
    "a.application_name, a.state "
    "FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'relation' AND l.mode = 'AccessExclusiveLock' AND l.pid <> "
    "pg_catalog.pg_backend_pid() "
    "AND l.relation = ANY ($1::pg_catalog.oid[]) AND l.database = (SELECT d.oid FROM pg_catalog.pg_database "
    "d "
    "WHERE d.datname = pg_catalog.current_database()) ORDER BY l.granted DESC, 4 DESC NULLS LAST";

static DnStatus take_holders(void *ctx, const DnRows *rows, DnErr *err) {
    const Blocked *blocked = ctx;
    (void)err;
    if (!dn_rows_count(rows)) {
        return DN_OK;
    }
    const char *relation = dn_rows_str(rows, 0, RELATION);
    const char *program = dn_rows_str(rows, 0, PROGRAM);
    const char *state = dn_rows_text(rows, 0, STATE);
    DnBuf text = {0};
    dn_buf_fmt(&text, "table \"%s\" could not be locked within %s: session %d", relation, blocked->timeout,
               dn_rows_int(rows, 0, PID));
    dn_buf_fmt(&text, *program ? " of \"%s\"" : "%s", program);
    dn_buf_str(&text, dn_rows_bool(rows, 0, GRANTED) ? " has it locked" : " waits to change it");
    if (dn_rows_text(rows, 0, SECONDS)) {
        dn_buf_fmt(&text, ", in a transaction of %lld s", (long long)dn_rows_int64(rows, 0, SECONDS));
    }
    dn_buf_fmt(&text, state ? " (%s)" : "%s", state ? state : "");
    (void)dn_err(blocked->err, DN_E_QUERY, "%s", dn_buf_text(&text));
    dn_err_object(blocked->err, "%s", relation);
    dn_buf_deinit(&text);
    return DN_OK;
}

static void write_tables(DnBuf *list, const DnModel *model) {
    dn_buf_char(list, '{');
    for (size_t i = 0; i < model->objects.count; i++) {
        if (dn_locks_needed(model->objects.items[i])) {
            dn_buf_fmt(list, "%s%u", list->size > 1 ? "," : "", model->objects.items[i]->oid);
        }
    }
    dn_buf_char(list, '}');
}

DnStatus dn_blocked_tell(DnConn *conn, const DnModel *model, const char *timeout, DnErr *err) {
    const DnErr refusal = *err;
    DnErr unasked; /* what fails now is of less interest */
    Blocked blocked = {.timeout = timeout, .err = err};
    DnBuf tables = {0};
    write_tables(&tables, model);
    const DnRequest requests[] = {
        {.what = "beginning a transaction", .sql = "BEGIN READ ONLY"},
        {.what = "changing settings", .sql = "SELECT pg_catalog.set_config('search_path', '', true)"},
        {.what = "looking who holds the lock",
         .sql = holders_sql,
         .param = dn_buf_text(&tables),
         .rows = take_holders,
         .ctx = &blocked},
    };
    DnStatus status = dn_buf_failed(&tables) ? DN_E_NOMEM : dn_session_roll_back(conn, &unasked);
    bool known = status == DN_OK && dn_conn_batch(conn, requests, DN_COUNT(requests), &unasked) == DN_OK;
    dn_buf_deinit(&tables);
    dn_err_sqlstate(err, refusal.sqlstate);
    dn_err_server(err, refusal.server);
    dn_err_query(err, refusal.query);
    dn_err_hint(err, "%s the lock more time with --lock-wait-timeout.",
                known ? "Wait for that session to end, or give" : "Give");
    return err->status;
}
