/* What may pass when it is tried again, and what doesn't. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/err.h"
#include "dumper/retry.h"

static bool may_pass(const char *sqlstate, const char *what, const char *server) {
    DnErr err;
    (void)dn_err(&err, DN_E_QUERY, "%s failed: %s", what, server);
    dn_err_sqlstate(&err, sqlstate);
    dn_err_server(&err, server);
    return dn_retry_may_pass(&err);
}

static void time_outs_of_the_role_pass(void **state) {
    static const char timed_out[] = "canceling statement due to statement timeout";
    static const char cancelled[] = "canceling statement due to user request";
    (void)state;
    assert_true(may_pass("57014", "reading relations", timed_out));
    assert_true(may_pass("57014", "beginning a transaction", cancelled));
    assert_true(may_pass("57014", "switching time-outs off", cancelled));
    assert_true(may_pass("25P03", "reading relations", "terminating connection"));
}

static void what_a_person_or_the_server_refuses_does_not(void **state) {
    (void)state;
    assert_false(may_pass("57014", "reading relations", "canceling statement due to user request"));
    assert_false(may_pass("42501", "beginning a transaction", "permission denied"));
}

static void lost_connections_and_conflicts_pass(void **state) {
    (void)state;
    assert_true(may_pass("57P01", "reading relations", "terminating connection"));
    assert_true(may_pass("40001", "reading relations", "could not serialize access"));
    assert_true(may_pass("53300", "connecting", "too many clients already"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_outs_of_the_role_pass),
        cmocka_unit_test(what_a_person_or_the_server_refuses_does_not),
        cmocka_unit_test(lost_connections_and_conflicts_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
