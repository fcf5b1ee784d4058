#include "sqlgen/modern_view.h"

#include <string.h>

#include "common/token.h"

enum { MOST_LEVELS = 512 };

/* How deep in parentheses a token stands, and which of them hold a query of their own. */
typedef struct Levels {
    size_t depth;
    bool fresh;               /* the last token was an opening parenthesis */
    bool inside[MOST_LEVELS]; /* by depth: it, or one around it, holds a query */
    bool lost;                /* too deep */
} Levels;

static bool begins_query(DnToken token) {
    return dn_token_is(token, "select") || dn_token_is(token, "with") || dn_token_is(token, "values");
}

static void enter(Levels *levels, DnToken token) {
    if (levels->fresh && begins_query(token)) {
        levels->inside[levels->depth] = true;
    }
    levels->fresh = dn_token_is_char(token, '(');
    if (levels->fresh && levels->depth + 1 == MOST_LEVELS) {
        levels->lost = true;
    } else if (levels->fresh) {
        levels->inside[levels->depth + 1] = levels->inside[levels->depth];
        levels->depth++;
    } else if (dn_token_is_char(token, ')') && levels->depth) {
        levels->depth--;
    }
}

static bool is_outermost(const Levels *levels) {
    return !levels->inside[levels->depth];
}

/* ---- What the query reads -------------------------------------------------------- */

/* The outermost query's FROM. */
typedef struct From {
    enum { BEFORE, WITHIN, BEHIND } place;
    const char *begin, *end;
    DnToken alias;  /* what its only table is called: the last name outside of parentheses */
    bool is_sample; /* what comes then are names, but not the table's */
    bool several;   /* tables, or queries */
} From;

static bool is_one_of(DnToken token, const char *const *words) {
    while (*words && !dn_token_is(token, *words)) {
        words++;
    }
    return *words;
}

static bool ends_from(DnToken token, DnToken next) {
    static const char *const words[] = {"where", "group",  "having", "window", "order",
                                        "limit", "offset", "fetch",  "for",    NULL};
    bool with = dn_token_is(token, "with") && !dn_token_is(next, "ordinality");
    return with || is_one_of(token, words) || dn_token_is_char(token, '\0');
}

static void look_within(From *from, const Levels *levels, DnToken token) {
    bool top = levels->depth == 0;
    from->several |= dn_token_is(token, "join") && is_outermost(levels);
    from->several |= top && dn_token_is_char(token, ',');
    from->is_sample |= dn_token_is(token, "tablesample");
    if (top && dn_token_is_name(token) && !from->is_sample) {
        from->alias = token;
    }
}

static void look_at(From *from, const Levels *levels, DnToken token, DnToken next) {
    static const char *const operations[] = {"union", "intersect", "except", NULL};
    bool top = levels->depth == 0;
    from->several |= top && is_one_of(token, operations);
    if (from->place == BEFORE && top && dn_token_is(token, "from")) {
        from->place = WITHIN;
        from->begin = token.text;
    } else if (from->place == WITHIN && top && ends_from(token, next)) {
        from->place = BEHIND;
        from->end = token.text;
    } else if (from->place == WITHIN) {
        look_within(from, levels, token);
    }
}

/* Does the outermost query read just one table? Views made of VALUES, or of nothing, read none. `tokens` are
   those of the query. */
static bool reads_one(DnTokens tokens, From *from) {
    Levels levels = {0};
    *from = (From){.place = BEFORE};
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        enter(&levels, t);
        look_at(from, &levels, t, dn_token_peek(&tokens));
    }
    if (from->place == WITHIN) {
        from->end = tokens.end;
    }
    return from->place != BEFORE && from->alias.size && !from->several && !levels.lost;
}

/* ---- Its columns ----------------------------------------------------------------- */

static bool same_name(DnToken token, const DnBuf *name) {
    DnBuf own = {0};
    dn_token_name(token, &own);
    bool same = strcmp(dn_buf_text(&own), dn_buf_text(name)) == 0;
    dn_buf_deinit(&own);
    return same;
}

/* Is `token`, with `tokens` behind it, the table's name before a column? Types, collations, functions and
   operators may have a schema of that name before them. */
static bool qualifies(DnToken last, DnToken token, DnTokens tokens, const DnBuf *alias) {
    bool begins = dn_token_is_name(token) && !dn_token_is_char(last, '.') && !dn_token_is_char(last, ':') &&
                  !dn_token_is(last, "collate");
    if (!begins || !dn_token_take_char(&tokens, '.') || !dn_token_is_name(dn_token_next(&tokens))) {
        return false;
    }
    return !dn_token_is_char(dn_token_peek(&tokens), '(') && same_name(token, alias);
}

static void leave_out(DnBuf *sql, DnTokens tokens, const From *from, const DnBuf *alias) {
    Levels levels = {0};
    const char *done = tokens.next;
    const char *end = tokens.end;
    DnToken last = {0};
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        enter(&levels, t);
        bool in_from = t.text >= from->begin && t.text < from->end;
        if (!in_from && is_outermost(&levels) && qualifies(last, t, tokens, alias)) {
            dn_buf_add(sql, done, (size_t)(t.text - done));
            (void)dn_token_take_char(&tokens, '.');
            done = tokens.next;
        }
        last = t;
    }
    dn_buf_add(sql, done, (size_t)(end - done));
}

/* A rule reads OLD and NEW to this day. */
static bool is_view(DnTokens tokens) {
    (void)(dn_token_take(&tokens, "create") && dn_token_take(&tokens, "or") &&
           dn_token_take(&tokens, "replace"));
    (void)dn_token_take(&tokens, "materialized");
    return dn_token_take(&tokens, "view");
}

void dn_modern_view(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    From from;
    DnBuf alias = {0};
    bool one = is_view(tokens) && dn_token_find(&tokens, "as") && reads_one(tokens, &from);
    if (one) {
        dn_token_name(from.alias, &alias);
        dn_buf_add(sql, text, (size_t)(tokens.next - text));
        leave_out(sql, tokens, &from, &alias);
    } else {
        dn_buf_add(sql, text, size);
    }
    sql->failed |= dn_buf_failed(&alias);
    dn_buf_deinit(&alias);
}
