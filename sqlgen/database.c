#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/settings.h"
#include "sqlgen/statement.h"

static void add_option(DnBuf *sql, const DnRender *render, const char *option, const char *value) {
    if (value) {
        dn_buf_fmt(sql, " %s = ", option);
        dn_literal(sql, &render->spelling, value);
    }
}

static const char *provider_name(char provider) {
    return provider == 'i' ? "icu" : provider == 'b' ? "builtin" : "libc";
}

static void add_locale(DnBuf *sql, const DnRender *render, const DnDatabase *d) {
    int major = dn_model_spelling(render->model);
    if (major >= 15) {
        dn_buf_fmt(sql, " LOCALE_PROVIDER = %s", provider_name(d->provider));
    }
    if (major >= 13 && d->collate && d->ctype && strcmp(d->collate, d->ctype) == 0) {
        add_option(sql, render, "LOCALE", d->collate);
    } else {
        add_option(sql, render, "LC_COLLATE", d->collate);
        add_option(sql, render, "LC_CTYPE", d->ctype);
    }
    add_option(sql, render, d->provider == 'b' ? "BUILTIN_LOCALE" : "ICU_LOCALE", d->locale);
    add_option(sql, render, "ICU_RULES", d->icu_rules);
}

static void create_database(const DnRender *render, const DnDatabase *d, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &d->object, "DATABASE");
    dn_entry_drop_and_owner(entry, render, "DATABASE");
    dn_buf_str(&entry->create, "CREATE DATABASE ");
    dn_name(&entry->create, render, &d->object);
    dn_buf_str(&entry->create, " WITH TEMPLATE = template0");
    add_option(&entry->create, render, "ENCODING", d->encoding);
    add_locale(&entry->create, render, d);
    if (!render->no_tablespaces && d->tablespace && strcmp(d->tablespace, "pg_default") != 0) {
        dn_buf_str(&entry->create, " TABLESPACE = ");
        dn_ident(&entry->create, &render->spelling, d->tablespace);
    }
    dn_end(&entry->create);
    entry->connect = d->object.name;
}

static void add_settings(DnBuf *sql, const DnRender *render, const DnDatabase *d, const char *name) {
    DnBuf before = {0};
    for (size_t i = 0; i < d->settings.count; i++) {
        const DnDatabaseSetting *s = &d->settings.items[i];
        dn_buf_clear(&before);
        if (s->role) {
            dn_buf_str(&before, "ALTER ROLE ");
            dn_ident(&before, &render->spelling, s->role);
            dn_buf_fmt(&before, " IN DATABASE %s SET ", name);
        } else {
            dn_buf_fmt(&before, "ALTER DATABASE %s SET ", name);
        }
        dn_setting(sql, &render->spelling, dn_buf_text(&before), s->setting);
        dn_end(sql);
    }
    sql->failed = sql->failed || dn_buf_failed(&before);
    dn_buf_deinit(&before);
}

static void properties(const DnRender *render, const DnDatabase *d, const char *name, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &d->object, "DATABASE PROPERTIES");
    if (d->connection_limit != -1) {
        dn_end_with(&entry->create, "ALTER DATABASE %s CONNECTION LIMIT = %d", name, d->connection_limit);
    }
    if (d->is_template) {
        dn_end_with(&entry->create, "ALTER DATABASE %s IS_TEMPLATE = true", name);
        dn_buf_str(&entry->drop, "UPDATE pg_catalog.pg_database SET datistemplate = false WHERE datname = ");
        dn_literal(&entry->drop, &render->spelling, d->object.name);
        dn_end(&entry->drop);
    }
    add_settings(&entry->create, render, d, name);
    entry->connect = d->object.name;
    entry->section = DN_ALL_SECTIONS;
    if (!entry->create.size) {
        entries->count--;
    }
}

void dn_render_database(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnDatabase *d = (const DnDatabase *)object;
    DnBuf name = {0};
    dn_name(&name, render, object);
    create_database(render, d, entries);
    entries->items[0].section = DN_ALL_SECTIONS; /* -C asks for it, whatever part of the rest is written */
    size_t trailers = entries->count;
    dn_render_comment(render, object, "DATABASE", dn_buf_text(&name), entries);
    dn_render_labels(render, object, "DATABASE", dn_buf_text(&name), entries);
    dn_render_acl(render, object, "DATABASE", dn_buf_text(&name), NULL, &object->acl, entries);
    for (size_t i = trailers; i < entries->count; i++) {
        entries->items[i].section = DN_PRE_DATA;
    }
    properties(render, d, dn_buf_text(&name), entries);
    dn_buf_deinit(&name);
}
