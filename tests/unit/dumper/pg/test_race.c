/* Which addresses are tried, in which order, and when: with a resolver and a network of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/clock.h"
#include "dumper/pg/lookup.h"
#include "dumper/pg/race.h"

/* ---- The resolver, in place of lookup.c ------------------------------------------------ */

typedef struct Names {
    const char *addresses[8];
    int code;       /* of the first answers */
    unsigned fails; /* how many of them; after them, the addresses. No addresses: EAI_NONAME */
    int delay_ms;
} Names;

static struct { Names ipv4, ipv6; } world;

struct DnLookup {
    int fd, code;
    int64_t ready_at;
    struct addrinfo infos[8];
    struct sockaddr_storage addresses[8];
};

static void add_address(DnLookup *lookup, int i, int family, const char *text) {
    struct sockaddr_in *v4 = (struct sockaddr_in *)&lookup->addresses[i];
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)&lookup->addresses[i];
    bool is_v4 = family == AF_INET;
    lookup->addresses[i].ss_family = (sa_family_t)family;
    assert_int_equal(inet_pton(family, text, is_v4 ? (void *)&v4->sin_addr : (void *)&v6->sin6_addr), 1);
    lookup->infos[i] = (struct addrinfo){.ai_family = family,
                                         .ai_addr = (struct sockaddr *)&lookup->addresses[i],
                                         .ai_addrlen = is_v4 ? sizeof *v4 : sizeof *v6};
    if (i > 0) {
        lookup->infos[i - 1].ai_next = &lookup->infos[i];
    }
}

DnLookup *dn_lookup_start(const char *host, const char *port, int family) {
    Names *names = family == AF_INET ? &world.ipv4 : &world.ipv6;
    DnLookup *lookup = calloc(1, sizeof *lookup);
    assert_non_null(lookup);
    assert_string_equal(host, "h");
    assert_string_equal(port, "5432");
    lookup->code = names->addresses[0] ? 0 : EAI_NONAME;
    if (names->fails) {
        names->fails--;
        lookup->code = names->code;
    }
    for (int i = 0; lookup->code == 0 && names->addresses[i]; i++) {
        add_address(lookup, i, family, names->addresses[i]);
    }
    const struct itimerspec when = {
        .it_value = {.tv_sec = names->delay_ms / 1000, .tv_nsec = names->delay_ms % 1000 * 1000000L + 1}};
    lookup->ready_at = dn_now_ms() + names->delay_ms;
    lookup->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    assert_int_equal(timerfd_settime(lookup->fd, 0, &when, NULL), 0);
    return lookup;
}

int dn_lookup_fd(const DnLookup *lookup) {
    return lookup->fd;
}

bool dn_lookup_answer(DnLookup *lookup, int *code, const struct addrinfo **list) {
    *code = lookup->code;
    *list = lookup->code == 0 ? lookup->infos : NULL;
    return dn_now_ms() >= lookup->ready_at;
}

void dn_lookup_end(DnLookup *lookup) {
    if (lookup) {
        (void)close(lookup->fd);
    }
    free(lookup);
}

/* ---- The network, in place of the system's ------------------------------------------------ */

static DnBuf tried; /* the last characters of the addresses, in their order */

