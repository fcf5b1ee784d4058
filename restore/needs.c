#include "restore/needs.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "restore/input.h"
#include "restore/look.h"
#include "restore/rewrite.h"
#include "restore/roles.h"

/* ---- Names ---------------------------------------------------------------------------------- */

static void add(DnNeeds *needs, DnNeedKind kind, const char *name) {
    uint64_t key = dn_map_text(name) + (uint64_t)kind;
    if (name[0] && !dn_map_get(&needs->seen, key)) {
        char *kept = dn_arena_str(&needs->arena, name);
        if (kept) {
            dn_map_put(&needs->arena, &needs->seen, key, kept);
            DN_PUSH(&needs->arena, &needs->names[kind], kept);
        }
    }
}

static void add_token(DnNeeds *needs, DnNeedKind kind, DnToken token) {
    DnBuf name = {0};
    if (dn_token_is_name(token)) {
        dn_token_name(token, &name);
    } else if (token.kind == DN_TOKEN_STRING && token.size > 2) {
        dn_buf_add(&name, token.text + 1, token.size - 2);
    }
    add(needs, kind, dn_buf_text(&name));
    dn_buf_deinit(&name);
}

/* SCHEMA.NAME; what has no schema depends on search_path and isn't looked for. */
static void add_qualified(DnNeeds *needs, DnNeedKind kind, DnTokens *tokens) {
    DnBuf key = {0};
    if (dn_token_take_key(tokens, &key) && dn_buf_text(&key)[0] != '\n') {
        add(needs, kind, dn_buf_text(&key));
    }
    needs->arena.failed |= dn_buf_failed(&key);
    dn_buf_deinit(&key);
}

static void on_role(void *ctx, DnToken token, DnRoleUse use) {
    (void)use;
    add_token(ctx, DN_NEED_ROLE, token);
}

/* ---- Statements ----------------------------------------------------------------------------- */

