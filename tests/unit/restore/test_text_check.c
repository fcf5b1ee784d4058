/* What shows in a dump's text: characters, and rows that don't fit their COPY. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "restore/text_check.h"

/* In pieces of each size: the line that is no UTF-8. */
static void check_text(const char *text, uint64_t bad_line) {
    for (size_t piece = 1; piece <= 32; piece++) {
        DnTextCheck check = {0};
        uint64_t line = 1;
        for (size_t i = 0; i < strlen(text); i += piece) {
            size_t size = strlen(text) - i < piece ? strlen(text) - i : piece;
            dn_text_check_add(&check, text + i, size, line);
            for (size_t c = i; c < i + size; c++) {
                line += text[c] == '\n';
            }
        }
        assert_int_equal(check.bad_line, bad_line);
        dn_text_check_deinit(&check);
    }
}

static void test_utf8(void **state) {
    (void)state;
    check_text("plain\nascii of some length, more than a word\n", 0);
    check_text("gr\xc3\xb6\xc3\x9f"
               "e \xe2\x82\xac \xf0\x9f\x98\x80\n",
               0);
    check_text("a\n\nb\x80\n", 3);
    check_text("a\n\xc3(\n", 2);
    check_text("\xc0\xaf", 1);
    check_text("\xe0\x80\xaf", 1);
    check_text("\xed\xa0\x80", 1);
    check_text("\xf4\x90\x80\x80", 1);
    check_text("\xf5\x80\x80\x80", 1);
    check_text("\xff", 1);
}

/* At the beginning it says how the text is written, and further down it is a part of the text. */
static void test_mark(void **state) {
    static const char text[] = "\xef\xbb\xbf a \xef\xbb\xbf";
    (void)state;
    for (size_t size = 4; size <= strlen(text); size += strlen(text) - 4) {
        DnTextCheck check = {0};
        DnBuf utf8 = {0};
        uint32_t code = 0;
        for (size_t i = 0; i < size; i++) {
            dn_text_check_add(&check, text + i, 1, 1);
        }
        dn_text_check_characters(&check, &code, 7, &utf8);
        assert_string_equal(dn_buf_text(&utf8), size > 4 ? "\xef\xbb\xbf" : "");
        dn_buf_deinit(&utf8);
        dn_text_check_deinit(&check);
    }
}

static void test_characters(void **state) {
    static const char text[] = "\xf0\x9f\x98\x80 \xe2\x82\xac\xc3\xb6 a \xc3\xb6";
    DnTextCheck check = {0};
    DnBuf utf8 = {0};
    uint32_t code = 0;
    (void)state;
    dn_text_check_add(&check, text, strlen(text), 1);
    dn_text_check_characters(&check, &code, 7, &utf8);
    assert_string_equal(dn_buf_text(&utf8), "\xc3\xb6\xe2\x82\xac");
    dn_buf_clear(&utf8);
    dn_text_check_characters(&check, &code, 7, &utf8);
    assert_string_equal(dn_buf_text(&utf8), "\xf0\x9f\x98\x80");
    dn_buf_clear(&utf8);
    dn_text_check_characters(&check, &code, 7, &utf8);
    assert_int_equal(utf8.size, 0);
    assert_int_equal(code, DN_TEXT_CHARACTERS);
    dn_buf_deinit(&utf8);
    dn_text_check_deinit(&check);
}

static void check_rows(const char *copy, const char *rows, uint64_t bad_row) {
    DnTextCheck check = {0};
    DnSqlItem item = {.kind = DN_SQL_COPY, .text = copy, .size = strlen(copy), .standard_strings = true};
    dn_text_check_item(&check, &item);
    for (size_t i = 0; i < strlen(rows); i++) { /* a byte at a time, in lines from 10 on */
        item = (DnSqlItem){.kind = DN_SQL_ROWS, .text = rows + i, .size = 1, .line = 10};
        for (size_t c = 0; c < i; c++) {
            item.line += rows[c] == '\n';
        }
        dn_text_check_item(&check, &item);
    }
    assert_int_equal(check.bad_row, bad_row);
    dn_text_check_deinit(&check);
}

static void test_rows(void **state) {
    (void)state;
    check_rows("COPY a.\"b (\" (c, \"d,e\") FROM stdin;\n", "1\t2\n\\N\t\\\\\n\t\n", 0);
    check_rows("COPY a.b (c, d) FROM stdin;\n", "1\t2\n3\n", 11);
    check_rows("COPY a.b (c, d) FROM stdin;\n", "1\t2\n3\t4\t5\n", 11);
    check_rows("COPY a.b (c, d) FROM stdin;\n", "1\\\n2\t3\n4\\\t5\t6\n", 0);
    check_rows("COPY a.b (c) FROM stdin;\n", "\n\n", 0);
    check_rows("COPY a.b FROM stdin;\n", "1\t2\n3\n", 0);
    check_rows("COPY a.b (c) FROM stdin WITH (FORMAT csv);\n", "1\t2\n3\n", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_utf8), cmocka_unit_test(test_mark),
                                       cmocka_unit_test(test_characters), cmocka_unit_test(test_rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
