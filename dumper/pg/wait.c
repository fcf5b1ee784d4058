#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>

#include "common/cancel.h"
#include "common/clock.h"
#include "common/err.h"
#include "dumper/pg/alive.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"
#include "dumper/pg/stop.h"

bool dn_conn_is_stopped(const DnConn *conn) {
    return dn_cancel_requested(conn->cancel) || dn_cancel_requested(conn->stop);
}

DnStatus dn_conn_cancelled(DnConn *conn, DnErr *err) {
    dn_stop_query(conn->stopper);
    conn->stopper = NULL;
    return dn_err(err, DN_E_CANCELLED, "cancelled");
}

/* At least one look, whatever `deadline` is. */
bool dn_conn_wait_until(const DnConn *conn, short events, int64_t deadline) {
    struct pollfd fds[] = {{.fd = PQsocket(conn->pg), .events = events},
                           {.fd = dn_cancel_fd(conn->cancel), .events = POLLIN},
                           {.fd = dn_cancel_fd(conn->stop), .events = POLLIN}};
    for (;;) {
        int64_t left = deadline < 0 ? -1 : deadline - dn_now_ms();
        int timeout = deadline < 0 ? -1 : left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
        int ready = poll(fds, sizeof fds / sizeof *fds, timeout);
        if (ready > 0 || (ready < 0 && errno != EINTR)) {
            return true;
        }
        if (deadline >= 0 && left <= 0) {
            return false;
        }
    }
}

/* False when the silence lasts, and the server isn't at work for us. */
static bool wait_for_server(const DnConn *conn, short events) {
    int64_t deadline = conn->expires;
    if (deadline) {
        return dn_conn_wait_until(conn, events, deadline);
    }
    do {
        deadline = conn->stall_ms ? dn_now_ms() + conn->stall_ms : -1;
        if (dn_conn_wait_until(conn, events, deadline)) {
            return true;
        }
    } while (dn_alive_ask(conn));
    return dn_conn_wait_until(conn, events, 0); /* it may have come in the meantime */
}

/* Encrypted bytes come in pieces of up to 16 KB, of which libpq takes what its buffer has room for, 8 KB at
   least. The rest is decrypted by then, and the socket knows nothing of it; nor tells a libpq older than
   2026. So while the socket is silent, a second look comes before the wait: it takes all that is left. */
static bool may_hold_more(const DnConn *conn, short events) {
    bool encrypted = PQsslInUse(conn->pg) || PQgssEncInUse(conn->pg);
    return encrypted && !conn->looked && !dn_conn_wait_until(conn, events, 0);
}

static DnStatus wait_and_take(DnConn *conn, short events, const char *what, DnErr *err) {
    conn->looked = may_hold_more(conn, events);
    if (!conn->looked && !wait_for_server(conn, events)) {
        return dn_refusal_stalled(conn->stall_ms / 1000, what, err);
    }
    if (dn_conn_is_stopped(conn)) {
        return dn_conn_cancelled(conn, err);
    }
    return PQconsumeInput(conn->pg) ? DN_OK : dn_refusal_lost(conn->pg, what, err);
}

DnStatus dn_conn_wait(DnConn *conn, const char *what, DnErr *err) {
    int unsent = PQflush(conn->pg);
    return unsent < 0 ? dn_refusal_lost(conn->pg, what, err)
                      : wait_and_take(conn, unsent ? POLLIN | POLLOUT : POLLIN, what, err);
}

/* Not with dn_conn_wait(): once all is sent there may be nothing that the server has to say. */
DnStatus dn_conn_flush(DnConn *conn, const char *what, DnErr *err) {
    DnStatus status = DN_OK;
    int unsent = 0;
    while (!status && (unsent = PQflush(conn->pg)) > 0) {
        status = wait_and_take(conn, POLLIN | POLLOUT, what, err);
    }
    return unsent < 0 ? dn_refusal_lost(conn->pg, what, err) : status;
}

DnStatus dn_conn_result(DnConn *conn, const char *what, PGresult **result, DnErr *err) {
    while (PQisBusy(conn->pg)) {
        DnStatus status = dn_conn_wait(conn, what, err);
        if (status != DN_OK) {
            return status;
        }
    }
    *result = PQgetResult(conn->pg);
    return DN_OK;
}

bool dn_conn_is_there(DnConn *conn) {
    struct pollfd fd = {.fd = PQsocket(conn->pg), .events = POLLIN};
    while (PQstatus(conn->pg) == CONNECTION_OK && poll(&fd, 1, 0) > 0) {
        if (!PQconsumeInput(conn->pg)) {
            return false;
        }
        (void)PQisBusy(conn->pg); /* reads what came, which else would stay in the buffer */
    }
    return PQstatus(conn->pg) == CONNECTION_OK;
}
