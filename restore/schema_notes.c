#include "restore/schema_notes.h"

#include <string.h>

#include "common/err.h"
#include "restore/pairs.h"
#include "restore/schemas.h"

/* ---- Pairs ---------------------------------------------------------------------------------- */

/* A name, or the pair that begins with it. */
static bool is_systems(const char *name) {
    static const char information[] = "information_schema";
    size_t size = strcspn(name, "=");
    return strncmp(name, "pg_", 3) == 0 ||
           (size == strlen(information) && strncmp(name, information, size) == 0);
}

DnStatus dn_schema_notes_check_pairs(const char *const *pairs, DnErr *err) {
    DnStatus status = dn_pairs_check(pairs, "schema", err);
    for (const char *const *pair = pairs; !status && pair && *pair; pair++) {
        const char *name = strchr(*pair, '=') + 1;
        if (is_systems(*pair) || is_systems(name)) {
            return dn_err(err, DN_E_USAGE, "\"%s\": schemas of the system stay what they are", *pair);
        }
        if (strcmp(dn_pairs_find(pairs, name) ? dn_pairs_find(pairs, name) : "", name) == 0) {
            return dn_err(err, DN_E_USAGE, "\"%s\" maps a schema to itself", *pair);
        }
        for (const char *const *other = pairs; other < pair; other++) {
            if (strcmp(strchr(*other, '=') + 1, name) == 0) {
                return dn_err(err, DN_E_USAGE, "\"%s\" and \"%s\" would make one schema of two", *other,
                              *pair);
            }
        }
    }
    return status;
}

const char *dn_schema_notes_other(void *ctx, const char *name) {
    const char *const *const *pairs = ctx;
    return dn_pairs_find(*pairs, name);
}

/* ---- Notes ---------------------------------------------------------------------------------- */

void dn_schema_notes_init(DnSchemaNotes *notes, const char *const *pairs) {
    size_t count = 0;
    *notes = (DnSchemaNotes){.pairs = pairs};
    while (pairs && pairs[count]) {
        count++;
    }
    if (count) {
        notes->used = DN_NEW_ARRAY(&notes->arena, bool, count);
    }
}

void dn_schema_notes_deinit(DnSchemaNotes *notes) {
    dn_arena_deinit(&notes->arena);
    dn_buf_deinit(&notes->texts);
    *notes = (DnSchemaNotes){0};
}

static const char *note_use(void *ctx, const char *name) {
    DnSchemaNotes *notes = ctx;
    const char *other = dn_pairs_find(notes->pairs, name);
    for (size_t i = 0; other && notes->used && notes->pairs[i]; i++) {
        notes->used[i] = notes->used[i] || strchr(notes->pairs[i], '=') + 1 == other;
    }
    return other;
}

static void put(DnSchemaNotes *notes, DnMap *names, const DnBuf *name) {
    if (name->size && !dn_map_get(names, dn_map_text(name->bytes))) {
        dn_map_put(&notes->arena, names, dn_map_text(name->bytes), notes);
    }
}

/* Behind CREATE SCHEMA: its name. Of other statements that put something into a schema, the first name with a
   dot: CREATE TABLE s.t, COPY s.t. */
static void note_own(DnSchemaNotes *notes, const DnSqlItem *item, DnBuf *schema, DnBuf *name) {
    DnTokens tokens = dn_tokens(item->text + item->start, item->size - item->start, item->standard_strings);
    bool creates = dn_token_take(&tokens, "create");
    if (creates && dn_token_take(&tokens, "schema")) {
        if (dn_token_take(&tokens, "if")) {
            (void)(dn_token_take(&tokens, "not") && dn_token_take(&tokens, "exists"));
        }
        if (dn_token_take_name(&tokens, schema, name)) {
            put(notes, &notes->own, name);
            put(notes, &notes->made, name);
        }
        return;
    }
    if (!creates && !dn_token_take(&tokens, "copy") && !dn_token_take(&tokens, "insert")) {
        return;
    }
    for (unsigned i = 0; i < 6 && dn_token_is_name(dn_token_peek(&tokens)); i++) {
        if (dn_token_take_name(&tokens, schema, name) && schema->size) {
            put(notes, &notes->own, schema);
            return;
        }
    }
}

void dn_schema_notes_take(DnSchemaNotes *notes, const DnSqlItem *item) {
    const char *sql = item->text + item->start;
    size_t size = item->size - item->start;
    DnBuf buffers[3] = {{0}};
    if (!notes->pairs) {
        return;
    }
    (void)dn_schemas_replace(sql, size, item->standard_strings, note_use, notes, &buffers[0]);
    dn_schemas_in_strings(sql, size, item->standard_strings, item->line, dn_schema_notes_other, &notes->pairs,
                          &notes->texts);
    note_own(notes, item, &buffers[1], &buffers[2]);
    for (size_t i = 0; i < 3; i++) {
        notes->arena.failed |= dn_buf_failed(&buffers[i]);
        dn_buf_deinit(&buffers[i]);
    }
}

/* ---- All of it was seen --------------------------------------------------------------------- */

static bool has(const DnMap *names, const char *name, size_t size) {
    DnBuf text = {0};
    dn_buf_add(&text, name, size);
    bool found = dn_map_get(names, dn_map_text(dn_buf_text(&text))) != NULL;
    dn_buf_deinit(&text);
    return found;
}

DnStatus dn_schema_notes_check(const DnSchemaNotes *notes, DnErr *err) {
    if (dn_arena_failed(&notes->arena) || dn_buf_failed(&notes->texts)) {
        return dn_err_nomem(err);
    }
    for (size_t i = 0; notes->pairs && notes->pairs[i]; i++) {
        const char *pair = notes->pairs[i];
        const char *other = strchr(pair, '=') + 1;
        if (!notes->used[i]) {
            (void)dn_err(err, DN_E_MISMATCH, "the dump has no schema \"%.*s\", as --schema-map has it",
                         (int)(other - 1 - pair), pair);
            dn_err_hint(err, "Names are as the catalog has them: lower case, unless they were quoted.");
            return err->status;
        }
        if (!dn_pairs_find(notes->pairs, other) && has(&notes->own, other, strlen(other))) {
            (void)dn_err(err, DN_E_MISMATCH, "--schema-map %s: the dump has a schema \"%s\" already", pair,
                         other);
            dn_err_hint(err, "Choose another name, or map that schema, too.");
            return err->status;
        }
    }
    return DN_OK;
}

bool dn_schema_notes_needs(const DnSchemaNotes *notes, size_t pair) {
    const char *text = notes->pairs[pair];
    return notes->used[pair] && !has(&notes->made, text, strcspn(text, "="));
}
