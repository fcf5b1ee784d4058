#include "common/restrict_key.h"

#include <string.h>

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void random_keys_are_valid_and_differ(void **state) {
    (void)state;
    char a[DN_RESTRICT_KEY_SIZE];
    char b[DN_RESTRICT_KEY_SIZE];
    assert_true(dn_restrict_key_make(a) && dn_restrict_key_make(b));
    assert_int_equal(strlen(a), 63);
    assert_true(dn_restrict_key_is_valid(a));
    assert_string_not_equal(a, b);
}

static void keys_are_letters_and_digits(void **state) {
    (void)state;
    assert_true(dn_restrict_key_is_valid("x"));
    assert_true(dn_restrict_key_is_valid("aZ09"));
    assert_false(dn_restrict_key_is_valid(""));
    assert_false(dn_restrict_key_is_valid("a b"));
    assert_false(dn_restrict_key_is_valid("a\n"));
    assert_false(dn_restrict_key_is_valid("\xc3\xa4"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_keys_are_valid_and_differ),
        cmocka_unit_test(keys_are_letters_and_digits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
