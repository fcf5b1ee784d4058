#include "tests/unit/scratch.h"

#include "common/sum.h"

static void rows_in_any_order_have_one_sum(void **state) {
    (void)state;
    DnSum there = {0};
    DnSum back = {0};
    dn_sum_add_row(&there, "1\ta\n", 4);
    dn_sum_add_row(&there, "2\tb\n", 4);
    dn_sum_add_row(&back, "2\tb\n", 4);
    dn_sum_add_row(&back, "1\ta\n", 4);
    assert_true(dn_sum_equal(there, back));
}

static void a_row_more_is_seen(void **state) {
    (void)state;
    DnSum once = {0};
    DnSum twice = {0};
    DnSum thrice = {0};
    dn_sum_add_row(&once, "1\n", 2);
    dn_sum_merge(&twice, once);
    dn_sum_merge(&twice, once);
    dn_sum_merge(&thrice, twice);
    dn_sum_merge(&thrice, once);
    assert_false(dn_sum_equal(once, twice));
    assert_false(dn_sum_equal(once, thrice)); /* as an exclusive or would have it */
}

static void the_sum_carries(void **state) {
    (void)state;
    DnSum sum = {.high = 1, .low = UINT64_MAX};
    dn_sum_merge(&sum, (DnSum){.high = 2, .low = 2});
    assert_int_equal(sum.high, 4);
    assert_int_equal(sum.low, 1);
}

/* XXH3's own value for no bytes. */
static void text_is_hex(void **state) {
    (void)state;
    char text[DN_SUM_TEXT_SIZE];
    DnSum parsed;
    dn_sum_text(dn_sum_of("", 0), text);
    assert_string_equal(text, "99aa06d3014798d86001c324468d497f");
    assert_true(dn_sum_parse(text, &parsed));
    assert_true(dn_sum_equal(parsed, dn_sum_of("", 0)));
    assert_false(dn_sum_parse("99aa06d3014798d86001c324468d497", &parsed));
    assert_false(dn_sum_parse("99AA06d3014798d86001c324468d497f", &parsed));
    assert_false(dn_sum_parse("99aa06d3014798d8-001c324468d497f", &parsed));
}

static void pieces_sum_up_to_the_whole(void **state) {
    (void)state;
    char text[3000];
    memset(text, 'x', sizeof text);
    DnSumStream *stream = dn_sum_stream_new();
    assert_non_null(stream);
    dn_sum_stream_add(stream, text, 1);
    dn_sum_stream_add(stream, text + 1, 0);
    dn_sum_stream_add(stream, text + 1, sizeof text - 1);
    assert_true(dn_sum_equal(dn_sum_stream_take(stream), dn_sum_of(text, sizeof text)));
    assert_true(dn_sum_equal(dn_sum_stream_take(stream), dn_sum_of("", 0)));
    dn_sum_stream_free(stream);
    dn_sum_stream_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_in_any_order_have_one_sum),
        cmocka_unit_test(a_row_more_is_seen),
        cmocka_unit_test(the_sum_carries),
        cmocka_unit_test(text_is_hex),
        cmocka_unit_test(pieces_sum_up_to_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
