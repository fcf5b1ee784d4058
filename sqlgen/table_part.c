#include "sqlgen/table_part.h"
#include "sqlgen/statement.h"

#include <string.h>

DnEntry *dn_part_entry(DnEntries *entries, const DnObject *object, const DnObject *belongs_to,
                       const char *desc) {
    DnEntry *entry = dn_entry_add(entries, object, desc);
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "%s %s", belongs_to->name, object->name);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    return entry;
}

void dn_part_table(DnBuf *buf, const DnRender *render, const DnRelation *table, bool only) {
    dn_buf_fmt(buf, "%sTABLE %s", table->relkind == 'f' ? "FOREIGN " : "", only ? "ONLY " : "");
    dn_qualified_name(buf, render, &table->object);
}

void dn_part_comment(const DnRender *render, const DnObject *object, const char *type, const char *on,
                     const DnObject *belongs_to, DnEntries *entries) {
    if (!(object->dump & DN_PART_COMMENT) || !object->comments) {
        return;
    }
    DnBuf prefix = {0};
    DnBuf name = {0};
    dn_buf_fmt(&prefix, "%s ", type);
    dn_name(&prefix, render, object);
    dn_buf_fmt(&prefix, " %s", on);
    dn_name(&name, render, belongs_to);
    dn_render_comment(render, object, dn_buf_text(&prefix), dn_buf_text(&name), entries);
    dn_buf_deinit(&prefix);
    dn_buf_deinit(&name);
}

void dn_part_options(DnBuf *buf, const DnRender *render, const char *options) {
    if (options && strcmp(options, "{}") != 0) {
        dn_buf_str(buf, " WITH (");
        dn_reloptions(buf, &render->spelling, options, "");
        dn_buf_char(buf, ')');
    }
}

void dn_part_extensions(DnBuf *buf, const DnRender *render, const DnObject *object, const char *type,
                        const char *name) {
    enum { NEWLINE_BEFORE_SINCE = 17 };
    int major = dn_model_spelling(render->model);
    for (size_t i = 0; i < object->depends_on_extensions.count; i++) {
        dn_buf_str(buf, major >= NEWLINE_BEFORE_SINCE ? "\n" : "");
        dn_buf_fmt(buf, "ALTER %s %s DEPENDS ON EXTENSION ", type, name);
        dn_ident(buf, &render->spelling, object->depends_on_extensions.items[i]);
        dn_semicolon(buf);
        dn_buf_str(buf, major >= NEWLINE_BEFORE_SINCE ? "" : "\n");
    }
}

const char *dn_part_state(char enabled) {
    switch (enabled) {
    case 'D':
        return "DISABLE";
    case 'A':
        return "ENABLE ALWAYS";
    case 'R':
        return "ENABLE REPLICA";
    default:
        return "ENABLE";
    }
}
