#include "sqlgen/large_object.h"
#include "sqlgen/statement.h"

#include <string.h>

/* ---- Definitions ----------------------------------------------------------------- */

/* One statement for each member. */
static void add_calls(DnBuf *sql, const DnLargeObjects *large, const char *before, const char *after) {
    for (size_t i = 0; i < large->members.count; i++) {
        dn_end_with(sql, "%s%s%s", before, large->members.items[i]->name, after);
    }
}

static void add_drop(DnBuf *sql, const DnRender *render, const DnLargeObjects *large) {
    if (render->if_exists) {
        add_calls(sql, large,
                  "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '",
                  "'");
    } else {
        add_calls(sql, large, "SELECT pg_catalog.lo_unlink('", "')");
    }
}

static void create_one(const DnRender *render, const DnLargeObjects *large, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &large->object, "BLOB");
    add_calls(&entry->create, large, "SELECT pg_catalog.lo_create('", "')");
    add_drop(&entry->drop, render, large);
    dn_buf_fmt(&entry->owner_target, "LARGE OBJECT %s", large->object.name);
    entry->owned = true;
}

/* pg_dump 17 brings such statements out in blocks, one line apart. */
static void create_group(const DnRender *render, const DnLargeObjects *large, DnEntries *entries) {
    DnEntry *entry = dn_entry_add(entries, &large->object, "BLOB METADATA");
    entry->tight = true;
    add_calls(&entry->create, large, "SELECT pg_catalog.lo_create('", "')");
    add_drop(&entry->drop, render, large);
    dn_buf_char(&entry->drop, '\n');
    if (!render->no_owner && !render->session_authorization) {
        DnBuf owner = {0};
        dn_buf_str(&owner, " OWNER TO ");
        dn_ident(&owner, &render->spelling, large->object.owner);
        dn_buf_char(&entry->create, '\n');
        add_calls(&entry->create, large, "ALTER LARGE OBJECT ", dn_buf_text(&owner));
        entry->create.failed = entry->create.failed || dn_buf_failed(&owner);
        dn_buf_deinit(&owner);
    }
}

/* ---- Privileges ------------------------------------------------------------------ */

/*
 * One statement about the first member becomes one for each, and stays one where it names none: SET SESSION
 * AUTHORIZATION. (There pg_dump 17 and 18 write lines that no server takes, with the OID behind the role's
 * name.)
 */
static void add_for_each(DnBuf *sql, const DnLargeObjects *large, const char *statement) {
    static const char words[] = " ON LARGE OBJECT ";
    const char *at = strstr(statement, words);
    bool names_it = at && !memchr(statement, '"', (size_t)(at - statement));
    if (!names_it) {
        dn_end_with(sql, "%s", statement);
        return;
    }
    size_t head = (size_t)(at - statement) + sizeof words - 1;
    size_t tail = head + strlen(large->members.items[0]->name);
    for (size_t i = 0; i < large->members.count; i++) {
        dn_buf_add(sql, statement, head);
        dn_buf_str(sql, large->members.items[i]->name);
        dn_end_with(sql, "%s", statement + tail);
    }
}

static void group_acl(const DnRender *render, const DnLargeObjects *large, DnEntries *entries) {
    size_t count = entries->count;
    dn_render_acl(render, &large->object, "LARGE OBJECT", large->members.items[0]->name, NULL,
                  &large->object.acl, entries);
    if (entries->count == count) {
        return;
    }
    DnEntry *entry = &entries->items[count];
    DnBuf tag = {0};
    dn_buf_fmt(&tag, "LARGE OBJECTS %s", large->object.name);
    entry->tag = dn_entries_str(entries, dn_buf_text(&tag));
    entry->tight = true;
    DnBuf all = {0};
    /* The mark of its end is the end of a C string, too. */
    for (const char *p = dn_buf_text(&entry->create); *p; p += strlen(p) + DN_END_SIZE) {
        dn_buf_sep(&all, "\n");
        add_for_each(&all, large, p);
    }
    dn_buf_clear(&entry->create);
    dn_buf_add(&entry->create, dn_buf_text(&all), all.size);
    entry->create.failed = entry->create.failed || dn_buf_failed(&all) || dn_buf_failed(&tag);
    dn_buf_deinit(&all);
    dn_buf_deinit(&tag);
}

