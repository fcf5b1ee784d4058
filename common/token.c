#include "common/token.h"

#include <string.h>

DnTokens dn_tokens(const char *text, size_t size, bool standard_strings) {
    return (DnTokens){.next = text, .end = text + size, .standard_strings = standard_strings};
}

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool goes_on(char c) {
    return begins_word(c) || is_digit(c) || c == '$';
}

static char lower(char c) {
    return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* ---- Ends: each returns where what begins at `p` ends --------------------------------------- */

static const char *line_end(const char *p, const char *end) {
    while (p < end && *p != '\n' && *p != '\r') {
        p++;
    }
    return p;
}

static const char *comment_end(const char *p, const char *end) {
    unsigned depth = 0;
    while (p + 1 < end) {
        bool opens = p[0] == '/' && p[1] == '*';
        bool closes = p[0] == '*' && p[1] == '/';
        p += opens || closes ? 2 : 1;
        depth += opens;
        depth -= closes;
        if (depth == 0) {
            return p;
        }
    }
    return end;
}

static const char *skip(const char *p, const char *end) {
    for (;;) {
        if (p < end && is_blank(*p)) {
            p++;
        } else if (p + 1 < end && p[0] == '-' && p[1] == '-') {
            p = line_end(p, end);
        } else if (p + 1 < end && p[0] == '/' && p[1] == '*') {
            p = comment_end(p, end);
        } else {
            return p;
        }
    }
}

/* Behind the closing quote; a doubled one is two that touch. */
static const char *quote_end(const char *p, const char *end, bool escapes) {
    const char quote = *p++;
    while (p < end) {
        if (*p == '\\' && escapes) {
            p += p + 1 < end ? 2 : 1;
        } else if (*p == quote && p + 1 < end && p[1] == quote) {
            p += 2;
        } else if (*p++ == quote) {
            return p;
        }
    }
    return end;
}

/* NULL where the $ begins no dollar quote. */
static const char *dollar_end(const char *p, const char *end) {
    const char *tag_end = p + 1;
    while (tag_end < end && (begins_word(*tag_end) || (is_digit(*tag_end) && tag_end > p + 1))) {
        tag_end++;
    }
    if (tag_end == end || *tag_end != '$') {
        return NULL;
    }
    size_t size = (size_t)(tag_end + 1 - p);
    for (const char *at = tag_end + 1; at + size <= end; at++) {
        if (memcmp(at, p, size) == 0) {
            return at + size;
        }
    }
    return end;
}

static const char *word_end(const char *p, const char *end) {
    while (p < end && goes_on(*p)) {
        p++;
    }
    return p;
}

/* ---- Tokens --------------------------------------------------------------------------------- */

DnToken dn_token_next(DnTokens *tokens) {
    const char *p = skip(tokens->next, tokens->end);
    const char *end = p;
    DnTokenKind kind = DN_TOKEN_OTHER;
    if (p == tokens->end) {
        kind = DN_TOKEN_END;
    } else if (p + 1 < tokens->end && p[1] == '\'' && strchr("eEbBxXnN", *p)) {
        kind = DN_TOKEN_STRING;
        end = quote_end(p + 1, tokens->end,
                        lower(*p) == 'e' || (lower(*p) == 'n' && !tokens->standard_strings));
    } else if (begins_word(*p)) {
        kind = DN_TOKEN_WORD;
        end = word_end(p, tokens->end);
    } else if (*p == '\'') {
        kind = DN_TOKEN_STRING;
        end = quote_end(p, tokens->end, !tokens->standard_strings);
    } else if (*p == '"') {
        kind = DN_TOKEN_QUOTED;
        end = quote_end(p, tokens->end, false);
    } else if (*p == '$' && (end = dollar_end(p, tokens->end)) != NULL) {
        kind = DN_TOKEN_STRING;
    } else if (is_digit(*p)) {
        end = word_end(p, tokens->end);
    } else {
        end = p + 1;
    }
    tokens->next = end;
    return (DnToken){.kind = kind, .text = p, .size = (size_t)(end - p)};
}

DnToken dn_token_peek(const DnTokens *tokens) {
    DnTokens copy = *tokens;
    return dn_token_next(&copy);
}

bool dn_token_is(DnToken token, const char *keyword) {
    bool same = token.kind == DN_TOKEN_WORD && token.size == strlen(keyword);
    for (size_t i = 0; same && i < token.size; i++) {
        same = lower(token.text[i]) == keyword[i];
    }
    return same;
}

bool dn_token_is_char(DnToken token, char c) {
    return token.kind == DN_TOKEN_OTHER && token.text[0] == c;
}

int dn_token_nesting(DnToken token) {
    bool opens = dn_token_is_char(token, '(') || dn_token_is_char(token, '[');
    bool closes = dn_token_is_char(token, ')') || dn_token_is_char(token, ']');
    return opens - closes;
}

bool dn_token_take(DnTokens *tokens, const char *keyword) {
    DnTokens copy = *tokens;
    bool taken = dn_token_is(dn_token_next(&copy), keyword);
    *tokens = taken ? copy : *tokens;
    return taken;
}

bool dn_token_take_char(DnTokens *tokens, char c) {
    DnTokens copy = *tokens;
    bool taken = dn_token_is_char(dn_token_next(&copy), c);
    *tokens = taken ? copy : *tokens;
    return taken;
}

/* ---- Names ---------------------------------------------------------------------------------- */

bool dn_token_is_name(DnToken token) {
    return token.kind == DN_TOKEN_WORD || token.kind == DN_TOKEN_QUOTED;
}

void dn_token_name(DnToken token, DnBuf *name) {
    bool quoted = token.kind == DN_TOKEN_QUOTED;
    size_t last = quoted ? token.size - 1 : token.size;
    for (size_t i = quoted; i < last; i++) {
        dn_buf_char(name, quoted ? token.text[i] : lower(token.text[i]));
        i += quoted && token.text[i] == '"';
    }
}

void dn_token_quote(DnBuf *sql, const char *text, char quote) {
    dn_buf_char(sql, quote);
    for (; *text; text++) {
        if (*text == quote) {
            dn_buf_char(sql, quote);
        }
        dn_buf_char(sql, *text);
    }
    dn_buf_char(sql, quote);
}

void dn_token_put(DnBuf *sql, const char **done, DnToken token, const char *text, char quote) {
    dn_buf_add(sql, *done, (size_t)(token.text - *done));
    *done = token.text + token.size;
    const char before = sql->size ? sql->bytes[sql->size - 1] : ' ';
    if (before == quote || before == '&') {
        dn_buf_char(sql, ' ');
    }
    dn_token_quote(sql, text, quote);
    if (**done == quote) {
        dn_buf_char(sql, ' ');
    }
}

bool dn_token_take_name(DnTokens *tokens, DnBuf *schema, DnBuf *name) {
    DnToken first = dn_token_next(tokens);
    dn_buf_clear(schema);
    dn_buf_clear(name);
    if (!dn_token_is_name(first)) {
        return false;
    }
    if (!dn_token_take_char(tokens, '.')) {
        dn_token_name(first, name);
        return true;
    }
    DnToken second = dn_token_next(tokens);
    if (!dn_token_is_name(second)) {
        return false;
    }
    dn_token_name(first, schema);
    dn_token_name(second, name);
    return true;
}

void dn_token_key(DnBuf *key, const DnBuf *schema, const DnBuf *name) {
    dn_buf_clear(key);
    dn_buf_add(key, dn_buf_text(schema), schema->size);
    dn_buf_char(key, '\n');
    dn_buf_add(key, dn_buf_text(name), name->size);
}

bool dn_token_take_key(DnTokens *tokens, DnBuf *key) {
    DnBuf schema = {0};
    DnBuf name = {0};
    bool taken = dn_token_take_name(tokens, &schema, &name);
    if (taken) {
        dn_token_key(key, &schema, &name);
    }
    key->failed = key->failed || dn_buf_failed(&schema) || dn_buf_failed(&name);
    dn_buf_deinit(&schema);
    dn_buf_deinit(&name);
    return taken;
}

bool dn_token_find(DnTokens *tokens, const char *keyword) {
    int depth = 0;
    for (DnToken token; (token = dn_token_next(tokens)).kind != DN_TOKEN_END;) {
        depth += dn_token_is_char(token, '(') - dn_token_is_char(token, ')');
        if (depth == 0 && dn_token_is(token, keyword)) {
            return true;
        }
    }
    return false;
}
