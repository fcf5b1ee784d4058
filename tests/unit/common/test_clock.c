/* How long is waited before the next attempt. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/clock.h"

static void backoff_grows_within_bounds(void **state) {
    static const int64_t middle[] = {250, 500, 1000, 2000, 4000, 4000, 4000};
    (void)state;
    for (unsigned tries = 0; tries < sizeof middle / sizeof *middle; tries++) {
        for (int i = 0; i < 200; i++) {
            int64_t wait = dn_backoff_ms(tries);
            assert_in_range(wait, middle[tries] * 3 / 4, middle[tries] * 5 / 4);
        }
    }
    assert_in_range(dn_backoff_ms(4000000000U), 3000, 5000);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(backoff_grows_within_bounds)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
