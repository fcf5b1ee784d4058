#include "sqlgen/entry.h"
#include "sqlgen/statement.h"
#include "sqlgen/type_parts.h"

static void create_enum(DnBuf *sql, const DnRender *render, const DnType *type, const char *name) {
    dn_buf_fmt(sql, "CREATE TYPE %s AS ENUM (", name);
    for (size_t i = 0; i < type->labels.count; i++) {
        dn_buf_str(sql, i ? ",\n    " : "\n    ");
        dn_literal(sql, &render->spelling, type->labels.items[i].label);
    }
    dn_end_with(sql, "\n)");
}

static void create_composite(DnBuf *sql, const DnRender *render, const DnType *type, const char *name) {
    dn_buf_fmt(sql, "CREATE TYPE %s AS (", name);
    for (size_t i = 0; i < type->attributes.count; i++) {
        const DnAttribute *attribute = &type->attributes.items[i];
        dn_buf_str(sql, i ? ",\n\t" : "\n\t");
        dn_ident(sql, &render->spelling, attribute->name);
        dn_buf_fmt(sql, " %s", attribute->type);
        if (attribute->collation) {
            dn_buf_fmt(sql, " COLLATE %s", attribute->collation);
        }
    }
    dn_end_with(sql, "\n)");
}

static void create_range(DnBuf *sql, const DnRender *render, const DnType *type, const char *name) {
    enum { MULTIRANGES_SINCE = 14 };
    const struct {
        const char *option, *value;
    } options[] = {
        {"multirange_type_name",
         dn_model_spelling(render->model) >= MULTIRANGES_SINCE ? type->multirange_name : NULL},
        {"subtype_opclass", type->subtype_opclass},
        {"collation", type->range_collation},
        {"canonical", type->canonical},
        {"subtype_diff", type->subtype_diff},
    };
    dn_buf_fmt(sql, "CREATE TYPE %s AS RANGE (\n    subtype = %s", name, type->subtype);
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (options[i].value) {
            dn_buf_fmt(sql, ",\n    %s = %s", options[i].option, options[i].value);
        }
    }
    dn_end_with(sql, "\n)");
}

static void create_undefined(DnBuf *sql, const DnRender *render, const DnType *type, const char *name) {
    (void)render;
    (void)type;
    dn_end_with(sql, "CREATE TYPE %s", name);
}

typedef struct Sort {
    char typtype;
    const char *desc;
    const char *drop_end; /* functions and the base type that they are made for go together */
    void (*create)(DnBuf *sql, const DnRender *render, const DnType *type, const char *name);
} Sort;

static const Sort sorts[] = {
    {'b', "TYPE", " CASCADE", dn_type_base}, {'c', "TYPE", "", create_composite},
    {'d', "DOMAIN", "", dn_type_domain},     {'e', "TYPE", "", create_enum},
    {'r', "TYPE", "", create_range},         {'p', "TYPE", "", create_undefined},
};

static const Sort *sort_of(const DnType *type) {
    for (size_t i = 0; i < sizeof sorts / sizeof sorts[0]; i++) {
        if (sorts[i].typtype == type->typtype) {
            /* The pseudo-types proper are the server's own. */
            return type->typtype == 'p' && type->defined ? NULL : &sorts[i];
        }
    }
    return NULL;
}

static void attribute_comments(const DnRender *render, const DnType *type, DnEntries *entries) {
    DnBuf name = {0};
    for (const DnComment *comment = type->attribute_comments; comment; comment = comment->next) {
        for (size_t i = 0; i < type->attributes.count; i++) {
            if (type->attributes.items[i].number == comment->subid) {
                dn_buf_clear(&name);
                dn_name(&name, render, &type->object);
                dn_buf_char(&name, '.');
                dn_ident(&name, &render->spelling, type->attributes.items[i].name);
                dn_render_comment_text(render, &type->object, "COLUMN", dn_buf_text(&name), comment->text,
                                       entries);
            }
        }
    }
    dn_buf_deinit(&name);
}

static void add_entry(const DnRender *render, const DnType *type, const Sort *sort, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &type->object, sort->desc);
    DnBuf name = {0};
    dn_qualified_name(&name, render, &type->object);
    sort->create(&entry->create, render, type, dn_buf_text(&name));
    dn_buf_fmt(&entry->owner_target, "%s %s", sort->desc, dn_buf_text(&name));
    dn_end_with(&entry->drop, "DROP %s%s", dn_buf_text(&entry->owner_target), sort->drop_end);
    entry->owned = true;
    dn_buf_deinit(&name);
}

void dn_render_type(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnType *type = (const DnType *)object;
    const Sort *sort = sort_of(type);
    if (render->data_only || !sort) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        add_entry(render, type, sort, entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, sort->desc, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, sort->desc, dn_buf_text(&name), entries);
    if (object->dump & DN_PART_ACL) {
        dn_render_acl(render, object, "TYPE", dn_buf_text(&name), NULL, &object->acl, entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        attribute_comments(render, type, entries);
        dn_domain_constraint_comments(render, type, entries);
    }
    dn_buf_deinit(&name);
}

/* No DROP: the type itself goes by its own, and takes the shell along. */
void dn_render_shell_type(const DnRender *render, const DnObject *object, DnEntries *entries) {
    if (render->data_only || !(object->dump & DN_PART_DEFINITION)) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "SHELL TYPE");
    dn_buf_str(&entry->create, "CREATE TYPE ");
    dn_qualified_name(&entry->create, render, object);
    dn_end(&entry->create);
}
