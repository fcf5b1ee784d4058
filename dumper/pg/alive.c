#include "dumper/pg/alive.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/cancel.h"
#include "common/clock.h"

/* ---- Keepalives ------------------------------------------------------------------ */

/* A peer that is gone is known after two minutes. The system's own figures are for two hours and more. */
static const struct {
    const char *keyword;
    int option, value;
} keepalives[] = {
    {"keepalives_idle", TCP_KEEPIDLE, 60},
    {"keepalives_interval", TCP_KEEPINTVL, 15},
    {"keepalives_count", TCP_KEEPCNT, 4},
};

static const char *value_of(const PQconninfoOption *options, const char *keyword) {
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (strcmp(o->keyword, keyword) == 0) {
            return o->val ? o->val : "";
        }
    }
    return "";
}

void dn_alive_keep(PGconn *pg) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (getpeername(PQsocket(pg), (struct sockaddr *)&peer, &size) != 0 ||
        (peer.ss_family != AF_INET && peer.ss_family != AF_INET6)) {
        return;
    }
    PQconninfoOption *options = PQconninfo(pg);
    bool wanted = options && strcmp(value_of(options, "keepalives"), "0") != 0;
    for (size_t i = 0; wanted && i < sizeof keepalives / sizeof *keepalives; i++) {
        if (!*value_of(options, keepalives[i].keyword)) {
            /* A system that can't goes on with its own figures, as it does with libpq. */
            (void)setsockopt(PQsocket(pg), IPPROTO_TCP, keepalives[i].option, &keepalives[i].value,
                             sizeof keepalives[i].value);
        }
    }
    PQconninfoFree(options);
}

/* ---- Asking ---------------------------------------------------------------------- */

/* To the very address that the connection has, with all of its parameters. */
static PGconn *start_like(PGconn *pg) {
    enum { MOST = 80 };
    const char *names[MOST + 1] = {NULL};
    const char *values[MOST + 1] = {NULL};
    PQconninfoOption *options = PQconninfo(pg);
    size_t count = 0;
    for (const PQconninfoOption *o = options; o && o->keyword && count < MOST; o++) {
        bool is_address = strcmp(o->keyword, "host") == 0 || strcmp(o->keyword, "hostaddr") == 0 ||
                          strcmp(o->keyword, "port") == 0;
        if (o->val && !is_address) {
            names[count] = o->keyword;
            values[count++] = o->val;
        }
    }
    const char *const address[][2] = {
        {"host", PQhost(pg)}, {"hostaddr", PQhostaddr(pg)}, {"port", PQport(pg)}};
    for (size_t i = 0; i < 3 && count < MOST; i++) {
        if (address[i][1] && *address[i][1]) {
            names[count] = address[i][0];
            values[count++] = address[i][1];
        }
    }
    PGconn *probe = options ? PQconnectStartParams(names, values, 0) : NULL;
    PQconninfoFree(options);
    return probe;
}

static bool wait_for(const DnConn *probe, short events, int64_t deadline) {
    return dn_conn_wait_until(probe, events, deadline) && !dn_cancel_requested(probe->cancel) &&
           !dn_cancel_requested(probe->stop);
}

static bool log_in(const DnConn *probe, int64_t deadline) {
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;
    while (PQstatus(probe->pg) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
           state != PGRES_POLLING_FAILED) {
        if (!wait_for(probe, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline)) {
            return false;
        }
        state = PQconnectPoll(probe->pg);
    }
    return state == PGRES_POLLING_OK;
}

/* A session that has sent everything waits for the client's next words, one that can't send for the client to
   take them: wait events of the class Client. */
static bool is_at_work(const DnConn *probe, int backend, int64_t deadline) {
    static const char sql[] = "SELECT a.wait_event_type IS DISTINCT FROM 'Client' "
                              "FROM pg_catalog.pg_stat_activity a WHERE a.pid = $1::pg_catalog.int4";
    char pid[16];
    (void)snprintf(pid, sizeof pid, "%d", backend);
    const char *const values[] = {pid};
    bool sent = PQsendQueryParams(probe->pg, sql, 1, NULL, values, NULL, NULL, 0);
    while (sent && PQisBusy(probe->pg)) {
        sent = wait_for(probe, POLLIN, deadline) && PQconsumeInput(probe->pg);
    }
    PGresult *result = sent ? PQgetResult(probe->pg) : NULL;
    bool at_work = PQntuples(result) == 1 && strcmp(PQgetvalue(result, 0, 0), "t") == 0;
    PQclear(result);
    return at_work;
}

bool dn_alive_ask(const DnConn *conn) {
    int64_t deadline = dn_now_ms() + DN_ALIVE_ASK_MS;
    const DnConn probe = {.pg = start_like(conn->pg), .cancel = conn->cancel, .stop = conn->stop};
    int backend = conn->backend ? conn->backend : PQbackendPID(conn->pg);
    bool at_work = probe.pg && log_in(&probe, deadline) && is_at_work(&probe, backend, deadline);
    PQfinish(probe.pg);
    return at_work;
}
