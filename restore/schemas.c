#include "restore/schemas.h"

#include <string.h>

#include "restore/position.h"

typedef struct Change {
    const char *done; /* behind what is in `out` */
    DnTokens tokens;
    DnSchemaFn other;
    void *ctx;
    DnBuf *out;
    DnPosition position;
    DnToken last[2]; /* the latest first */
    bool strict;     /* see name_before_dot() */
    bool changed;
} Change;

/* ---- Names ---------------------------------------------------------------------------------- */

/* The other name for that of the token; NULL where it has none. */
static const char *other_name(Change *change, DnToken token) {
    DnBuf name = {0};
    dn_token_name(token, &name);
    const char *other = change->other(change->ctx, dn_buf_text(&name));
    change->out->failed = change->out->failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
    return other;
}

static void put(Change *change, DnToken token, const char *other, char quote) {
    dn_token_put(change->out, &change->done, token, other, quote);
    change->changed = true;
}

static void take_name(Change *change, DnToken token) {
    const char *other = dn_token_is_name(token) ? other_name(change, token) : NULL;
    if (other) {
        put(change, token, other, '"');
    }
}

/* ---- Strings -------------------------------------------------------------------------------- */

/* What a string without escapes says; false for others, in which nobody writes names. */
static bool read_string(const Change *change, DnToken token, DnBuf *text) {
    bool plain = change->tokens.standard_strings || !memchr(token.text, '\\', token.size);
    if (token.text[0] != '\'' || !plain) {
        return false;
    }
    for (size_t i = 1; i + 1 < token.size; i++) {
        dn_buf_char(text, token.text[i]);
        i += token.text[i] == '\'';
    }
    return true;
}

/* The string is a list of schemas: they have no dots. */
static void list_in_string(Change *change, DnToken token) {
    DnBuf text = {0};
    DnBuf result = {0};
    if (read_string(change, token, &text)) {
        Change inner = {.done = dn_buf_text(&text),
                        .tokens = dn_tokens(dn_buf_text(&text), text.size, true),
                        .other = change->other,
                        .ctx = change->ctx,
                        .out = &result};
        DnToken name;
        while ((name = dn_token_next(&inner.tokens)).kind != DN_TOKEN_END) {
            take_name(&inner, name);
        }
        dn_buf_str(&result, inner.done);
        if (inner.changed) {
            put(change, token, dn_buf_text(&result), '\'');
        }
    }
    change->out->failed = change->out->failed || dn_buf_failed(&text) || dn_buf_failed(&result);
    dn_buf_deinit(&text);
    dn_buf_deinit(&result);
}

/* The string is what a name is in SQL: 'shop.s', 'shop.f(shop.t)' */
static void name_in_string(Change *change, DnToken token) {
    DnBuf text = {0};
    DnBuf result = {0};
    if (read_string(change, token, &text) &&
        dn_schemas_replace(dn_buf_text(&text), text.size, true, change->other, change->ctx, &result)) {
        put(change, token, dn_buf_text(&result), '\'');
    }
    change->out->failed = change->out->failed || dn_buf_failed(&text) || dn_buf_failed(&result);
    dn_buf_deinit(&text);
    dn_buf_deinit(&result);
}

/* The string is the schema's name itself. */
static void whole_string(Change *change, DnToken token) {
    DnBuf text = {0};
    const char *other =
        read_string(change, token, &text) ? change->other(change->ctx, dn_buf_text(&text)) : NULL;
    if (other) {
        put(change, token, other, '\'');
    }
    change->out->failed = change->out->failed || dn_buf_failed(&text);
    dn_buf_deinit(&text);
}

/* A quoted name counts as the word within, which --quote-all-identifiers makes of "regclass". */
static DnToken unquoted(DnToken token) {
    return token.kind == DN_TOKEN_QUOTED && token.size > 2
               ? (DnToken){.kind = DN_TOKEN_WORD, .text = token.text + 1, .size = token.size - 2}
               : token;
}

/* Whether '...' is cast to regclass or its like, directly or as in ('...'::text)::regclass. */
static bool is_cast(DnTokens rest, DnToken *type) {
    do {
        bool colon = dn_token_take_char(&rest, ':');
        if (!colon || !dn_token_take_char(&rest, ':')) {
            return false;
        }
        *type = unquoted(dn_token_next(&rest));
        if (dn_token_is(*type, "pg_catalog") && dn_token_take_char(&rest, '.')) {
            *type = unquoted(dn_token_next(&rest));
        }
    } while (dn_token_is(*type, "text") && dn_token_take_char(&rest, ')'));
    return type->kind == DN_TOKEN_WORD && type->size > 3 && memcmp(type->text, "reg", 3) == 0;
}

static bool is_string(DnToken token, const char *text) {
    return token.kind == DN_TOKEN_STRING && token.size == strlen(text) &&
           memcmp(token.text, text, token.size) == 0;
}

static void take_string(Change *change, DnToken token) {
    static const char *const takes_name[] = {"nextval", "currval", "setval"};
    bool first = dn_token_is_char(change->last[0], '(');
    bool next = dn_token_is_char(change->last[0], ',');
    DnToken type;
    if (is_cast(change->tokens, &type)) {
        if (dn_token_is(type, "regnamespace")) {
            list_in_string(change, token);
        } else {
            name_in_string(change, token);
        }
        return;
    }
    for (size_t i = 0; first && i < sizeof takes_name / sizeof *takes_name; i++) {
        if (dn_token_is(change->last[1], takes_name[i])) {
            name_in_string(change, token);
            return;
        }
    }
    if (next && is_string(change->last[1], "'search_path'")) {
        list_in_string(change, token);
    } else if (next && is_string(change->last[1], "'schemaname'")) {
        whole_string(change, token);
    }
}

