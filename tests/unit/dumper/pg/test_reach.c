/* What is tried after what, and how often: with races and log-ins of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/buf.h"
#include "common/clock.h"
#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/race.h"
#include "dumper/pg/reach.h"

/* ---- A world in which each step goes as it is told ------------------------------------------ */

static const char
    *steps; /* a letter each: o(k), r(efused), u(nreached), s(tarting up), p(assword), n(ot let in) */
static DnBuf done;

static void note(const char *what, const char *host, const char *hostaddr) {
    dn_buf_fmt(&done, "%s%s %s%s%s", done.size ? ", " : "", what, host ? host : "-", hostaddr ? "=" : "",
               hostaddr ? hostaddr : "");
}

static char next_step(void) {
    assert_true(*steps);
    return *steps++;
}

DnStatus dn_race(const DnRaceOptions *how, char address[DN_RACE_ADDRESS_SIZE], DnRaceLoss *loss, DnErr *err) {
    note("race", how->host, NULL);
    char step = next_step();
    *loss = (DnRaceLoss){.may_pass = step == 'r'};
    memcpy(address, "192.0.2.1", sizeof "192.0.2.1");
    return step == 'o' ? DN_OK : dn_err(err, DN_E_CONNECT, "%s not reached", how->host);
}

DnStatus dn_conn_open_once(const DnConnOptions *options, int64_t deadline, DnConn **out, DnErr *err) {
    (void)deadline;
    *out = NULL;
    note("log in", options->address.host, options->address.hostaddr);
    char step = next_step();
    if (step == 'o') {
        return DN_OK;
    }
    (void)dn_err(err, step == 'p' ? DN_E_PASSWORD : DN_E_CONNECT, "%s", step == 's' ? "starting up" : "no");
    dn_err_sqlstate(err, step == 's' ? "57P03" : step == 'n' ? "28000" : "");
    dn_err_server(err, step == 'r' ? "Connection refused" : "other words");
    return err->status;
}

int64_t dn_now_ms(void) {
    return 1000;
}

int64_t dn_backoff_ms(unsigned tries) {
    return tries;
}

bool dn_wait_ms(int64_t ms, const DnCancel *cancel, const DnCancel *stop) {
    (void)cancel;
    (void)stop;
    dn_buf_fmt(&done, ", wait %d", (int)ms);
    return true;
}

/* ---- Reaching --------------------------------------------------------------------------------- */

static const char *const other_hosts[] = {"b", "c", NULL};
static const char *const other_addresses[] = {"192.0.2.8", "192.0.2.9", NULL};

typedef struct Row {
    const char *dbname, *steps, *done;
    DnStatus status;
    unsigned retries;
    bool retry_refused;
    const char *const *hosts, *const *addresses;
} Row;

static void check_rows(const Row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const Row *row = &rows[i];
        const DnReachOptions how = {.retries = row->retries,
                                    .retry_refused = row->retry_refused,
                                    .fallback_hosts = row->hosts,
                                    .fallback_hostaddrs = row->addresses};
        const DnConnOptions options = {.dbname = row->dbname, .reach = &how};
        DnConn *conn = NULL;
        DnErr err = {0};
        steps = row->steps;
        DnStatus status = dn_reach(&options, &conn, &err);
        if (status != row->status || *steps || strcmp(dn_buf_text(&done), row->done) != 0) {
            fail_msg("row %zu: status %d, \"%s\", left \"%s\"", i, (int)status, dn_buf_text(&done), steps);
        }
        dn_buf_deinit(&done);
    }
}

#define CHECK(rows) check_rows(rows, sizeof(rows) / sizeof *(rows))

static void names_race_and_the_rest_is_libpq_s(void **state) {
    static const Row rows[] = {
        {.dbname = "host=a", .steps = "oo", .done = "race a, log in a=192.0.2.1"},
        {.dbname = "host=a target_session_attrs=any", .steps = "oo", .done = "race a, log in a=192.0.2.1"},
        {.dbname = "host=a target_session_attrs=read-write", .steps = "o", .done = "log in -"},
        {.dbname = "host=a,b", .steps = "o", .done = "log in -"},
        {.dbname = "host=a hostaddr=192.0.2.3", .steps = "o", .done = "log in -"},
        {.dbname = "host=/run/postgresql", .steps = "o", .done = "log in -"},
        {.dbname = "host=@abstract", .steps = "o", .done = "log in -"},
        /* The host may be a part of the password. */
        {.dbname = "postgresql://u:sec@ret@a/x", .steps = "o", .done = "log in -"},
    };
    (void)state;
    CHECK(rows);
}

static void what_can_pass_is_tried_again(void **state) {
    static const Row rows[] = {
        {.dbname = "host=a",
         .retries = 2,
         .steps = "on",
         .status = DN_E_CONNECT,
         .done = "race a, log in a=192.0.2.1"},
        {.dbname = "host=a",
         .retries = 2,
         .steps = "op",
         .status = DN_E_PASSWORD,
         .done = "race a, log in a=192.0.2.1"},
        {.dbname = "host=a", .retries = 2, .steps = "u", .status = DN_E_CONNECT, .done = "race a"},
        {.dbname = "host=a", .retries = 2, .steps = "r", .status = DN_E_CONNECT, .done = "race a"},
        {.dbname = "host=a",
         .retries = 1,
         .retry_refused = true,
         .steps = "rr",
         .status = DN_E_CONNECT,
         .done = "race a, wait 1, race a"},
        {.dbname = "host=/run",
         .retries = 1,
         .retry_refused = true,
         .steps = "ro",
         .done = "log in -, wait 1, log in -"},
        {.dbname = "host=a",
         .retries = 2,
         .steps = "osoo",
         .done = "race a, log in a=192.0.2.1, wait 1, race a, log in a=192.0.2.1"},
        {.dbname = "host=/run",
         .retries = 2,
         .steps = "sss",
         .status = DN_E_CONNECT,
         .done = "log in -, wait 1, log in -, wait 2, log in -"},
    };
    (void)state;
    CHECK(rows);
}

static void fallbacks_come_in_their_order(void **state) {
    static const Row rows[] = {
        {.dbname = "host=a",
         .addresses = other_addresses,
         .steps = "uuo",
         .done = "race a, log in a=192.0.2.8, log in a=192.0.2.9"},
        {.dbname = "host=a",
         .addresses = other_addresses,
         .hosts = other_hosts,
         .steps = "uuuuoo",
         .done = "race a, log in a=192.0.2.8, log in a=192.0.2.9, race b, race c, log in c=192.0.2.1"},
        {.dbname = "host=a",
         .hosts = other_hosts,
         .steps = "uuu",
         .status = DN_E_CONNECT,
         .done = "race a, race b, race c"},
        /* A server that was reached is the one. */
        {.dbname = "host=a",
         .hosts = other_hosts,
         .steps = "on",
         .status = DN_E_CONNECT,
         .done = "race a, log in a=192.0.2.1"},
        {.dbname = "host=a",
         .hosts = other_hosts,
         .steps = "uon",
         .status = DN_E_CONNECT,
         .done = "race a, race b, log in b=192.0.2.1"},
        /* A list has its own. */
        {.dbname = "host=a,z",
         .hosts = other_hosts,
         .steps = "u",
         .status = DN_E_CONNECT,
         .done = "log in -"},
    };
    (void)state;
    CHECK(rows);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_race_and_the_rest_is_libpq_s),
        cmocka_unit_test(what_can_pass_is_tried_again),
        cmocka_unit_test(fallbacks_come_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
