#include "restore/roles.h"

#include <string.h>

typedef struct Finder {
    DnTokens tokens;
    DnRoleFn role;
    void *ctx;
} Finder;

static bool take(Finder *finder, const char *keyword) {
    return dn_token_take(&finder->tokens, keyword);
}

static bool is_special(DnToken token) {
    static const char *const words[] = {"public",       "current_user", "session_user",
                                        "current_role", "user",         "default"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (dn_token_is(token, words[i])) {
            return true;
        }
    }
    /* It is everybody in quotes, too: no role can have that name. */
    static const char quoted[] = "\"public\"";
    return token.size == sizeof quoted - 1 && memcmp(token.text, quoted, token.size) == 0;
}

/* [GROUP] role [, ...] */
static void take_list(Finder *finder, DnRoleUse use) {
    do {
        DnTokens before = finder->tokens;
        if (take(finder, "group") && !dn_token_is_name(dn_token_peek(&finder->tokens))) {
            finder->tokens = before; /* it is its name */
        }
        DnToken token = dn_token_next(&finder->tokens);
        if (dn_token_is_name(token) && !is_special(token)) {
            finder->role(finder->ctx, token, use);
        }
    } while (dn_token_take_char(&finder->tokens, ','));
}

/* Goes behind the next of two keywords that stands outside of parentheses and is no part of a.b. */
static bool find(Finder *finder, const char *keyword, const char *other) {
    int depth = 0;
    bool part = false;
    for (;;) {
        DnToken token = dn_token_next(&finder->tokens);
        depth += dn_token_is_char(token, '(') - dn_token_is_char(token, ')');
        if (token.kind == DN_TOKEN_END) {
            return false;
        }
        if (depth == 0 && !part && (dn_token_is(token, keyword) || (other && dn_token_is(token, other)))) {
            return true;
        }
        part = dn_token_is_char(token, '.');
    }
}

/* GRANT and REVOKE: privileges, or roles, then TO or FROM; GRANTED BY at the end. */
static void grant(Finder *finder, bool revoke) {
    DnTokens start = finder->tokens;
    bool on_object = find(finder, "on", NULL);
    finder->tokens = start;
    if (!on_object) {
        if (revoke) {
            (void)(take(finder, "admin") && take(finder, "option") && take(finder, "for"));
        }
        take_list(finder, DN_ROLE_GRANT);
    }
    if (find(finder, revoke ? "from" : "to", NULL)) {
        take_list(finder, DN_ROLE_GRANT);
    }
    if (find(finder, "granted", NULL) && take(finder, "by")) {
        take_list(finder, DN_ROLE_GRANT);
    }
}

static void default_privileges(Finder *finder) {
    DnTokens start = finder->tokens;
    if (find(finder, "for", NULL) && (take(finder, "role") || take(finder, "user"))) {
        take_list(finder, DN_ROLE_GRANT);
    } else {
        finder->tokens = start;
    }
    if (find(finder, "grant", "revoke") && find(finder, "to", "from")) {
        take_list(finder, DN_ROLE_GRANT);
    }
}

static void alter(Finder *finder) {
    if (take(finder, "default") && take(finder, "privileges")) {
        default_privileges(finder);
        return;
    }
    while (find(finder, "owner", NULL)) {
        if (take(finder, "to")) {
            take_list(finder, DN_ROLE_OWNER);
            return;
        }
    }
}

static void create(Finder *finder) {
    if (take(finder, "policy")) {
        DnTokens start = finder->tokens;
        if (find(finder, "to", NULL)) {
            take_list(finder, DN_ROLE_OTHER);
        } else {
            finder->tokens = start;
        }
    } else if (take(finder, "user") && take(finder, "mapping")) {
        if (find(finder, "for", NULL)) {
            take_list(finder, DN_ROLE_OTHER);
        }
    } else if (take(finder, "schema") && find(finder, "authorization", NULL)) {
        take_list(finder, DN_ROLE_OWNER);
    }
}

/* SET [SESSION] AUTHORIZATION name, or 'name' */
static void set(Finder *finder) {
    if (take(finder, "session") && take(finder, "authorization")) {
        DnToken token = dn_token_next(&finder->tokens);
        if ((dn_token_is_name(token) || token.kind == DN_TOKEN_STRING) && !is_special(token)) {
            finder->role(finder->ctx, token, DN_ROLE_OTHER);
        }
    }
}

void dn_roles_find(const char *statement, size_t size, bool standard_strings, DnRoleFn role, void *ctx) {
    Finder finder = {.tokens = dn_tokens(statement, size, standard_strings), .role = role, .ctx = ctx};
    if (take(&finder, "alter")) {
        alter(&finder);
    } else if (take(&finder, "grant")) {
        grant(&finder, false);
    } else if (take(&finder, "revoke")) {
        grant(&finder, true);
    } else if (take(&finder, "create")) {
        create(&finder);
    } else if (take(&finder, "set")) {
        set(&finder);
    }
}
