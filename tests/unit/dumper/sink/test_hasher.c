/* SHA-256 beside the reader: the same as of one piece. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dumper/sink/hash.h"
#include "dumper/sink/hasher.h"

enum { BLOCK = 64 * 1024, BLOCKS = 9 };

static char text[BLOCK * BLOCKS];

static void fill(void) {
    for (size_t i = 0; i < sizeof text; i++) {
        text[i] = (char)(i * 7 + i / 1000);
    }
}

/* The blocks' places are used again, as a reader does. */
static void blocks_have_the_sum_of_the_whole(void **state) {
    static char places[2][BLOCK];
    (void)state;
    DnErr err;
    DnDigest whole;
    DnDigest parts;
    fill();
    DnHash *hash = dn_hash_new(&err);
    assert_int_equal(dn_hash_add(hash, text, sizeof text, &err), DN_OK);
    assert_int_equal(dn_hash_end(hash, &whole, &err), DN_OK);
    dn_hash_free(hash);
    DnHasher *hasher = dn_hasher_start(&err);
    for (size_t i = 0; i < BLOCKS; i++) {
        memcpy(places[i % 2], text + i * BLOCK, BLOCK);
        dn_hasher_give(hasher, places[i % 2], BLOCK);
    }
    dn_hasher_give(hasher, places[0], 0);
    assert_int_equal(dn_hasher_end(hasher, &parts, &err), DN_OK);
    dn_hasher_free(hasher);
    assert_string_equal(parts.sha256, whole.sha256);
    assert_int_equal(parts.bytes, sizeof text);
}

static void one_that_is_left_ends(void **state) {
    (void)state;
    DnErr err;
    DnHasher *hasher = dn_hasher_start(&err);
    fill();
    dn_hasher_give(hasher, text, sizeof text);
    dn_hasher_free(hasher);
    dn_hasher_free(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_have_the_sum_of_the_whole),
        cmocka_unit_test(one_that_is_left_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
