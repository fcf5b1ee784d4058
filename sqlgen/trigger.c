#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

static void add_state(DnBuf *buf, const DnRender *render, const DnTrigger *trigger) {
    dn_buf_str(buf, "\nALTER ");
    dn_part_table(buf, render, trigger->table, false);
    dn_buf_fmt(buf, " %s TRIGGER ", dn_part_state(trigger->enabled));
    dn_name(buf, render, &trigger->object);
    dn_end(buf);
}

static void add_definition(DnEntry *entry, const DnRender *render, const DnTrigger *trigger) {
    DnBuf name = {0};
    dn_name(&name, render, &trigger->object);
    dn_buf_str(&name, " ON ");
    dn_qualified_name(&name, render, &trigger->table->object);
    dn_end_with(&entry->create, "%s", trigger->definition);
    dn_part_extensions(&entry->create, render, &trigger->object, "TRIGGER", dn_buf_text(&name));
    dn_end_with(&entry->drop, "DROP TRIGGER %s", dn_buf_text(&name));
    dn_buf_deinit(&name);
}

/* A partition's trigger was created with its parent's, and goes with it: it only has a state of its own. */
void dn_render_trigger(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnTrigger *trigger = (const DnTrigger *)object;
    if (render->data_only) {
        return;
    }
    if (dn_part_defined(object)) {
        DnEntry *entry = dn_part_entry(entries, object, &trigger->table->object, "TRIGGER");
        if (!trigger->of_partition) {
            add_definition(entry, render, trigger);
        }
        if (trigger->of_partition || trigger->enabled != 'O') {
            add_state(&entry->create, render, trigger);
        }
    }
    dn_part_comment(render, object, "TRIGGER", "ON", &trigger->table->object, entries);
}
