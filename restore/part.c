#include "restore/part.h"

#include <string.h>

#include "common/token.h"

typedef struct Finder {
    DnPart *part;
    DnTokens tokens;
} Finder;

static bool take(Finder *finder, const char *keyword) {
    return dn_token_take(&finder->tokens, keyword);
}

/* Each of the keywords that comes next, in this order. */
static void skip(Finder *finder, const char *const *keywords) {
    for (; *keywords; keywords++) {
        (void)take(finder, *keywords);
    }
}

static bool find(Finder *finder, const char *keyword) {
    return dn_token_find(&finder->tokens, keyword);
}

static void take_key(Finder *finder, DnBuf *key) {
    (void)dn_token_take_key(&finder->tokens, key);
}

/* [IF [NOT] EXISTS] [ONLY] name */
static void take_relation(Finder *finder) {
    static const char *const words[] = {"if", "not", "exists", "only", NULL};
    skip(finder, words);
    take_key(finder, &finder->part->relation);
}

/* The last part of a.b.c, or a.b, is a column of what is before it. */
static void take_column(Finder *finder) {
    DnBuf parts[3] = {{0}};
    size_t count = 0;
    do {
        DnToken token = dn_token_next(&finder->tokens);
        if (dn_token_is_name(token) && count < 3) {
            dn_token_name(token, &parts[count++]);
        }
    } while (dn_token_take_char(&finder->tokens, '.'));
    if (count > 1) {
        static const DnBuf none = {0};
        dn_token_key(&finder->part->relation, count == 3 ? &parts[0] : &none, &parts[count - 2]);
    }
    for (size_t i = 0; i < 3; i++) {
        finder->part->relation.failed |= dn_buf_failed(&parts[i]);
        dn_buf_deinit(&parts[i]);
    }
}

/* One of the kinds of relations; false when something else comes next. */
static bool take_kind(Finder *finder) {
    static const char *const words[] = {"materialized", "foreign", "recursive", NULL};
    DnTokens before = finder->tokens;
    skip(finder, words);
    if (take(finder, "table") || take(finder, "view") || take(finder, "sequence")) {
        return true;
    }
    finder->tokens = before;
    return false;
}

/* ---- CREATE --------------------------------------------------------------------------------- */

/* Of the schema that the relation is in. */
static void set_made(Finder *finder, DnToken name) {
    DnPart *part = finder->part;
    const char *end = memchr(dn_buf_text(&part->relation), '\n', part->relation.size);
    if (end && dn_token_is_name(name)) {
        dn_buf_clear(&part->made);
        dn_buf_add(&part->made, part->relation.bytes, (size_t)(end + 1 - part->relation.bytes));
        dn_token_name(name, &part->made);
    }
}

static void create_index(Finder *finder) {
    static const char *const words[] = {"concurrently", "if", "not", "exists", NULL};
    skip(finder, words);
    DnToken name = dn_token_peek(&finder->tokens);
    if (find(finder, "on")) {
        take_relation(finder);
        set_made(finder, name);
    }
}

static void create(Finder *finder) {
    static const char *const words[] = {"or",       "replace", "temporary",  "temp",
                                        "unlogged", "unique",  "constraint", NULL};
    static const char *const on_table[] = {"trigger", "policy"};
    skip(finder, words);
    if (take_kind(finder)) {
        finder->part->defines = true;
        take_relation(finder);
    } else if (take(finder, "index")) {
        create_index(finder);
    } else if (take(finder, "statistics")) {
        static const char *const exists[] = {"if", "not", "exists", NULL};
        skip(finder, exists);
        take_key(finder, &finder->part->made);
        if (find(finder, "from")) {
            take_relation(finder);
        }
    } else if (take(finder, "rule")) {
        if (find(finder, "to")) {
            take_relation(finder);
        }
    } else {
        for (size_t i = 0; i < sizeof on_table / sizeof *on_table; i++) {
            if (take(finder, on_table[i]) && find(finder, "on")) {
                take_relation(finder);
            }
        }
    }
}

/* ---- ALTER ---------------------------------------------------------------------------------- */

/* What the rest of ALTER TABLE says that has to do with other relations. */
static void alter_table(Finder *finder) {
    DnPart *part = finder->part;
    if (take(finder, "add") && take(finder, "constraint")) {
        set_made(finder, dn_token_next(&finder->tokens));
    } else if ((take(finder, "attach") && take(finder, "partition")) || take(finder, "inherit")) {
        take_key(finder, &part->other);
    } else if (take(finder, "alter") && find(finder, "identity") &&
               dn_token_take_char(&finder->tokens, '(') && find(finder, "name")) {
        part->made_sequence = true;
        take_key(finder, &part->made);
    }
}

static void alter(Finder *finder) {
    DnPart *part = finder->part;
    bool sequence = dn_token_is(dn_token_peek(&finder->tokens), "sequence");
    if (take_kind(finder)) {
        take_relation(finder);
        if (!sequence) {
            alter_table(finder);
        } else if (take(finder, "owned") && take(finder, "by")) {
            DnBuf own = part->relation;
            part->relation = (DnBuf){0};
            take_column(finder);
            part->made = own;
            part->made_sequence = true;
        }
    } else if (take(finder, "index")) {
        take_relation(finder);
        if (take(finder, "attach") && take(finder, "partition")) {
            take_key(finder, &part->other);
        }
    } else if (take(finder, "statistics")) {
        take_relation(finder);
    }
}

