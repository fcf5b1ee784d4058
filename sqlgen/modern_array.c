#include "sqlgen/modern_array.h"

#include "common/token.h"

enum { MOST_DEPTH = 64 };

/* (ARRAY[elements])::type[] */
typedef struct Cast {
    const char *elements, *elements_end;
    const char *type, *type_end;
} Cast;

/* The elements are within [ ]; arrays of arrays are told by their own elements' casts, which is left
   alone. */
static bool take_elements(DnTokens *tokens, Cast *cast) {
    int depth = 0;
    cast->elements = tokens->next;
    for (DnToken last = {0};;) {
        DnToken token = dn_token_next(tokens);
        bool begins = depth == 0 && (!last.size || dn_token_is_char(last, ','));
        if (token.kind == DN_TOKEN_END || depth > MOST_DEPTH || (begins && dn_token_is(token, "array"))) {
            return false;
        }
        if (depth == 0 && dn_token_nesting(token) < 0) {
            cast->elements_end = token.text;
            return last.size && dn_token_is_char(token, ']');
        }
        depth += dn_token_nesting(token);
        last = token;
    }
}

/* Such as character varying(10), or "S"."T"; the brackets behind it are taken, too. */
static bool take_type(DnTokens *tokens, Cast *cast) {
    cast->type = dn_token_peek(tokens).text;
    for (DnToken token = dn_token_next(tokens); !dn_token_is_char(token, '[');
         token = dn_token_next(tokens)) {
        bool belongs = dn_token_is_name(token) || dn_token_is_char(token, '.') ||
                       dn_token_is_char(token, '(') || dn_token_is_char(token, ',') ||
                       dn_token_is_char(token, ')') ||
                       (token.kind == DN_TOKEN_OTHER && token.text[0] >= '0' && token.text[0] <= '9');
        if (!belongs) {
            return false;
        }
        cast->type_end = token.text + token.size;
    }
    return cast->type_end && dn_token_take_char(tokens, ']');
}

/* Behind its first parenthesis. */
static bool take_cast(DnTokens *tokens, Cast *cast) {
    *cast = (Cast){0};
    return dn_token_take(tokens, "array") && dn_token_take_char(tokens, '[') && take_elements(tokens, cast) &&
           dn_token_take_char(tokens, ')') && dn_token_take_char(tokens, ':') &&
           dn_token_take_char(tokens, ':') && take_type(tokens, cast);
}

static void rewrite(DnBuf *sql, const char *text, size_t size, bool standard_strings, unsigned level);

static void add_element(DnBuf *sql, const Cast *cast, const char *begin, const char *end,
                        bool standard_strings, unsigned level) {
    dn_buf_char(sql, '(');
    rewrite(sql, begin, (size_t)(end - begin), standard_strings, level + 1);
    dn_buf_str(sql, ")::");
    dn_buf_add(sql, cast->type, (size_t)(cast->type_end - cast->type));
}

static void add_array(DnBuf *sql, const Cast *cast, bool standard_strings, unsigned level) {
    DnTokens tokens =
        dn_tokens(cast->elements, (size_t)(cast->elements_end - cast->elements), standard_strings);
    int depth = 0;
    const char *begin = cast->elements;
    dn_buf_str(sql, "ARRAY[");
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        depth += dn_token_nesting(t);
        if (depth == 0 && dn_token_is_char(t, ',')) {
            add_element(sql, cast, begin, t.text, standard_strings, level);
            dn_buf_str(sql, ", ");
            begin = dn_token_peek(&tokens).text;
        }
    }
    add_element(sql, cast, begin, cast->elements_end, standard_strings, level);
    dn_buf_char(sql, ']');
}

static void rewrite(DnBuf *sql, const char *text, size_t size, bool standard_strings, unsigned level) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    const char *done = text;
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END && level < MOST_DEPTH;
         t = dn_token_next(&tokens)) {
        DnTokens behind = tokens;
        Cast cast;
        if (dn_token_is_char(t, '(') && take_cast(&behind, &cast)) {
            dn_buf_add(sql, done, (size_t)(t.text - done));
            add_array(sql, &cast, standard_strings, level);
            tokens = behind;
            done = tokens.next;
        }
    }
    dn_buf_add(sql, done, (size_t)(text + size - done));
}

void dn_modern_arrays(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    rewrite(sql, text, size, standard_strings, 0);
}
