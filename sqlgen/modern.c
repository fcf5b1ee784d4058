#include "sqlgen/modern.h"

#include <string.h>

#include "common/token.h"
#include "sqlgen/modern_array.h"
#include "sqlgen/modern_view.h"
#include "sqlgen/statement.h"

/* ---- Words that were no keywords ------------------------------------------------- */

static const char *const newer_keywords[] = {
#define DN_KEYWORD(word, since) (since) > 12 ? (word) : NULL,
#include "sqlgen/keywords.def"
#undef DN_KEYWORD
};

static bool is_newer_keyword(const char *name, size_t size) {
    for (size_t i = 0; i < sizeof newer_keywords / sizeof newer_keywords[0]; i++) {
        const char *word = newer_keywords[i];
        if (word && strlen(word) == size && memcmp(word, name, size) == 0) {
            return true;
        }
    }
    return false;
}

static bool follows_cast_to_name(DnTokens behind) {
    static const char *const types[] = {"regclass",      "regtype",      "regproc",      "regprocedure",
                                        "regoper",       "regoperator",  "regcollation", "regconfig",
                                        "regdictionary", "regnamespace", "regrole"};
    bool is = dn_token_take_char(&behind, ':');
    is = is && dn_token_take_char(&behind, ':');
    DnToken type = dn_token_next(&behind);
    for (size_t i = 0; is && i < sizeof types / sizeof *types; i++) {
        if (dn_token_is(type, types[i])) {
            return true;
        }
    }
    return false;
}

/* The names in a string, in 'z."json"'::regclass, are spelled as they are outside of one. Quotes of the
   string's own are doubled, and so are in no keyword. */
static void add_without_quotes(DnBuf *sql, const char *text, size_t size, bool standard_strings,
                               bool strings_are_names) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    const char *done = text;
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        bool keyword = t.kind == DN_TOKEN_QUOTED && is_newer_keyword(t.text + 1, t.size - 2);
        bool names = t.kind == DN_TOKEN_STRING && t.size > 1 && t.text[0] == '\'' &&
                     (strings_are_names || follows_cast_to_name(tokens));
        if (keyword) {
            dn_buf_add(sql, done, (size_t)(t.text - done));
            dn_buf_add(sql, t.text + 1, t.size - 2);
            done = t.text + t.size;
        } else if (names) {
            dn_buf_add(sql, done, (size_t)(t.text + 1 - done));
            dn_modern_names(sql, t.text + 1, t.size - 2);
            done = t.text + t.size - 1;
        }
    }
    dn_buf_add(sql, done, (size_t)(text + size - done));
}

/* "json" is a name like any other to servers for which it is no keyword. What newer ones mean by the keyword
   is in capitals. */
static void without_needless_quotes(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    add_without_quotes(sql, text, size, standard_strings, false);
}

/* SELECT pg_catalog.setval('z."json"', 1, true) */
static void without_needless_quotes_in_strings(DnBuf *sql, const char *text, size_t size,
                                               bool standard_strings) {
    add_without_quotes(sql, text, size, standard_strings, true);
}

void dn_modern_names(DnBuf *sql, const char *text, size_t size) {
    without_needless_quotes(sql, text, size, true);
}

/* ---- Unlogged partitioned tables ------------------------------------------------- */

/* They were never more than a word, which 18 refuses. */
static void without_unlogged(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    static const char unlogged[] = "CREATE UNLOGGED TABLE ";
    bool is = size > sizeof unlogged && memcmp(text, unlogged, sizeof unlogged - 1) == 0;
    /* The statement alone, which its mark ends as a C string. */
    DnTokens tokens = dn_tokens(text, strlen(text), standard_strings);
    if (is && dn_token_find(&tokens, "partition") && dn_token_take(&tokens, "by")) {
        dn_buf_str(sql, "CREATE TABLE ");
        text += sizeof unlogged - 1;
        size -= sizeof unlogged - 1;
    }
    dn_buf_add(sql, text, size);
}

/* ---- Words that came and went ---------------------------------------------------- */

/* UPDATE t AS x, DELETE FROM t AS x: since 16 it is UPDATE t x. (INSERT keeps the word, for it needs one.) */
static void without_as(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    const char *done = text;
    DnBuf schema = {0};
    DnBuf name = {0};
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        DnTokens target = tokens;
        if (dn_token_is(t, "update") || (dn_token_is(t, "delete") && dn_token_take(&target, "from"))) {
            (void)dn_token_take(&target, "only");
            bool named = dn_token_take_name(&target, &schema, &name);
            DnToken as = dn_token_peek(&target);
            if (named && dn_token_take(&target, "as")) {
                dn_buf_add(sql, done, (size_t)(as.text - done));
                done = dn_token_peek(&target).text;
            }
        }
    }
    dn_buf_add(sql, done, (size_t)(text + size - done));
    sql->failed |= dn_buf_failed(&schema) || dn_buf_failed(&name);
    dn_buf_deinit(&schema);
    dn_buf_deinit(&name);
}

