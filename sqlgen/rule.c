#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"
#include "sqlgen/view_text.h"

static void add_state(DnBuf *buf, const DnRender *render, const DnRule *rule) {
    static const struct {
        char enabled;
        const char *command;
    } states[] = {{'A', "ENABLE ALWAYS"}, {'R', "ENABLE REPLICA"}, {'D', "DISABLE"}};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (states[i].enabled == rule->enabled) {
            dn_buf_str(buf, "ALTER TABLE ");
            dn_qualified_name(buf, render, &rule->table->object);
            dn_buf_fmt(buf, " %s RULE ", states[i].command);
            dn_name(buf, render, &rule->object);
            dn_end(buf);
        }
    }
}

/*
 * A view in a loop was created as an empty shell of itself; here it gets its query. Its rule cannot be
 * dropped, but it can be made empty again.
 */
static void add_view(DnEntry *entry, const DnRender *render, const DnRelation *view) {
    dn_buf_str(&entry->create, "CREATE OR REPLACE VIEW ");
    dn_view_text(&entry->create, render, view);
    dn_buf_str(&entry->drop, "CREATE OR REPLACE VIEW ");
    dn_view_shell_text(&entry->drop, render, view);
}

static void add_rule(DnEntry *entry, const DnRender *render, const DnRule *rule) {
    /* The server spells it with its semicolon. */
    dn_given_statement(&entry->create, rule->definition);
    dn_end(&entry->create);
    dn_buf_str(&entry->drop, "DROP RULE ");
    dn_name(&entry->drop, render, &rule->object);
    dn_buf_str(&entry->drop, " ON ");
    dn_qualified_name(&entry->drop, render, &rule->table->object);
    dn_end(&entry->drop);
}

void dn_render_rule(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnRule *rule = (const DnRule *)object;
    if (render->data_only || !rule->separate) {
        return;
    }
    if (dn_part_defined(object)) {
        DnEntry *entry = dn_part_entry(entries, object, &rule->table->object, "RULE");
        if (rule->event == '1' && rule->instead) {
            add_view(entry, render, rule->table);
        } else {
            add_rule(entry, render, rule);
        }
        add_state(&entry->create, render, rule);
    }
    dn_part_comment(render, object, "RULE", "ON", &rule->table->object, entries);
}
