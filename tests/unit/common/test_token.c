/* Tokens and names of a statement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/token.h"

static void check_tokens(const char *text, bool standard_strings, const char *expected) {
    DnBuf told = {0};
    DnTokens tokens = dn_tokens(text, strlen(text), standard_strings);
    for (DnToken token = dn_token_next(&tokens); token.kind != DN_TOKEN_END; token = dn_token_next(&tokens)) {
        dn_buf_sep(&told, " ");
        dn_buf_char(&told, "-WQSO"[token.kind]);
        dn_buf_char(&told, ':');
        dn_buf_add(&told, token.text, token.size);
    }
    assert_string_equal(dn_buf_text(&told), expected);
    assert_int_equal(dn_token_next(&tokens).kind, DN_TOKEN_END);
    dn_buf_deinit(&told);
}

static void test_tokens(void **state) {
    (void)state;
    check_tokens("", true, "");
    check_tokens("  -- nothing\n /* /* at */ all */ ", true, "");
    check_tokens("GRANT ALL ON a.\"B \"\"c\" TO x1$;", true,
                 "W:GRANT W:ALL W:ON W:a O:. Q:\"B \"\"c\" W:TO W:x1$ O:;");
    check_tokens("'it''s' E'it\\'s' x'1f' $$a'b$$ $t$ $$ $t$", true,
                 "S:'it''s' S:E'it\\'s' S:x'1f' S:$$a'b$$ S:$t$ $$ $t$");
    check_tokens("'a\\' 'b", true, "S:'a\\' S:'b");
    check_tokens("'a\\' 'b", false, "S:'a\\' ' W:b");
    check_tokens("$1+2.5e3", true, "O:$ O:1 O:+ O:2 O:. O:5e3");
    check_tokens("a--b\nc/*d", true, "W:a W:c");
    check_tokens("sch\xc3\xb6n \"open", true, "W:sch\xc3\xb6n Q:\"open");
}

static void check_name(const char *text, bool found, const char *schema, const char *name, const char *next) {
    DnBuf in_schema = {0};
    DnBuf of = {0};
    DnTokens tokens = dn_tokens(text, strlen(text), true);
    assert_int_equal(dn_token_take_name(&tokens, &in_schema, &of), found);
    if (found) {
        assert_string_equal(dn_buf_text(&in_schema), schema);
        assert_string_equal(dn_buf_text(&of), name);
        assert_true(dn_token_take(&tokens, next));
    }
    dn_buf_deinit(&in_schema);
    dn_buf_deinit(&of);
}

static void test_names(void **state) {
    (void)state;
    check_name("shop.orders next", true, "shop", "orders", "next");
    check_name("Orders NEXT", true, "", "orders", "next");
    check_name("\"My Shop\" . \"a\"\"b.c\"next", true, "My Shop", "a\"b.c", "next");
    check_name("'text'", false, "", "", "");
    check_name("a.'text'", false, "", "", "");
    check_name("", false, "", "", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
