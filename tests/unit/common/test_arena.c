#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdalign.h>
#include <string.h>

#include "common/arena.h"

static void memory_is_zeroed_aligned_and_apart(void **state) {
    (void)state;
    DnArena arena = {0};
    unsigned char *all[300];
    for (size_t i = 0; i < 300; i++) {
        all[i] = dn_arena_alloc(&arena, i * 7);
        assert_non_null(all[i]);
        assert_int_equal((uintptr_t)all[i] % alignof(max_align_t), 0);
        for (size_t k = 0; k < i * 7; k++) {
            assert_int_equal(all[i][k], 0);
        }
        memset(all[i], (int)(i % 255 + 1), i * 7);
    }
    for (size_t i = 0; i < 300; i++) {
        for (size_t k = 0; k < i * 7; k++) {
            assert_int_equal(all[i][k], i % 255 + 1);
        }
    }
    dn_arena_deinit(&arena);
}

static void bigger_than_a_block(void **state) {
    enum { BIG = 5000000 };
    (void)state;
    DnArena arena = {0};
    char *small = dn_arena_alloc(&arena, 10);
    char *big = dn_arena_alloc(&arena, BIG);
    char *after = dn_arena_alloc(&arena, 10);
    assert_non_null(big);
    memset(small, 1, 10);
    memset(big, 2, BIG);
    memset(after, 3, 10);
    assert_int_equal(small[9], 1);
    assert_int_equal(big[0], 2);
    assert_int_equal(big[4999999], 2);
    dn_arena_deinit(&arena);
}

static void reused_memory_is_zeroed_again(void **state) {
    (void)state;
    DnArena arena = {0};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 100; i++) {
            char *memory = dn_arena_alloc(&arena, 3000);
            assert_non_null(memory);
            for (size_t k = 0; k < 3000; k++) {
                assert_int_equal(memory[k], 0);
            }
            memset(memory, 0x5a, 3000);
        }
        dn_arena_reset(&arena);
    }
    dn_arena_deinit(&arena);
    dn_arena_reset(&arena);
    dn_arena_deinit(&arena);
}

static void failure_is_sticky(void **state) {
    (void)state;
    DnArena arena = {0};
    assert_non_null(dn_arena_alloc(&arena, 1));
    assert_false(dn_arena_failed(&arena));
    assert_null(dn_arena_array(&arena, SIZE_MAX / 2, 3));
    assert_true(dn_arena_failed(&arena));
    assert_null(dn_arena_alloc(&arena, 1));
    assert_null(dn_arena_str(&arena, "x"));
    dn_arena_reset(&arena);
    assert_false(dn_arena_failed(&arena));
    assert_non_null(dn_arena_alloc(&arena, 1));
    dn_arena_deinit(&arena);
}

static void impossible_sizes_fail(void **state) {
    (void)state;
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 16, SIZE_MAX - 64};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        DnArena arena = {0};
        assert_null(dn_arena_alloc(&arena, sizes[i]));
        assert_true(dn_arena_failed(&arena));
        dn_arena_deinit(&arena);
    }
    DnArena arena = {0};
    assert_null(dn_arena_strn(&arena, "x", SIZE_MAX));
    assert_true(dn_arena_failed(&arena));
    dn_arena_deinit(&arena);
}

static void strings_are_copied(void **state) {
    (void)state;
    DnArena arena = {0};
    char text[] = "public";
    char *copy = dn_arena_str(&arena, text);
    text[0] = 'X';
    assert_string_equal(copy, "public");
    assert_null(dn_arena_str(&arena, NULL));
    assert_false(dn_arena_failed(&arena));
    assert_string_equal(dn_arena_str(&arena, ""), "");
    assert_string_equal(dn_arena_strn(&arena, "users_id_seq", 5), "users");
    assert_string_equal(dn_arena_strn(&arena, NULL, 0), "");
    dn_arena_deinit(&arena);
}

static void arrays_hold_their_items(void **state) {
    (void)state;
    DnArena arena = {0};
    uint64_t *numbers = DN_NEW_ARRAY(&arena, uint64_t, 1000);
    for (uint64_t i = 0; i < 1000; i++) {
        assert_int_equal(numbers[i], 0);
        numbers[i] = i;
    }
    assert_int_equal(numbers[999], 999);
    assert_non_null(dn_arena_array(&arena, 0, 8));
    assert_non_null(dn_arena_array(&arena, 8, 0));
    dn_arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(bigger_than_a_block),
        cmocka_unit_test(reused_memory_is_zeroed_again),
        cmocka_unit_test(failure_is_sticky),
        cmocka_unit_test(impossible_sizes_fail),
        cmocka_unit_test(strings_are_copied),
        cmocka_unit_test(arrays_hold_their_items),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
