#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

void dn_render_extension(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnExtension *extension = (const DnExtension *)object;
    if (render->data_only || !(object->dump & DN_PART_DEFINITION)) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    DnEntry *entry = dn_entry_add(entries, object, "EXTENSION");
    /* No version: the target's own is what its server can load. */
    dn_buf_fmt(&entry->create, "CREATE EXTENSION IF NOT EXISTS %s WITH SCHEMA ", dn_buf_text(&name));
    dn_ident(&entry->create, &render->spelling, extension->schema_name);
    dn_end(&entry->create);
    if (!object->needed && !render->site) { /* a platform has its own use for it, and may own it */
        dn_end_with(&entry->drop, "DROP EXTENSION %s", dn_buf_text(&name));
    }
    if (object->dump & DN_PART_COMMENT) {
        DnObject unowned = *object;
        unowned.owner = "";
        dn_render_comment(render, &unowned, "EXTENSION", dn_buf_text(&name), entries);
        entries->items[entries->count - 1].object = object;
    }
    dn_buf_deinit(&name);
}
