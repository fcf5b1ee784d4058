#include <string.h>

#include "common/pgarray.h"
#include "sqlgen/entry.h"
#include "sqlgen/privileges.h"
#include "sqlgen/statement.h"

/* One aclitem, "grantee=privileges/grantor", with names unquoted. */
typedef struct AclItem {
    const char *grantee; /* "" = PUBLIC */
    const char *grantor;
    DnBuf plain;     /* "SELECT,INSERT" */
    DnBuf grantable; /* those WITH GRANT OPTION */
} AclItem;

typedef struct AclTarget {
    const DnRender *render;
    const char *type;
    const char *schema; /* or NULL */
    const char *name;   /* quoted */
    const char *column; /* quoted, or NULL */
    const char *owner;
    const char *prefix; /* "ALTER DEFAULT PRIVILEGES ... " or "" */
    bool is_open;       /* born with all rights for the site's open roles */
} AclTarget;

/* The letters of an aclitem in the order in which pg_dump names them; each holds for the object types whose
   names stand in `types` (space separated). `columns`: also applies to columns. */
static const struct {
    char letter;
    const char *keyword;
    const char *types;
    bool columns;
} privileges[] = {
    {'r', "SELECT", " TABLE TABLES SEQUENCE SEQUENCES FOREIGN_TABLE LARGE_OBJECT ", true},
    {'U', "USAGE", " SEQUENCE SEQUENCES ", false},
    {'a', "INSERT", " TABLE TABLES ", true},
    {'x', "REFERENCES", " TABLE TABLES ", true},
    {'d', "DELETE", " TABLE TABLES ", false},
    {'t', "TRIGGER", " TABLE TABLES ", false},
    {'D', "TRUNCATE", " TABLE TABLES ", false},
    {'m', "MAINTAIN", " TABLE TABLES ", false},
    {'w', "UPDATE", " TABLE TABLES SEQUENCE SEQUENCES LARGE_OBJECT ", true},
    {'X', "EXECUTE", " FUNCTION FUNCTIONS PROCEDURE PROCEDURES ", false},
    {'C', "CREATE", " SCHEMA SCHEMAS DATABASE TABLESPACE ", false},
    {'c', "CONNECT", " DATABASE ", false},
    {'T', "TEMPORARY", " DATABASE ", false},
    {'U', "USAGE", " LANGUAGE SCHEMA SCHEMAS TYPE TYPES FOREIGN_DATA_WRAPPER FOREIGN_SERVER ", false},
    {'s', "SET", " PARAMETER ", false},
    {'A', "ALTER SYSTEM", " PARAMETER ", false},
};

static bool applies(size_t i, const char *type, bool column) {
    char word[64] = " ";
    size_t n = 1;
    for (const char *p = type; *p && n < sizeof word - 2; p++) {
        word[n++] = *p == ' ' ? '_' : *p;
    }
    word[n++] = ' ';
    word[n] = '\0';
    return strstr(privileges[i].types, word) && (!column || privileges[i].columns);
}

/* Before 17 no table has MAINTAIN, so that its absence must not spoil ALL. */
static bool counts_for_all(size_t i, int major) {
    return privileges[i].letter != 'm' || major >= 17;
}

static void add_privilege(DnBuf *buf, const char *keyword, const char *column) {
    dn_buf_sep(buf, ",");
    dn_buf_str(buf, keyword);
    if (column) {
        dn_buf_fmt(buf, "(%s)", column);
    }
}

/* Takes one name off the front of an aclitem: bare, or in double quotes that double inner ones. */
static const char *take_name(DnArena *arena, const char *p, char end, const char **name) {
    char *out = dn_arena_alloc(arena, strlen(p) + 1);
    *name = out;
    if (!out) {
        return NULL;
    }
    while (*p && *p != end) {
        if (*p != '"') {
            *out++ = *p++;
            continue;
        }
        for (p++; *p; p++) {
            if (*p == '"' && p[1] != '"') {
                break;
            }
            p += *p == '"';
            *out++ = *p;
        }
        p += *p == '"';
    }
    *out = '\0';
    return *p == end ? p : NULL;
}

/* How a REVOKE takes an item: the grant option goes with its privilege. */
enum { KEEP_GRANT_OPTION = 1 };

