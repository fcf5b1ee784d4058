#include "restore/drops.h"

#include <string.h>

#include "common/token.h"

typedef struct Maker {
    DnDrops *drops;
    DnTokens tokens;
    DnBuf sql;
} Maker;

static bool take(Maker *maker, const char *keyword) {
    return dn_token_take(&maker->tokens, keyword);
}

static bool find(Maker *maker, const char *keyword) {
    return dn_token_find(&maker->tokens, keyword);
}

/* ---- Parts of a statement ------------------------------------------------------------------- */

static void add_token(Maker *maker, DnToken token) {
    dn_buf_add(&maker->sql, token.text, token.size);
}

/* a.b.c as it is spelled; the last part may be an operator. */
static void add_name(Maker *maker) {
    add_token(maker, dn_token_next(&maker->tokens));
    while (dn_token_take_char(&maker->tokens, '.')) {
        dn_buf_char(&maker->sql, '.');
        add_token(maker, dn_token_next(&maker->tokens));
    }
}

/* Up to `keyword`, or the end of the statement. */
static void add_until(Maker *maker, const char *keyword) {
    const char *start = dn_token_peek(&maker->tokens).text;
    const char *end = start;
    for (;;) {
        DnToken token = dn_token_peek(&maker->tokens);
        if (token.kind == DN_TOKEN_END || dn_token_is_char(token, ';') || dn_token_is(token, keyword)) {
            break;
        }
        end = token.text + token.size;
        (void)dn_token_next(&maker->tokens);
    }
    dn_buf_add(&maker->sql, start, (size_t)(end - start));
}

/* (a integer DEFAULT 1, ...) without the defaults */
static void add_arguments(Maker *maker) {
    int depth = 0;
    bool passed = false;
    do {
        DnToken token = dn_token_next(&maker->tokens);
        if (token.kind == DN_TOKEN_END) {
            return;
        }
        depth += dn_token_is_char(token, '(') - dn_token_is_char(token, ')');
        bool ends = depth == 0 || (depth == 1 && dn_token_is_char(token, ','));
        passed = !ends &&
                 (passed || (depth == 1 && (dn_token_is(token, "default") || dn_token_is_char(token, '='))));
        if (!passed) {
            dn_buf_str(&maker->sql, token.kind == DN_TOKEN_OTHER ? "" : " ");
            add_token(maker, token);
        }
    } while (depth > 0);
}

static void end_drop(Maker *maker) {
    DnDrops *drops = maker->drops;
    drops->arena.failed = drops->arena.failed || dn_buf_failed(&maker->sql);
    DN_PUSH(&drops->arena, &drops->statements, dn_arena_str(&drops->arena, dn_buf_text(&maker->sql)));
}

static void begin(Maker *maker, const char *words) {
    dn_buf_clear(&maker->sql);
    dn_buf_fmt(&maker->sql, "DROP %s IF EXISTS ", words);
}

/* ---- Relations ------------------------------------------------------------------------------ */

static uint64_t key_of(Maker *maker, DnTokens tokens) {
    DnBuf text = {0};
    uint64_t key = dn_token_take_key(&tokens, &text) ? dn_map_text(dn_buf_text(&text)) : 0;
    maker->drops->arena.failed |= dn_buf_failed(&text);
    dn_buf_deinit(&text);
    return key;
}

static void relation(Maker *maker, const char *kind) {
    DnDrops *drops = maker->drops;
    uint64_t key = key_of(maker, maker->tokens);
    begin(maker, kind);
    size_t start = maker->sql.size;
    add_name(maker);
    char *name = dn_arena_str(&drops->arena, dn_buf_text(&maker->sql) + start);
    if (name && dn_map_get(&drops->created, key)) {
        return;
    }
    if (name) {
        dn_map_put(&drops->arena, &drops->created, key, name);
    }
    if ((strcmp(kind, "TABLE") == 0 || strcmp(kind, "FOREIGN TABLE") == 0) && name) {
        DN_PUSH(&drops->arena, &drops->tables, name);
    }
    end_drop(maker);
}

/* Whether the relation whose name comes next is made by the dump, and so is gone with all that it has. */
static bool is_created(Maker *maker) {
    DnTokens tokens = maker->tokens;
    (void)dn_token_take(&tokens, "only");
    return dn_map_get(&maker->drops->created, key_of(maker, tokens)) != NULL;
}

/* CREATE TRIGGER n ... ON t, and the like: DROP TRIGGER IF EXISTS n ON t */
static void on_table(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_name(maker);
    if (find(maker, strcmp(kind, "RULE") == 0 ? "to" : "on") && !is_created(maker)) {
        dn_buf_str(&maker->sql, " ON ");
        add_name(maker);
        end_drop(maker);
    }
}

