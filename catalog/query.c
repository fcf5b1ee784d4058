#include "catalog/query.h"

#include <string.h>

bool dn_query_applies(const DnFetch *fetch, int server_version) {
    return fetch->rows && server_version >= fetch->since &&
           (!fetch->before || server_version < fetch->before);
}

static const char *choose(const DnSqlPart *part, int server_version) {
    bool holds = server_version >= part->since && (!part->before || server_version < part->before);
    return holds ? part->text : part->otherwise;
}

static void add_text(DnBuf *sql, const char *text, bool system) {
    for (const char *mark; (mark = strstr(text, DN_FIRST_OID)); text = mark + strlen(DN_FIRST_OID)) {
        dn_buf_add(sql, text, (size_t)(mark - text));
        dn_buf_fmt(sql, "%d", system ? 0 : DN_FIRST_USER_OID);
    }
    dn_buf_str(sql, text);
}

void dn_query_build(const DnFetch *fetch, int server_version, bool system, DnBuf *sql) {
    for (size_t i = 0; i < fetch->column_count; i++) {
        const char *text = choose(&fetch->columns[i], server_version);
        dn_buf_str(sql, i ? ", " : "SELECT ");
        add_text(sql, text ? text : "NULL", system);
    }
    for (size_t i = 0; i < fetch->from_count; i++) {
        const char *text = choose(&fetch->from[i], server_version);
        if (text) {
            dn_buf_char(sql, ' ');
            add_text(sql, text, system);
        }
    }
}

/* Kinds whose rows come with another kind's query. */
const DnFetch dn_fetch_none = {0};
