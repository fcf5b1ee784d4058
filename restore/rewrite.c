#include "restore/rewrite.h"

#include <string.h>

#include "restore/pairs.h"
#include "restore/roles.h"
#include "restore/schema_notes.h"
#include "restore/schemas.h"

static bool is(const DnSqlItem *item, const char *first, const char *second, const char *third) {
    return strcmp(item->words[0], first) == 0 && (!second || strcmp(item->words[1], second) == 0) &&
           (!third || strcmp(item->words[2], third) == 0);
}

static void note_owner(void *ctx, DnToken token, DnRoleUse use) {
    bool *found = ctx;
    (void)token;
    *found = *found || use == DN_ROLE_OWNER;
}

static void find_roles(const DnSqlItem *item, DnRoleFn role, void *ctx) {
    dn_roles_find(item->text + item->start, item->size - item->start, item->standard_strings, role, ctx);
}

bool dn_rewrite_skips(const DnRestoreOptions *options, const DnSqlItem *item) {
    if (item->kind == DN_SQL_COPY) {
        return false;
    }
    if (options->no_privileges && (is(item, "grant", NULL, NULL) || is(item, "revoke", NULL, NULL) ||
                                   is(item, "alter", "default", "privileges"))) {
        return true;
    }
    if (!options->no_owner) {
        return false;
    }
    if (is(item, "set", "session", "authorization") || is(item, "reset", "session", "authorization")) {
        return true;
    }
    bool owner = false;
    if (is(item, "alter", NULL, NULL)) {
        find_roles(item, note_owner, &owner);
    }
    return owner;
}

/* ---- Roles by another name ------------------------------------------------------------------ */

typedef struct Map {
    const char *const *pairs;
    const char *next; /* in the statement, behind what was taken */
    DnBuf *changed;
} Map;

static void replace(void *ctx, DnToken token, DnRoleUse use) {
    Map *map = ctx;
    DnBuf name = {0};
    bool string = token.kind == DN_TOKEN_STRING;
    (void)use;
    if (string) {
        dn_buf_add(&name, token.text + 1, token.size - 2);
    } else {
        dn_token_name(token, &name);
    }
    const char *other = dn_pairs_find(map->pairs, dn_buf_text(&name));
    if (other) {
        dn_token_put(map->changed, &map->next, token, other, string ? '\'' : '"');
    }
    map->changed->failed = map->changed->failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
}

static void replace_roles(const DnRestoreOptions *options, const DnSqlItem *item, DnBuf *changed) {
    const char *sql = item->text + item->start;
    Map map = {.pairs = options->role_map, .next = sql, .changed = changed};
    find_roles(item, replace, &map);
    if (map.next != sql) {
        dn_buf_str(changed, map.next);
    }
}

/* ---- Statements ----------------------------------------------------------------------------- */

const char *dn_rewrite_text(const DnRestoreOptions *options, const char *sql, bool standard_strings,
                            DnBuf *changed) {
    DnBuf mapped = {0};
    const char *const *pairs = options->schema_map;
    if (pairs &&
        dn_schemas_replace(sql, strlen(sql), standard_strings, dn_schema_notes_other, &pairs, &mapped)) {
        dn_buf_clear(changed);
        dn_buf_add(changed, dn_buf_text(&mapped), mapped.size);
        sql = dn_buf_text(changed);
    }
    changed->failed = changed->failed || dn_buf_failed(&mapped);
    dn_buf_deinit(&mapped);
    return dn_buf_failed(changed) ? NULL : sql;
}

const char *dn_rewrite(const DnRestoreOptions *options, const DnSqlItem *item, DnBuf *changed) {
    dn_buf_clear(changed);
    if (options->role_map && item->kind != DN_SQL_COPY) {
        replace_roles(options, item, changed);
    }
    const char *sql = changed->size ? dn_buf_text(changed) : item->text + item->start;
    return dn_rewrite_text(options, sql, item->standard_strings, changed);
}