/* ---- Tokens --------------------------------------------------------------------------------- */

/* Names and strings up to the first that no comma follows. */
static void take_list(Change *change) {
    do {
        DnToken token = dn_token_next(&change->tokens);
        if (token.kind == DN_TOKEN_STRING) {
            whole_string(change, token);
        } else {
            take_name(change, token);
        }
    } while (dn_token_take_char(&change->tokens, ','));
}

/* Behind SCHEMA: [IF [NOT] EXISTS] name [, ...] */
static void take_schemas(Change *change) {
    DnTokens before = change->tokens;
    if (!dn_token_take(&change->tokens, "if") ||
        (dn_token_take(&change->tokens, "not"), !dn_token_take(&change->tokens, "exists"))) {
        change->tokens = before;
    }
    take_list(change);
}

/* A name that stands before a dot may be a table's in a query that has a relation or an alias of that name:
   only there is it asked where it stands. */
static void name_before_dot(Change *change, DnToken token) {
    if (change->strict && !dn_position_is_object(&change->position)) {
        DnTokens rest = change->tokens;
        (void)dn_token_next(&rest);
        if (!dn_token_is_name(dn_token_next(&rest)) || !dn_token_take_char(&rest, '(')) {
            return;
        }
    }
    take_name(change, token);
}

static bool is_set(const Change *change) {
    return dn_token_is(change->last[0], "set") || dn_token_is(change->last[1], "set");
}

static void take_token(Change *change, DnToken token, bool has_schemas) {
    bool part = dn_token_is_char(change->last[0], '.');
    if (token.kind == DN_TOKEN_STRING) {
        take_string(change, token);
    } else if (part || !dn_token_is_name(token)) {
        return;
    } else if (dn_token_is_char(dn_token_peek(&change->tokens), '.')) {
        name_before_dot(change, token);
    } else if (has_schemas && dn_token_is(token, "schema")) {
        take_schemas(change);
    } else if (dn_token_is(unquoted(token), "search_path") && is_set(change)) {
        if (dn_token_take_char(&change->tokens, '=') || dn_token_take(&change->tokens, "to")) {
            take_list(change);
        }
    }
}

/* ---- Statements ----------------------------------------------------------------------------- */

/* Those that name schemas behind SCHEMA; elsewhere it may be a column. */
static bool has_schemas(DnTokens tokens) {
    static const char *const beginnings[][2] = {
        {"create", "schema"},   {"alter", "schema"},  {"drop", "schema"},       {"comment", "on"},
        {"security", "label"},  {"grant", NULL},      {"revoke", NULL},         {"create", "extension"},
        {"alter", "extension"}, {"alter", "default"}, {"alter", "publication"}, {"create", "publication"}};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        DnTokens rest = tokens;
        if (dn_token_take(&rest, beginnings[i][0]) &&
            (!beginnings[i][1] || dn_token_take(&rest, beginnings[i][1]))) {
            return true;
        }
    }
    return false;
}

static bool has_query(DnTokens tokens) {
    static const char *const kinds[] = {"view",    "materialized", "recursive", "rule",     "policy",
                                        "trigger", "constraint",   "function",  "procedure"};
    if (!dn_token_take(&tokens, "create")) {
        return false;
    }
    if (dn_token_take(&tokens, "or")) {
        (void)dn_token_take(&tokens, "replace");
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (dn_token_take(&tokens, kinds[i])) {
            return true;
        }
    }
    return false;
}

/* Whether a name that has another stands where no schema does: as a relation, an alias, or a row of a rule or
   trigger. */
static bool is_ambiguous(Change *change) {
    static const char *const rows[] = {"old", "new", "excluded"};
    DnTokens tokens = change->tokens;
    DnToken token;
    bool found = false;
    while (!found && (token = dn_token_next(&tokens)).kind != DN_TOKEN_END) {
        bool before_dot = dn_token_is_char(dn_token_peek(&tokens), '.');
        for (size_t i = 0; before_dot && i < sizeof rows / sizeof *rows; i++) {
            before_dot = !dn_token_is(token, rows[i]);
        }
        found = dn_token_is_name(token) && !before_dot && other_name(change, token);
    }
    return found;
}

bool dn_schemas_replace(const char *sql, size_t size, bool standard_strings, DnSchemaFn other, void *ctx,
                        DnBuf *out) {
    Change change = {.done = sql,
                     .tokens = dn_tokens(sql, size, standard_strings),
                     .other = other,
                     .ctx = ctx,
                     .out = out};
    bool schemas = has_schemas(change.tokens);
    DnToken token;
    change.strict = has_query(change.tokens) && is_ambiguous(&change);
    while ((token = dn_token_next(&change.tokens)).kind != DN_TOKEN_END) {
        take_token(&change, token, schemas);
        if (change.strict) {
            dn_position_add(&change.position, token);
        }
        change.last[1] = change.last[0];
        change.last[0] = token;
    }
    dn_buf_add(out, change.done, (size_t)(sql + size - change.done));
    out->failed = out->failed || dn_buf_failed(&change.position.levels);
    dn_position_deinit(&change.position);
    return change.changed;
}
