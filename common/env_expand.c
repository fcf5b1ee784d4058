#include <stdlib.h>
#include <string.h>

#include "common/env_vars.h"
#include "common/err.h"

/* The last dollar sign that no backslash stands before. */
static char *last_dollar(char *value) {
    for (char *p = value + strlen(value); p-- > value;) {
        if (*p == '$' && (p == value || p[-1] != '\\')) {
            return p;
        }
    }
    return NULL;
}

/* A reference: "$NAME", "${NAME}", "${NAME:-default}"; the name is empty where it is none. */
typedef struct Reference {
    const char *name, *otherwise;
    size_t size, name_size, otherwise_size;
} Reference;

static Reference read_reference(const char *dollar) {
    const char *p = dollar + 1 + (dollar[1] == '{');
    Reference r = {.name = p, .otherwise = ""};
    while (dn_env_is_word(*p)) {
        p++;
    }
    r.name_size = (size_t)(p - r.name);
    if (p[0] == ':' && p[1] == '-') {
        r.otherwise = p + 2;
        r.otherwise_size = strcspn(r.otherwise, "}\\");
        p = r.otherwise + r.otherwise_size;
    }
    r.size = (size_t)(p - dollar) + (*p == '}');
    return r;
}

/* The environment's value, or NULL. */
static const char *look_up(const Reference *r, DnEnvLookup lookup) {
    char name[256];
    if (r->name_size >= sizeof name) {
        return NULL;
    }
    memcpy(name, r->name, r->name_size);
    name[r->name_size] = '\0';
    return lookup(name); // cppcheck-suppress returnDanglingLifetime ; it returns no part of its argument
}

/* What is put in its place: empty values count for nothing. */
static const char *referenced(const DnEnvFile *file, const Reference *r, DnEnvLookup lookup, size_t *size) {
    const char *own = look_up(r, lookup);
    if (own && *own) {
        *size = strlen(own);
        return own;
    }
    if (r->otherwise_size) {
        *size = r->otherwise_size;
        return r->otherwise;
    }
    const DnEnvVariable *variable = dn_env_find(file, r->name, r->name_size);
    *size = variable ? strlen(variable->value) : 0;
    return variable ? variable->value : "";
}

/* Where the text of the reference stands first: there it is replaced. */
static size_t first_place(const char *value, const char *dollar, size_t size) {
    const char *p = value;
    while (strncmp(p, dollar, size) != 0) {
        p++;
    }
    return (size_t)(p - value);
}

/* One reference, the last one; false when there is none left, or with `failed` set. */
static bool expand_last(const DnEnvFile *file, char **value, DnEnvLookup lookup, bool *failed) {
    const char *dollar = last_dollar(*value);
    Reference r = {0};
    if (dollar) {
        r = read_reference(dollar);
    }
    if (!r.name_size) {
        return false;
    }
    size_t size = 0;
    const char *text = referenced(file, &r, lookup, &size);
    size_t at = first_place(*value, dollar, r.size);
    size_t rest = strlen(*value + at + r.size);
    char *out = malloc(at + size + rest + 1);
    if (out) {
        memcpy(out, *value, at);
        memcpy(out + at, text, size);
        memcpy(out + at + size, *value + at + r.size, rest + 1);
        dn_env_free_value(*value);
        *value = out;
    }
    *failed = !out;
    return out != NULL;
}

static void drop_backslashes(char *value) {
    char *out = value;
    for (const char *p = value; *p; p++) {
        p += *p == '\\' && p[1] == '$';
        *out++ = *p;
    }
    *out = '\0';
}

/* A value that refers to itself has no end, and one that is referred to often takes memory each time. */
enum { MOST_REFERENCES = 1000, MOST_REPLACED = 16 << 20 };

DnStatus dn_env_expand(DnEnvFile *file, DnEnvVariable *variable, const char *name, DnEnvLookup lookup,
                       DnErr *err) {
    const char *own = lookup(variable->name);
    char *value = own ? dn_env_copy(own, strlen(own)) : dn_env_copy(variable->value, strlen(variable->value));
    bool failed = !value;
    size_t count = 0;
    bool endless = false;
    while (!failed && !endless && expand_last(file, &value, lookup, &failed)) {
        size_t size = strlen(value);
        file->replaced += size;
        endless = ++count > MOST_REFERENCES || size > DN_ENV_FILE_MOST || file->replaced > MOST_REPLACED;
    }
    if (failed || endless) {
        dn_env_free_value(value);
        return failed ? dn_err_nomem(err)
                      : dn_err(err, DN_E_USAGE, "%s: variable %s refers to itself, or to too much", name,
                               variable->name);
    }
    drop_backslashes(value);
    dn_env_free_value(variable->value);
    variable->value = value;
    return DN_OK;
}
