/* Name patterns: in double quotes a name stands for itself and for nothing else; parts follow from dots. */
#include <regex.h>

#include "common/pattern.h"
#include "tests/fuzz/fuzz.h"

static void add_quoted(DnBuf *pattern, const char *name) {
    dn_buf_char(pattern, '"');
    for (const char *p = name; *p; p++) {
        dn_buf_str(pattern, *p == '"' ? "\"" : "");
        dn_buf_char(pattern, *p);
    }
    dn_buf_char(pattern, '"');
}

/* POSIX's extended expressions are like the server's in all that a quoted name is made of. */
static bool matches(const char *regex, const char *text) {
    regex_t compiled;
    must(regcomp(&compiled, regex, REG_EXTENDED | REG_NOSUB) == 0);
    bool found = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return found;
}

static void check_quoted(const char *name) {
    DnBuf text = {0};
    DnPattern pattern;
    add_quoted(&text, name);
    dn_buf_str(&text, ".");
    add_quoted(&text, name);
    must(dn_pattern_parse(&pattern, dn_buf_text(&text)) && pattern.dots == 1 && !pattern.has_database);
    must(strcmp(dn_buf_text(&pattern.schema), dn_buf_text(&pattern.name)) == 0);
    must(matches(dn_buf_text(&pattern.name), name));
    dn_buf_clear(&text);
    dn_buf_fmt(&text, "%sx", name);
    must(!matches(dn_buf_text(&pattern.name), dn_buf_text(&text)));
    must(!*name || !matches(dn_buf_text(&pattern.name), name + 1));
    size_t sign = strcspn(name, "|*+?()[]{}.^$\\");
    if (name[sign]) {
        dn_buf_clear(&text);
        dn_buf_fmt(&text, "%.*sx%s", (int)sign, name, name + sign + 1);
        must(!matches(dn_buf_text(&pattern.name), dn_buf_text(&text)));
    }
    dn_pattern_deinit(&pattern);
    dn_buf_deinit(&text);
}

static void check_part(const DnBuf *part, bool is_there) {
    must((part->size > 0) == is_there);
    if (is_there) {
        must(part->size >= 4 && memcmp(part->bytes, "^(", 2) == 0);
        must(memcmp(part->bytes + part->size - 2, ")$", 2) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *text = fuzz_text(data, size);
    DnPattern pattern;
    if (dn_pattern_parse(&pattern, text)) {
        must(pattern.dots <= 2 && pattern.has_database == (pattern.dots == 2));
        check_part(&pattern.name, true);
        check_part(&pattern.schema, pattern.dots > 0);
        must(!pattern.database.size || pattern.has_database);
    }
    dn_pattern_deinit(&pattern);
    /* In no locale of the C library's is any byte a character. */
    if (size < 256) {
        check_quoted(text);
    }
    free(text);
    return 0;
}
