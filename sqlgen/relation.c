#include "sqlgen/relation.h"

static void column_comment(const DnRender *render, const DnRelation *relation, const DnAttribute *column,
                           const char *text, DnEntries *entries) {
    DnBuf name = {0};
    dn_name(&name, render, &relation->object);
    dn_buf_char(&name, '.');
    dn_ident(&name, &render->spelling, column->name);
    dn_render_comment_text(render, &relation->object, "COLUMN", dn_buf_text(&name), text, entries);
    dn_buf_deinit(&name);
}

void dn_render_relation_comments(const DnRender *render, const DnRelation *relation, const char *desc,
                                 DnEntries *entries) {
    if (!(relation->object.dump & DN_PART_COMMENT)) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, &relation->object);
    dn_render_comment(render, &relation->object, desc, dn_buf_text(&name), entries);
    dn_buf_deinit(&name);
    for (const DnComment *c = relation->object.comments; c; c = c->next) {
        const DnAttribute *column = dn_column(relation, c->subid);
        if (column && !column->dropped) {
            column_comment(render, relation, column, c->text, entries);
        }
    }
}

void dn_render_relation_acls(const DnRender *render, const DnRelation *relation, DnEntries *entries) {
    const DnObject *object = &relation->object;
    if (!(object->dump & DN_PART_ACL)) {
        return;
    }
    DnBuf name = {0};
    DnBuf column_name = {0};
    dn_name(&name, render, object);
    dn_render_acl(render, object, "TABLE", dn_buf_text(&name), NULL, &object->acl, entries);
    for (size_t i = 0; i < relation->attributes.count; i++) {
        const DnAttribute *a = &relation->attributes.items[i];
        if (a->dropped || (!a->acl && !a->acl_base)) {
            continue;
        }
        dn_buf_clear(&column_name);
        dn_ident(&column_name, &render->spelling, a->name);
        const DnAcl acl = {.current = a->acl, .standard = "{}", .base = a->acl_base};
        dn_render_acl(render, object, "TABLE", dn_buf_text(&name), dn_buf_text(&column_name), &acl, entries);
    }
    dn_buf_deinit(&name);
    dn_buf_deinit(&column_name);
}
