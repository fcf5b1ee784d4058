/* Expected expressions are those of psql's processSQLNamePattern(). */
#include "common/pattern.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* "database|schema|name"; "-" for parts that the pattern does not have. */
static const char *parsed(const char *text) {
    static DnBuf out;
    DnPattern pattern;
    dn_buf_clear(&out);
    if (!dn_pattern_parse(&pattern, text)) {
        dn_pattern_deinit(&pattern);
        return "too many dots";
    }
    dn_buf_fmt(&out, "%s|%s|%s", pattern.has_database ? dn_buf_text(&pattern.database) : "-",
               pattern.schema.size ? dn_buf_text(&pattern.schema) : "-", dn_buf_text(&pattern.name));
    dn_pattern_deinit(&pattern);
    return dn_buf_text(&out);
}

static void letters_are_folded_outside_of_quotes(void **state) {
    (void)state;
    assert_string_equal(parsed("Users"), "-|-|^(users)$");
    assert_string_equal(parsed("\"Users\""), "-|-|^(Users)$");
    assert_string_equal(parsed("a\"B\"C"), "-|-|^(aBc)$");
    assert_string_equal(parsed("\xc3\x84rger"), "-|-|^(\xc3\x84rger)$");
}

static void wildcards_hold_outside_of_quotes(void **state) {
    (void)state;
    assert_string_equal(parsed("a*b?c"), "-|-|^(a.*b.c)$");
    assert_string_equal(parsed("\"a*b?c\""), "-|-|^(a\\*b\\?c)$");
    assert_string_equal(parsed("*"), "-|-|^(.*)$");
}

static void regular_expressions_are_kept(void **state) {
    (void)state;
    assert_string_equal(parsed("t[0-9]+|u"), "-|-|^(t[0-9]+|u)$");
    assert_string_equal(parsed("(a|b)_x"), "-|-|^((a|b)_x)$");
}

static void quotes_make_all_of_them_literal(void **state) {
    (void)state;
    assert_string_equal(parsed("\"|*+?()[]{}.^$\\\""), "-|-|^(\\|\\*\\+\\?\\(\\)\\[\\]\\{\\}\\.\\^\\$\\\\)$");
}

static void dollar_and_empty_brackets_stand_for_themselves(void **state) {
    (void)state;
    assert_string_equal(parsed("cost$"), "-|-|^(cost\\$)$");
    assert_string_equal(parsed("int[]"), "-|-|^(int\\[\\])$");
}

static void doubled_quotes_are_one(void **state) {
    (void)state;
    assert_string_equal(parsed("\"say \"\"hi\"\"\""), "-|-|^(say \"hi\")$");
    assert_string_equal(parsed("\"\""), "-|-|^()$");
}

static void dots_part_schema_and_database(void **state) {
    (void)state;
    assert_string_equal(parsed("s.t"), "-|^(s)$|^(t)$");
    assert_string_equal(parsed("S*.\"T.u\""), "-|^(s.*)$|^(T\\.u)$");
    assert_string_equal(parsed("\"My DB\".s.t"), "My DB|^(s)$|^(t)$");
    assert_string_equal(parsed("DB.s.t"), "db|^(s)$|^(t)$");
    assert_string_equal(parsed("a.b.c.d"), "too many dots");
    assert_string_equal(parsed("....."), "too many dots");
}

static void the_database_is_no_pattern(void **state) {
    (void)state;
    assert_string_equal(parsed("d*.s.t"), "d*|^(s)$|^(t)$");
    assert_string_equal(parsed("\"d.b|x\".s.t"), "d.b|x|^(s)$|^(t)$");
}

static void empty_parts_are_parts(void **state) {
    (void)state;
    assert_string_equal(parsed(""), "-|-|^()$");
    assert_string_equal(parsed(".t"), "-|^()$|^(t)$");
    assert_string_equal(parsed("s."), "-|^(s)$|^()$");
}

static void quotes_may_stay_open(void **state) {
    (void)state;
    assert_string_equal(parsed("\"a.B"), "-|-|^(a\\.B)$");
    assert_string_equal(parsed("\""), "-|-|^()$");
    assert_string_equal(parsed("\"a\"\""), "-|-|^(a\")$");
}

static void dots_are_counted(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int dots;
    } cases[] = {{"t", 0}, {"s.t", 1}, {"d.s.t", 2}, {"\"a.b\"", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnPattern pattern;
        assert_true(dn_pattern_parse(&pattern, cases[i].text));
        assert_int_equal(pattern.dots, cases[i].dots);
        dn_pattern_deinit(&pattern);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_are_folded_outside_of_quotes),
        cmocka_unit_test(wildcards_hold_outside_of_quotes),
        cmocka_unit_test(regular_expressions_are_kept),
        cmocka_unit_test(quotes_make_all_of_them_literal),
        cmocka_unit_test(dollar_and_empty_brackets_stand_for_themselves),
        cmocka_unit_test(doubled_quotes_are_one),
        cmocka_unit_test(dots_part_schema_and_database),
        cmocka_unit_test(the_database_is_no_pattern),
        cmocka_unit_test(empty_parts_are_parts),
        cmocka_unit_test(quotes_may_stay_open),
        cmocka_unit_test(dots_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