/* XMLSERIALIZE(CONTENT x AS text): since 16 it says NO INDENT at its end. */
static void with_no_indent(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    const char *done = text;
    size_t opened[16] = {0}; /* the depths of those that are open */
    size_t count = 0;
    size_t depth = 0;
    bool begins = false;
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        depth += dn_token_is_char(t, '(');
        if (begins && dn_token_is_char(t, '(') && count < sizeof opened / sizeof opened[0]) {
            opened[count++] = depth;
        } else if (dn_token_is_char(t, ')') && count && opened[count - 1] == depth) {
            dn_buf_add(sql, done, (size_t)(t.text - done));
            dn_buf_str(sql, " NO INDENT");
            done = t.text;
            count--;
        }
        depth -= dn_token_is_char(t, ')') && depth;
        begins = dn_token_is(t, "xmlserialize");
    }
    dn_buf_add(sql, done, (size_t)(text + size - done));
}

/* ---- The table ------------------------------------------------------------------- */

typedef void (*RewriteFn)(DnBuf *sql, const char *text, size_t size, bool standard_strings);

/* What servers before that version spell in another way; in this order. */
static const struct {
    int before;
    const char *desc; /* NULL = any */
    const char *word; /* without it, there is nothing to change */
    RewriteFn rewrite;
} changes[] = {
    {.before = 16, .desc = "VIEW", .word = "FROM", .rewrite = dn_modern_view},
    {.before = 16, .desc = "MATERIALIZED VIEW", .word = "FROM", .rewrite = dn_modern_view},
    /* There a view that is in a loop with others gets its query. */
    {.before = 16, .desc = "RULE", .word = "FROM", .rewrite = dn_modern_view},
    {.before = 16, .desc = "RULE", .word = " AS ", .rewrite = without_as},
    {.before = 16, .desc = "FUNCTION", .word = " AS ", .rewrite = without_as},
    {.before = 16, .desc = "PROCEDURE", .word = " AS ", .rewrite = without_as},
    {.before = 16, .word = "XMLSERIALIZE", .rewrite = with_no_indent},
    {.before = 18, .desc = "TABLE", .word = "UNLOGGED", .rewrite = without_unlogged},
};

/* The text has zero bytes where statements end. */
static bool contains(const char *text, size_t size, const char *word) {
    size_t length = strlen(word);
    const char *end = text + size;
    for (const char *p = text; (p = memchr(p, *word, (size_t)(end - p))) != NULL; p++) {
        if ((size_t)(end - p) >= length && memcmp(p, word, length) == 0) {
            return true;
        }
    }
    return false;
}

static void apply(DnBuf *sql, RewriteFn rewrite, bool standard_strings) {
    DnBuf before = *sql;
    *sql = (DnBuf){0};
    rewrite(sql, dn_buf_text(&before), before.size, standard_strings);
    sql->failed |= before.failed;
    dn_buf_deinit(&before);
}

void dn_modern_text(DnBuf *sql, const DnModel *model, const char *desc, const char *text, size_t size) {
    dn_buf_clear(sql);
    dn_buf_add(sql, text, size);
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        if (dn_model_major(model) < changes[i].before &&
            (!changes[i].desc || strcmp(changes[i].desc, desc) == 0) &&
            contains(dn_buf_text(sql), sql->size, changes[i].word)) {
            apply(sql, changes[i].rewrite, model->std_strings);
        }
    }
    if (memchr(text, '[', size)) {
        apply(sql, dn_modern_arrays, model->std_strings);
    }
    if (memchr(text, '"', size)) { /* few have one, and each would be looked through for it */
        bool sets_sequence = strcmp(desc, "SEQUENCE SET") == 0;
        apply(sql, sets_sequence ? without_needless_quotes_in_strings : without_needless_quotes,
              model->std_strings);
    }
}

/* ---- The schema public ----------------------------------------------------------- */

static bool begins_with(const char *statement, const char *words) {
    return strncmp(statement, words, strlen(words)) == 0;
}

static bool ends_with(const char *statement, const char *words) {
    size_t size = strlen(statement);
    return size >= strlen(words) && strcmp(statement + size - strlen(words), words) == 0;
}

void dn_modern_public_acl(DnBuf *sql, const char *text, size_t size) {
    bool revoked = false;
    bool granted = false;
    DnBuf others = {0};
    /* The mark of a statement's end is the end of a C string, too. */
    for (const char *p = text; p < text + size; p += strlen(p) + DN_END_SIZE) {
        bool from = ends_with(p, " FROM PUBLIC");
        bool to = ends_with(p, " TO PUBLIC");
        revoked |= from;
        granted |= to && (begins_with(p, "GRANT ALL ") || begins_with(p, "GRANT USAGE "));
        if (!from && !to) {
            dn_end_with(&others, "%s", p);
        }
    }
    if (revoked && !granted) {
        dn_end_with(sql, "REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    }
    dn_buf_add(sql, dn_buf_text(&others), others.size);
    sql->failed |= dn_buf_failed(&others);
    dn_buf_deinit(&others);
}
