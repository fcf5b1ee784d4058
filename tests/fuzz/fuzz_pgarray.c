/* Arrays as text: what was read, written as the server writes it, is read as the same. */
#include "common/buf.h"
#include "common/pgarray.h"
#include "tests/fuzz/fuzz.h"

static void write_array(DnBuf *text, const char *const *items, int count) {
    dn_buf_str(text, "{");
    for (int i = 0; i < count; i++) {
        dn_buf_str(text, i ? "," : "");
        dn_buf_str(text, items[i] ? "\"" : "NULL");
        for (const char *p = items[i]; p && *p; p++) {
            dn_buf_str(text, strchr("\"\\", *p) ? "\\" : "");
            dn_buf_char(text, *p);
        }
        dn_buf_str(text, items[i] ? "\"" : "");
    }
    dn_buf_str(text, "}");
}

static bool same(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static void check_element(DnArena *arena, const char *text) {
    const char *const items[] = {text, NULL};
    DnBuf written = {0};
    const char **again;
    write_array(&written, items, 2);
    must(dn_pgarray_split(arena, dn_buf_text(&written), &again) == 2);
    must(strcmp(again[0], text) == 0 && !again[1]);
    dn_buf_deinit(&written);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    DnArena arena = {0};
    const char **items;
    int count = dn_pgarray_split(&arena, text, &items);
    must(count >= -1 && (count > 0) == (items != NULL));
    if (count >= 0) {
        DnBuf written = {0};
        const char **again;
        write_array(&written, items, count);
        must(dn_pgarray_split(&arena, dn_buf_text(&written), &again) == count);
        for (int i = 0; i < count; i++) {
            must(same(items[i], again[i]));
        }
        dn_buf_deinit(&written);
    }
    check_element(&arena, text);
    dn_arena_deinit(&arena);
    free(text);
    return 0;
}