/* CREATE INDEX n ON [ONLY] s.t: it is s.n */
static void make_index(Maker *maker, const char *kind) {
    DnToken name = dn_token_next(&maker->tokens);
    if (!find(maker, "on") || is_created(maker)) {
        return;
    }
    (void)take(maker, "only");
    DnToken schema = dn_token_next(&maker->tokens);
    begin(maker, kind);
    if (dn_token_take_char(&maker->tokens, '.')) {
        add_token(maker, schema);
        dn_buf_char(&maker->sql, '.');
    }
    add_token(maker, name);
    end_drop(maker);
}

/* ---- Other kinds ---------------------------------------------------------------------------- */

static void named(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_name(maker);
    end_drop(maker);
}

static void routine(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_name(maker);
    add_arguments(maker);
    end_drop(maker);
}

/* The value of LEFTARG = value among those in parentheses. */
static void add_operand(Maker *maker, DnTokens tokens, const char *word) {
    Maker other = {.drops = maker->drops, .tokens = tokens};
    DnToken token;
    while ((token = dn_token_next(&other.tokens)).kind != DN_TOKEN_END && !dn_token_is(token, word)) {
    }
    if (token.kind == DN_TOKEN_END) {
        dn_buf_str(&maker->sql, "NONE");
        return;
    }
    (void)dn_token_take_char(&other.tokens, '=');
    int depth = 0;
    const char *start = dn_token_peek(&other.tokens).text;
    const char *stop = start;
    for (token = dn_token_next(&other.tokens); token.kind != DN_TOKEN_END;
         token = dn_token_next(&other.tokens)) {
        if (depth == 0 && (dn_token_is_char(token, ',') || dn_token_is_char(token, ')'))) {
            break;
        }
        depth += dn_token_is_char(token, '(') - dn_token_is_char(token, ')');
        stop = token.text + token.size;
    }
    dn_buf_add(&maker->sql, start, (size_t)(stop - start));
}

/* CREATE OPERATOR s.+ (..., LEFTARG = a, RIGHTARG = b): the name is all that comes before the parenthesis. */
static void make_operator(Maker *maker, const char *kind) {
    begin(maker, kind);
    DnToken token = dn_token_peek(&maker->tokens);
    const char *start = token.text;
    const char *stop = start;
    while (token.kind != DN_TOKEN_END && !dn_token_is_char(token, '(')) {
        stop = token.text + token.size;
        (void)dn_token_next(&maker->tokens);
        token = dn_token_peek(&maker->tokens);
    }
    dn_buf_add(&maker->sql, start, (size_t)(stop - start));
    dn_buf_str(&maker->sql, " (");
    add_operand(maker, maker->tokens, "leftarg");
    dn_buf_str(&maker->sql, ", ");
    add_operand(maker, maker->tokens, "rightarg");
    dn_buf_str(&maker->sql, ")");
    end_drop(maker);
}

/* CREATE OPERATOR CLASS s.c [DEFAULT] FOR TYPE t USING m, and FAMILY s.f USING m */
static void by_method(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_name(maker);
    if (find(maker, "using")) {
        dn_buf_str(&maker->sql, " USING ");
        add_name(maker);
        end_drop(maker);
    }
}

static void cast(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_arguments(maker);
    end_drop(maker);
}

static void transform(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_until(maker, "language");
    if (take(maker, "language")) {
        dn_buf_str(&maker->sql, " LANGUAGE ");
        add_name(maker);
        end_drop(maker);
    }
}

static void user_mapping(Maker *maker, const char *kind) {
    begin(maker, kind);
    add_until(maker, "options");
    end_drop(maker);
}

/* ---- Statements ----------------------------------------------------------------------------- */

