#include "sqlgen/view_text.h"

#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

void dn_view_text(DnBuf *buf, const DnRender *render, const DnRelation *view) {
    dn_qualified_name(buf, render, &view->object);
    dn_part_options(buf, render, view->options);
    dn_buf_str(buf, " AS\n");
    dn_given_statement(buf, view->definition);
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
