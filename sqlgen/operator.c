#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static void add_option(DnBuf *sql, const char *option, const char *value) {
    if (value) {
        dn_buf_fmt(sql, ",\n    %s = %s", option, value);
    }
}

static void add_definition(DnBuf *sql, const DnRender *render, const DnOperator *op) {
    const DnObject *object = &op->object;
    dn_buf_str(sql, "CREATE OPERATOR ");
    dn_ident(sql, &render->spelling, object->schema->object.name);
    dn_buf_fmt(sql, ".%s (\n    FUNCTION = %s", object->name, op->function);
    add_option(sql, "LEFTARG", op->left);
    add_option(sql, "RIGHTARG", op->right);
    add_option(sql, "COMMUTATOR", op->commutator);
    add_option(sql, "NEGATOR", op->negator);
    dn_buf_str(sql, op->merges ? ",\n    MERGES" : "");
    dn_buf_str(sql, op->hashes ? ",\n    HASHES" : "");
    add_option(sql, "RESTRICT", op->restrict_);
    add_option(sql, "JOIN", op->join);
    dn_end_with(sql, "\n)");
}

void dn_render_operator(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnOperator *op = (const DnOperator *)object;
    /* Without a function it is only a name that another operator has promised; that one brings it along. */
    if (render->data_only || !op->function) {
        return;
    }
    DnBuf name = {0};
    dn_buf_fmt(&name, "%s (%s, %s)", object->name, op->left ? op->left : "NONE",
               op->right ? op->right : "NONE");
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "OPERATOR");
        entry->owned = true;
        dn_buf_str(&entry->owner_target, "OPERATOR ");
        dn_ident(&entry->owner_target, &render->spelling, object->schema->object.name);
        dn_buf_fmt(&entry->owner_target, ".%s", dn_buf_text(&name));
        dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&entry->owner_target));
        add_definition(&entry->create, render, op);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, "OPERATOR", dn_buf_text(&name), entries);
    }
    dn_buf_deinit(&name);
}
