#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static bool is_written(const DnRender *render, const DnObject *object) {
    return !render->data_only && (object->dump & DN_PART_DEFINITION);
}

static void trailers(const DnRender *render, const DnObject *object, const char *comment_type,
                     const char *acl_type, DnEntries *entries) {
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, comment_type, dn_buf_text(&name), entries);
    }
    if (object->dump & DN_PART_ACL) {
        dn_render_acl(render, object, acl_type, dn_buf_text(&name), NULL, &object->acl, entries);
    }
    dn_buf_deinit(&name);
}

static void add_function(DnBuf *sql, const char *word, const char *function) {
    if (!function || strcmp(function, "-") != 0) {
        dn_buf_str(sql, word);
        dn_given(sql, function);
    }
}

void dn_render_fdw(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnFdw *fdw = (const DnFdw *)object;
    if (is_written(render, object)) {
        DnEntry *entry = dn_entry_add(entries, object, "FOREIGN DATA WRAPPER");
        dn_entry_drop_and_owner(entry, render, "FOREIGN DATA WRAPPER");
        dn_buf_str(&entry->create, "CREATE FOREIGN DATA WRAPPER ");
        dn_name(&entry->create, render, object);
        add_function(&entry->create, " HANDLER ", fdw->handler);
        add_function(&entry->create, " VALIDATOR ", fdw->validator);
        if (fdw->options) {
            dn_buf_fmt(&entry->create, " OPTIONS (\n    %s\n)", fdw->options);
        }
        dn_end(&entry->create);
    }
    trailers(render, object, "FOREIGN DATA WRAPPER", "FOREIGN DATA WRAPPER", entries);
}

static void user_mapping(const DnRender *render, const DnServer *server, const DnUserMapping *mapping,
                         DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &server->object, "USER MAPPING");
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "USER MAPPING %s SERVER %s", mapping->user, server->object.name);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    dn_buf_str(&entry->create, "CREATE USER MAPPING FOR ");
    dn_ident(&entry->create, &render->spelling, mapping->user);
    dn_buf_str(&entry->create, " SERVER ");
    dn_name(&entry->create, render, &server->object);
    if (mapping->options) {
        dn_buf_fmt(&entry->create, " OPTIONS (\n    %s\n)", mapping->options);
    }
    dn_end(&entry->create);
    dn_buf_str(&entry->drop, "DROP USER MAPPING FOR ");
    dn_ident(&entry->drop, &render->spelling, mapping->user);
    dn_buf_str(&entry->drop, " SERVER ");
    dn_name(&entry->drop, render, &server->object);
    dn_end(&entry->drop);
}

void dn_render_server(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnServer *server = (const DnServer *)object;
    if (is_written(render, object)) {
        DnEntry *entry = dn_entry_add(entries, object, "SERVER");
        dn_entry_drop_and_owner(entry, render, "SERVER");
        dn_buf_str(&entry->create, "CREATE SERVER ");
        dn_name(&entry->create, render, object);
        if (server->type) {
            dn_buf_str(&entry->create, " TYPE ");
            dn_literal(&entry->create, &render->spelling, server->type);
        }
        if (server->version) {
            dn_buf_str(&entry->create, " VERSION ");
            dn_literal(&entry->create, &render->spelling, server->version);
        }
        dn_buf_str(&entry->create, " FOREIGN DATA WRAPPER ");
        dn_ident(&entry->create, &render->spelling, server->wrapper);
        if (server->options) {
            dn_buf_fmt(&entry->create, " OPTIONS (\n    %s\n)", server->options);
        }
        dn_end(&entry->create);
    }
    trailers(render, object, "SERVER", "FOREIGN SERVER", entries);
    if (!render->data_only && (object->dump & DN_PART_USER_MAPPING)) {
        for (size_t i = 0; i < server->mappings.count; i++) {
            user_mapping(render, server, &server->mappings.items[i], entries);
        }
    }
}
