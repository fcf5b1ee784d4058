#include "dumper/pg/reach.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/race.h"
#include "dumper/pg/refusal.h"

/* For names and addresses, where nobody said how long. */
enum { DEFAULT_SECONDS = 10 };

typedef struct Reach {
    const DnConnOptions *options;
    const DnReachOptions *how;
    char host[256], port[16];
    bool is_ours; /* one host with a name: its addresses race */
    bool is_one;  /* another one can take its place */
    unsigned seconds;
} Reach;

typedef enum Outcome {
    OPENED,
    FINAL,   /* nothing to be gained by trying again */
    PASSING, /* the server was reached, and may take us in a moment */
    UNREACHED,
    UNREACHED_PASSING
} Outcome;

static void tell(const Reach *reach, const char *before, const char *text, const char *after) {
    if (reach->how->log) {
        char line[1280];
        (void)snprintf(line, sizeof line, "%s%s%s", before, text, after);
        reach->how->log(reach->how->log_ctx, line);
    }
}

/* ---- What libpq would do --------------------------------------------------------- */

static const char *value_of(const PQconninfoOption *options, const char *keyword) {
    for (const PQconninfoOption *o = options; o->keyword; o++) {
        if (strcmp(o->keyword, keyword) == 0) {
            return o->val ? o->val : "";
        }
    }
    return "";
}

static bool is_number(const char *text) {
    return *text && !text[strspn(text, "0123456789")];
}

/* A given hostaddr can't be taken back, and ports come in lists as hosts do. */
static bool is_one_host(const PQconninfoOption *o) {
    return !*value_of(o, "hostaddr") && !strchr(value_of(o, "host"), ',');
}

/* A name or an address, and nothing that libpq would choose by. */
static bool can_race(const PQconninfoOption *o) {
    const char *host = value_of(o, "host");
    const char *attrs = value_of(o, "target_session_attrs");
    const char *balance = value_of(o, "load_balance_hosts"); /* libpq 16 */
    return is_one_host(o) && *host && *host != '/' && *host != '@' &&
           (!*attrs || strcmp(attrs, "any") == 0) && (!*balance || strcmp(balance, "disable") == 0);
}

/* libpq reads the options, its environment and the service file, and stops before it connects: at a setting
   that has no such value. */
static void ask_libpq(Reach *reach) {
    const DnConnOptions *o = reach->options;
    const char *names[] = {"host", "port", "dbname", "channel_binding", NULL};
    const char *values[] = {o->host, o->port, o->dbname, "no such value", NULL};
    PGconn *pg = PQconnectStartParams(names, values, 1);
    PQconninfoOption *options = pg ? PQconninfo(pg) : NULL;
    if (options) {
        const char *port = value_of(options, "port");
        port = *port ? port : "5432";
        long seconds = strtol(value_of(options, "connect_timeout"), NULL, 10);
        if (!reach->how->seconds && seconds > 0 && seconds < 1000000) {
            reach->seconds = (unsigned)(seconds < 2 ? 2 : seconds); /* libpq's own minimum */
        }
        int host = snprintf(reach->host, sizeof reach->host, "%s", value_of(options, "host"));
        reach->is_one = is_one_host(options);
        reach->is_ours = !dn_refusal_may_quote_secret(o->dbname) && can_race(options) && is_number(port) &&
                         strlen(port) < sizeof reach->port && host < (int)sizeof reach->host;
        (void)snprintf(reach->port, sizeof reach->port, "%s", reach->is_ours ? port : "");
    }
    PQconninfoFree(options);
    PQfinish(pg);
}

/* ---- One attempt ----------------------------------------------------------------- */

/* Passing states of a server: starting up or shutting down, too many connections. */
static bool may_pass(const DnErr *err) {
    static const char *const words[] = {"Connection refused", "Connection reset",
                                        "server closed the connection unexpectedly", NULL};
    if (err->sqlstate[0]) {
        return strcmp(err->sqlstate, "57P03") == 0 || strcmp(err->sqlstate, "53300") == 0;
    }
    for (size_t i = 0; words[i]; i++) {
        if (strstr(err->server, words[i])) {
            return true;
        }
    }
    return false;
}

