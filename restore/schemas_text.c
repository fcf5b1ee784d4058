/* schemas_text.c - names of schemas within strings that are code: told, since nobody but the language knows
   which of them are names. */
#include <inttypes.h>
#include <string.h>

#include "restore/schemas.h"

typedef struct Search {
    const char *sql;
    uint64_t line;
    DnSchemaFn other;
    void *ctx;
    DnTokens tokens;
    DnBuf label, name;
    uint64_t last_line; /* that was told */
    DnBuf *out;
} Search;

static bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool is_in_word(char c) {
    return begins_word(c) || (c >= '0' && c <= '9') || c == '$';
}

static void found(Search *search, const char *at) {
    uint64_t line = search->line;
    for (const char *c = search->sql; c < at; c++) {
        line += *c == '\n';
    }
    if (line != search->last_line) {
        if (!search->last_line) {
            dn_buf_str(search->out, dn_buf_text(&search->label));
        }
        dn_buf_fmt(search->out, search->last_line ? ", %" PRIu64 : ", line %" PRIu64, line);
    }
    search->last_line = line;
}

/* Words as SQL has them, and names in double quotes. */
static void search_string(Search *search, DnToken token) {
    const char *end = token.text + token.size;
    for (const char *p = token.text; p < end;) {
        const char *start = p;
        DnToken name = {.kind = DN_TOKEN_WORD, .text = p};
        if (*p == '"') {
            const char *close = memchr(p + 1, '"', (size_t)(end - p - 1));
            name.kind = DN_TOKEN_QUOTED;
            p = close ? close + 1 : p + 1;
        } else if (begins_word(*p)) {
            while (p < end && is_in_word(*p)) {
                p++;
            }
        } else {
            p++;
            continue;
        }
        name.size = (size_t)(p - start);
        dn_buf_clear(&search->name);
        if (name.size > 1 || name.kind == DN_TOKEN_WORD) {
            dn_token_name(name, &search->name);
        }
        if (search->other(search->ctx, dn_buf_text(&search->name))) {
            found(search, start);
        }
    }
}

/* Behind its kind: "FUNCTION shop.f(a integer)", in one line. */
static void label_function(Search *search, const char *kind) {
    DnToken token = dn_token_peek(&search->tokens);
    const char *start = token.text;
    int depth = 0;
    do {
        token = dn_token_next(&search->tokens);
        depth += dn_token_is_char(token, '(') - dn_token_is_char(token, ')');
    } while (token.kind != DN_TOKEN_END && !(depth == 0 && dn_token_is_char(token, ')')));
    dn_buf_fmt(&search->label, "%s ", kind);
    for (const char *c = start; c < token.text + token.size; c++) {
        dn_buf_char(&search->label, *c == '\n' || *c == '\r' ? ' ' : *c);
    }
}

static void search_function(Search *search, const char *kind) {
    DnToken token;
    bool code = false;
    label_function(search, kind);
    while ((token = dn_token_next(&search->tokens)).kind != DN_TOKEN_END) {
        code = token.kind == DN_TOKEN_STRING
                   ? code
                   : dn_token_is(token, "as") || (code && dn_token_is_char(token, ','));
        if (code && token.kind == DN_TOKEN_STRING) {
            search_string(search, token);
        }
    }
}

static void search_trigger(Search *search) {
    DnToken token = dn_token_peek(&search->tokens);
    dn_buf_str(&search->label, "TRIGGER ");
    dn_buf_add(&search->label, token.text, token.size);
    while ((token = dn_token_next(&search->tokens)).kind != DN_TOKEN_END) {
        if (token.kind == DN_TOKEN_STRING) {
            search_string(search, token);
        }
    }
}

void dn_schemas_in_strings(const char *sql, size_t size, bool standard_strings, uint64_t line,
                           DnSchemaFn other, void *ctx, DnBuf *out) {
    Search search = {.sql = sql,
                     .line = line,
                     .other = other,
                     .ctx = ctx,
                     .tokens = dn_tokens(sql, size, standard_strings),
                     .out = out};
    DnTokens *tokens = &search.tokens;
    if (!dn_token_take(tokens, "create")) {
        return;
    }
    if (dn_token_take(tokens, "or")) {
        (void)dn_token_take(tokens, "replace");
    }
    (void)dn_token_take(tokens, "constraint");
    if (dn_token_take(tokens, "function")) {
        search_function(&search, "FUNCTION");
    } else if (dn_token_take(tokens, "procedure")) {
        search_function(&search, "PROCEDURE");
    } else if (dn_token_take(tokens, "trigger")) {
        search_trigger(&search);
    }
    if (search.last_line) {
        dn_buf_char(out, '\n');
    }
    out->failed = out->failed || dn_buf_failed(&search.label) || dn_buf_failed(&search.name);
    dn_buf_deinit(&search.label);
    dn_buf_deinit(&search.name);
}
