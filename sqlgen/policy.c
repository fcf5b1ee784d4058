#include "sqlgen/statement.h"
#include "sqlgen/table_part.h"

static const char *command_of(char command) {
    switch (command) {
    case 'r':
        return " FOR SELECT";
    case 'a':
        return " FOR INSERT";
    case 'w':
        return " FOR UPDATE";
    case 'd':
        return " FOR DELETE";
    default:
        return "";
    }
}

/* No newline after the semicolon: that is how pg_dump has this one statement. */
static void render_enable(const DnRender *render, const DnPolicy *policy, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &policy->object, "ROW SECURITY");
    dn_buf_str(&entry->create, "ALTER TABLE ");
    dn_qualified_name(&entry->create, render, &policy->table->object);
    dn_buf_str(&entry->create, " ENABLE ROW LEVEL SECURITY");
    dn_semicolon(&entry->create);
}

static void render_policy(const DnRender *render, const DnPolicy *policy, DnEntries *entries) {
    DnEntry *entry = dn_part_entry(entries, &policy->object, &policy->table->object, "POLICY");
    DnBuf name = {0};
    dn_ident(&name, &render->spelling, policy->policy);
    dn_buf_str(&name, " ON ");
    dn_qualified_name(&name, render, &policy->table->object);
    dn_buf_fmt(&entry->create, "CREATE POLICY %s%s%s", dn_buf_text(&name),
               policy->permissive ? "" : " AS RESTRICTIVE", command_of(policy->command));
    if (policy->roles) {
        dn_buf_fmt(&entry->create, " TO %s", policy->roles);
    }
    if (policy->using_) {
        dn_buf_fmt(&entry->create, " USING (%s)", policy->using_);
    }
    if (policy->check) {
        dn_buf_fmt(&entry->create, " WITH CHECK (%s)", policy->check);
    }
    dn_end(&entry->create);
    dn_end_with(&entry->drop, "DROP POLICY %s", dn_buf_text(&name));
    dn_buf_deinit(&name);
}

void dn_render_policy(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnPolicy *policy = (const DnPolicy *)object;
    if (render->data_only || render->no_policies || !dn_part_defined(object)) {
        return;
    }
    if (!policy->policy) {
        render_enable(render, policy, entries);
        return;
    }
    render_policy(render, policy, entries);
    dn_part_comment(render, object, "POLICY", "ON", &policy->table->object, entries);
}
