#include "dumper/pg/conn.h"

#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "common/err.h"
#include "dumper/pg/alive.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/reach.h"
#include "dumper/pg/refusal.h"
#include "dumper/pg/stop.h"

#ifndef LIBPQ_HAS_PIPELINING
#error "dumpnative needs libpq 14 or newer: pipeline mode"
#endif

/* ---- Opening --------------------------------------------------------------------- */

static void on_notice(void *ctx, const PGresult *result) {
    DnConn *conn = ctx;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    if (conn->notice && text) {
        DnErr line; /* borrowed for its flattening of control characters */
        (void)dn_err(&line, DN_OK, "%s: %s", severity ? severity : "NOTICE", text);
        conn->notice(conn->notice_ctx, line.message);
    }
}

/* How long one attempt may take: libpq leaves connect_timeout to the caller of PQconnectPoll. */
static int connect_timeout_ms(PGconn *pg) {
    int seconds = 0;
    PQconninfoOption *options = PQconninfo(pg);
    for (PQconninfoOption *o = options; o && o->keyword; o++) {
        if (strcmp(o->keyword, "connect_timeout") == 0 && o->val) {
            seconds = (int)strtol(o->val, NULL, 10);
        }
    }
    PQconninfoFree(options);
    return seconds > 0 ? (seconds < 2 ? 2 : seconds) * 1000 : -1; /* libpq's own minimum is 2 s */
}

/* A server that was reached once answers soon; of another one only its silence tells. */
enum { KNOWN_ADDRESS_MS = 10000 };

/* `deadline` -1: connect_timeout's; without one, the time that silence may last. */
static DnStatus poll_connection(DnConn *conn, const DnConnOptions *options, int64_t deadline, DnErr *err) {
    int64_t began = dn_now_ms();
    if (deadline < 0) {
        bool is_known = !options->reach && (options->address.host || options->address.hostaddr);
        int timeout = connect_timeout_ms(conn->pg);
        timeout = timeout < 0 && conn->stall_ms ? conn->stall_ms : timeout;
        timeout = is_known && (timeout < 0 || timeout > KNOWN_ADDRESS_MS) ? KNOWN_ADDRESS_MS : timeout;
        deadline = timeout < 0 ? -1 : began + timeout;
    }
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK && state != PGRES_POLLING_FAILED) {
        if (!dn_conn_wait_until(conn, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
            return dn_refusal_silent(conn->pg, (double)(dn_now_ms() - began) / 1000, err);
        }
        if (dn_conn_is_stopped(conn)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled while connecting");
        }
        state = PQconnectPoll(conn->pg);
    }
    if (state == PGRES_POLLING_OK) {
        return DN_OK;
    }
    return dn_refusal_connect(conn->pg, options->dbname, err);
}

enum { MOST_STALL_SECONDS = 2000000 }; /* in milliseconds they fit into an int */

DnStatus dn_conn_open_once(const DnConnOptions *options, int64_t deadline, DnConn **out, DnErr *err) {
    const char *names[] = {"host",
                           "port",
                           "user",
                           "password",
                           "dbname",
                           "fallback_application_name",
                           "client_encoding",
                           "host",
                           "hostaddr",
                           "port",
                           "user",
                           "dbname",
                           "sslmode",
                           NULL};
    /* A NULL value makes libpq use its default, an earlier value stays. */
    const char *values[] = {
        options->host,
        options->port,
        options->user,
        options->password,
        options->dbname,
        options->program,
        options->encoding,
        options->address.host,
        options->address.hostaddr,
        options->address.port,
        options->address.user,
        options->database, /* libpq looks into the first dbname only: this is just a name */
        options->sslmode,
        NULL};
    DnConn *conn = calloc(1, sizeof *conn);
    if (!conn) {
        return dn_err_nomem(err);
    }
    conn->cancel = options->cancel;
    conn->stop = options->stop;
    conn->notice = options->notice;
    conn->notice_ctx = options->notice_ctx;
    conn->stall_ms = options->stall_seconds < MOST_STALL_SECONDS ? (int)options->stall_seconds * 1000 : 0;
    DnStatus status = DN_OK;
    conn->pg = PQconnectStartParams(names, values, 1);
    if (!conn->pg) {
        status = dn_err_nomem(err);
    } else if (PQstatus(conn->pg) == CONNECTION_BAD) {
        status = dn_refusal_connect(conn->pg, options->dbname, err);
    } else {
        (void)PQsetNoticeReceiver(conn->pg, on_notice, conn);
        if (options->reach) {
            /* The SQLSTATE of a refused connection stands in libpq's text only, and only so. */
            (void)PQsetErrorVerbosity(conn->pg, PQERRORS_VERBOSE);
        }
        status = poll_connection(conn, options, deadline, err);
        (void)PQsetErrorVerbosity(conn->pg, PQERRORS_DEFAULT);
    }
    if (status != DN_OK) {
        dn_conn_close(conn);
        return status;
    }
    dn_alive_keep(conn->pg);
    conn->stopper = PQgetCancel(conn->pg);
    /* A peer that does not read must not keep us from seeing the cancel handle. */
    if (PQsetnonblocking(conn->pg, 1) != 0) {
        status = dn_refusal_lost(conn->pg, "connecting", err);
        dn_conn_close(conn);
        return status;
    }
    *out = conn;
    return DN_OK;
}

