#include "sqlgen/quote.h"

#include <stdlib.h>
#include <string.h>

#include "common/pgarray.h"
#include "sqlgen/statement.h"

typedef struct Keyword {
    const char *word;
    int since;
} Keyword;

static const Keyword keywords[] = {
#define DN_KEYWORD(word, since) {word, since},
#include "sqlgen/keywords.def"
#undef DN_KEYWORD
};

static int compare_keyword(const void *name, const void *keyword) {
    return strcmp(name, ((const Keyword *)keyword)->word);
}

static bool is_reserved(const char *name, int major) {
    const Keyword *keyword =
        bsearch(name, keywords, sizeof keywords / sizeof keywords[0], sizeof keywords[0], compare_keyword);
    return keyword && major >= keyword->since;
}

static bool is_plain(const char *name) {
    if (!((*name >= 'a' && *name <= 'z') || *name == '_')) {
        return false;
    }
    for (const char *p = name; *p; p++) {
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '_')) {
            return false;
        }
    }
    return true;
}

void dn_ident(DnBuf *buf, const DnSpelling *spelling, const char *name) {
    if (!name || !*name) {
        dn_given(buf, NULL); /* no name is empty */
        return;
    }
    if (!spelling->quote_all && is_plain(name) && !is_reserved(name, spelling->major)) {
        dn_buf_str(buf, name);
        return;
    }
    dn_buf_char(buf, '"');
    for (const char *p = name; *p; p++) {
        if (*p == '"') {
            dn_buf_char(buf, '"');
        }
        dn_buf_char(buf, *p);
    }
    dn_buf_char(buf, '"');
}

void dn_qualified(DnBuf *buf, const DnSpelling *spelling, const char *schema, const char *name) {
    if (schema) {
        dn_ident(buf, spelling, schema);
        dn_buf_char(buf, '.');
    }
    dn_ident(buf, spelling, name);
}

void dn_literal(DnBuf *buf, const DnSpelling *spelling, const char *text) {
    if (!text) {
        dn_given(buf, NULL);
        return;
    }
    dn_buf_char(buf, '\'');
    for (const char *p = text; *p;) {
        size_t run = strcspn(p, spelling->std_strings ? "'" : "'\\");
        dn_buf_add(buf, p, run);
        p += run;
        if (*p) {
            dn_buf_char(buf, *p);
            dn_buf_char(buf, *p++);
        }
    }
    dn_buf_char(buf, '\'');
}

void dn_dollar(DnBuf *buf, const char *text, const char *prefix) {
    /* The letters that pg_dump adds to a tag until the text does not hold it. */
    static const char suffix[] = "_XXXXXXX";
    DnBuf tag = {0};
    dn_buf_char(&tag, '$');
    dn_buf_str(&tag, prefix);
    for (size_t i = 0; !dn_buf_failed(&tag) && strstr(text, dn_buf_text(&tag)); i++) {
        dn_buf_char(&tag, suffix[i % (sizeof suffix - 1)]);
    }
    dn_buf_char(&tag, '$');
    dn_buf_str(buf, dn_buf_text(&tag));
    dn_buf_str(buf, text);
    dn_buf_str(buf, dn_buf_text(&tag));
    buf->failed = buf->failed || dn_buf_failed(&tag);
    dn_buf_deinit(&tag);
}

void dn_literal_or_dollar(DnBuf *buf, const DnSpelling *spelling, const char *text) {
    if (strpbrk(text, "'\\")) {
        dn_dollar(buf, text, "");
    } else {
        dn_literal(buf, spelling, text);
    }
}

void dn_comment_text(DnBuf *buf, const char *text, const char *empty) {
    if (!text) {
        dn_buf_str(buf, empty);
        return;
    }
    for (const char *p = text; *p; p++) {
        dn_buf_char(buf, *p == '\n' || *p == '\r' ? ' ' : *p);
    }
}

static void add_option(DnBuf *buf, const DnSpelling *spelling, const char *option, const char *prefix) {
    const char *equals = strchr(option, '=');
    size_t length = equals ? (size_t)(equals - option) : strlen(option);
    const char *value = equals ? equals + 1 : "";
    DnBuf name = {0};
    dn_buf_add(&name, option, length);
    dn_buf_str(buf, prefix);
    dn_ident(buf, spelling, dn_buf_text(&name));
    dn_buf_char(buf, '=');
    /* Only what reads as a plain identifier goes unquoted; a number, say, does not. */
    if (!spelling->quote_all && is_plain(value) && !is_reserved(value, spelling->major)) {
        dn_buf_str(buf, value);
    } else {
        dn_literal(buf, spelling, value);
    }
    buf->failed = buf->failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
}

void dn_reloptions(DnBuf *buf, const DnSpelling *spelling, const char *array, const char *prefix) {
    DnArena scratch = {0};
    const char **options;
    int count = dn_pgarray_split(&scratch, array, &options);
    for (int i = 0; i < count; i++) {
        dn_buf_str(buf, i ? ", " : "");
        add_option(buf, spelling, options[i] ? options[i] : "", prefix);
    }
    buf->failed = buf->failed || dn_arena_failed(&scratch);
    dn_arena_deinit(&scratch);
}
