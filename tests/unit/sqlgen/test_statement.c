/* What a server can put into a statement, and what would get out of it. */
#include "sqlgen/statement.h"

#include <string.h>

#include "sqlgen/quote.h"

#include "tests/unit/sqlgen/render.h"

typedef struct Case {
    const char *text;
    const char *fault; /* NULL = fine */
} Case;

/* The text of a server in a statement of ours, of which the mark is the end. */
static const char *fault_of(const char *text, bool standard_strings, const char *encoding) {
    DnBuf sql = {0};
    DnFault fault;
    dn_buf_fmt(&sql, "ALTER TABLE t ADD a %s, ADD b integer", text);
    dn_end(&sql);
    dn_end_with(&sql, "SELECT 1");
    bool whole = dn_statements_seal(&sql, standard_strings, encoding, &fault);
    assert_int_equal(whole, !fault.what);
    assert_int_equal(memchr(dn_buf_text(&sql), '\0', sql.size) == NULL, whole);
    dn_buf_deinit(&sql);
    return fault.what;
}

static void check(const Case *cases, size_t count, bool standard_strings, const char *encoding) {
    for (size_t i = 0; i < count; i++) {
        const char *fault = fault_of(cases[i].text, standard_strings, encoding);
        if (!fault != !cases[i].fault || (fault && !strstr(fault, cases[i].fault))) {
            fail_msg("%s: %s, not %s", cases[i].text, fault ? fault : "fine",
                     cases[i].fault ? cases[i].fault : "fine");
        }
    }
}

#define CHECK(cases, standard_strings, encoding)                                                             \
    check(cases, sizeof(cases) / sizeof(cases)[0], standard_strings, encoding)

static void what_servers_say(void **state) {
    (void)state;
    static const Case cases[] = {
        {"integer", NULL},
        {"numeric(10,2)[]", NULL},
        {"text DEFAULT 'a;b\\'::text", NULL},
        {"text DEFAULT E'it\\'s; \\\\ -- \\! /*'::text", NULL},
        {"text DEFAULT U&'\\0041;'", NULL},
        {"\"a;\"\"\\! b\"", NULL},
        {"integer CHECK ((a OPERATOR(pg_catalog.-) (- 1)) > 0)", NULL},
        {"integer GENERATED ALWAYS AS (arr[1:2])", NULL},
        {"integer GENERATED ALWAYS AS (arr[1:n])", NULL},
        {"integer GENERATED ALWAYS AS (arr[lo:\"maxLen\"])", NULL},
        {"integer GENERATED ALWAYS AS (arr[1:'-1'::integer])", NULL},
        {"text DEFAULT $$;\\! '\"$$", NULL},
        {"text DEFAULT $a$;$$ $b$ $a$", NULL},
        {"text DEFAULT '1'::pg_catalog.\"char\"", NULL},
        {"json DEFAULT JSON_OBJECT('a' : 1)", NULL},
        {"integer DEFAULT 1.5", NULL},
        {"integer DEFAULT (a * b / c % d)", NULL},
        {"text COLLATE \"C\\\"", NULL},
        {"t\303\244xt", NULL},
    };
    CHECK(cases, true, "UTF8");
}

static void what_gets_out(void **state) {
    (void)state;
    static const Case cases[] = {
        {"integer; DROP TABLE y", "semicolon"},
        {"integer;", "semicolon"},
        {"integer\n\\! touch pwned\n", "backslash"},
        {"integer \\; SELECT 2", "backslash"},
        {"'\\'; DROP TABLE y; --'", "semicolon"},
        {"integer DEFAULT 'x", "quotes"},
        {"\"x", "quotes"},
        {"E'x\\'", "quotes"},
        {"$$", "quotes"},
        {"$a$ $$", "quotes"},
        {"(1", "parenthesis that isn't closed"},
        {"1)", "parenthesis too many"},
        {"a[1", "bracket that isn't closed"},
        {"integer -- ", "comment"},
        {"integer /* ", "comment"},
        {"integer */", NULL},           /* an operator, which the server refuses */
        {"(SELECT 1; SELECT 2)", NULL}, /* so are the actions of a rule */
        {":LAST_ERROR_MESSAGE", "variable"},
        {":'HOST'", "variable"},
        {":\"x\"", "variable"},
        {":{?x}", "variable"},
        {":x", "variable"},
        {"a[1:HOST]", "variable"},
        {"a[1:\"LAST_ERROR_MESSAGE\"]", "variable"},
        {"a[1:'x']", "variable"},
        {":::x", "variable"},
        {"a$x$ ; $x$", "run into"},
        {"1e'\\'; DROP TABLE y; --'", "run into"},
        {"1$x$ $x$", "run into"},
        {"$ ", "run into"},
        {"$e'\\'; --'", "run into"},
        {"a\vb", "run into"},
        {"BEGIN ATOMIC; SELECT 1; END", "semicolon"}, /* no function is made here */
    };
    CHECK(cases, true, "UTF8");
}

static void backslashes_in_strings_count_when_they_do(void **state) {
    (void)state;
    static const Case cases[] = {
        {"'a\\\\'", NULL},
        {"'a\\'", "quotes"},
        {"'\\'; DROP TABLE y; --'", NULL},
        {"U&'\\'; DROP TABLE y; --'", "semicolon"},
        {"B'\\'; DROP TABLE y; --'", "semicolon"},
        {"N'a\\'; SELECT '", NULL},
    };
    CHECK(cases, false, "UTF8");
}