/* The last digit tells what becomes of it: 1 is there, 6 swallows, 7 has no route, others refuse. */
int connect(int fd, const struct sockaddr *address, socklen_t size) {
    char text[INET6_ADDRSTRLEN] = "";
    const void *from = address->sa_family == AF_INET
                           ? (const void *)&((const struct sockaddr_in *)address)->sin_addr
                           : (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr;
    (void)size;
    assert_non_null(inet_ntop(address->sa_family, from, text, sizeof text));
    dn_buf_fmt(&tried, "%s%s", tried.size ? " " : "", text);
    char last = text[strlen(text) - 1];
    if (last == '6') {
        int silent = eventfd(0, EFD_CLOEXEC);
        const uint64_t full = UINT64_MAX - 1; /* not writable, as a connection under way */
        assert_int_equal(write(silent, &full, sizeof full), sizeof full);
        assert_int_equal(dup2(silent, fd), fd);
        (void)close(silent);
    }
    errno = last == '6' ? EINPROGRESS : last == '7' ? ENETUNREACH : ECONNREFUSED;
    return last == '1' ? 0 : -1;
}

/* ---- The race ----------------------------------------------------------------------------- */

typedef struct Outcome {
    DnStatus status;
    char address[DN_RACE_ADDRESS_SIZE];
    DnRaceLoss loss;
    DnErr err;
    int64_t took;
} Outcome;

static Outcome race(Names ipv4, Names ipv6, DnPrefer prefer, int limit_ms) {
    Outcome outcome = {0};
    int64_t began = dn_now_ms();
    const DnRaceOptions how = {.host = "h", .port = "5432", .prefer = prefer, .deadline = began + limit_ms};
    dn_buf_deinit(&tried);
    world.ipv4 = ipv4;
    world.ipv6 = ipv6;
    outcome.status = dn_race(&how, outcome.address, &outcome.loss, &outcome.err);
    outcome.took = dn_now_ms() - began;
    return outcome;
}

static void families_take_turns(void **state) {
    static const struct {
        Names ipv4, ipv6;
        DnPrefer prefer;
        const char *tried;
    } rows[] = {
        {{.addresses = {"10.0.0.2", "10.0.0.3", "10.0.0.4"}},
         {.addresses = {"fd::2"}},
         DN_PREFER_IPV4,
         "10.0.0.2 fd::2 10.0.0.3 10.0.0.4"},
        {{.addresses = {"10.0.0.2", "10.0.0.3"}},
         {.addresses = {"fd::2", "fd::3"}},
         DN_PREFER_IPV6,
         "fd::2 10.0.0.2 fd::3 10.0.0.3"},
        {{.addresses = {NULL}}, {.addresses = {"fd::2", "fd::3"}}, DN_PREFER_IPV4, "fd::2 fd::3"},
        {{.addresses = {"10.0.0.2", "10.0.0.1", "10.0.0.3"}},
         {.addresses = {"fd::2"}},
         DN_PREFER_IPV4,
         "10.0.0.2 fd::2 10.0.0.1"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)race(rows[i].ipv4, rows[i].ipv6, rows[i].prefer, 5000);
        assert_string_equal(dn_buf_text(&tried), rows[i].tried);
    }
}

static void a_hole_costs_a_quarter_of_a_second(void **state) {
    (void)state;
    Outcome one = race((Names){.addresses = {"10.0.0.6", "10.0.0.1"}}, (Names){0}, DN_PREFER_IPV4, 5000);
    assert_int_equal(one.status, DN_OK);
    assert_string_equal(one.address, "10.0.0.1");
    assert_in_range(one.took, DN_RACE_STAGGER_MS, 1500);
    Outcome two = race((Names){.addresses = {"10.0.0.6", "10.0.0.1"}}, (Names){.addresses = {"fd::6"}},
                       DN_PREFER_IPV6, 5000);
    assert_string_equal(dn_buf_text(&tried), "fd::6 10.0.0.6 10.0.0.1");
    assert_in_range(two.took, 2 * DN_RACE_STAGGER_MS, 2500);
}

static void a_slow_family_is_not_waited_for(void **state) {
    (void)state;
    Outcome late =
        race((Names){{"10.0.0.1"}, 0, 0, 3000}, (Names){.addresses = {"fd::1"}}, DN_PREFER_IPV4, 5000);
    assert_string_equal(late.address, "fd::1");
    assert_in_range(late.took, DN_RACE_RESOLVE_MS, 2500);
    Outcome soon =
        race((Names){{"10.0.0.1"}, 0, 0, 5}, (Names){.addresses = {"fd::1"}}, DN_PREFER_IPV4, 5000);
    assert_string_equal(soon.address, "10.0.0.1");
}

static void a_resolver_that_fails_is_asked_again(void **state) {
    (void)state;
    Outcome back =
        race((Names){{"10.0.0.1"}, EAI_AGAIN, 2, 0}, (Names){{NULL}, EAI_AGAIN, 99, 0}, DN_PREFER_IPV4, 9000);
    assert_int_equal(back.status, DN_OK);
    assert_in_range(back.took, (250 + 500) * 3 / 4, 6000);
    Outcome never =
        race((Names){{NULL}, EAI_AGAIN, 99, 0}, (Names){{NULL}, EAI_AGAIN, 99, 0}, DN_PREFER_IPV4, 600);
    assert_int_equal(never.status, DN_E_CONNECT);
    assert_non_null(strstr(never.err.message, "the resolver does not answer"));
    assert_in_range(never.took, 600, 3000);
}

static void a_loss_says_what_each_address_did(void **state) {
    static const struct {
        Names ipv4, ipv6;
        const char *message, *hint;
        bool may_pass, only_ipv6;
    } rows[] = {
        {{.addresses = {NULL}},
         {.addresses = {NULL}},
         "host \"h\" has no address: Name or service not known",
         "spelling",
         false,
         false},
        {{.addresses = {"10.0.0.2"}},
         {.addresses = {NULL}},
         "Connection refused (10.0.0.2)",
         "listen_addresses",
         true,
         false},
        {{.addresses = {"10.0.0.7"}},
         {.addresses = {NULL}},
         "Network is unreachable (10.0.0.7)",
         "no route",
         false,
         false},
        {{.addresses = {NULL}},
         {.addresses = {"fd::7"}},
         "Network is unreachable (fd::7)",
         "no route",
         false,
         true},
        {{.addresses = {"10.0.0.6"}},
         {.addresses = {"fd::7"}},
         "no answer (10.0.0.6), Network is unreachable (fd::7)",
         "firewall",
         false,
         false},
        {{.addresses = {"10.0.0.6", "10.0.0.2"}},
         {.addresses = {NULL}},
         "no answer (10.0.0.6), Connection refused (10.0.0.2)",
         "listen_addresses",
         true,
         false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Outcome lost = race(rows[i].ipv4, rows[i].ipv6, DN_PREFER_IPV4, 700);
        assert_int_equal(lost.status, DN_E_CONNECT);
        if (!strstr(lost.err.message, rows[i].message) || !strstr(lost.err.hint, rows[i].hint)) {
            fail_msg("row %zu: %s; %s", i, lost.err.message, lost.err.hint);
        }
        assert_int_equal(lost.loss.may_pass, rows[i].may_pass);
        assert_int_equal(lost.loss.only_ipv6, rows[i].only_ipv6);
    }
}

static int forget(void **state) {
    (void)state;
    dn_buf_deinit(&tried);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(families_take_turns),
        cmocka_unit_test(a_hole_costs_a_quarter_of_a_second),
        cmocka_unit_test(a_slow_family_is_not_waited_for),
        cmocka_unit_test(a_resolver_that_fails_is_asked_again),
        cmocka_unit_test(a_loss_says_what_each_address_did),
    };
    return cmocka_run_group_tests(tests, NULL, forget);
}
