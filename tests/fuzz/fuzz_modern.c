/* Views in the words of newer servers: some of the text is left out, and nothing comes to it. */
#include "sqlgen/modern_view.h"
#include "tests/fuzz/fuzz.h"

/* Is `part` what is left of `whole` when some of it is left out? */
static bool is_left_of(const DnBuf *part, const char *whole) {
    const char *text = part->bytes;
    for (size_t i = 0; i < part->size; i++) {
        const char *next = strchr(whole, text[i]);
        if (!next) {
            return false;
        }
        whole = next + 1;
    }
    return true;
}

static void rewrite(const char *text, size_t size, bool standard_strings) {
    DnBuf once = {0};
    dn_modern_view(&once, text, size, standard_strings);
    must(!dn_buf_failed(&once) && once.size <= size && is_left_of(&once, text));
    dn_buf_deinit(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    rewrite(text, strlen(text), true);
    rewrite(text, strlen(text), false);
    free(text);
    return 0;
}
