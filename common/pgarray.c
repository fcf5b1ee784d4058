#include "common/pgarray.h"

#include <string.h>

/* An upper bound of the number of elements: commas outside of quotes would be exact, all commas will do. */
static size_t count_commas(const char *text) {
    size_t commas = 0;
    for (; *text; text++) {
        commas += *text == ',';
    }
    return commas;
}

/* Copies one element to *out and moves both on; returns where the element ends, NULL when malformed. */
static const char *copy_element(const char *p, char **out, bool *quoted) {
    char *w = *out;
    *quoted = *p == '"';
    if (*quoted) {
        for (p++; *p != '"'; p++) {
            if (*p == '\\') {
                p++;
            }
            if (!*p) {
                return NULL;
            }
            *w++ = *p;
        }
        p++;
    } else {
        for (; *p != ',' && *p != '}'; p++) {
            if (!*p || *p == '{' || *p == '"') {
                return NULL;
            }
            *w++ = *p;
        }
    }
    *w++ = '\0';
    *out = w;
    return p;
}

int dn_pgarray_split(DnArena *arena, const char *text, const char ***items) {
    *items = NULL;
    if (!text) {
        return 0;
    }
    /* Arrays whose lower bound is not 1 begin with "[l:u]=". */
    if (*text == '[') {
        text = strchr(text, '=');
        text = text ? text + 1 : "";
    }
    if (*text != '{') {
        return -1;
    }
    if (strcmp(text, "{}") == 0) {
        return 0;
    }
    size_t limit = count_commas(text) + 1;
    const char **list = DN_NEW_ARRAY(arena, const char *, limit);
    char *bytes = dn_arena_alloc(arena, strlen(text) + limit);
    if (!list || !bytes) {
        return -1;
    }
    int count = 0;
    const char *p = text + 1;
    for (;;) {
        bool quoted;
        char *start = bytes;
        p = copy_element(p, &bytes, &quoted);
        if (!p) {
            return -1;
        }
        list[count++] = !quoted && strcmp(start, "NULL") == 0 ? NULL : start;
        if (*p == '}') {
            break;
        }
        if (*p++ != ',') {
            return -1;
        }
    }
    if (p[1]) {
        return -1;
    }
    *items = list;
    return count;
}
