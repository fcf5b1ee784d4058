#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/buf.h"
#include "common/nomem.h"

static void empty_buffer_reads_as_empty_text(void **state) {
    (void)state;
    DnBuf buf = {0};
    assert_string_equal(dn_buf_text(&buf), "");
    dn_buf_str(&buf, NULL);
    dn_buf_str(&buf, "");
    dn_buf_add(&buf, NULL, 0);
    assert_string_equal(dn_buf_text(&buf), "");
    assert_int_equal(buf.size, 0);
    assert_false(dn_buf_failed(&buf));
    dn_buf_deinit(&buf);
}

static void pieces_are_joined(void **state) {
    (void)state;
    DnBuf buf = {0};
    dn_buf_str(&buf, "CREATE ");
    dn_buf_fmt(&buf, "TABLE %s (%d", "users", 42);
    dn_buf_char(&buf, ')');
    dn_buf_add(&buf, ";...", 1);
    assert_string_equal(dn_buf_text(&buf), "CREATE TABLE users (42);");
    assert_int_equal(buf.size, strlen("CREATE TABLE users (42);"));
    dn_buf_deinit(&buf);
}

static void zero_bytes_are_kept(void **state) {
    (void)state;
    DnBuf buf = {0};
    dn_buf_add(&buf, "a\0b", 3);
    assert_int_equal(buf.size, 3);
    assert_memory_equal(dn_buf_text(&buf), "a\0b\0", 4);
    dn_buf_deinit(&buf);
}

/* Each length, so that each border of the capacity is met, by each way of appending. */
static void grows_at_every_length(void **state) {
    (void)state;
    for (size_t length = 0; length < 600; length++) {
        DnBuf buf = {0};
        for (size_t i = 0; i < length; i++) {
            dn_buf_char(&buf, 'x');
        }
        dn_buf_fmt(&buf, "%s", "end");
        dn_buf_str(&buf, "!");
        assert_int_equal(buf.size, length + 4);
        assert_int_equal(strlen(dn_buf_text(&buf)), length + 4);
        assert_string_equal(dn_buf_text(&buf) + length, "end!");
        dn_buf_deinit(&buf);
    }
}

static void format_of_any_length(void **state) {
    (void)state;
    static char big[300 * 1000];
    memset(big, 'y', sizeof big - 1);
    DnBuf buf = {0};
    dn_buf_fmt(&buf, "<%s>", big);
    assert_int_equal(buf.size, sizeof big + 1);
    assert_int_equal(dn_buf_text(&buf)[sizeof big], '>');
    dn_buf_deinit(&buf);
}

static void separator_only_between(void **state) {
    (void)state;
    DnBuf buf = {0};
    const char *const names[] = {"a", "b", "c"};
    for (size_t i = 0; i < 3; i++) {
        dn_buf_sep(&buf, ", ");
        dn_buf_str(&buf, names[i]);
    }
    assert_string_equal(dn_buf_text(&buf), "a, b, c");
    dn_buf_deinit(&buf);
}

static void clear_keeps_the_buffer_usable(void **state) {
    (void)state;
    DnBuf buf = {0};
    dn_buf_clear(&buf);
    dn_buf_str(&buf, "first");
    dn_buf_clear(&buf);
    assert_string_equal(dn_buf_text(&buf), "");
    dn_buf_str(&buf, "2nd");
    assert_string_equal(dn_buf_text(&buf), "2nd");
    dn_buf_deinit(&buf);
    assert_string_equal(dn_buf_text(&buf), "");
}

static void failure_is_sticky_until_cleared(void **state) {
    (void)state;
    DnBuf buf = {0};
    dn_buf_str(&buf, "kept");
    /* More than there can be: refused before a byte is read. */
    dn_buf_add(&buf, "x", SIZE_MAX / 2);
    assert_true(dn_buf_failed(&buf));
    dn_buf_str(&buf, "dropped");
    dn_buf_fmt(&buf, "%d", 1);
    assert_string_equal(dn_buf_text(&buf), "kept");
    dn_buf_clear(&buf);
    assert_false(dn_buf_failed(&buf));
    dn_buf_str(&buf, "new");
    assert_string_equal(dn_buf_text(&buf), "new");
    dn_buf_deinit(&buf);
}

static void failures_are_counted(void **state) {
    (void)state;
    unsigned long before = dn_nomem_count();
    DnBuf buf = {0};
    dn_buf_str(&buf, "fine");
    assert_int_equal(dn_nomem_count(), before);
    dn_buf_add(&buf, "x", SIZE_MAX);
    dn_buf_str(&buf, "once is enough");
    assert_true(dn_buf_failed(&buf));
    dn_buf_deinit(&buf);
    assert_true(dn_nomem_count() > before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_counted),
        cmocka_unit_test(empty_buffer_reads_as_empty_text),
        cmocka_unit_test(pieces_are_joined),
        cmocka_unit_test(zero_bytes_are_kept),
        cmocka_unit_test(grows_at_every_length),
        cmocka_unit_test(format_of_any_length),
        cmocka_unit_test(separator_only_between),
        cmocka_unit_test(clear_keeps_the_buffer_usable),
        cmocka_unit_test(failure_is_sticky_until_cleared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
