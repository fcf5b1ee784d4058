/* pooled.c - whether a pooler in transaction mode stands between us and the server. */
#include "dumper/pg/conn.h"

enum { PROBE_SECONDS = 3 };

static DnStatus take_pid(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    *(int *)ctx = dn_rows_count(rows) ? dn_rows_int(rows, 0, 0) : 0;
    return DN_OK;
}

static DnRequest ask_pid(int *pid) {
    return (DnRequest){.what = "asking which process this is",
                       .sql = "SELECT pg_catalog.pg_backend_pid()",
                       .rows = take_pid,
                       .ctx = pid};
}

/* Whether a session that is open at the same time has the very process that ours had, or takes it away from
   ours. Where the second one has to wait for a process, each session has one of its own. */
static bool shares_process(DnConn *conn, const DnConnOptions *again, int pid) {
    DnConn *other = NULL;
    DnErr ignored = {0};
    int others = 0;
    int mine_by_then = pid;
    DnConnOptions options = *again;
    options.address = dn_conn_address(conn);
    options.reach = NULL;
    options.seconds = PROBE_SECONDS;
    options.notice = NULL;
    if (dn_conn_open(&options, &other, &ignored) != DN_OK) {
        return false;
    }
    const DnRequest begin[] = {{.what = "beginning a transaction", .sql = "BEGIN READ ONLY"},
                               ask_pid(&others)};
    const DnRequest mine = ask_pid(&mine_by_then);
    const DnRequest end = {.what = "ending the transaction", .sql = "ROLLBACK"};
    dn_conn_limit(other, PROBE_SECONDS * 1000);
    bool held = dn_conn_batch(other, begin, 2, &ignored) == DN_OK;
    if (held && others != pid) {
        dn_conn_limit(conn, PROBE_SECONDS * 1000);
        mine_by_then = dn_conn_batch(conn, &mine, 1, &ignored) == DN_OK ? mine_by_then : 0;
        dn_conn_limit(conn, 0);
    }
    if (held && dn_conn_batch(other, &end, 1, &ignored) != DN_OK) {
        others = 0;
    }
    dn_conn_close(other);
    return held && (others == pid || mine_by_then != pid);
}

/* A pooler tells a process of its own when it takes the connection. */
DnStatus dn_conn_is_pooled(DnConn *conn, const DnConnOptions *again, bool *pooled, DnErr *err) {
    int pid = 0;
    const DnRequest mine = ask_pid(&pid);
    DnStatus status = dn_conn_batch(conn, &mine, 1, err);
    *pooled = status == DN_OK && pid != dn_conn_backend_pid(conn) && shares_process(conn, again, pid);
    return status;
}
