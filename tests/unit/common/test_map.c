#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/map.h"

enum { PG_CLASS = 1259, PG_PROC = 1255, FIRST_OID = 16384, MANY = 20000 };

static void empty_map_has_nothing(void **state) {
    (void)state;
    DnMap map = {0};
    assert_null(dn_map_get(&map, 0));
    assert_null(dn_map_get(&map, UINT64_MAX));
}

static void key_joins_class_and_oid(void **state) {
    (void)state;
    assert_true(dn_map_key(1, 2) != dn_map_key(2, 1));
    assert_true(dn_map_key(0, UINT32_MAX) == UINT32_MAX);
    assert_true(dn_map_key(UINT32_MAX, UINT32_MAX) == UINT64_MAX);
}

/* As a catalog fills it: OIDs in a row, under two classes. */
static void every_key_is_found_again(void **state) {
    (void)state;
    static int values[2 * MANY];
    DnArena arena = {0};
    DnMap map = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        dn_map_put(&arena, &map, dn_map_key(PG_CLASS, FIRST_OID + i), &values[(size_t)2 * i]);
        dn_map_put(&arena, &map, dn_map_key(PG_PROC, FIRST_OID + i), &values[(size_t)2 * i + 1]);
    }
    assert_false(dn_arena_failed(&arena));
    assert_int_equal(map.count, 2 * MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        assert_ptr_equal(dn_map_get(&map, dn_map_key(PG_CLASS, FIRST_OID + i)), &values[(size_t)2 * i]);
        assert_ptr_equal(dn_map_get(&map, dn_map_key(PG_PROC, FIRST_OID + i)), &values[(size_t)2 * i + 1]);
    }
    assert_null(dn_map_get(&map, dn_map_key(PG_CLASS, FIRST_OID + MANY)));
    assert_null(dn_map_get(&map, dn_map_key(PG_CLASS + 1, FIRST_OID)));
    dn_arena_deinit(&arena);
}

/* Keys that differ only in bits that a weak hash would drop. */
static void keys_far_apart(void **state) {
    (void)state;
    static int values[64];
    DnArena arena = {0};
    DnMap map = {0};
    for (unsigned i = 0; i < 64; i++) {
        dn_map_put(&arena, &map, UINT64_C(1) << i, &values[i]);
    }
    dn_map_put(&arena, &map, 0, &map);
    dn_map_put(&arena, &map, UINT64_MAX, &arena);
    for (unsigned i = 0; i < 64; i++) {
        assert_ptr_equal(dn_map_get(&map, UINT64_C(1) << i), &values[i]);
    }
    assert_ptr_equal(dn_map_get(&map, 0), &map);
    assert_ptr_equal(dn_map_get(&map, UINT64_MAX), &arena);
    assert_null(dn_map_get(&map, 3));
    dn_arena_deinit(&arena);
}

static void put_again_replaces(void **state) {
    (void)state;
    int first = 1;
    int second = 2;
    DnArena arena = {0};
    DnMap map = {0};
    dn_map_put(&arena, &map, 7, &first);
    dn_map_put(&arena, &map, 7, &second);
    assert_int_equal(map.count, 1);
    assert_ptr_equal(dn_map_get(&map, 7), &second);
    dn_arena_deinit(&arena);
}

static void put_without_memory_is_dropped(void **state) {
    (void)state;
    static int values[1000];
    DnArena arena = {0};
    DnMap map = {0};
    dn_map_put(&arena, &map, 0, &values[0]);
    arena.failed = true;
    for (uint64_t key = 1; key < 1000; key++) {
        dn_map_put(&arena, &map, key, &values[key]);
    }
    assert_true(map.count < 1000);
    assert_ptr_equal(dn_map_get(&map, 0), &values[0]);
    assert_null(dn_map_get(&map, 999));
    DnMap empty = {0};
    dn_map_put(&arena, &empty, 1, &values[1]);
    assert_null(dn_map_get(&empty, 1));
    dn_arena_deinit(&arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_map_has_nothing),    cmocka_unit_test(key_joins_class_and_oid),
        cmocka_unit_test(every_key_is_found_again), cmocka_unit_test(keys_far_apart),
        cmocka_unit_test(put_again_replaces),       cmocka_unit_test(put_without_memory_is_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
