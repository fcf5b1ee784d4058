#include <string.h>

#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static bool is_written(const DnRender *render, const DnObject *object) {
    return !render->data_only && (object->dump & DN_PART_DEFINITION);
}

/* "CREATE <desc> public.x (\n", for the options to follow. */
static void begin(DnEntry *entry, const DnRender *render) {
    dn_buf_fmt(&entry->create, "CREATE %s ", entry->desc);
    dn_qualified_name(&entry->create, render, entry->object);
    dn_buf_str(&entry->create, " (\n");
}

/* Parsers and templates have no owner: nobody but superusers makes them. */
static DnEntry *unowned_entry(const DnRender *render, const DnObject *object, const char *desc,
                              DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, object, desc);
    dn_entry_drop_and_owner(entry, render, desc);
    entry->owned = false;
    begin(entry, render);
    return entry;
}

static void comment(const DnRender *render, const DnObject *object, const char *desc, DnEntries *entries) {
    if (!(object->dump & DN_PART_COMMENT)) {
        return;
    }
    DnBuf name = {0};
    size_t before = entries->count;
    dn_name(&name, render, object);
    dn_render_comment(render, object, desc, dn_buf_text(&name), entries);
    if (!object->owner && entries->count > before) {
        entries->items[before].owner = ""; /* pg_dump's header has nothing here, not even a dash */
    }
    dn_buf_deinit(&name);
}

void dn_render_ts_parser(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "TEXT SEARCH PARSER";
    const DnTsParser *parser = (const DnTsParser *)object;
    if (is_written(render, object)) {
        DnEntry *entry = unowned_entry(render, object, desc, entries);
        dn_buf_fmt(&entry->create, "    START = %s,\n    GETTOKEN = %s,\n    END = %s,\n", parser->start,
                   parser->get_token, parser->end);
        if (parser->headline) {
            dn_buf_fmt(&entry->create, "    HEADLINE = %s,\n", parser->headline);
        }
        dn_end_with(&entry->create, "    LEXTYPES = %s )", parser->lextypes);
    }
    comment(render, object, desc, entries);
}

void dn_render_ts_template(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "TEXT SEARCH TEMPLATE";
    const DnTsTemplate *template = (const DnTsTemplate *)object;
    if (is_written(render, object)) {
        DnEntry *entry = unowned_entry(render, object, desc, entries);
        if (template->init) {
            dn_buf_fmt(&entry->create, "    INIT = %s,\n", template->init);
        }
        dn_end_with(&entry->create, "    LEXIZE = %s )", template->lexize);
    }
    comment(render, object, desc, entries);
}

void dn_render_ts_dictionary(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "TEXT SEARCH DICTIONARY";
    const DnTsDictionary *dictionary = (const DnTsDictionary *)object;
    if (is_written(render, object)) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        dn_entry_drop_and_owner(entry, render, desc);
        begin(entry, render);
        dn_buf_str(&entry->create, "    TEMPLATE = ");
        dn_qualified(&entry->create, &render->spelling, dictionary->template_schema,
                     dictionary->template_name);
        if (dictionary->options) {
            dn_buf_fmt(&entry->create, ",\n    %s", dictionary->options);
        }
        dn_end_with(&entry->create, " )");
    }
    comment(render, object, desc, entries);
}

/* One statement for each token, with all its dictionaries. */
static void add_mappings(DnBuf *sql, const DnRender *render, const DnTsConfiguration *configuration) {
    const char *token = NULL;
    for (size_t i = 0; i < configuration->mappings.count; i++) {
        const DnTsMapping *mapping = &configuration->mappings.items[i];
        if (token && strcmp(token, mapping->token) == 0) {
            dn_buf_fmt(sql, ", %s", mapping->dictionary);
            continue;
        }
        if (token) {
            dn_end(sql);
        }
        dn_buf_char(sql, '\n');
        dn_buf_str(sql, "ALTER TEXT SEARCH CONFIGURATION ");
        dn_qualified_name(sql, render, &configuration->object);
        dn_buf_str(sql, "\n    ADD MAPPING FOR ");
        dn_ident(sql, &render->spelling, mapping->token);
        dn_buf_fmt(sql, " WITH %s", mapping->dictionary);
        token = mapping->token;
    }
    if (token) {
        dn_end(sql);
    }
}

void dn_render_ts_configuration(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "TEXT SEARCH CONFIGURATION";
    const DnTsConfiguration *configuration = (const DnTsConfiguration *)object;
    if (is_written(render, object)) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        dn_entry_drop_and_owner(entry, render, desc);
        begin(entry, render);
        dn_buf_str(&entry->create, "    PARSER = ");
        dn_qualified(&entry->create, &render->spelling, configuration->parser_schema,
                     configuration->parser_name);
        dn_end_with(&entry->create, " )");
        add_mappings(&entry->create, render, configuration);
    }
    comment(render, object, desc, entries);
}
