#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static bool may_exist(const DnRender *render, const DnObject *object) {
    return object->needed || (render->create_schema_if_not_exists && strcmp(object->name, "public") == 0);
}

static void create_schema(const DnRender *render, const DnSchema *schema, DnEntries *entries) {
    const DnObject *object = &schema->object;
    DnEntry *entry = dn_entry_add(entries, object, "SCHEMA");
    dn_entry_drop_and_owner(entry, render, "SCHEMA");
    if (schema->create) {
        dn_buf_str(&entry->create,
                   may_exist(render, object) ? "CREATE SCHEMA IF NOT EXISTS " : "CREATE SCHEMA ");
        dn_name(&entry->create, render, object);
        dn_end(&entry->create);
    } else {
        /* Every database begins with a schema public: all there is to say is whose it is. */
        dn_buf_clear(&entry->drop);
        dn_buf_str(&entry->drop, "-- *not* dropping schema, since initdb creates it\n");
        dn_buf_str(&entry->create, "-- *not* creating schema, since initdb creates it\n");
    }
    if (may_exist(render, object)) {
        dn_buf_clear(&entry->drop); /* what else lives there may be somebody's */
    }
    if (object->needed) {
        entry->owned = false; /* not ours: only what lives there is needed */
    }
}

/* A new database's public has a comment: a dump that keeps that schema must take it away. */
static void comment_schema(const DnRender *render, const DnObject *object, const char *name,
                           DnEntries *entries) {
    /* pg_dump knows the schema public by its name, but compares that in its quotes. */
    bool at_birth = render->stand_in ? !((const DnSchema *)object)->create && !render->spelling.quote_all
                                     : may_exist(render, object);
    if (render->stand_in && at_birth && object->comments && !object->comments->subid &&
        strcmp(object->comments->text, "standard public schema") == 0) {
        return; /* what initdb gives it */
    }
    if (object->comments || !at_birth || object->needed || render->no_comments) {
        dn_render_comment(render, object, "SCHEMA", name, entries);
        return;
    }
    dn_render_comment_text(render, object, "SCHEMA", name, "", entries);
}

void dn_render_schema(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnSchema *schema = (const DnSchema *)object;
    if (render->data_only) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        create_schema(render, schema, entries);
    }
    if (object->dump & DN_PART_COMMENT) {
        comment_schema(render, object, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, "SCHEMA", dn_buf_text(&name), entries);
    if (object->dump & DN_PART_ACL) {
        dn_render_acl(render, object, "SCHEMA", dn_buf_text(&name), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
}