/* Spells the letters of an aclitem as privilege names; "ALL" when none of the type's is missing. */
static void spell(AclItem *item, const char *letters, const AclTarget *target, int flags) {
    const char *column = target->column;
    int major = dn_model_spelling(target->render->model);
    bool all_plain = true;
    bool all_grantable = true;
    for (size_t i = 0; i < sizeof privileges / sizeof privileges[0]; i++) {
        if (!applies(i, target->type, column != NULL)) {
            continue;
        }
        const char *at = strchr(letters, privileges[i].letter);
        if (at && at[1] == '*' && (flags & KEEP_GRANT_OPTION)) {
            add_privilege(&item->grantable, privileges[i].keyword, column);
            all_plain = false;
        } else if (at) {
            add_privilege(&item->plain, privileges[i].keyword, column);
            all_grantable = false;
        } else if (counts_for_all(i, major)) {
            all_plain = all_grantable = false;
        }
    }
    DnBuf *whole = all_grantable ? &item->grantable : all_plain ? &item->plain : NULL;
    if (whole && whole->size) {
        dn_buf_clear(whole);
        add_privilege(whole, "ALL", column);
    }
}

static bool parse(AclItem *item, DnArena *arena, const char *text, const AclTarget *target, int flags) {
    const char *p = take_name(arena, text, '=', &item->grantee);
    /* A role's name may hold a slash, privileges never do: the first one after = ends them. */
    const char *slash = p ? strchr(p, '/') : NULL;
    if (!slash) {
        return false;
    }
    char *letters = dn_arena_strn(arena, p + 1, (size_t)(slash - p - 1));
    if (!letters || !take_name(arena, slash + 1, '\0', &item->grantor)) {
        return false;
    }
    spell(item, letters, target, flags);
    return true;
}

static void deinit(AclItem *item) {
    dn_buf_deinit(&item->plain);
    dn_buf_deinit(&item->grantable);
}

static void add_statement(DnBuf *sql, const AclTarget *target, const char *verb, const char *privilege_list,
                          const char *preposition, const char *grantee, const char *end) {
    const DnSpelling *spelling = &target->render->spelling;
    dn_buf_fmt(sql, "%s%s %s ON %s ", target->prefix, verb, privilege_list, target->type);
    if (target->schema) {
        dn_ident(sql, spelling, target->schema);
        dn_buf_char(sql, '.');
    }
    /* Default privileges have no name to put here, where pg_dump left two blanks until 17. */
    bool blank = *target->name || dn_model_spelling(target->render->model) < 17;
    dn_buf_fmt(sql, "%s%s%s ", target->name, blank ? " " : "", preposition);
    if (*grantee) {
        dn_ident(sql, spelling, grantee);
    } else {
        dn_buf_str(sql, "PUBLIC");
    }
    dn_buf_str(sql, end);
    dn_end(sql);
}

static void add_revoke(DnBuf *sql, const AclTarget *target, const AclItem *item) {
    if (item->plain.size) {
        add_statement(sql, target, "REVOKE", dn_buf_text(&item->plain), "FROM", item->grantee, "");
    }
}

static void add_grant(DnBuf *own, DnBuf *others, const AclTarget *target, const AclItem *item) {
    const char *grantor = *item->grantor ? item->grantor : target->owner;
    /* Only a superuser could become another grantor. */
    bool by_owner =
        !grantor || (target->owner && strcmp(grantor, target->owner) == 0) || target->render->site;
    bool to_owner = target->owner && strcmp(item->grantee, target->owner) == 0;
    /* pg_dump 12 and 13 keep the server's order. */
    bool own_first = dn_model_spelling(target->render->model) >= 14;
    DnBuf *sql = by_owner && to_owner && own_first ? own : others;
    if (!by_owner) {
        dn_buf_str(sql, "SET SESSION AUTHORIZATION ");
        dn_ident(sql, &target->render->spelling, grantor);
        dn_end(sql);
    }
    if (item->plain.size) {
        add_statement(sql, target, "GRANT", dn_buf_text(&item->plain), "TO", item->grantee, "");
    }
    if (item->grantable.size) {
        add_statement(sql, target, "GRANT", dn_buf_text(&item->grantable), "TO", item->grantee,
                      " WITH GRANT OPTION");
    }
    if (!by_owner) {
        dn_end_with(sql, "RESET SESSION AUTHORIZATION");
    }
}

