#include "restore/selected.h"

#include <string.h>

#include "common/err.h"
#include "restore/input.h"
#include "restore/part.h"

/* What belongs to `relation`: an index, a constraint, statistics, or a sequence. */
typedef struct Owned {
    const char *name;
    const char *relation;
    bool sequence; /* which may be asked for by its own name as well */
} Owned;

/* ---- Patterns ------------------------------------------------------------------------------- */

/* The next character of a pattern, as it counts: letters outside of quotes in lower case. */
typedef struct Step {
    char c;
    bool wild; /* * or ? outside of quotes */
    bool dot;  /* likewise */
    bool end;
} Step;

static Step step(const char **pattern, bool *quoted) {
    const char *p = *pattern;
    while (*p == '"') {
        if (*quoted && p[1] == '"') {
            p++;
            break;
        }
        *quoted = !*quoted;
        p++;
    }
    Step result = {.c = *p, .end = !*p};
    if (!*quoted && *p >= 'A' && *p <= 'Z') {
        result.c = (char)(*p | 0x20);
    }
    result.wild = !*quoted && (*p == '*' || *p == '?');
    result.dot = !*quoted && *p == '.';
    *pattern = *p ? p + 1 : p;
    return result;
}

/* A whole character of UTF-8, for ? */
static const char *behind_character(const char *text) {
    text++;
    while (((unsigned char)*text & 0xc0) == 0x80) {
        text++;
    }
    return text;
}

/* Whether the pattern up to its end, or to a dot, fits the text; *rest is set behind that. */
static bool fits(const char *pattern, bool quoted, const char *text, const char **rest) {
    for (;;) {
        Step next = step(&pattern, &quoted);
        if (next.end || next.dot) {
            *rest = next.dot ? pattern : "";
            return !*text;
        }
        if (next.wild && next.c == '*') {
            while (!fits(pattern, quoted, text, rest)) {
                if (!*text++) {
                    return false;
                }
            }
            return true;
        }
        if (!*text || (!next.wild && next.c != *text)) {
            return false;
        }
        text = next.wild ? behind_character(text) : text + 1;
    }
}

static bool has_dot(const char *pattern) {
    bool quoted = false;
    for (;;) {
        Step next = step(&pattern, &quoted);
        if (next.end || next.dot) {
            return next.dot;
        }
    }
}

bool dn_selected_fits(const char *pattern, const char *schema, const char *name) {
    const char *rest = pattern;
    if (has_dot(pattern) && !fits(pattern, false, schema, &rest)) {
        return false;
    }
    pattern = rest;
    return fits(pattern, false, name, &rest) && !*rest;
}

/* ---- Relations ------------------------------------------------------------------------------ */

static const Owned *owner_of(const DnSelected *selected, const char *relation) {
    const Owned *owned = dn_map_get(&selected->owners, dn_map_text(relation));
    return owned && strcmp(owned->name, relation) == 0 ? owned : NULL;
}

static bool matches(const DnSelected *selected, const char *relation) {
    char schema[256];
    const char *end = strchr(relation, '\n');
    size_t size = end ? (size_t)(end - relation) : 0;
    bool found = false;
    if (!end || size >= sizeof schema) {
        return false;
    }
    memcpy(schema, relation, size);
    schema[size] = '\0';
    for (size_t i = 0; selected->patterns[i]; i++) {
        bool fit = dn_selected_fits(selected->patterns[i], schema, end + 1);
        if (fit && selected->matched) {
            selected->matched[i] = true;
        }
        found = found || fit;
    }
    return found;
}

bool dn_selected_has_relation(const DnSelected *selected, const char *relation) {
    const Owned *owned = owner_of(selected, relation);
    if (!owned || owned->sequence) {
        if (matches(selected, relation)) {
            return true;
        }
    }
    return owned && matches(selected, owned->relation);
}

bool dn_selected_has(const DnSelected *selected, const DnSqlItem *item, bool *failed) {
    DnPart part;
    if (!selected) {
        return true;
    }
    dn_part_find(&part, item);
    bool has =
        part.session || (part.relation.size && dn_selected_has_relation(selected, part.relation.bytes) &&
                         (!part.other.size || dn_selected_has_relation(selected, part.other.bytes)));
    *failed = *failed || dn_part_failed(&part);
    dn_part_deinit(&part);
    return has;
}

/* ---- Reading -------------------------------------------------------------------------------- */

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    DnSelected *selected = ctx;
    DnArena *arena = &selected->arena;
    DnPart part;
    if (item->kind != DN_SQL_STATEMENT && item->kind != DN_SQL_COPY) {
        return DN_OK;
    }
    dn_part_find(&part, item);
    if (part.relation.size && part.made.size) {
        Owned *owned = DN_NEW(arena, Owned);
        if (owned) {
            *owned = (Owned){.name = dn_arena_str(arena, dn_buf_text(&part.made)),
                             .relation = dn_arena_str(arena, dn_buf_text(&part.relation)),
                             .sequence = part.made_sequence};
            dn_map_put(arena, &selected->owners, dn_map_text(dn_buf_text(&part.made)), owned);
        }
    }
    if (part.defines && part.relation.size) {
        (void)matches(selected, part.relation.bytes);
    }
    bool failed = dn_part_failed(&part) || dn_arena_failed(arena);
    dn_part_deinit(&part);
    return failed ? dn_err_nomem(err) : DN_OK;
}

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    return dn_sql_reader_add(ctx, text, size, err);
}

static bool pass_rows(void *ctx, const DnRowsPlace *place) {
    return dn_sql_reader_pass_rows(ctx, place->rows);
}

static DnStatus check_patterns(const DnSelected *selected, const char *path, DnErr *err) {
    for (size_t i = 0; selected->patterns[i]; i++) {
        if (!selected->matched[i]) {
            (void)dn_err(err, DN_E_NO_MATCH, "\"%s\" has no table, view or sequence that matches \"%s\"",
                         path, selected->patterns[i]);
            dn_err_hint(err, "A pattern is NAME or SCHEMA.NAME, with * and ? as wildcards; in double quotes "
                             "upper case counts.");
            return err->status;
        }
    }
    return DN_OK;
}

DnStatus dn_selected_read(DnSelected *selected, const DnRestoreOptions *options, const DnProof *proof,
                          DnErr *err) {
    size_t count = 0;
    *selected = (DnSelected){.patterns = options->only_tables};
    while (options->only_tables[count]) {
        count++;
    }
    selected->matched = DN_NEW_ARRAY(&selected->arena, bool, count);
    DnSqlReader *reader = dn_sql_reader_new(on_item, selected);
    if (!selected->matched || !reader) {
        dn_sql_reader_free(reader);
        return dn_err_nomem(err);
    }
    const DnInput input = {.path = options->path,
                           .fd = proof->fd,
                           .cancel = options->cancel,
                           .text = on_text,
                           .ctx = reader,
                           .proof = proof,
                           .pass = pass_rows};
    DnStatus status = dn_input_read(&input, err);
    status = status ? status : dn_sql_reader_end(reader, err);
    status = status ? status : check_patterns(selected, options->path, err);
    selected->matched = NULL; /* from now on several threads may ask */
    dn_sql_reader_free(reader);
    return status;
}

void dn_selected_deinit(DnSelected *selected) {
    dn_arena_deinit(&selected->arena);
    *selected = (DnSelected){0};
}
