#include "sqlgen/default.h"
#include "sqlgen/statement.h"

/* nextval('public.s'::regclass), as pg_get_expr() would have it. */
static void add_nextval(DnBuf *buf, const DnRender *render, const DnRelation *sequence) {
    DnBuf name = {0};
    dn_qualified_name(&name, render, &sequence->object);
    dn_ident(buf, &render->spelling, "nextval");
    dn_buf_fmt(buf, "('%s'::", dn_buf_text(&name));
    dn_ident(buf, &render->spelling, "regclass");
    dn_buf_char(buf, ')');
    buf->failed = buf->failed || dn_buf_failed(&name);
    dn_buf_deinit(&name);
}

void dn_default_expression(DnBuf *buf, const DnRender *render, const DnDefault *d) {
    if (d->expression || !d->sequence) {
        dn_buf_str(buf, d->expression);
    } else {
        add_nextval(buf, render, d->sequence);
    }
}

/* A default that stands by itself; those inside CREATE TABLE come with the table. */
void dn_render_default(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnDefault *d = (const DnDefault *)object;
    const DnAttribute *column = dn_column(d->table, d->number);
    if (render->data_only || !d->separate || !column || !(object->dump & DN_PART_DEFINITION)) {
        return;
    }
    const char *foreign = d->table->relkind == 'f' ? "FOREIGN " : "";
    DnBuf head = {0};
    DnBuf tag = {0};
    dn_buf_fmt(&head, "ALTER %sTABLE ", foreign);
    DnEntry *entry = dn_entry_add(entries, object, "DEFAULT");
    dn_buf_fmt(&entry->create, "%sONLY ", dn_buf_text(&head));
    dn_qualified_name(&entry->create, render, &d->table->object);
    dn_buf_str(&entry->create, " ALTER COLUMN ");
    dn_ident(&entry->create, &render->spelling, column->name);
    dn_buf_str(&entry->create, " SET DEFAULT ");
    dn_default_expression(&entry->create, render, d);
    dn_end(&entry->create);
    dn_buf_str(&entry->drop, dn_buf_text(&head));
    dn_qualified_name(&entry->drop, render, &d->table->object);
    dn_buf_str(&entry->drop, " ALTER COLUMN ");
    dn_ident(&entry->drop, &render->spelling, column->name);
    dn_end_with(&entry->drop, " DROP DEFAULT");
    dn_buf_fmt(&tag, "%s %s", d->table->object.name, column->name);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    entry->create.failed = entry->create.failed || dn_buf_failed(&head) || dn_buf_failed(&tag);
    dn_buf_deinit(&head);
    dn_buf_deinit(&tag);
}
