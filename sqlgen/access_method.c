#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

void dn_render_access_method(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnAccessMethod *method = (const DnAccessMethod *)object;
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "ACCESS METHOD");
        dn_end_with(&entry->drop, "DROP ACCESS METHOD %s", dn_buf_text(&name));
        dn_end_with(&entry->create, "CREATE ACCESS METHOD %s TYPE %s HANDLER %s", dn_buf_text(&name),
                    method->amtype == 't' ? "TABLE" : "INDEX", method->handler);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "ACCESS METHOD", dn_buf_text(&name), entries);
    }
    dn_buf_deinit(&name);
}
