#include "common/pgarray.h"

#include <string.h>

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/buf.h"

/* The elements as "<a><b>", a NULL as "<>!"; "malformed" when there is no such array. */
static const char *split(const char *text) {
    static DnBuf out;
    DnArena arena = {0};
    const char **items = NULL;
    dn_buf_clear(&out);
    int count = dn_pgarray_split(&arena, text, &items);
    for (int i = 0; i < count; i++) {
        dn_buf_fmt(&out, items[i] ? "<%s>" : "<>!%s", items[i] ? items[i] : "");
    }
    dn_arena_deinit(&arena);
    return count < 0 ? "malformed" : dn_buf_text(&out);
}

static void empty_ones(void **state) {
    (void)state;
    DnArena arena = {0};
    const char **items = NULL;
    assert_int_equal(dn_pgarray_split(&arena, NULL, &items), 0);
    assert_int_equal(dn_pgarray_split(&arena, "{}", &items), 0);
    assert_null(items);
    dn_arena_deinit(&arena);
}

static void plain_elements(void **state) {
    (void)state;
    assert_string_equal(split("{a}"), "<a>");
    assert_string_equal(split("{fillfactor=70,autovacuum_enabled=false}"),
                        "<fillfactor=70><autovacuum_enabled=false>");
    assert_string_equal(split("{17,0,25}"), "<17><0><25>");
}

static void quoted_elements(void **state) {
    (void)state;
    assert_string_equal(split("{\"a,b\",\"c}d\",\"{\"}"), "<a,b><c}d><{>");
    assert_string_equal(split("{\"b \\\"c\\\"\",\"\\\\\",\"\"}"), "<b \"c\"><\\><>");
    assert_string_equal(split("{\"\\\\\\\"=r/owner\",x}"), "<\\\"=r/owner><x>");
    assert_string_equal(split("{\"a\nb\"}"), "<a\nb>");
}

static void null_is_not_the_word(void **state) {
    (void)state;
    assert_string_equal(split("{NULL,\"NULL\",NULLS,null}"), "<>!<NULL><NULLS><null>");
}

static void lower_bounds_are_passed_over(void **state) {
    (void)state;
    assert_string_equal(split("[0:1]={a,b}"), "<a><b>");
    assert_string_equal(split("[-5:-5]={\"=\"}"), "<=>");
    assert_string_equal(split("[2:1]={}"), "");
}

static void what_is_no_array_is_malformed(void **state) {
    (void)state;
    static const char *const texts[] = {
        "",
        " ",
        "a",
        "{",
        "}",
        "{a",
        "{a,",
        "{\"a",
        "{\"a\\",
        "{\"a\\\"",
        "{a}x",
        "{\"a\"x}",
        "{\"a\"\"b\"}",
        "{a\"b\"}",
        "{{a},{b}}",
        "{a,{b}}",
        "[0:1]",
        "[0:1]=",
        "[0:1]=a",
        "[",
        "{a}}",
        "[0:0][0:0]={{a}}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (strcmp(split(texts[i]), "malformed") != 0) {
            fail_msg("taken for an array: %s", texts[i]);
        }
    }
}

static void many_elements_have_room(void **state) {
    (void)state;
    enum { MANY = 5000 };
    DnBuf text = {0};
    DnArena arena = {0};
    const char **items = NULL;
    for (int i = 0; i < MANY; i++) {
        dn_buf_fmt(&text, "%s%d", i ? "," : "{", i);
    }
    dn_buf_char(&text, '}');
    assert_int_equal(dn_pgarray_split(&arena, dn_buf_text(&text), &items), MANY);
    assert_string_equal(items[0], "0");
    assert_string_equal(items[MANY - 1], "4999");
    dn_buf_clear(&text);
    for (int i = 0; i < MANY; i++) {
        dn_buf_char(&text, i ? ',' : '{');
    }
    dn_buf_char(&text, '}');
    assert_int_equal(dn_pgarray_split(&arena, dn_buf_text(&text), &items), MANY);
    assert_string_equal(items[MANY - 1], "");
    dn_buf_deinit(&text);
    dn_arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_ones),
        cmocka_unit_test(plain_elements),
        cmocka_unit_test(quoted_elements),
        cmocka_unit_test(null_is_not_the_word),
        cmocka_unit_test(lower_bounds_are_passed_over),
        cmocka_unit_test(what_is_no_array_is_malformed),
        cmocka_unit_test(many_elements_have_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
