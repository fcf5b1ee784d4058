#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "common/err.h"

static void sets_status_and_message_and_clears_the_rest(void **state) {
    (void)state;
    DnErr err = {.sqlstate = "42P01", .object = "old", .hint = "old"};
    assert_int_equal(dn_err(&err, DN_E_USAGE, "-%c needs a %s", 'n', "pattern"), DN_E_USAGE);
    assert_int_equal(err.status, DN_E_USAGE);
    assert_string_equal(err.message, "-n needs a pattern");
    assert_string_equal(err.sqlstate, "");
    assert_string_equal(err.object, "");
    assert_string_equal(err.hint, "");
}

static void details_add_to_it(void **state) {
    (void)state;
    DnErr err = {0};
    (void)dn_err(&err, DN_E_QUERY, "permission denied");
    dn_err_object(&err, "%s.%s", "public", "users");
    dn_err_hint(&err, "ask %s", "the owner");
    dn_err_sqlstate(&err, "42501");
    assert_string_equal(err.message, "permission denied");
    assert_string_equal(err.object, "public.users");
    assert_string_equal(err.hint, "ask the owner");
    assert_string_equal(err.sqlstate, "42501");
    dn_err_sqlstate(&err, "longer than it may be");
    assert_string_equal(err.sqlstate, "longe");
    dn_err_sqlstate(&err, NULL);
    assert_string_equal(err.sqlstate, "");
}

/* What upper layers do to add context. */
static void message_may_be_made_of_the_old_one(void **state) {
    (void)state;
    DnErr err = {0};
    (void)dn_err(&err, DN_E_QUERY, "relation does not exist");
    (void)dn_err(&err, err.status, "reading indexes: %s", err.message);
    assert_string_equal(err.message, "reading indexes: relation does not exist");
    assert_int_equal(err.status, DN_E_QUERY);
}

static void errno_is_told_in_words(void **state) {
    (void)state;
    DnErr err = {0};
    assert_int_equal(dn_err_errno(&err, ENOENT, "out.sql", "could not open file"), DN_E_IO);
    assert_string_equal(err.message, "could not open file \"out.sql\": No such file or directory");
    assert_string_equal(err.object, "out.sql");
    (void)dn_err_errno(&err, 99999, "out.sql", "could not open file");
    assert_non_null(strstr(err.message, "99999"));
}

static void long_path_does_not_hide_the_reason(void **state) {
    (void)state;
    static char path[4000];
    DnErr err = {0};
    memset(path, 'p', sizeof path - 1);
    memcpy(path + sizeof path - 9, "/out.sql", 8);
    (void)dn_err_errno(&err, ENOSPC, path, "could not write to file");
    assert_non_null(strstr(err.message, "/out.sql\": No space left on device"));
    assert_non_null(strstr(err.message, "\"...p"));
    assert_int_equal(strlen(err.object), sizeof err.object - 1);
    /* Of two-byte characters, whichever way the cut falls, no half is shown. */
    for (size_t odd = 0; odd < 2; odd++) {
        memset(path, 0, sizeof path);
        for (size_t i = 0; i + 2 < sizeof path - odd; i += 2) {
            memcpy(path + i, "\xc3\xa4", 2);
        }
        path[strlen(path)] = odd ? '.' : '\0';
        (void)dn_err_errno(&err, ENOSPC, path, "could not write to file");
        assert_non_null(strstr(err.message, "...\xc3\xa4"));
    }
}

static void always_one_line(void **state) {
    (void)state;
    DnErr err = {0};
    (void)dn_err(&err, DN_E_QUERY, "ERROR:  x\n\tLINE 1: \x1b[31mred\x7f\n\n");
    dn_err_object(&err, "a\nb");
    dn_err_hint(&err, "do\r\nthis\n");
    assert_string_equal(err.message, "ERROR:  x  LINE 1:  [31mred");
    assert_string_equal(err.object, "a b");
    assert_string_equal(err.hint, "do  this");
    (void)dn_err(&err, DN_E_QUERY, "%s", "\n \n");
    assert_string_equal(err.message, "");
}

/* Cut to fit, but never in the middle of a character. */
static void too_long_text_stays_utf8(void **state) {
    (void)state;
    static const char *const characters[] = {"\xc3\xa4", "\xe2\x82\xac", "\xf0\x9f\x90\x98", "x"};
    for (size_t i = 0; i < 4; i++) {
        for (size_t shift = 0; shift < 4; shift++) {
            char text[2000] = {0};
            size_t width = strlen(characters[i]);
            DnErr err = {0};
            memset(text, 'a', shift);
            for (size_t k = shift; k + width < sizeof text; k += width) {
                memcpy(text + k, characters[i], width);
            }
            (void)dn_err(&err, DN_E_QUERY, "%s", text);
            size_t size = strlen(err.message);
            assert_int_equal((size - shift) % width, 0);
            assert_true(size + width >= sizeof err.message);
        }
    }
    DnErr err = {0};
    (void)dn_err(&err, DN_E_QUERY, "relation \"%s\"",
                 "gr\xc3\xb6\xc3\x9f"
                 "e\xe2\x82\xac");
    assert_string_equal(err.message, "relation \"gr\xc3\xb6\xc3\x9f"
                                     "e\xe2\x82\xac\"");
}

static void out_of_memory(void **state) {
    (void)state;
    DnErr err = {0};
    assert_int_equal(dn_err_nomem(&err), DN_E_NOMEM);
    assert_string_equal(err.message, "out of memory");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_status_and_message_and_clears_the_rest),
        cmocka_unit_test(details_add_to_it),
        cmocka_unit_test(message_may_be_made_of_the_old_one),
        cmocka_unit_test(errno_is_told_in_words),
        cmocka_unit_test(long_path_does_not_hide_the_reason),
        cmocka_unit_test(always_one_line),
        cmocka_unit_test(too_long_text_stays_utf8),
        cmocka_unit_test(out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
