#include "restore/position.h"

#include <string.h>

/* Flags of a level. */
enum {
    SELECTS = 1, /* SELECT or DELETE was there: FROM begins a list, and isn't that of extract(... FROM ...) */
    LIST = 2,    /* in a list of relations */
    ITEM = 4     /* the next token begins one of them */
};

static bool is_one_of(DnToken token, const char *const *words) {
    while (*words && !dn_token_is(token, *words)) {
        words++;
    }
    return *words != NULL;
}

static unsigned char *level(const DnPosition *position) {
    return position->levels.size ? (unsigned char *)position->levels.bytes + position->levels.size - 1 : NULL;
}

static void open_level(DnPosition *position) {
    const unsigned char *outer = level(position);
    /* (a JOIN b ON ...) is a list of its own */
    dn_buf_char(&position->levels, (char)(outer && *outer & ITEM ? LIST | ITEM : 0));
}

static void close_level(DnPosition *position) {
    if (position->levels.size > 1) {
        position->levels.size--;
    }
}

static void take_word(const DnPosition *position, DnToken token, unsigned char *flags) {
    static const char *const selects[] = {"select", "delete", NULL};
    static const char *const items[] = {"join", "into", "update", "only", "lateral", NULL};
    static const char *const ends[] = {"where",     "group", "having", "window", "order",     "limit",
                                       "offset",    "fetch", "for",    "union",  "intersect", "except",
                                       "returning", "set",   "values", "on",     "using",     NULL};
    bool was_item = *flags & ITEM;
    *flags = (unsigned char)(*flags & ~ITEM);
    if (is_one_of(token, selects)) {
        *flags = SELECTS;
    } else if (dn_token_is(token, "from")) {
        bool begins = *flags & SELECTS && !dn_token_is(position->last, "distinct");
        *flags = (unsigned char)(*flags | (begins ? LIST | ITEM : 0));
    } else if (is_one_of(token, items)) {
        *flags |= LIST | ITEM;
    } else if (is_one_of(token, ends)) {
        *flags = (unsigned char)(*flags & ~LIST);
    } else if (was_item && dn_token_is(token, "rows")) { /* ROWS FROM (f(), ...) */
        *flags |= LIST;
    }
}

static bool begins_query(DnToken token) {
    static const char *const words[] = {"select", "with",  "values", "when",   "using",  "check",  "where",
                                        "return", "begin", "do",     "insert", "update", "delete", NULL};
    return is_one_of(token, words);
}

void dn_position_add(DnPosition *position, DnToken token) {
    if (!position->levels.size) {
        dn_buf_char(&position->levels, 0);
    }
    unsigned char *flags = level(position);
    bool begins = begins_query(token);
    /* CREATE RULE ... AS ON UPDATE TO, CREATE TRIGGER ... BEFORE INSERT OR UPDATE ON */
    bool event = dn_token_is(position->last, "on") || dn_token_is(position->last, "or") ||
                 dn_token_is(position->last, "before") || dn_token_is(position->last, "after") ||
                 dn_token_is(position->last, "of") || dn_token_is(position->last, "for");
    position->query = position->query || (begins && !event);
    if (!flags) {
        return;
    }
    if (dn_token_is_char(token, '(')) {
        open_level(position);
    } else if (dn_token_is_char(token, ')')) {
        close_level(position);
        flags = level(position);
        *flags = (unsigned char)(*flags & ~ITEM);
    } else if (dn_token_is_char(token, ',')) {
        *flags = (unsigned char)(*flags & LIST ? *flags | ITEM : *flags);
    } else if (token.kind == DN_TOKEN_WORD) {
        take_word(position, token, flags);
    } else {
        *flags = (unsigned char)(*flags & ~ITEM);
    }
    position->before_last = position->last;
    position->last = token;
}

bool dn_position_is_object(const DnPosition *position) {
    static const char *const words[] = {"collate", "as", "references", "to", "table", NULL};
    const unsigned char *flags = level(position);
    bool is_type = dn_token_is_char(position->last, ':') && dn_token_is_char(position->before_last, ':');
    bool is_operator =
        dn_token_is_char(position->last, '(') && dn_token_is(position->before_last, "operator");
    return !position->query || is_type || is_operator || (flags && *flags & ITEM) ||
           is_one_of(position->last, words);
}

void dn_position_deinit(DnPosition *position) {
    dn_buf_deinit(&position->levels);
}