/* CREATE ... of an extension, schema, relation, type or database. */
static void take_create(DnNeeds *needs, const DnTokens *tokens) {
    static const struct {
        const char *words[2];
        DnNeedKind kind;
        bool qualified;
    } rows[] = {
        {{"extension", NULL}, DN_NEED_EXTENSION, false},
        {{"schema", NULL}, DN_NEED_NO_SCHEMA, false},
        {{"database", NULL}, DN_NEED_NO_DATABASE, false},
        {{"table", NULL}, DN_NEED_NO_RELATION, true},
        {{"unlogged", "table"}, DN_NEED_NO_RELATION, true},
        {{"foreign", "table"}, DN_NEED_NO_RELATION, true},
        {{"view", NULL}, DN_NEED_NO_RELATION, true},
        {{"materialized", "view"}, DN_NEED_NO_RELATION, true},
        {{"sequence", NULL}, DN_NEED_NO_RELATION, true},
        {{"type", NULL}, DN_NEED_NO_TYPE, true},
        {{"domain", NULL}, DN_NEED_NO_TYPE, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DnTokens rest = *tokens;
        if (!dn_token_take(&rest, rows[i].words[0]) ||
            (rows[i].words[1] && !dn_token_take(&rest, rows[i].words[1]))) {
            continue;
        }
        bool may_be_there =
            dn_token_take(&rest, "if") && dn_token_take(&rest, "not") && dn_token_take(&rest, "exists");
        if (may_be_there && rows[i].kind != DN_NEED_EXTENSION) {
            return;
        }
        if (rows[i].qualified) {
            add_qualified(needs, rows[i].kind, &rest);
        } else {
            add_token(needs, rows[i].kind, dn_token_next(&rest));
        }
        return;
    }
}

/* SET default_tablespace = name; '' is none. */
static void take_set(DnNeeds *needs, DnTokens *tokens) {
    if (dn_token_take(tokens, "default_tablespace")) {
        (void)dn_token_next(tokens);
        add_token(needs, DN_NEED_TABLESPACE, dn_token_next(tokens));
    } else if (!needs->encoding && dn_token_take(tokens, "client_encoding")) {
        (void)dn_token_next(tokens);
        DnToken value = dn_token_next(tokens);
        bool quoted = value.kind == DN_TOKEN_STRING && value.size > 2;
        needs->encoding = dn_arena_strn(&needs->arena, value.text + quoted, value.size - (quoted ? 2 : 0));
    }
}

/* Where a definition says COLLATE pg_catalog.name, and a database's TABLESPACE = name: elsewhere that word
   may be a column's name, and dumps have default_tablespace. */
static void take_places(DnNeeds *needs, DnTokens tokens, bool database) {
    for (DnToken token = dn_token_next(&tokens); token.kind != DN_TOKEN_END; token = dn_token_next(&tokens)) {
        if (dn_token_is(token, "collate")) {
            DnTokens rest = tokens;
            if (dn_token_take(&rest, "pg_catalog")) {
                add_qualified(needs, DN_NEED_COLLATION, &tokens);
            }
        } else if (database && dn_token_is(token, "tablespace") && dn_token_take_char(&tokens, '=')) {
            add_token(needs, DN_NEED_TABLESPACE, dn_token_next(&tokens));
        }
    }
}

/* "-- Dumped from database version 17.5 (Debian ...)" */
static void take_version(DnNeeds *needs, const DnSqlItem *item) {
    static const char words[] = "-- Dumped from database version ";
    for (size_t i = 0; !needs->source_major && i + sizeof words <= item->start; i++) {
        if (memcmp(item->text + i, words, sizeof words - 1) == 0) {
            needs->source_major = (int)strtol(item->text + i + sizeof words - 1, NULL, 10);
        }
    }
}

/* By the names that they will have. */
static void take_changed(DnNeeds *needs, const DnSqlItem *item, const char *sql) {
    size_t size = strlen(sql);
    DnTokens tokens = dn_tokens(sql, size, item->standard_strings);
    dn_roles_find(sql, size, item->standard_strings, on_role, needs);
    if (dn_token_take(&tokens, "create")) {
        take_create(needs, &tokens);
        take_places(needs, tokens, strcmp(item->words[1], "database") == 0);
    } else if (dn_token_take(&tokens, "set")) {
        take_set(needs, &tokens);
    } else if (dn_token_take(&tokens, "drop")) {
        needs->drops = true;
    }
}

/* The table that a foreign key refers to; false for other statements. */
static bool find_reference(DnTokens tokens, DnBuf *key) {
    DnToken token;
    bool foreign = false;
    if (!dn_token_take(&tokens, "alter") || !dn_token_take(&tokens, "table")) {
        return false;
    }
    while ((token = dn_token_next(&tokens)).kind != DN_TOKEN_END && !dn_token_is(token, "references")) {
        foreign = foreign || dn_token_is(token, "foreign");
    }
    return foreign && dn_token_take_key(&tokens, key);
}

/* What only a part of the dump needs: the rest of it would have made that. `sql` is as it will be run. */
static void take_part(DnNeeds *needs, const DnSqlItem *item, const char *sql) {
    DnTokens before = dn_tokens(item->text + item->start, item->size - item->start, item->standard_strings);
    DnTokens after = dn_tokens(sql, strlen(sql), item->standard_strings);
    DnBuf keys[2] = {{0}};
    bool creates = strcmp(item->words[0], "create") == 0;
    if (find_reference(before, &keys[0]) && !dn_selected_has_relation(needs->selected, keys[0].bytes) &&
        find_reference(after, &keys[1])) {
        add(needs, DN_NEED_RELATION, keys[1].bytes);
    }
    for (unsigned i = 0; creates && i < 6 && dn_token_is_name(dn_token_peek(&after)); i++) {
        dn_buf_clear(&keys[0]);
        if (dn_token_take_name(&after, &keys[0], &keys[1]) && keys[0].size) {
            add(needs, DN_NEED_SCHEMA, keys[0].bytes);
            break;
        }
    }
    for (size_t i = 0; i < 2; i++) {
        needs->arena.failed |= dn_buf_failed(&keys[i]);
        dn_buf_deinit(&keys[i]);
    }
}

void dn_needs_take(DnNeeds *needs, const DnSqlItem *item) {
    DnBuf changed = {0};
    take_version(needs, item);
    if (!dn_selected_has(needs->selected, item, &needs->arena.failed)) {
        return;
    }
    needs->statements++;
    needs->tables += item->kind == DN_SQL_COPY;
    if (needs->options->schema_map) {
        if (!needs->schemas.pairs) {
            dn_schema_notes_init(&needs->schemas, needs->options->schema_map);
        }
        dn_schema_notes_take(&needs->schemas, item);
    }
    if (item->kind == DN_SQL_COPY || strcmp(item->words[0], "insert") == 0 ||
        dn_rewrite_skips(needs->options, item)) {
        return;
    }
    const char *sql = dn_rewrite(needs->options, item, &changed);
    needs->arena.failed = needs->arena.failed || !sql;
    if (sql) {
        take_changed(needs, item, sql);
    }
    if (sql && needs->options->clean) {
        dn_drops_take(&needs->clean, sql);
        needs->arena.failed |= dn_arena_failed(&needs->clean.arena);
    }
    if (sql && needs->selected) {
        take_part(needs, item, sql);
    }
    dn_buf_deinit(&changed);
}

void dn_needs_text(DnNeeds *needs, const DnSqlReader *reader, const char *text, size_t size) {
    dn_text_check_add(&needs->text, text, size, dn_sql_reader_line(reader));
}

/* What a clone runs is our own. */
DnStatus dn_needs_item(DnNeeds *needs, const DnSqlItem *item, DnErr *err) {
    const DnRestoreOptions *options = needs->options;
    if (!needs->proof) {
        return DN_OK;
    }
    if (!needs->proof->proven) {
        dn_text_check_item(&needs->text, item);
    }
    if (!needs->look.options) {
        needs->look = (DnRun){.options = options,
                              .head = options->create,
                              .transaction = !options->no_transaction && options->jobs < 2};
    }
    return dn_look_item(&needs->look, item, err);
}

DnStatus dn_needs_end(DnNeeds *needs, DnErr *err) {
    const char *const *pairs = needs->options->schema_map;
    if (pairs && !needs->schemas.pairs) { /* a dump of nothing */
        dn_schema_notes_init(&needs->schemas, pairs);
    }
    DnStatus status = needs->look.options ? dn_look_end(&needs->look, err) : DN_OK;
    status = status ? status : dn_schema_notes_check(&needs->schemas, err);
    for (size_t i = 0; !status && pairs && pairs[i]; i++) {
        if (dn_schema_notes_needs(&needs->schemas, i)) {
            add(needs, DN_NEED_SCHEMA, strchr(pairs[i], '=') + 1);
        }
    }
    if (needs->drops) {
        dn_drops_deinit(&needs->clean);
    }
    needs->clean.encoding = needs->encoding;
    bool failed = dn_arena_failed(&needs->arena) || needs->text.failed;
    return !status && failed ? dn_err_nomem(err) : status;
}

/* ---- Reading -------------------------------------------------------------------------------- */

typedef struct Scan {
    DnNeeds *needs;
    DnSqlReader *reader;
} Scan;

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    const Scan *scan = ctx;
    DnNeeds *needs = scan->needs;
    DnStatus status = dn_needs_item(needs, item, err);
    if (!status && (item->kind == DN_SQL_STATEMENT || item->kind == DN_SQL_COPY)) {
        dn_needs_take(needs, item);
    }
    return !status && dn_arena_failed(&needs->arena) ? dn_err_nomem(err) : status;
}

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    const Scan *scan = ctx;
    dn_needs_text(scan->needs, scan->reader, text, size);
    return dn_sql_reader_add(scan->reader, text, size, err);
}

