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

static void column_acl(const DnRender *render, const DnObject *relation, const char *name,
                       const DnAttribute *column, DnEntries *entries) {
    if (column->dropped || (!column->acl && !column->acl_base)) {
        return;
    }
    DnBuf column_name = {0};
    dn_ident(&column_name, &render->spelling, column->name);
    const DnAcl acl = {.current = column->acl, .standard = "{}", .base = column->acl_base};
    dn_render_acl(render, relation, "TABLE", name, dn_buf_text(&column_name), &acl, entries);
    dn_buf_deinit(&column_name);
}

void dn_render_relation_acls(const DnRender *render, const DnRelation *relation, DnEntries *entries) {
    const DnObject *object = &relation->object;
    if (!(object->dump & DN_PART_ACL)) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    dn_render_acl(render, object, "TABLE", dn_buf_text(&name), NULL, &object->acl, entries);
    for (size_t i = 0; i < relation->system.count; i++) {
        column_acl(render, object, dn_buf_text(&name), &relation->system.items[i], entries);
    }
    for (size_t i = 0; i < relation->attributes.count; i++) {
        column_acl(render, object, dn_buf_text(&name), &relation->attributes.items[i], entries);
    }
    dn_buf_deinit(&name);
}