/* In these a byte of ASCII may be a part of a longer character: psql takes it for that, and for no more. */
static void wide_characters_swallow_what_follows(void **state) {
    (void)state;
    static const Case shift_jis[] = {
        {"\"\225\\\"", NULL},                    /* U+8868, of which the second byte is a backslash */
        {"E'\225\\'", NULL},                     /* and escapes nothing */
        {"\"\225\"; \\! touch x\n\"", "broken"}, /* a first byte without a second */
        {"\"\261\"", NULL},                      /* a character of one byte */
    };
    static const Case gb18030[] = {
        {"\"\2060\2060\"", NULL},
        {"E'\2060\206'", "broken"},
        {"\"\206\"", "broken"},
    };
    CHECK(shift_jis, true, "SJIS");
    CHECK(shift_jis, true, "Shift_JIS");
    CHECK(gb18030, true, "GB18030");
    assert_non_null(fault_of("\"\217a\"", true, "JOHAB"));
    assert_null(fault_of("\"\217ab\"", true, "JOHAB"));
    assert_non_null(fault_of("\"\225\"", true, "BIG5"));
    assert_non_null(fault_of("E'\225\\'", true, "UTF8"));
}

static bool sealed(const char *bytes, size_t size) {
    DnBuf sql = {0};
    DnFault fault;
    dn_buf_add(&sql, bytes, size);
    bool whole = dn_statements_seal(&sql, true, "UTF8", &fault);
    dn_buf_deinit(&sql);
    return whole;
}

#define SEALED(bytes) sealed(bytes, sizeof(bytes) - 1)

static void marks_belong_to_ends(void **state) {
    (void)state;
    assert_true(SEALED(""));
    assert_true(SEALED("--\n-- Name: x;\n--\n\nSELECT 1\0;\n\n"));
    assert_true(SEALED("\0\\connect x\n\nSELECT 1\0;\n"));
    assert_true(
        SEALED("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE 1 WHEN 1 THEN 2 END; END\0;\n"));
    assert_true(SEALED("CREATE OR REPLACE PROCEDURE f() BEGIN ATOMIC SELECT 1; SELECT 2; END\0;\n"));
    assert_false(SEALED("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1\0;\n"));
    assert_false(SEALED("CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END; DROP TABLE x\0;\n"));
    assert_false(SEALED("SELECT 1"));
    assert_false(SEALED("SELECT 1;\n"));
    assert_false(SEALED("\\connect x\n"));
    assert_false(SEALED("\0\\connect x\n\\! touch y\n"));
    assert_false(SEALED("SELECT 1 \0\\connect x\n"));
    assert_false(SEALED("SELECT '\0;\n'\0;\n"));
    assert_false(SEALED("SELECT 1 -- \0;\n\0;\n"));
    assert_false(SEALED("SELECT 1\0SELECT 2\0;\n"));
    assert_false(SEALED("SELECT 1\0"));
    assert_false(SEALED("\0;"));
    assert_false(SEALED("SELECT (\0;\n)\0;\n"));
    assert_false(SEALED("-- a comment that \0;\n goes on"));
}

static void what_is_missing_is_refused(void **state) {
    (void)state;
    const DnSpelling spelling = {.std_strings = true, .major = 18};
    static const char *const names[] = {NULL, "", "a"};
    for (size_t i = 0; i < 3; i++) {
        DnFault fault;
        DnBuf sql = {0};
        dn_buf_str(&sql, "SELECT ");
        dn_ident(&sql, &spelling, names[i]);
        dn_end(&sql);
        assert_int_equal(dn_statements_seal(&sql, true, "UTF8", &fault), i == 2);
        dn_buf_clear(&sql);
        dn_literal(&sql, &spelling, names[i]);
        dn_end(&sql);
        assert_int_equal(dn_statements_seal(&sql, true, "UTF8", &fault), i > 0);
        dn_buf_clear(&sql);
        dn_given_statement(&sql, i ? "SELECT 1;" : NULL);
        dn_end(&sql);
        assert_int_equal(dn_statements_seal(&sql, true, "UTF8", &fault), i > 0);
        dn_buf_deinit(&sql);
    }
}

static void marks_go(void **state) {
    (void)state;
    DnBuf sql = {0};
    DnFault fault;
    dn_end_with(&sql, "SELECT %d", 1);
    dn_buf_str(&sql, "SELECT 2");
    dn_semicolon(&sql);
    dn_buf_char(&sql, '\n');
    dn_meta(&sql);
    dn_buf_str(&sql, "x\n");
    assert_true(dn_statements_seal(&sql, true, "UTF8", &fault));
    assert_string_equal(dn_buf_text(&sql), "SELECT 1;\nSELECT 2;\n\\x\n");
    assert_int_equal(sql.size, strlen(sql.bytes));
    dn_buf_deinit(&sql);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_servers_say),
        cmocka_unit_test(what_gets_out),
        cmocka_unit_test(backslashes_in_strings_count_when_they_do),
        cmocka_unit_test(wide_characters_swallow_what_follows),
        cmocka_unit_test(marks_belong_to_ends),
        cmocka_unit_test(what_is_missing_is_refused),
        cmocka_unit_test(marks_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
