#include "sqlgen/view_text.h"

#include <string.h>

#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

/* The query without its semicolon, since more may follow. */
static void add_query(DnBuf *buf, const DnRelation *view) {
    const char *query = view->definition ? view->definition : "";
    size_t length = strlen(query);
    dn_buf_add(buf, query, length && query[length - 1] == ';' ? length - 1 : length);
}

void dn_view_text(DnBuf *buf, const DnRender *render, const DnRelation *view) {
    dn_qualified_name(buf, render, &view->object);
    dn_part_options(buf, render, view->options);
    dn_buf_str(buf, " AS\n");
    add_query(buf, view);
    if (view->check_option) {
        dn_buf_fmt(buf, "\n  WITH %s CHECK OPTION", view->check_option);
    }
    dn_end(buf);
}

void dn_view_shell_text(DnBuf *buf, const DnRender *render, const DnRelation *view) {
    dn_qualified_name(buf, render, &view->object);
    dn_buf_str(buf, " AS\nSELECT");
    for (size_t i = 0; i < view->attributes.count; i++) {
        const DnAttribute *column = &view->attributes.items[i];
        dn_buf_fmt(buf, "%s\n    NULL::%s", i ? "," : "", column->type);
        /* CREATE OR REPLACE VIEW would not change it later */
        if (column->collation) {
            dn_buf_str(buf, " COLLATE ");
            dn_qualified(buf, &render->spelling, column->collation_schema, column->collation);
        }
        dn_buf_str(buf, " AS ");
        dn_ident(buf, &render->spelling, column->name);
    }
    dn_end(buf);
}
