#include "sqlgen/entry.h"
#include "sqlgen/privileges.h"

void dn_render_default_acl(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnDefaultAcl *defaults = (const DnDefaultAcl *)object;
    if (render->data_only || render->no_privileges || !defaults->objects) {
        return;
    }
    DnBuf prefix = {0};
    dn_buf_str(&prefix, "ALTER DEFAULT PRIVILEGES FOR ROLE ");
    dn_ident(&prefix, &render->spelling, defaults->role);
    dn_buf_char(&prefix, ' ');
    if (object->schema) {
        dn_buf_str(&prefix, "IN SCHEMA ");
        dn_ident(&prefix, &render->spelling, object->schema->object.name);
        dn_buf_char(&prefix, ' ');
    }
    DnEntry *entry = dn_entry_add(entries, object, "DEFAULT ACL");
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "DEFAULT PRIVILEGES FOR %s", defaults->objects);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    entry->pass = DN_PASS_ACL;
    dn_default_privileges_build(&entry->create, render, defaults, dn_buf_text(&prefix));
    entry->create.failed = entry->create.failed || dn_buf_failed(&prefix);
    if (!entry->create.size) {
        entries->count--;
    }
    dn_buf_deinit(&prefix);
}
