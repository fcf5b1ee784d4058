#include "restore/rewrite.h"

#include <string.h>

#include "restore/roles.h"

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
    dn_roles_find(item->text + item->start, item->size - item->start, true, role, ctx);
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

/* The name behind the = of the pair for this one; NULL when it has none. */
static const char *find_pair(const char *const *pairs, const char *name) {
    size_t size = strlen(name);
    for (; *pairs; pairs++) {
        const char *equals = strchr(*pairs, '=');
        if (equals && (size_t)(equals - *pairs) == size && memcmp(*pairs, name, size) == 0) {
            return equals + 1;
        }
    }
    return NULL;
}

/* Between quotes, which are doubled within. */
static void add_quoted(DnBuf *text, const char *name, char quote) {
    dn_buf_char(text, quote);
    for (; *name; name++) {
        if (*name == quote) {
            dn_buf_char(text, quote);
        }
        dn_buf_char(text, *name);
    }
    dn_buf_char(text, quote);
}

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
    const char *other = find_pair(map->pairs, dn_buf_text(&name));
    if (other) {
        dn_buf_add(map->changed, map->next, (size_t)(token.text - map->next));
        add_quoted(map->changed, other, string ? '\'' : '"');
        map->next = token.text + token.size;
    }
    map->changed->failed = map->changed->failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
}

const char *dn_rewrite(const DnRestoreOptions *options, const DnSqlItem *item, DnBuf *changed) {
    Map map = {.pairs = options->role_map, .next = item->text + item->start, .changed = changed};
    if (!map.pairs || item->kind == DN_SQL_COPY) {
        return map.next;
    }
    dn_buf_clear(changed);
    find_roles(item, replace, &map);
    if (map.next != item->text + item->start) {
        dn_buf_str(changed, map.next);
    }
    return dn_buf_failed(changed) ? NULL : changed->size ? dn_buf_text(changed) : item->text + item->start;
}
