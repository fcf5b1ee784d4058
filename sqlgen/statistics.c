#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

void dn_render_statistics(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnStatistics *statistics = (const DnStatistics *)object;
    if (render->data_only) {
        return;
    }
    if (dn_part_defined(object)) {
        DnEntry *entry = dn_entry_add(entries, object, "STATISTICS");
        dn_end_with(&entry->create, "%s", statistics->definition);
        if (statistics->target >= 0) {
            dn_buf_str(&entry->create, "ALTER STATISTICS ");
            dn_qualified_name(&entry->create, render, object);
            dn_end_with(&entry->create, " SET STATISTICS %d", statistics->target);
        }
        dn_entry_drop_and_owner(entry, render, "STATISTICS");
    }
    if (object->dump & DN_PART_COMMENT) {
        DnBuf name = {0};
        dn_name(&name, render, object);
        dn_render_comment(render, object, "STATISTICS", dn_buf_text(&name), entries);
        dn_buf_deinit(&name);
    }
}
