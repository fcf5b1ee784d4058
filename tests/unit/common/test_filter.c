/* The messages are pg_dump 17's. */
#include "common/filter.h"

#include <string.h>

#include "common/buf.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const names[DN_FILTER_COUNT] = {
    [DN_FILTER_SCHEMAS] = "n",       [DN_FILTER_NO_SCHEMAS] = "N",     [DN_FILTER_TABLES] = "t",
    [DN_FILTER_NO_TABLES] = "T",     [DN_FILTER_TABLE_TREES] = "t+",   [DN_FILTER_NO_TABLE_TREES] = "T+",
    [DN_FILTER_NO_DATA] = "D",       [DN_FILTER_NO_DATA_TREES] = "D+", [DN_FILTER_EXTENSIONS] = "e",
    [DN_FILTER_NO_EXTENSIONS] = "E", [DN_FILTER_FOREIGN_DATA] = "f",
};

/* "t<a>t<b>", or the error. */
static const char *read_from(const char *file, const char *text) {
    static DnBuf out;
    DnFilter filter = {0};
    DnErr err = {0};
    dn_buf_clear(&out);
    if (dn_filter_parse(&filter, file, text, &err) != DN_OK) {
        assert_int_equal(err.status, DN_E_USAGE);
        dn_buf_str(&out, err.message);
    }
    for (int i = 0; err.status == DN_OK && i < DN_FILTER_COUNT; i++) {
        const char *const *list = dn_filter_list(&filter, (DnFilterList)i);
        for (size_t k = 0; list && list[k]; k++) {
            dn_buf_fmt(&out, "%s<%s>", names[i], list[k]);
        }
    }
    dn_filter_deinit(&filter);
    return dn_buf_text(&out);
}

#define READ(text) read_from("f", text)
#define ON_LINE(n) "invalid format in filter read from file \"f\" on line " #n ": "

static void kinds_have_lists_of_their_own(void **state) {
    (void)state;
    assert_string_equal(READ("include schema a\nexclude schema b\n"
                             "include table c\nexclude table d\n"
                             "include table_and_children e\nexclude table_and_children f\n"
                             "exclude table_data g\nexclude table_data_and_children h\n"
                             "include extension i\nexclude extension j\ninclude foreign_data k\n"),
                        "n<a>N<b>t<c>T<d>t+<e>T+<f>D<g>D+<h>e<i>E<j>f<k>");
    assert_string_equal(READ("INCLUDE Table a\ninclude table b"), "t<a>t<b>");
}

static void comments_and_blanks_do_not_count(void **state) {
    (void)state;
    assert_string_equal(READ(""), "");
    assert_string_equal(READ("\n  \t\n# include table x\n  # y\n"), "");
    assert_string_equal(READ("  include\ttable   a  # b\r\n"), "t<a>");
    assert_string_equal(READ("include table a#b\n"), "t<a>");
}

static void white_space_in_patterns_is_one_form(void **state) {
    (void)state;
    assert_string_equal(READ("include table s . t\n"), "t<s.t>");
    assert_string_equal(READ("include table a  b\n"), "t<a b>");
    assert_string_equal(READ("include table s.\"T t\" \n"), "t<s.\"T t\">");
    assert_string_equal(READ("include table f( int ,text )\n"), "t<f(int, text)>");
}

static void quotes_hold_anything(void **state) {
    (void)state;
    assert_string_equal(READ("include table \"a # \"\"b\"\"\"\n"), "t<\"a # \"\"b\"\"\">");
    assert_string_equal(READ("include table \"a\nb\"\ninclude table c\n"), "t<\"a\nb\">t<c>");
    assert_string_equal(READ("include table \"a\\nb\\\\\\x\"\n"), "t<\"a\nb\\\">");
    assert_string_equal(READ("include table \"a\r\nb\"\n"), "t<\"a\nb\">");
}

static void errors_name_the_line(void **state) {
    (void)state;
    assert_string_equal(READ("include table a\nx\n"),
                        ON_LINE(2) "invalid filter command (expected \"include\" or \"exclude\")");
    assert_string_equal(READ("\n\ninclude\n"), ON_LINE(3) "missing filter object type");
    assert_string_equal(READ("include foo bar"), ON_LINE(1) "unsupported filter object type: \"foo\"");
    assert_string_equal(READ("include table"), ON_LINE(1) "missing object name pattern");
    assert_string_equal(READ("exclude table # all"), ON_LINE(1) "missing object name pattern");
    assert_string_equal(READ("include table \"a\n"), ON_LINE(1) "unexpected end of file");
    assert_string_equal(READ("include table \"a\nb"), ON_LINE(2) "unexpected end of file");
    assert_string_equal(READ("include table \"a\nb\"\nx"),
                        ON_LINE(3) "invalid filter command (expected \"include\" or \"exclude\")");
    assert_string_equal(READ("include table_data a"),
                        ON_LINE(1) "include filter for \"table data\" is not allowed");
    assert_string_equal(READ("exclude foreign_data a"),
                        ON_LINE(1) "exclude filter for \"foreign data\" is not allowed");
    assert_string_equal(READ("exclude trigger a"),
                        ON_LINE(1) "exclude filter for \"trigger\" is not allowed");
    assert_string_equal(read_from(NULL, "x"),
                        "invalid format in filter read from standard input on line 1: invalid filter command "
                        "(expected \"include\" or \"exclude\")");
}

static void file_that_is_not_there(void **state) {
    (void)state;
    DnFilter filter = {0};
    DnErr err = {0};
    assert_int_equal(dn_filter_load(&filter, "/nonexistent/f", &err), DN_E_IO);
    assert_string_equal(err.message,
                        "could not open filter file \"/nonexistent/f\": No such file or directory");
    dn_filter_deinit(&filter);
}

static void known_patterns_come_first(void **state) {
    (void)state;
    const char *const known[] = {"a", NULL};
    DnFilter filter = {0};
    DnErr err = {0};
    dn_filter_add(&filter, DN_FILTER_TABLES, known);
    dn_filter_add(&filter, DN_FILTER_TABLES, NULL);
    assert_int_equal(dn_filter_parse(&filter, "f", "include table b", &err), DN_OK);
    const char *const *list = dn_filter_list(&filter, DN_FILTER_TABLES);
    assert_string_equal(list[0], "a");
    assert_string_equal(list[1], "b");
    assert_null(list[2]);
    assert_null(dn_filter_list(&filter, DN_FILTER_SCHEMAS));
    dn_filter_deinit(&filter);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_have_lists_of_their_own),
        cmocka_unit_test(comments_and_blanks_do_not_count),
        cmocka_unit_test(white_space_in_patterns_is_one_form),
        cmocka_unit_test(quotes_hold_anything),
        cmocka_unit_test(errors_name_the_line),
        cmocka_unit_test(file_that_is_not_there),
        cmocka_unit_test(known_patterns_come_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
