#include "sqlgen/entry.h"
#include "sqlgen/relation.h"
#include "sqlgen/statement.h"

/* All labels of an object are one entry. The caller has checked that there is one. */
static DnEntry *add_entry(const DnObject *object, const char *type, const char *name, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, object, "SECURITY LABEL");
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "%s %s", type, name);
    entry->section = 0;
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    return entry;
}

static bool are_written(const DnRender *render, const DnObject *object) {
    return object->labels && (object->dump & DN_PART_SECLABEL) && !render->no_security_labels &&
           !render->data_only;
}

static void add_label(DnBuf *sql, const DnRender *render, const DnLabel *label, const char *target) {
    dn_buf_str(sql, "SECURITY LABEL FOR ");
    dn_ident(sql, &render->spelling, label->provider);
    dn_buf_fmt(sql, " ON %s IS ", target);
    dn_literal(sql, &render->spelling, label->text);
    dn_end(sql);
}

void dn_render_labels(const DnRender *render, const DnObject *object, const char *type, const char *name,
                      DnEntries *entries) {
    if (!are_written(render, object)) {
        return;
    }
    DnBuf target = {0};
    dn_buf_fmt(&target, "%s ", type);
    if (object->schema) {
        dn_ident(&target, &render->spelling, object->schema->object.name);
        dn_buf_char(&target, '.');
    }
    dn_buf_str(&target, name);
    DnEntry *entry = add_entry(object, type, name, entries);
    for (const DnLabel *label = object->labels; label && label->subid == 0; label = label->next) {
        add_label(&entry->create, render, label, dn_buf_text(&target));
    }
    if (!entry->create.size) {
        entries->count--;
    }
    dn_buf_deinit(&target);
}

/* "TABLE public.t" or "COLUMN public.t.a"; false for a column that is gone. */
static bool label_target(DnBuf *target, const DnRender *render, const DnRelation *relation, const char *desc,
                         int subid) {
    const DnAttribute *column = dn_column(relation, subid);
    dn_buf_clear(target);
    dn_buf_fmt(target, "%s ", subid ? "COLUMN" : desc);
    dn_qualified_name(target, render, &relation->object);
    if (subid && column && !column->dropped) {
        dn_buf_char(target, '.');
        dn_ident(target, &render->spelling, column->name);
    }
    return !subid || (column && !column->dropped);
}

void dn_render_relation_labels(const DnRender *render, const DnRelation *relation, const char *desc,
                               DnEntries *entries) {
    const DnObject *object = &relation->object;
    if (!are_written(render, object)) {
        return;
    }
    DnBuf name = {0};
    DnBuf target = {0};
    dn_name(&name, render, object);
    DnEntry *entry = add_entry(object, desc, dn_buf_text(&name), entries);
    for (const DnLabel *label = object->labels; label; label = label->next) {
        if (label_target(&target, render, relation, desc, label->subid)) {
            add_label(&entry->create, render, label, dn_buf_text(&target));
        }
    }
    if (!entry->create.size) {
        entries->count--;
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&target);
}