void dn_render_large_object(const DnRender *render, const DnObject *object, DnEntries *entries) {
    const DnLargeObjects *large = (const DnLargeObjects *)object;
    /* To pg_dump all of it is data. */
    DnRender whole = *render;
    whole.data_only = false;
    if (render->schema_only || !large->members.count) {
        return;
    }
    if (object->kind == DN_KIND_LARGE_OBJECT_GROUP) {
        create_group(&whole, large, entries);
    } else {
        create_one(&whole, large, entries);
    }
    for (size_t i = 0; i < large->members.count; i++) {
        const DnObject *member = large->members.items[i];
        dn_render_comment(&whole, member, "LARGE OBJECT", member->name, entries);
        dn_render_labels(&whole, member, "LARGE OBJECT", member->name, entries);
    }
    if (large->members.count > 1) {
        group_acl(&whole, large, entries);
    } else {
        dn_render_acl(&whole, object, "LARGE OBJECT", object->name, NULL, &object->acl, entries);
    }
}

/* ---- Bytes ----------------------------------------------------------------------- */

void dn_render_large_object_data(const DnRender *render, const DnObject *object, DnEntries *entries) {
    if (render->schema_only) {
        return;
    }
    DnEntry *entry = dn_entry_add(entries, object, "BLOBS");
    entry->large_objects = (const DnLargeObjectData *)object;
    dn_end_with(&entry->create, "BEGIN");
    dn_buf_char(&entry->create, '\n');
}

/*
 * The size is learned from a descriptor, since only superusers may look into pg_largeobject. OFFSET 0 keeps
 * the levels apart, so that each descriptor is open, asked and closed before the next one is opened; and
 * generate_series() in the select list hands out its numbers one by one, where in FROM it would first write
 * down all of them.
 */
void dn_large_objects_out(DnBuf *sql, const DnLargeObjectData *data) {
    dn_buf_fmt(sql,
               "COPY (SELECT oid, pg_catalog.encode(pg_catalog.lo_get(oid, piece, %d), 'hex') FROM "
               "(SELECT oid, pg_catalog.generate_series(0::pg_catalog.int8, GREATEST(size - 1, 0), "
               "%d::pg_catalog.int8) AS piece FROM "
               "(SELECT oid, fd, pg_catalog.lo_lseek64(fd, 0, 2) AS size FROM "
               "(SELECT oid, pg_catalog.lo_open(oid, 262144) AS fd FROM ",
               DN_LARGE_OBJECT_PIECE, DN_LARGE_OBJECT_PIECE);
    if (data->group) {
        for (size_t i = 0; i < data->group->members.count; i++) {
            dn_buf_str(sql, i ? "," : "pg_catalog.unnest('{");
            dn_buf_str(sql, data->group->members.items[i]->name);
        }
        dn_buf_str(sql, "}'::pg_catalog.oid[]) oid");
    } else {
        dn_buf_str(sql, "pg_catalog.pg_largeobject_metadata ORDER BY oid");
    }
    dn_buf_str(sql, " OFFSET 0) o OFFSET 0) s WHERE pg_catalog.lo_close(fd) = 0) p) TO stdout;\n");
}

void dn_large_object_open(DnBuf *sql, const char *oid, size_t oid_size) {
    dn_buf_str(sql, "SELECT pg_catalog.lo_open('");
    dn_buf_add(sql, oid, oid_size);
    dn_buf_str(sql, "', 131072);\n");
}

void dn_large_object_write(DnBuf *sql, const DnRender *render, const char *hex, size_t size) {
    dn_buf_fmt(sql, "SELECT pg_catalog.lowrite(0, '%sx", render->spelling.std_strings ? "\\" : "\\\\");
    dn_buf_add(sql, hex, size);
    dn_buf_str(sql, "');\n");
}

void dn_large_object_close(DnBuf *sql) {
    dn_buf_str(sql, "SELECT pg_catalog.lo_close(0);\n\n");
}
