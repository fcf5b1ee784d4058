#include "catalog/query.h"

bool dn_query_applies(const DnFetch *fetch, int server_version) {
    return fetch->rows && server_version >= fetch->since &&
           (!fetch->before || server_version < fetch->before);
}

static const char *choose(const DnSqlPart *part, int server_version) {
    bool holds = server_version >= part->since && (!part->before || server_version < part->before);
    return holds ? part->text : part->otherwise;
}

void dn_query_build(const DnFetch *fetch, int server_version, DnBuf *sql) {
    for (size_t i = 0; i < fetch->column_count; i++) {
        const char *text = choose(&fetch->columns[i], server_version);
        dn_buf_str(sql, i ? ", " : "SELECT ");
        dn_buf_str(sql, text ? text : "NULL");
    }
    for (size_t i = 0; i < fetch->from_count; i++) {
        const char *text = choose(&fetch->from[i], server_version);
        if (text) {
            dn_buf_char(sql, ' ');
            dn_buf_str(sql, text);
        }
    }
}

/* Kinds whose rows come with another kind's query. */
const DnFetch dn_fetch_none = {0};