static bool holds(const char *const *items, int count, const char *wanted) {
    for (int i = 0; i < count; i++) {
        if (items[i] && strcmp(items[i], wanted) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_open(const DnRender *render, const char *schema, const char *type) {
    static const char *const types[] = {"TABLE",    "TABLES",    "SEQUENCE", "SEQUENCES",
                                        "FUNCTION", "FUNCTIONS", "PROCEDURE"};
    for (size_t i = 0; render->site && schema && i < sizeof types / sizeof *types; i++) {
        if (strcmp(type, types[i]) == 0) {
            return strcmp(schema, render->site->open_schema) == 0;
        }
    }
    return false;
}

static bool has_all(const AclTarget *target, DnArena *scratch, const char *const *items, int count,
                    const char *role) {
    bool found = false;
    for (int i = 0; i < count && !found; i++) {
        AclItem item = {0};
        if (items[i] && parse(&item, scratch, items[i], target, KEEP_GRANT_OPTION)) {
            found = strcmp(item.grantee, role) == 0 && (strcmp(dn_buf_text(&item.plain), "ALL") == 0 ||
                                                        strcmp(dn_buf_text(&item.grantable), "ALL") == 0);
        }
        deinit(&item);
    }
    return found;
}

/* What the site's default privileges would give away. */
static void close_up(DnBuf *sql, const AclTarget *target, DnArena *scratch, const char *const *items,
                     int count) {
    for (const char *const *role = target->render->site->open_roles; *role; role++) {
        bool owns = target->owner && strcmp(target->owner, *role) == 0;
        if (!owns && !has_all(target, scratch, items, count, *role)) {
            add_statement(sql, target, "REVOKE", "ALL", "FROM", *role, "");
        }
    }
}

/* First the REVOKEs for what is gone from the base, then the GRANTs for what is new: what the owner holds
   before the others' privileges; these keep their order, in which each rests only on earlier ones. */
static void build(DnBuf *sql, const AclTarget *target, const DnAcl *acl) {
    DnArena scratch = {0};
    const char **current = NULL;
    const char **base = NULL;
    int current_count = dn_pgarray_split(&scratch, acl->current ? acl->current : acl->standard, &current);
    int base_count = dn_pgarray_split(&scratch, acl->base, &base);
    DnBuf others = {0};
    for (int i = 0; i < base_count; i++) {
        AclItem item = {0};
        if (base[i] && !holds(current, current_count, base[i]) &&
            parse(&item, &scratch, base[i], target, 0)) {
            add_revoke(sql, target, &item);
        }
        deinit(&item);
    }
    if (target->is_open) {
        close_up(sql, target, &scratch, current, current_count);
    }
    for (int i = 0; i < current_count; i++) {
        AclItem item = {0};
        if (current[i] && !holds(base, base_count, current[i]) &&
            parse(&item, &scratch, current[i], target, KEEP_GRANT_OPTION) &&
            (item.plain.size || item.grantable.size)) {
            add_grant(sql, &others, target, &item);
        }
        deinit(&item);
    }
    dn_buf_add(sql, dn_buf_text(&others), others.size);
    sql->failed = sql->failed || dn_buf_failed(&others) || dn_arena_failed(&scratch);
    dn_buf_deinit(&others);
    dn_arena_deinit(&scratch);
}

void dn_render_acl(const DnRender *render, const DnObject *object, const char *type, const char *name,
                   const char *column, const DnAcl *acl, DnEntries *entries) {
    if (render->no_privileges || render->data_only || (!acl->current && !acl->standard)) {
        return;
    }
    const char *schema = object->schema ? object->schema->object.name : NULL;
    const AclTarget target = {.render = render,
                              .type = type,
                              .schema = schema,
                              .name = name,
                              .column = column,
                              .owner = object->owner,
                              .prefix = "",
                              .is_open = !column && is_open(render, schema, type)};
    DnEntry *entry = dn_entry_add(entries, object, "ACL");
    entry->section = 0;
    entry->pass = DN_PASS_ACL;
    DnBuf tag = {0};
    if (column) {
        dn_buf_fmt(&tag, "COLUMN %s.%s", name, column);
    } else {
        dn_buf_fmt(&tag, "%s %s", type, name);
    }
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    build(&entry->create, &target, acl);
    if (!entry->create.size) {
        entries->count--; /* nothing differs from the base */
    }
}

void dn_default_privileges_build(DnBuf *sql, const DnRender *render, const DnDefaultAcl *defaults,
                                 const char *prefix) {
    const DnSchema *schema = defaults->object.schema;
    const AclTarget target = {.render = render,
                              .type = defaults->objects,
                              .name = "",
                              .owner = defaults->role,
                              .prefix = prefix,
                              .is_open = schema && is_open(render, schema->object.name, defaults->objects)};
    build(sql, &target, &defaults->object.acl);
}
