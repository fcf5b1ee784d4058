#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static void add_definition(DnBuf *sql, const DnRender *render, const DnConversion *conversion) {
    dn_buf_fmt(sql, "CREATE %sCONVERSION ", conversion->is_default ? "DEFAULT " : "");
    dn_qualified_name(sql, render, &conversion->object);
    dn_buf_str(sql, " FOR ");
    dn_literal(sql, &render->spelling, conversion->source);
    dn_buf_str(sql, " TO ");
    dn_literal(sql, &render->spelling, conversion->target);
    dn_end_with(sql, " FROM %s", conversion->function);
}

void dn_render_conversion(const DnRender *render, const DnObject *object, DnEntries *entries) {
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "CONVERSION");
        dn_entry_drop_and_owner(entry, render, "CONVERSION");
        add_definition(&entry->create, render, (const DnConversion *)object);
    }
    if (object->dump & DN_PART_COMMENT) {
        DnBuf name = {0};
        dn_name(&name, render, object);
        dn_render_comment(render, object, "CONVERSION", dn_buf_text(&name), entries);
        dn_buf_deinit(&name);
    }
}
