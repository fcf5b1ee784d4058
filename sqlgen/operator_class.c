#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

/* Adds the members to what stands in `sql` already: `first` tells whether that needs no comma. */
static bool add_members(DnBuf *sql, const DnOpMembers *members, bool first) {
    for (size_t i = 0; i < members->count; i++) {
        const DnOpMember *m = &members->items[i];
        dn_buf_str(sql, first ? "" : " ,\n    ");
        first = false;
        if (m->is_function) {
            /* The types could often be left out, but not for a btree's sort support across types. */
            dn_buf_fmt(sql, "FUNCTION %s (%s, %s) %s", m->number, m->left, m->right, m->what);
            continue;
        }
        dn_buf_fmt(sql, "OPERATOR %s %s", m->number, m->what);
        if (m->sort_family) {
            dn_buf_fmt(sql, " FOR ORDER BY %s", m->sort_family);
        }
    }
    return first;
}

/* "schema.name USING method" */
static void add_name(DnBuf *sql, const DnRender *render, const DnOpfamily *family) {
    dn_qualified_name(sql, render, &family->object);
    dn_buf_str(sql, " USING ");
    dn_ident(sql, &render->spelling, family->method);
}

static void add_class(DnBuf *sql, const DnRender *render, const DnOpclass *class_) {
    dn_buf_str(sql, "CREATE OPERATOR CLASS ");
    dn_qualified_name(sql, render, &class_->as_family.object);
    dn_buf_fmt(sql, "\n    %sFOR TYPE %s USING ", class_->is_default ? "DEFAULT " : "", class_->type);
    dn_ident(sql, &render->spelling, class_->as_family.method);
    dn_buf_fmt(sql, " FAMILY %s AS\n    ", class_->family);
    if (class_->storage) {
        dn_buf_fmt(sql, "STORAGE %s", class_->storage);
    }
    /* Something must follow AS: the type as its own storage says nothing. */
    if (add_members(sql, &class_->as_family.members, !class_->storage)) {
        dn_buf_fmt(sql, "STORAGE %s", class_->type);
    }
    dn_end(sql);
}

static void add_family(DnBuf *sql, const DnRender *render, const DnOpfamily *family) {
    dn_buf_str(sql, "CREATE OPERATOR FAMILY ");
    add_name(sql, render, family);
    dn_end(sql);
    if (family->members.count) {
        dn_buf_str(sql, "ALTER OPERATOR FAMILY ");
        add_name(sql, render, family);
        dn_buf_str(sql, " ADD\n    ");
        (void)add_members(sql, &family->members, true);
        dn_end(sql);
    }
}

/* A class begins with what a family has. */
static void render_either(const DnRender *render, const DnObject *object, bool is_class, DnEntries *entries) {
    const DnOpfamily *family = (const DnOpfamily *)object;
    const char *desc = is_class ? "OPERATOR CLASS" : "OPERATOR FAMILY";
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        entry->owned = true;
        dn_buf_fmt(&entry->owner_target, "%s ", desc);
        add_name(&entry->owner_target, render, family);
        dn_end_with(&entry->drop, "DROP %s", dn_buf_text(&entry->owner_target));
        if (is_class) {
            add_class(&entry->create, render, (const DnOpclass *)object);
        } else {
            add_family(&entry->create, render, family);
        }
    }
    if (object->dump & DN_PART_COMMENT) {
        DnBuf name = {0};
        dn_name(&name, render, object);
        dn_buf_str(&name, " USING ");
        dn_ident(&name, &render->spelling, family->method);
        dn_render_comment(render, object, desc, dn_buf_text(&name), entries);
        dn_buf_deinit(&name);
    }
}

void dn_render_opclass(const DnRender *render, const DnObject *object, DnEntries *entries) {
    render_either(render, object, true, entries);
}

void dn_render_opfamily(const DnRender *render, const DnObject *object, DnEntries *entries) {
    render_either(render, object, false, entries);
}
