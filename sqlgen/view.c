#include "sqlgen/relation.h"
#include "sqlgen/view_text.h"

void dn_render_view(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRelation *view = (const DnRelation *)object;
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "VIEW");
        dn_entry_drop_and_owner(entry, render, "VIEW");
        dn_buf_str(&entry->create, "CREATE VIEW ");
        if (view->dummy_view) {
            dn_view_shell_text(&entry->create, render, view);
        } else {
            dn_view_text(&entry->create, render, view);
        }
    }
    dn_render_relation_comments(render, view, "VIEW", entries);
    dn_render_relation_labels(render, view, "VIEW", entries);
    dn_render_relation_acls(render, view, entries);
}