static const struct {
    const char *words[4];
    void (*make)(Maker *maker, const char *kind);
    const char *kind;
} kinds[] = {
    {{"table"}, relation, "TABLE"},
    {{"unlogged", "table"}, relation, "TABLE"},
    {{"foreign", "table"}, relation, "FOREIGN TABLE"},
    {{"view"}, relation, "VIEW"},
    {{"recursive", "view"}, relation, "VIEW"},
    {{"materialized", "view"}, relation, "MATERIALIZED VIEW"},
    {{"sequence"}, relation, "SEQUENCE"},
    {{"unlogged", "sequence"}, relation, "SEQUENCE"},
    {{"index"}, make_index, "INDEX"},
    {{"unique", "index"}, make_index, "INDEX"},
    {{"trigger"}, on_table, "TRIGGER"},
    {{"constraint", "trigger"}, on_table, "TRIGGER"},
    {{"policy"}, on_table, "POLICY"},
    {{"rule"}, on_table, "RULE"},
    {{"function"}, routine, "FUNCTION"},
    {{"procedure"}, routine, "PROCEDURE"},
    {{"aggregate"}, routine, "AGGREGATE"},
    {{"operator", "class"}, by_method, "OPERATOR CLASS"},
    {{"operator", "family"}, by_method, "OPERATOR FAMILY"},
    {{"operator"}, make_operator, "OPERATOR"},
    {{"cast"}, cast, "CAST"},
    {{"transform", "for"}, transform, "TRANSFORM"},
    {{"user", "mapping"}, user_mapping, "USER MAPPING"},
    {{"schema"}, named, "SCHEMA"},
    {{"type"}, named, "TYPE"},
    {{"domain"}, named, "DOMAIN"},
    {{"extension"}, named, "EXTENSION"},
    {{"statistics"}, named, "STATISTICS"},
    {{"collation"}, named, "COLLATION"},
    {{"conversion"}, named, "CONVERSION"},
    {{"default", "conversion"}, named, "CONVERSION"},
    {{"text", "search", "configuration"}, named, "TEXT SEARCH CONFIGURATION"},
    {{"text", "search", "dictionary"}, named, "TEXT SEARCH DICTIONARY"},
    {{"text", "search", "parser"}, named, "TEXT SEARCH PARSER"},
    {{"text", "search", "template"}, named, "TEXT SEARCH TEMPLATE"},
    {{"foreign", "data", "wrapper"}, named, "FOREIGN DATA WRAPPER"},
    {{"server"}, named, "SERVER"},
    {{"event", "trigger"}, named, "EVENT TRIGGER"},
    {{"publication"}, named, "PUBLICATION"},
    {{"subscription"}, named, "SUBSCRIPTION"},
    {{"access", "method"}, named, "ACCESS METHOD"},
    {{"language"}, named, "LANGUAGE"},
    {{"procedural", "language"}, named, "LANGUAGE"},
    {{"trusted", "language"}, named, "LANGUAGE"},
    {{"trusted", "procedural", "language"}, named, "LANGUAGE"},
};

static bool take_words(Maker *maker, const char *const words[4]) {
    DnTokens before = maker->tokens;
    for (size_t i = 0; i < 4 && words[i]; i++) {
        if (!take(maker, words[i])) {
            maker->tokens = before;
            return false;
        }
    }
    return true;
}

static void create(Maker *maker) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!take_words(maker, kinds[i].words)) {
            continue;
        }
        if (!dn_token_is(dn_token_peek(&maker->tokens), "if")) { /* not exists: it stays */
            kinds[i].make(maker, kinds[i].kind);
        }
        return;
    }
}

/* ALTER TABLE [ONLY] t ADD CONSTRAINT c */
static void alter(Maker *maker) {
    if (!take(maker, "table") || is_created(maker)) {
        return;
    }
    dn_buf_clear(&maker->sql);
    dn_buf_str(&maker->sql, "ALTER TABLE IF EXISTS ");
    if (take(maker, "only")) {
        dn_buf_str(&maker->sql, "ONLY ");
    }
    add_name(maker);
    if (take(maker, "add") && take(maker, "constraint")) {
        dn_buf_str(&maker->sql, " DROP CONSTRAINT IF EXISTS ");
        add_name(maker);
        end_drop(maker);
    }
}

/* SELECT pg_catalog.lo_create('123') */
static void large_object(Maker *maker) {
    if (take(maker, "pg_catalog") && dn_token_take_char(&maker->tokens, '.') && take(maker, "lo_create") &&
        dn_token_take_char(&maker->tokens, '(')) {
        DnToken oid = dn_token_next(&maker->tokens);
        if (oid.kind != DN_TOKEN_STRING && !(oid.size && oid.text[0] >= '0' && oid.text[0] <= '9')) {
            return;
        }
        dn_buf_clear(&maker->sql);
        dn_buf_str(&maker->sql, "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
                                "WHERE oid = ");
        add_token(maker, oid);
        end_drop(maker);
    }
}

void dn_drops_take(DnDrops *drops, const char *sql) {
    Maker maker = {.drops = drops, .tokens = dn_tokens(sql, strlen(sql), true)};
    if (take(&maker, "create")) {
        create(&maker);
    } else if (take(&maker, "alter")) {
        alter(&maker);
    } else if (take(&maker, "select")) {
        large_object(&maker);
    }
    dn_buf_deinit(&maker.sql);
}

void dn_drops_deinit(DnDrops *drops) {
    dn_arena_deinit(&drops->arena);
    *drops = (DnDrops){0};
}
