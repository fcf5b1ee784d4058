#include "common/last_address.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <cmocka.h>

static const char *found(const char *text, const char *host, const char *port) {
    static char address[DN_LAST_ADDRESS_SIZE];
    return dn_last_address_find(text, strlen(text), host, port, address) ? address : "none";
}

static void addresses_are_told_from_names(void **state) {
    (void)state;
    assert_true(dn_is_address("192.0.2.1"));
    assert_true(dn_is_address("2001:db8::1"));
    assert_true(dn_is_address("fe80::1%eth0"));
    assert_false(dn_is_address("db.example.org"));
    assert_false(dn_is_address("192.0.2"));
    assert_false(dn_is_address("192.0.2.1%eth0"));
    assert_false(dn_is_address("fe80::1%"));
    assert_false(dn_is_address("fe80::1%a b"));
    assert_false(dn_is_address(""));
}

static void a_line_is_found_by_host_and_port(void **state) {
    static const char text[] = "db.test 5432 192.0.2.1\nDB.other 5432 2001:db8::1\ndb.test 5433 192.0.2.3";
    (void)state;
    assert_string_equal(found(text, "db.test", "5432"), "192.0.2.1");
    assert_string_equal(found(text, "db.test", "5433"), "192.0.2.3");
    assert_string_equal(found(text, "db.OTHER", "5432"), "2001:db8::1");
    assert_string_equal(found(text, "db.tes", "5432"), "none");
    assert_string_equal(found(text, "db.test", "543"), "none");
    assert_string_equal(found("", "db.test", "5432"), "none");
}

static void what_is_no_line_is_passed_over(void **state) {
    (void)state;
    assert_string_equal(found("a 1 192.0.2.1 \na 1 x\n\n a 1 192.0.2.2\na 1\na  1 192.0.2.3\n"
                              "# 1 192.0.2.4\na 123456 192.0.2.5\na 1 192.0.2.6\n",
                              "a", "1"),
                        "192.0.2.6");
    assert_string_equal(found("# 1 192.0.2.4\n", "#", "1"), "none");
}

static void the_latest_comes_first_and_once(void **state) {
    static const char text[] = "a 1 192.0.2.1\nrubbish\nb 1 192.0.2.2\nA 1 192.0.2.3\n";
    DnBuf out = {0};
    (void)state;
    assert_true(dn_last_address_put(text, strlen(text), "b", "1", "2001:db8::1", &out));
    assert_string_equal(dn_buf_text(&out), "b 1 2001:db8::1\na 1 192.0.2.1\nA 1 192.0.2.3\n");
    dn_buf_clear(&out);
    assert_true(dn_last_address_put(text, strlen(text), "a", "1", "192.0.2.9", &out));
    assert_string_equal(dn_buf_text(&out), "a 1 192.0.2.9\nb 1 192.0.2.2\n");
    dn_buf_deinit(&out);
}

static void what_is_no_line_is_not_put(void **state) {
    static const char *const rows[][3] = {{"a b", "1", "192.0.2.1"},
                                          {"a\nb", "1", "192.0.2.1"},
                                          {"", "1", "192.0.2.1"},
                                          {"a", "port", "192.0.2.1"},
                                          {"a", "1", "db.test"}};
    DnBuf out = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_false(dn_last_address_put("", 0, rows[i][0], rows[i][1], rows[i][2], &out));
        assert_int_equal(out.size, 0);
    }
    dn_buf_deinit(&out);
}

static void the_oldest_are_forgotten(void **state) {
    DnBuf text = {0};
    DnBuf out = {0};
    (void)state;
    for (int i = 0; i < DN_LAST_ADDRESS_MOST; i++) {
        dn_buf_fmt(&text, "host%d 5432 192.0.2.1\n", i);
    }
    assert_true(dn_last_address_put(dn_buf_text(&text), text.size, "new", "5432", "192.0.2.2", &out));
    assert_string_equal(found(dn_buf_text(&out), "new", "5432"), "192.0.2.2");
    assert_string_equal(found(dn_buf_text(&out), "host98", "5432"), "192.0.2.1");
    assert_string_equal(found(dn_buf_text(&out), "host99", "5432"), "none");
    dn_buf_deinit(&text);
    dn_buf_deinit(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_told_from_names),  cmocka_unit_test(a_line_is_found_by_host_and_port),
        cmocka_unit_test(what_is_no_line_is_passed_over), cmocka_unit_test(the_latest_comes_first_and_once),
        cmocka_unit_test(what_is_no_line_is_not_put),     cmocka_unit_test(the_oldest_are_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
