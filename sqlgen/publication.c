#include "sqlgen/entry.h"
#include "sqlgen/statement.h"

static bool is_left_out(const DnRender *render) {
    return render->data_only || render->no_publications;
}

static void add_events(DnBuf *sql, const DnPublication *publication) {
    const struct {
        bool published;
        const char *event;
    } events[] = {{publication->inserts, "insert"},
                  {publication->updates, "update"},
                  {publication->deletes, "delete"},
                  {publication->truncates, "truncate"}};
    bool first = true;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        if (events[i].published) {
            dn_buf_fmt(sql, "%s%s", first ? "" : ", ", events[i].event);
            first = false;
        }
    }
}

static void add_definition(DnBuf *sql, const DnPublication *publication, const char *name) {
    dn_buf_fmt(sql, "CREATE PUBLICATION %s%s WITH (publish = '", name,
               publication->all_tables ? " FOR ALL TABLES" : "");
    add_events(sql, publication);
    dn_buf_char(sql, '\'');
    dn_buf_str(sql, publication->via_root ? ", publish_via_partition_root = true" : "");
    dn_buf_str(sql, publication->generated_columns ? ", publish_generated_columns = stored" : "");
    dn_end_with(sql, ")");
}

void dn_render_publication(const DnRender *render, const DnObject *object, DnEntries *entries) {
    static const char desc[] = "PUBLICATION";
    if (is_left_out(render)) {
        return;
    }
    DnBuf name = {0};
    dn_name(&name, render, object);
    if (object->dump & DN_PART_DEFINITION) {
        DnEntry *entry = dn_entry_add(entries, object, desc);
        dn_entry_drop_and_owner(entry, render, desc);
        add_definition(&entry->create, (const DnPublication *)object, dn_buf_text(&name));
    }
    if (object->dump & DN_PART_COMMENT) {
        dn_render_comment(render, object, desc, dn_buf_text(&name), entries);
    }
    dn_render_labels(render, object, desc, dn_buf_text(&name), entries);
    dn_buf_deinit(&name);
}

/* What is published goes with the table, the schema or the publication: there is nothing to drop, and
   nobody owns it, though the header names the publication's owner. */
static DnEntry *published_entry(const DnObject *object, const DnPublication *publication, const char *desc,
                                DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, object, desc);
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "%s %s", publication->object.name, object->name);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    dn_buf_deinit(&tag);
    return entry;
}

static void add_columns(DnBuf *sql, const DnRender *render, const DnPublicationTable *published) {
    for (size_t i = 0; i < published->columns.count; i++) {
        dn_buf_str(sql, i ? ", " : " (");
        dn_ident(sql, &render->spelling, published->columns.items[i]);
    }
    dn_buf_str(sql, published->columns.count ? ")" : "");
}

void dn_render_publication_table(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnPublicationTable *published = (const DnPublicationTable *)object;
    if (is_left_out(render) || !(object->dump & DN_PART_DEFINITION)) {
        return;
    }
    DnEntry *entry = published_entry(object, published->publication, "PUBLICATION TABLE", entries);
    dn_buf_str(&entry->create, "ALTER PUBLICATION ");
    dn_name(&entry->create, render, &published->publication->object);
    dn_buf_str(&entry->create, " ADD TABLE ONLY ");
    dn_qualified_name(&entry->create, render, &published->table->object);
    add_columns(&entry->create, render, published);
    if (published->filter) {
        /* pg_get_expr() leaves the parentheses out around a plain true. */
        dn_buf_fmt(&entry->create, " WHERE (%s)", published->filter);
    }
    dn_end(&entry->create);
}

void dn_render_publication_schema(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnPublicationSchema *published = (const DnPublicationSchema *)object;
    if (is_left_out(render) || !(object->dump & DN_PART_DEFINITION)) {
        return;
    }
    DnEntry *entry = published_entry(object, published->publication, "PUBLICATION TABLES IN SCHEMA", entries);
    entry->schema = object->name;
    dn_buf_str(&entry->create, "ALTER PUBLICATION ");
    dn_name(&entry->create, render, &published->publication->object);
    dn_buf_str(&entry->create, " ADD TABLES IN SCHEMA ");
    dn_name(&entry->create, render, object);
    dn_end(&entry->create);
}
