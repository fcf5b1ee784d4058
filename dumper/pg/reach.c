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
#include "dumper/pg/remember.h"

/* For names and addresses, where nobody said how long. */
enum { DEFAULT_SECONDS = 10 };

typedef struct Reach {
    const DnConnOptions *options;
    const DnReachOptions *how;
    char host[256], port[16];
    bool is_ours; /* one host with a name: its addresses race */
    bool is_one;  /* another one can take its place */
    bool proves;  /* the server has to prove its name */
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

static bool is_number(const char *text) {
    return *text && !text[strspn(text, "0123456789")];
}

/* A given hostaddr can't be taken back, and ports come in lists as hosts do. */
static bool is_one_host(const PQconninfoOption *o) {
    return !*dn_conninfo_value(o, "hostaddr") && !strchr(dn_conninfo_value(o, "host"), ',');
}

/* A name or an address, and nothing that libpq would choose by. */
static bool can_race(const PQconninfoOption *o) {
    const char *host = dn_conninfo_value(o, "host");
    const char *attrs = dn_conninfo_value(o, "target_session_attrs");
    const char *balance = dn_conninfo_value(o, "load_balance_hosts"); /* libpq 16 */
    return is_one_host(o) && *host && *host != '/' && *host != '@' &&
           (!*attrs || strcmp(attrs, "any") == 0) && (!*balance || strcmp(balance, "disable") == 0);
}

static void ask_libpq(Reach *reach) {
    const DnConnOptions *o = reach->options;
    PQconninfoOption *options = dn_conninfo_read(o);
    if (options) {
        const char *port = dn_conninfo_value(options, "port");
        port = *port ? port : "5432";
        long seconds = strtol(dn_conninfo_value(options, "connect_timeout"), NULL, 10);
        if (!reach->how->seconds && seconds > 0 && seconds < 1000000) {
            reach->seconds = (unsigned)(seconds < 2 ? 2 : seconds); /* libpq's own minimum */
        }
        int host = snprintf(reach->host, sizeof reach->host, "%s", dn_conninfo_value(options, "host"));
        reach->is_one = is_one_host(options);
        const char *sslmode = o->sslmode ? o->sslmode : dn_conninfo_value(options, "sslmode");
        reach->proves = strcmp(sslmode, "verify-full") == 0;
        reach->is_ours = !dn_refusal_may_quote_secret(o->dbname) && can_race(options) && is_number(port) &&
                         strlen(port) < sizeof reach->port && host < (int)sizeof reach->host;
        (void)snprintf(reach->port, sizeof reach->port, "%s", reach->is_ours ? port : "");
    }
    PQconninfoFree(options);
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

static int64_t deadline_in(unsigned seconds) {
    return dn_now_ms() + (int64_t)seconds * 1000;
}

/* Of an attempt that begins now; -1 leaves it to the connection. */
static int64_t deadline_of(const Reach *reach) {
    return reach->seconds ? deadline_in(reach->seconds) : -1;
}

/* Hands the connection over to libpq; `hostaddr` NULL leaves the finding to it as well. */
static Outcome log_in(const Reach *reach, DnConnAddress address, int64_t deadline, DnConn **out, DnErr *err) {
    DnConnOptions options = *reach->options;
    const char *hostaddr = address.hostaddr;
    options.address = address;
    int64_t began = dn_now_ms();
    DnStatus status = dn_conn_open_once(&options, deadline, out, err);
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

/* `to` has no hostaddr yet. */
static Outcome race_and_log_in(const Reach *reach, DnConnAddress to, DnRaceLoss *loss, DnConn **out,
                               DnErr *err) {
    char address[DN_RACE_ADDRESS_SIZE];
    const DnRaceOptions race = {.host = to.host,
                                .port = to.port ? to.port : reach->port,
                                .prefer = reach->how->prefer,
                                .deadline = deadline_in(reach->seconds ? reach->seconds : DEFAULT_SECONDS),
                                .cancel = reach->options->cancel,
                                .stop = reach->options->stop,
                                .log = reach->how->log,
                                .log_ctx = reach->how->log_ctx};
    DnStatus status = dn_race(&race, address, loss, err);
    if (status == DN_OK) {
        to.hostaddr = address;
        Outcome outcome = log_in(reach, to, reach->seconds ? race.deadline : -1, out, err);
        if (outcome == OPENED && reach->how->address_cache && !dn_is_address(to.host)) {
            dn_remember_put(reach->how->address_cache, race.host, race.port, address);
        }
        return outcome;
    }
    return status != DN_E_CONNECT ? FINAL : loss->may_pass ? UNREACHED_PASSING : UNREACHED;
}

/* ---- All of them ----------------------------------------------------------------- */

static DnConnAddress fallback_of(const DnReachOptions *how, const char *host) {
    return (DnConnAddress){
        .host = host, .user = how->fallback_user, .port = how->fallback_user ? "5432" : NULL};
}

static void tell_only_ipv6(const Reach *reach) {
    const char *const *hosts = reach->how->fallback_hosts;
    if (reach->how->only_ipv6) {
        *reach->how->only_ipv6 = true;
    }
    if (reach->how->warn && hosts && hosts[0]) {
        char line[640];
        (void)snprintf(
            line, sizeof line,
            "host \"%s\" has IPv6 addresses only, which can't be reached from here: using \"%.255s\"",
            reach->host, hosts[0]);
        reach->how->warn(reach->how->log_ctx, line);
    }
}

/* Another address of the same name. What went before stands, unless a server is there. */
static Outcome try_address(const Reach *reach, const char *address, int64_t deadline, Outcome before,
                           DnConn **out, DnErr *err) {
    DnErr own = {0};
    const DnConnAddress to = {.host = reach->is_ours ? reach->host : NULL, .hostaddr = address};
    Outcome next = log_in(reach, to, deadline, out, &own);
    if (next == OPENED || own.status != DN_E_CONNECT || own.sqlstate[0]) {
        *err = own;
        return next;
    }
    return before;
}

/* For a host whose name no resolver tells: where it was the last time. A name is proved by a certificate,
   whatever the address is; else it might be anybody's by now. */
static Outcome try_cached(const Reach *reach, Outcome outcome, DnConn **out, DnErr *err) {
    char address[DN_LAST_ADDRESS_SIZE];
    const char *cache = reach->how->address_cache;
    if (!cache || !dn_remember_find(cache, reach->host, reach->port, address)) {
        return outcome;
    }
    if (!reach->proves && !reach->how->use_cached_address) {
        tell(reach, "not using the address that worked last, ", address,
             ": without sslmode=verify-full it may be another server's by now");
        dn_err_hint(
            err,
            "Check the network and /etc/resolv.conf. The host last answered at %s: sslmode=verify-full "
            "or --use-cached-address takes that, --fallback-hostaddr any address.",
            address);
        return outcome;
    }
    tell(reach, "using the address that worked last, ", address, "");
    return try_address(reach, address, deadline_in(reach->seconds ? reach->seconds : DEFAULT_SECONDS),
                       outcome, out, err);
}

/* The fallbacks in their order: other addresses of the same name, then other names. The error that counts is
   that of the server which was asked for, unless a fallback was reached. */
static Outcome fall_back(const Reach *reach, Outcome outcome, DnConn **out, DnErr *err) {
    const char *const *addresses = reach->how->fallback_hostaddrs;
    const char *const *hosts = reach->how->fallback_hosts;
    for (size_t i = 0; outcome >= UNREACHED && addresses && addresses[i]; i++) {
        tell(reach, "falling back to address ", addresses[i], "");
        outcome = try_address(reach, addresses[i], deadline_of(reach), outcome, out, err);
    }
    for (size_t i = 0; outcome >= UNREACHED && hosts && hosts[i]; i++) {
        DnErr own = {0};
        DnRaceLoss loss = {0};
        const DnConnAddress to = fallback_of(reach->how, hosts[i]);
        tell(reach, "falling back to host ", hosts[i], "");
        Outcome next = reach->is_ours && *hosts[i] != '/' ? race_and_log_in(reach, to, &loss, out, &own)
                                                          : log_in(reach, to, deadline_of(reach), out, &own);
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
        DnRaceLoss loss = {0};
        const DnConnAddress asked = {.host = reach.is_ours ? reach.host : NULL};
        Outcome outcome = reach.is_ours ? race_and_log_in(&reach, asked, &loss, out, err)
                                        : log_in(&reach, asked, deadline_of(&reach), out, err);
        if (loss.only_ipv6) {
            tell_only_ipv6(&reach);
        }
        outcome = loss.unresolved ? try_cached(&reach, outcome, out, err) : outcome;
        outcome = reach.is_one ? fall_back(&reach, outcome, out, err) : outcome;
        /* A wrong port or a server that isn't up says the same at once, and most often it is one of these. */
        bool passing = outcome == PASSING || (outcome == UNREACHED_PASSING && reach.how->retry_refused);
        if (outcome == OPENED || !passing || tries >= reach.how->retries) {
            return outcome == OPENED ? DN_OK : err->status;
        }
        tell(&reach, "trying again in a moment", "", "");
        if (!dn_wait_ms(dn_backoff_ms(tries + 1), options->cancel, options->stop)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled while connecting");
        }
    }
}
