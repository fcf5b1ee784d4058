/* Views and arrays in the words of newer servers: of views some of the text is left out, and nothing comes to
   it. */
#include "common/token.h"
#include "sqlgen/modern.h"
#include "sqlgen/modern_array.h"
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

static DnToken next_string(DnTokens *tokens) {
    DnToken token = dn_token_next(tokens);
    while (token.kind != DN_TOKEN_END && token.kind != DN_TOKEN_STRING) {
        token = dn_token_next(tokens);
    }
    return token;
}

/* Strings stay, all of them and in their order; types, which may come to stand more than once, have none. */
static void rewrite_arrays(const char *text, size_t size, bool standard_strings) {
    DnBuf sql = {0};
    dn_modern_arrays(&sql, text, size, standard_strings);
    must(!dn_buf_failed(&sql));
    DnTokens before = dn_tokens(text, size, standard_strings);
    DnTokens after = dn_tokens(dn_buf_text(&sql), sql.size, standard_strings);
    DnToken string;
    do {
        string = next_string(&before);
        DnToken same = next_string(&after);
        must(string.kind == same.kind && string.size == same.size);
        must(string.size == 0 || memcmp(string.text, same.text, string.size) == 0);
    } while (string.kind != DN_TOKEN_END);
    dn_buf_deinit(&sql);
}

/* All that is done to an entry of that type. */
static void rewrite_entry(const char *desc, const char *text, size_t size) {
    DnBuf sql = {0};
    for (int major = 12; major <= 18; major += 3) {
        const DnModel model = {.server_version = major * 10000, .std_strings = major != 15};
        dn_modern_text(&sql, &model, desc, text, size);
        must(!dn_buf_failed(&sql));
    }
    dn_buf_deinit(&sql);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    rewrite(text, strlen(text), true);
    rewrite(text, strlen(text), false);
    rewrite_entry("SEQUENCE SET", text, strlen(text));
    rewrite_entry("TABLE", text, strlen(text));
    rewrite_entry("FUNCTION", text, strlen(text));
    rewrite_arrays(text, strlen(text), true);
    rewrite_arrays(text, strlen(text), false);
    free(text);
    return 0;
}