/* Hands the connection over to libpq; `hostaddr` NULL leaves the finding to it as well. */
static Outcome log_in(const Reach *reach, const char *host, const char *hostaddr, int64_t deadline,
                      DnConn **out, DnErr *err) {
    DnConnOptions options = *reach->options;
    options.address = (DnConnAddress){.host = host, .hostaddr = hostaddr};
    int64_t began = dn_now_ms();
    DnStatus status = dn_conn_open_once(&options, reach->seconds ? deadline : -1, out, err);
    char after[48];
    (void)snprintf(after, sizeof after, " after %lld ms", (long long)(dn_now_ms() - began));
    if (status == DN_OK) {
        tell(reach, "connected", "", after);
        return OPENED;
    }
    if (status == DN_E_CONNECT) {
        tell(reach, "could not connect: ", err->message, after);
    }
    if (status != DN_E_CONNECT) {
        return FINAL;
    }
    bool unreached = !hostaddr && !err->sqlstate[0] && err->server[0];
    return may_pass(err) ? (unreached ? UNREACHED_PASSING : PASSING) : unreached ? UNREACHED : FINAL;
}

static Outcome race_and_log_in(const Reach *reach, const char *host, DnConn **out, DnErr *err) {
    char address[DN_RACE_ADDRESS_SIZE];
    bool passing = false;
    const DnRaceOptions race = {
        .host = host,
        .port = reach->port,
        .prefer = reach->how->prefer,
        .deadline = dn_now_ms() + (int64_t)(reach->seconds ? reach->seconds : DEFAULT_SECONDS) * 1000,
        .cancel = reach->options->cancel,
        .stop = reach->options->stop,
        .log = reach->how->log,
        .log_ctx = reach->how->log_ctx};
    DnStatus status = dn_race(&race, address, &passing, err);
    if (status == DN_OK) {
        return log_in(reach, host, address, race.deadline, out, err);
    }
    return status != DN_E_CONNECT ? FINAL : passing ? UNREACHED_PASSING : UNREACHED;
}

static int64_t deadline_of(const Reach *reach) {
    return dn_now_ms() + (int64_t)reach->seconds * 1000;
}

/* ---- All of them ----------------------------------------------------------------- */

/* The fallbacks in their order: other addresses of the same name, then other names. The error that counts is
   that of the server which was asked for, unless a fallback was reached. */
static Outcome fall_back(const Reach *reach, Outcome outcome, DnConn **out, DnErr *err) {
    const char *const *addresses = reach->how->fallback_hostaddrs;
    const char *const *hosts = reach->how->fallback_hosts;
    for (size_t i = 0; outcome >= UNREACHED && addresses && addresses[i]; i++) {
        DnErr own = {0};
        tell(reach, "falling back to address ", addresses[i], "");
        const char *host = reach->is_ours ? reach->host : NULL;
        Outcome next = log_in(reach, host, addresses[i], deadline_of(reach), out, &own);
        if (next == OPENED || own.status != DN_E_CONNECT || own.sqlstate[0]) {
            *err = own;
            return next;
        }
    }
    for (size_t i = 0; outcome >= UNREACHED && hosts && hosts[i]; i++) {
        DnErr own = {0};
        tell(reach, "falling back to host ", hosts[i], "");
        Outcome next = reach->is_ours && *hosts[i] != '/'
                           ? race_and_log_in(reach, hosts[i], out, &own)
                           : log_in(reach, hosts[i], NULL, deadline_of(reach), out, &own);
        if (next < UNREACHED) {
            *err = own;
            return next;
        }
    }
    return outcome;
}

DnStatus dn_reach(const DnConnOptions *options, DnConn **out, DnErr *err) {
    Reach reach = {.options = options, .how = options->reach, .seconds = options->reach->seconds};
    ask_libpq(&reach);
    for (unsigned tries = 0;; tries++) {
        *err = (DnErr){0};
        Outcome outcome = reach.is_ours ? race_and_log_in(&reach, reach.host, out, err)
                                        : log_in(&reach, NULL, NULL, deadline_of(&reach), out, err);
        outcome = reach.is_one ? fall_back(&reach, outcome, out, err) : outcome;
        bool passing = outcome == PASSING || outcome == UNREACHED_PASSING;
        if (outcome == OPENED || !passing || tries >= reach.how->retries) {
            return outcome == OPENED ? DN_OK : err->status;
        }
        tell(&reach, "trying again in a moment", "", "");
        if (!dn_wait_ms(dn_backoff_ms(tries + 1), options->cancel, options->stop)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled while connecting");
        }
    }
}
