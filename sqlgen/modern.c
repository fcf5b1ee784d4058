#include "sqlgen/modern.h"

#include <string.h>

#include "common/token.h"
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

/* "json" is a name like any other to servers for which it is no keyword. What newer ones mean by the keyword
   is in capitals. */
static void without_needless_quotes(DnBuf *sql, const char *text, size_t size, bool standard_strings) {
    DnTokens tokens = dn_tokens(text, size, standard_strings);
    const char *done = text;
    for (DnToken t = dn_token_next(&tokens); t.kind != DN_TOKEN_END; t = dn_token_next(&tokens)) {
        if (t.kind == DN_TOKEN_QUOTED && is_newer_keyword(t.text + 1, t.size - 2)) {
            dn_buf_add(sql, done, (size_t)(t.text - done));
            dn_buf_add(sql, t.text + 1, t.size - 2);
            done = t.text + t.size;
        }
    }
    dn_buf_add(sql, done, (size_t)(text + size - done));
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

/* ---- The table ------------------------------------------------------------------- */

typedef void (*RewriteFn)(DnBuf *sql, const char *text, size_t size, bool standard_strings);

/* What servers before that version spell in another way. */
static const struct {
    int before;
    const char *desc;
    RewriteFn rewrite;
} changes[] = {
    {16, "VIEW", dn_modern_view},
    {16, "MATERIALIZED VIEW", dn_modern_view},
    {16, "RULE", dn_modern_view}, /* there a view that is in a loop with others gets its query */
    {18, "TABLE", without_unlogged},
};

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
        if (dn_model_major(model) < changes[i].before && strcmp(changes[i].desc, desc) == 0) {
            apply(sql, changes[i].rewrite, model->std_strings);
        }
    }
    if (memchr(text, '"', size)) { /* few have one, and each would be looked through for it */
        apply(sql, without_needless_quotes, model->std_strings);
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