/* ---- Others --------------------------------------------------------------------------------- */

/* COMMENT, SECURITY LABEL and DROP: a kind, and a name. */
static void about(Finder *finder) {
    static const char *const on_table[] = {"constraint", "trigger", "rule", "policy"};
    if (take_kind(finder) || take(finder, "index") || take(finder, "statistics")) {
        take_relation(finder);
    } else if (take(finder, "column")) {
        take_column(finder);
    } else {
        for (size_t i = 0; i < sizeof on_table / sizeof *on_table; i++) {
            if (take(finder, on_table[i])) {
                if (find(finder, "on") && !dn_token_is(dn_token_peek(&finder->tokens), "domain")) {
                    take_relation(finder);
                }
                return;
            }
        }
    }
}

static void grant(Finder *finder) {
    static const char *const others[] = {"all",      "database",   "domain",    "foreign",   "function",
                                         "language", "large",      "parameter", "procedure", "routine",
                                         "schema",   "tablespace", "type"};
    if (!find(finder, "on")) {
        return;
    }
    if (!take(finder, "table") && !take(finder, "sequence")) {
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            if (dn_token_is(dn_token_peek(&finder->tokens), others[i])) {
                return;
            }
        }
    }
    take_relation(finder);
}

static void take_string(DnToken token, DnBuf *text) {
    dn_buf_clear(text);
    for (size_t i = 1; token.kind == DN_TOKEN_STRING && i + 1 < token.size; i++) {
        dn_buf_char(text, token.text[i]);
        i += token.text[i] == '\'';
    }
}

/* The string behind the string `key`, among the arguments. */
static void argument(DnTokens tokens, const char *key, DnBuf *text) {
    DnToken token;
    bool found = false;
    do {
        token = dn_token_next(&tokens);
        if (token.kind == DN_TOKEN_STRING) {
            take_string(token, text);
            if (found) {
                return;
            }
            found = strcmp(dn_buf_text(text), key) == 0;
        }
    } while (token.kind != DN_TOKEN_END);
    dn_buf_clear(text);
}

/* 'schemaname', 's', 'relname', 't' among the arguments (PostgreSQL 18) */
static void statistics(Finder *finder) {
    DnBuf *relation = &finder->part->relation;
    DnBuf schema = {0};
    DnBuf name = {0};
    argument(finder->tokens, "schemaname", &schema);
    argument(finder->tokens, "relname", &name);
    if (name.size) {
        dn_token_key(relation, &schema, &name);
    }
    relation->failed = relation->failed || dn_buf_failed(&schema) || dn_buf_failed(&name);
    dn_buf_deinit(&schema);
    dn_buf_deinit(&name);
}

/* SELECT pg_catalog.set_config(...), pg_catalog.setval('shop.s', ...), * FROM pg_catalog.pg_restore_...() */
static void take_select(Finder *finder) {
    DnToken token;
    while ((token = dn_token_next(&finder->tokens)).kind != DN_TOKEN_END) {
        if (dn_token_is(token, "set_config")) {
            finder->part->session = true;
            return;
        }
        if (dn_token_is(token, "setval") && dn_token_take_char(&finder->tokens, '(')) {
            DnBuf text = {0};
            take_string(dn_token_next(&finder->tokens), &text);
            finder->tokens = dn_tokens(dn_buf_text(&text), text.size, true);
            take_relation(finder);
            finder->part->relation.failed |= dn_buf_failed(&text);
            dn_buf_deinit(&text);
            finder->tokens = dn_tokens("", 0, true);
            return;
        }
        if (dn_token_is(token, "pg_restore_relation_stats") ||
            dn_token_is(token, "pg_restore_attribute_stats")) {
            statistics(finder);
            return;
        }
    }
}

static void find_part(Finder *finder) {
    static const char *const session[] = {"set", "reset", "begin", "start", "commit", "end"};
    static const char *const insert[] = {"into", NULL};
    static const char *const refresh[] = {"materialized", "view", "concurrently", NULL};
    for (size_t i = 0; i < sizeof session / sizeof *session; i++) {
        finder->part->session = finder->part->session || take(finder, session[i]);
    }
    if (finder->part->session) {
        return;
    }
    if (take(finder, "create")) {
        create(finder);
    } else if (take(finder, "alter")) {
        alter(finder);
    } else if (take(finder, "copy") || take(finder, "insert")) {
        finder->part->defines = true;
        skip(finder, insert);
        take_relation(finder);
    } else if (take(finder, "comment") || take(finder, "security")) {
        if (find(finder, "on")) {
            about(finder);
        }
    } else if (take(finder, "drop")) {
        about(finder);
    } else if (take(finder, "grant") || take(finder, "revoke")) {
        grant(finder);
    } else if (take(finder, "refresh")) {
        skip(finder, refresh);
        take_relation(finder);
    } else if (take(finder, "select")) {
        take_select(finder);
    }
}

void dn_part_find(DnPart *part, const DnSqlItem *item) {
    Finder finder = {.part = part,
                     .tokens = dn_tokens(item->text + item->start, item->size - item->start, true)};
    *part = (DnPart){0};
    find_part(&finder);
}

bool dn_part_failed(const DnPart *part) {
    return dn_buf_failed(&part->relation) || dn_buf_failed(&part->other) || dn_buf_failed(&part->made);
}

void dn_part_deinit(DnPart *part) {
    dn_buf_deinit(&part->relation);
    dn_buf_deinit(&part->other);
    dn_buf_deinit(&part->made);
}
