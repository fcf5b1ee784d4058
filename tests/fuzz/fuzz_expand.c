/* Compressed files: the text comes out the same in whatever pieces the file is read, up to where damage ends
   it. */
#include "common/err.h"
#include "dumper/sink/expand.h"
#include "tests/fuzz/fuzz.h"

enum { KEPT = 64 * 1024 };

typedef struct Text {
    char bytes[KEPT];
    size_t size;
} Text;

static void keep(void *ctx, const char *bytes, size_t size) {
    Text *text = ctx;
    size_t taken = size < KEPT - text->size ? size : KEPT - text->size;
    if (taken) {
        memcpy(text->bytes + text->size, bytes, taken);
    }
    text->size += taken;
}

static void expand(const char *bytes, size_t size, size_t piece, Text *text) {
    DnExpander *expander;
    DnErr err = {0};
    text->size = 0;
    must(dn_expander_open(bytes, size, &expander, &err) == DN_OK || *err.message);
    for (size_t i = 0; expander && i < size; i += piece) {
        expander->add(expander, bytes + i, size - i < piece ? size - i : piece, keep, text);
    }
    dn_expander_free(expander);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static Text whole, pieces;
    if (size) {
        expand((const char *)data, size, size, &whole);
        expand((const char *)data, size, 1 + data[size - 1] % 64, &pieces);
        size_t both = whole.size < pieces.size ? whole.size : pieces.size;
        must(memcmp(whole.bytes, pieces.bytes, both) == 0);
    }
    return 0;
}