static bool pass_rows(void *ctx, const DnRowsPlace *place) {
    const Scan *scan = ctx;
    bool passed = dn_sql_reader_pass_rows(scan->reader, place->rows);
    scan->needs->passed_rows = scan->needs->passed_rows || passed;
    return passed;
}

DnStatus dn_needs_read(DnNeeds *needs, DnErr *err) {
    Scan scan = {.needs = needs};
    scan.reader = dn_sql_reader_new(on_item, &scan);
    if (!scan.reader) {
        return dn_err_nomem(err);
    }
    const DnInput input = {.path = needs->options->path,
                           .fd = needs->proof->fd,
                           .cancel = needs->options->cancel,
                           .text = on_text,
                           .ctx = &scan,
                           .proof = needs->proof,
                           .pass = pass_rows};
    DnStatus status = dn_input_read(&input, err);
    status = status ? status : dn_sql_reader_end(scan.reader, err);
    status = status ? status : dn_needs_end(needs, err);
    dn_sql_reader_free(scan.reader);
    return status;
}

void dn_needs_deinit(DnNeeds *needs) {
    dn_schema_notes_deinit(&needs->schemas);
    dn_drops_deinit(&needs->clean);
    dn_text_check_deinit(&needs->text);
    dn_arena_deinit(&needs->arena);
    *needs = (DnNeeds){0};
}
