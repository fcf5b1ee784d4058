/* Names that need no resolver, looked up in a thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <poll.h>
#include <sys/socket.h>

#include "common/clock.h"
#include "dumper/pg/lookup.h"
#include "tests/unit/scratch.h"

/* Waits for the answer; what getaddrinfo() returned. */
static int answer_of(DnLookup *lookup, const struct addrinfo **list) {
    int code = 0;
    assert_non_null(lookup);
    struct pollfd fd = {.fd = dn_lookup_fd(lookup), .events = POLLIN};
    assert_int_equal(poll(&fd, 1, 10000), 1);
    assert_true(dn_lookup_answer(lookup, &code, list));
    return code;
}

static void an_address_is_its_own_answer(void **state) {
    static const struct {
        const char *host;
        int family;
    } rows[] = {{"192.0.2.1", AF_INET}, {"2001:db8::1", AF_INET6}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct addrinfo *list = NULL;
        DnLookup *lookup = dn_lookup_start(rows[i].host, "5432", rows[i].family);
        assert_int_equal(answer_of(lookup, &list), 0);
        assert_int_equal(list->ai_family, rows[i].family);
        assert_int_equal(list->ai_socktype, SOCK_STREAM);
        assert_null(list->ai_next);
        dn_lookup_end(lookup);
    }
}

static void the_other_family_has_none(void **state) {
    const struct addrinfo *list = NULL;
    (void)state;
    DnLookup *lookup = dn_lookup_start("192.0.2.1", "5432", AF_INET6);
    assert_int_not_equal(answer_of(lookup, &list), 0);
    assert_null(list);
    dn_lookup_end(lookup);
}

static void wait_until_alone(void) {
    enum { ALONE = 1 };
    int64_t end = dn_now_ms() + 60000;
    while (scratch_count("/proc/self/task") > ALONE && dn_now_ms() < end) {
        (void)poll(NULL, 0, 10);
    }
    assert_int_equal(scratch_count("/proc/self/task"), ALONE);
}

/* The threads end by themselves, and leave no descriptor. */
static void may_be_left_before_the_answer(void **state) {
    (void)state;
    wait_until_alone(); /* those of the other tests hold some yet */
    size_t fds = scratch_count("/proc/self/fd");
    for (int i = 0; i < 20; i++) {
        dn_lookup_end(dn_lookup_start("192.0.2.1", "5432", AF_INET));
    }
    dn_lookup_end(NULL);
    wait_until_alone();
    assert_int_equal(scratch_count("/proc/self/fd"), fds);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_is_its_own_answer),
        cmocka_unit_test(the_other_family_has_none),
        cmocka_unit_test(may_be_left_before_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
