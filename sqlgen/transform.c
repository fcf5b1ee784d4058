#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static void add_definition(DnBuf *sql, const DnTransform *transform, const char *name) {
    const char *from_sql = transform->from_sql;
    const char *to_sql = transform->to_sql;
    dn_buf_fmt(sql, "CREATE TRANSFORM %s (", name);
    if (from_sql) {
        dn_buf_fmt(sql, "FROM SQL WITH FUNCTION %s%s", from_sql, to_sql ? ", " : "");
    }
    if (to_sql) {
        dn_buf_fmt(sql, "TO SQL WITH FUNCTION %s", to_sql);
    }
    dn_end_with(sql, ")");
}

void dn_render_transform(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnTransform *transform = (const DnTransform *)object;
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    DnBuf tag = {0};
    dn_buf_fmt(&name, "FOR %s LANGUAGE ", transform->type);
    dn_ident(&name, &render->spelling, transform->language);
    dn_buf_fmt(&tag, "TRANSFORM %s", dn_buf_text(&name));
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "TRANSFORM");
        entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
        dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&tag));
        add_definition(&entry->create, transform, dn_buf_text(&name));
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "TRANSFORM", dn_buf_text(&name), entries);
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&tag);
}
