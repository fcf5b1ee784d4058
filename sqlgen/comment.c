#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

void dn_render_comment_text(const DnRender *render, const DnObject *object, const char *type,
                            const char *name, const char *text, DnEntries *entries) {
    if (render->no_comments || render->data_only || !text) {
        return;
    }
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "%s %s", type, name);
    DnEntry *entry = dn_entry_add(entries, object, "COMMENT");
    entry->section = 0;
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    /* pg_dump heads what has no owner with "Owner: -", but its comment with "Owner: " and nothing. */
    entry->owner = entry->owner ? entry->owner : "";
    dn_buf_fmt(&entry->create, "COMMENT ON %s ", type);
    if (object->schema) {
        dn_ident(&entry->create, &render->spelling, object->schema->object.name);
        dn_buf_char(&entry->create, '.');
    }
    dn_buf_fmt(&entry->create, "%s IS ", name);
    dn_literal(&entry->create, &render->spelling, text);
    dn_end(&entry->create);
    dn_buf_deinit(&tag);
}

void dn_render_comment(const DnRender *render, const DnObject *object, const char *type, const char *name,
                       DnEntries *entries) {
    const DnComment *comment = object->comments;
    if (comment && comment->subid == 0) {
        dn_render_comment_text(render, object, type, name, comment->text, entries);
    }
}