DnStatus dn_conn_open(const DnConnOptions *options, DnConn **out, DnErr *err) {
    bool is_known = options->address.host || options->address.hostaddr;
    int64_t deadline = options->seconds ? dn_now_ms() + (int64_t)options->seconds * 1000 : -1;
    return options->reach && !is_known ? dn_reach(options, out, err)
                                       : dn_conn_open_once(options, deadline, out, err);
}

/* Of a connection that was lost nobody knows what its session does. */
static bool may_be_at_work(const DnConn *conn) {
    PGTransactionStatusType state = PQtransactionStatus(conn->pg);
    return state == PQTRANS_ACTIVE || state == PQTRANS_UNKNOWN;
}

void dn_conn_close(DnConn *conn) {
    if (!conn) {
        return;
    }
    PQfreemem(conn->row);
    dn_buf_deinit(&conn->line);
    PQclear(conn->lent.result);
    if (may_be_at_work(conn)) {
        dn_stop_query(conn->stopper);
        conn->stopper = NULL;
    }
    PQfreeCancel(conn->stopper);
    PQfinish(conn->pg);
    free(conn);
}

int dn_conn_server_version(const DnConn *conn) {
    return PQserverVersion(conn->pg);
}

const char *dn_conn_database(const DnConn *conn) {
    return PQdb(conn->pg);
}

int dn_conn_backend(const DnConn *conn) {
    return conn->backend;
}

void dn_conn_set_backend(DnConn *conn, int pid) {
    conn->backend = pid;
}

const char *dn_conn_parameter(const DnConn *conn, const char *name) {
    return PQparameterStatus(conn->pg, name);
}

DnConnAddress dn_conn_address(const DnConn *conn) {
    return (DnConnAddress){.host = PQhost(conn->pg),
                           .hostaddr = PQhostaddr(conn->pg),
                           .port = PQport(conn->pg),
                           .user = PQuser(conn->pg)};
}

int dn_conn_backend_pid(const DnConn *conn) {
    return PQbackendPID(conn->pg);
}

void dn_conn_limit(DnConn *conn, unsigned milliseconds) {
    conn->expires = milliseconds ? dn_now_ms() + milliseconds : 0;
}

bool dn_conn_is_local(const DnConn *conn) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (getpeername(PQsocket(conn->pg), (struct sockaddr *)&peer, &size) != 0) {
        return false;
    }
    if (peer.ss_family == AF_INET) {
        return ntohl(((const struct sockaddr_in *)&peer)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    return peer.ss_family == AF_UNIX ||
           (peer.ss_family == AF_INET6 &&
            IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)&peer)->sin6_addr));
}

void dn_conn_watch(DnConn *conn, DnCancel *stop, void (*notice)(void *ctx, const char *text), void *ctx) {
    conn->stop = stop;
    conn->notice = notice;
    conn->notice_ctx = ctx;
}
