#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/vec.h"

typedef DN_VEC(uint32_t) Numbers;

static void pushed_items_stay_in_order(void **state) {
    (void)state;
    DnArena arena = {0};
    Numbers numbers = {0};
    for (uint32_t i = 0; i < 10000; i++) {
        DN_PUSH(&arena, &numbers, i * 3);
    }
    assert_int_equal(numbers.count, 10000);
    for (uint32_t i = 0; i < 10000; i++) {
        assert_int_equal(numbers.items[i], i * 3);
    }
    dn_arena_deinit(&arena);
}

static void items_may_be_structs(void **state) {
    (void)state;
    typedef struct Pair {
        const char *name;
        int value;
    } Pair;
    DnArena arena = {0};
    DN_VEC(Pair) pairs = {0};
    DN_PUSH(&arena, &pairs, ((Pair){.name = "a", .value = 1}));
    DN_PUSH(&arena, &pairs, ((Pair){.name = "b", .value = 2}));
    assert_int_equal(pairs.count, 2);
    assert_string_equal(pairs.items[1].name, "b");
    assert_int_equal(pairs.items[0].value, 1);
    dn_arena_deinit(&arena);
}

static void push_without_memory_is_dropped(void **state) {
    (void)state;
    DnArena arena = {0};
    Numbers numbers = {0};
    for (uint32_t i = 0; i < 4; i++) {
        DN_PUSH(&arena, &numbers, i);
    }
    arena.failed = true;
    DN_PUSH(&arena, &numbers, 99);
    assert_int_equal(numbers.count, 4);
    assert_int_equal(numbers.items[3], 3);
    Numbers empty = {0};
    DN_PUSH(&arena, &empty, 99);
    assert_int_equal(empty.count, 0);
    dn_arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pushed_items_stay_in_order),
        cmocka_unit_test(items_may_be_structs),
        cmocka_unit_test(push_without_memory_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
