#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static void add_definition(DnBuf *sql, const DnCast *cast, const char *name) {
    dn_buf_fmt(sql, "CREATE CAST %s ", name);
    if (cast->method == 'f') {
        dn_buf_fmt(sql, "WITH FUNCTION %s", cast->function);
    } else {
        dn_buf_str(sql, cast->method == 'i' ? "WITH INOUT" : "WITHOUT FUNCTION");
    }
    dn_buf_str(sql, cast->context == 'a' ? " AS ASSIGNMENT" : cast->context == 'i' ? " AS IMPLICIT" : "");
    dn_end(sql);
}

void dn_render_cast(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnCast *cast = (const DnCast *)object;
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    DnBuf tag = {0};
    dn_buf_fmt(&name, "(%s AS %s)", cast->source, cast->target);
    dn_buf_fmt(&tag, "CAST %s", dn_buf_text(&name));
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "CAST");
        entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
        dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&tag));
        add_definition(&entry->create, cast, dn_buf_text(&name));
    }
    if (object->dump & DN_PART_COMMENT) {
        DnObject unowned = *object;
        unowned.owner = ""; /* pg_dump's text has nothing there, not even a hyphen */
        size_t before = entries->count;
        dn_render_comment(render, &unowned, "CAST", dn_buf_text(&name), entries);
        for (size_t i = before; i < entries->count; i++) {
            entries->items[i].object = object;
        }
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&tag);
}
