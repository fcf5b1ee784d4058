#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

static void add_definition(DnBuf *sql, const DnRender *render, const DnEventTrigger *trigger) {
    dn_buf_str(sql, "CREATE EVENT TRIGGER ");
    dn_name(sql, render, &trigger->object);
    dn_buf_str(sql, " ON ");
    dn_ident(sql, &render->spelling, trigger->event);
    if (trigger->tags) {
        dn_buf_fmt(sql, "\n         WHEN TAG IN (%s)", trigger->tags);
    }
    dn_end_with(sql, "\n   EXECUTE FUNCTION %s()", trigger->function);
    if (trigger->enabled != 'O') {
        dn_buf_str(sql, "\nALTER EVENT TRIGGER ");
        dn_name(sql, render, &trigger->object);
        dn_end_with(sql, " %s", dn_part_state(trigger->enabled));
    }
}

/* Last of all, with all that is said about it: it would fire on the statements of the dump. */
void dn_render_event_trigger(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "EVENT TRIGGER";
    if (render->data_only) {
        return;
    }
    size_t first = entries->count;
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        dn_entry_drop_and_owner(entry, render, desc);
        add_definition(&entry->create, render, (const DnEventTrigger *)object);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, desc, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, desc, dn_buf_text(&name), entries);
    for (size_t i = first; i < entries->count; i++) {
        entries->items[i].pass = DN_PASS_POST_ACL;
    }
    dn_buf_deinit(&name);
}
