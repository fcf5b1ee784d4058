#include "sqlgen/settings.h"

#include <string.h>
#include <strings.h>

/* Settings whose value is a list of names that the server has quoted already (GUC_LIST_QUOTE). */
static const char *const quoted_lists[] = {
    "local_preload_libraries",  "search_path",      "session_preload_libraries",
    "shared_preload_libraries", "temp_tablespaces", "unix_socket_directories",
};

static bool is_quoted_list(const char *name) {
    for (size_t i = 0; i < sizeof quoted_lists / sizeof quoted_lists[0]; i++) {
        if (strcasecmp(name, quoted_lists[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* White space of the server's list parser. */
static const char *skip_space(const char *p) {
    return p + strspn(p, " \t\n\r\f\v");
}

/* Takes one name off a list; NULL when the text is no list. */
static const char *take_item(const char *p, DnBuf *item) {
    if (*p != '"') {
        size_t length = strcspn(p, ", \t\n\r\f\v");
        dn_buf_add(item, p, length);
        return length ? p + length : NULL;
    }
    for (p++; *p; p++) {
        if (*p == '"' && p[1] != '"') {
            return p + 1;
        }
        p += *p == '"';
        dn_buf_char(item, *p);
    }
    return NULL;
}

/* "a, "b c"" as 'a', 'b c': SQL's rules for names in double quotes differ from those of lists (empty and
   long names are allowed there), so each becomes a literal. */
static bool add_list(DnBuf *buf, const DnSpelling *spelling, const char *list) {
    const char *p = skip_space(list);
    DnBuf item = {0};
    bool more = *p != '\0';
    bool first = true;
    if (!more) {
        dn_buf_str(buf, "''"); /* a statement has no way to say a list of nothing; this comes to the same */
    }
    while (p && more) {
        dn_buf_clear(&item);
        p = take_item(p, &item);
        dn_buf_str(buf, first ? "" : ", ");
        dn_literal(buf, spelling, dn_buf_text(&item));
        first = false;
        p = p ? skip_space(p) : NULL;
        more = p && *p == ',';
        p = more ? skip_space(p + 1) : p;
    }
    bool whole = p && !*p && !dn_buf_failed(&item);
    dn_buf_deinit(&item);
    return whole;
}

void dn_setting(DnBuf *buf, const DnSpelling *spelling, const char *before, const char *setting) {
    const char *value = strchr(setting, '=');
    if (!value) {
        return;
    }
    DnBuf name = {0};
    DnBuf list = {0};
    dn_buf_add(&name, setting, (size_t)(value++ - setting));
    dn_buf_str(buf, before);
    dn_ident(buf, spelling, dn_buf_text(&name));
    dn_buf_str(buf, " TO ");
    if (is_quoted_list(dn_buf_text(&name)) && add_list(&list, spelling, value)) {
        dn_buf_str(buf, dn_buf_text(&list));
    } else {
        dn_literal(buf, spelling, value);
    }
    buf->failed = buf->failed || dn_buf_failed(&name) || dn_buf_failed(&list);
    dn_buf_deinit(&name);
    dn_buf_deinit(&list);
}
