#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static const struct {
    char provider;
    const char *name;
} providers[] = {{'b', "builtin"}, {'c', "libc"}, {'i', "icu"}, {'d', "default"}};

static const char *provider_name(char provider) {
    for (size_t i = 0; i < sizeof providers / sizeof providers[0]; i++) {
        if (providers[i].provider == provider) {
            return providers[i].name;
        }
    }
    return "";
}

static void add_option(DnBuf *sql, const DnRender *render, const char *option, const char *value) {
    if (value) {
        dn_buf_fmt(sql, ", %s = ", option);
        dn_literal(sql, &render->spelling, value);
    }
}

static void add_locale(DnBuf *sql, const DnRender *render, const DnCollation *collation) {
    bool same = collation->collate && collation->ctype && strcmp(collation->collate, collation->ctype) == 0;
    if (collation->locale || same) {
        add_option(sql, render, "locale", collation->locale ? collation->locale : collation->collate);
    } else {
        add_option(sql, render, "lc_collate", collation->collate);
        add_option(sql, render, "lc_ctype", collation->ctype);
    }
}

static void add_definition(DnBuf *sql, const DnRender *render, const DnCollation *collation) {
    dn_buf_str(sql, "CREATE COLLATION ");
    dn_qualified_name(sql, render, &collation->object);
    dn_buf_fmt(sql, " (provider = %s", provider_name(collation->provider));
    dn_buf_str(sql, collation->deterministic ? "" : ", deterministic = false");
    add_locale(sql, render, collation);
    add_option(sql, render, "rules", collation->rules);
    /* A restored collation gets the version of the library that it then meets; only the files that
       --binary-upgrade keeps were sorted by the old one. */
    add_option(sql, render, "version", render->binary_upgrade ? collation->version : NULL);
    dn_end_with(sql, ")");
}

void dn_render_collation(const DnRender *render, const DnObject *object, DnEntries *entries) {
    if (render->data_only) {
        return;
    }
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, "COLLATION");
        dn_entry_drop_and_owner(entry, render, "COLLATION");
        add_definition(&entry->create, render, (const DnCollation *)object);
    }
    if (object->dump & DN_PART_COMMENT) {
        DnBuf name = {0};
        dn_name(&name, render, object);
        dn_render_comment(render, object, "COLLATION", dn_buf_text(&name), entries);
        dn_buf_deinit(&name);
    }
}
