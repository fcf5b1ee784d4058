#include "sqlgen/entry.h"

#include <stdlib.h>
#include <string.h>

#include "catalog/model/kind.h"
#include "sqlgen/statement.h"

static const DnRenderFn renderers[] = {
#define DN_KIND(id, class_, priority, section, need, fetch, render) [DN_KIND_##id] = dn_render_##render,
#include "catalog/model/kinds.def"
#undef DN_KIND
};

/* Kinds that only order others. */
void dn_render_none(const DnRender *render, const DnObject *object, DnEntries *entries) {
    (void)render;
    (void)object;
    (void)entries;
}

void dn_render_object(const DnRender *render, const DnObject *object, DnEntries *entries) {
    dn_entries_clear(entries);
    if (object->dump) {
        renderers[object->kind](render, object, entries);
    }
    for (size_t i = 0; object->guest && i < entries->count; i++) {
        entries->items[i].pass = DN_PASS_GUESTS;
    }
}

/* ---- The list -------------------------------------------------------------------- */

static bool grow(DnEntries *entries) {
    size_t capacity = entries->capacity ? entries->capacity * 2 : 8;
    DnEntry *items = realloc(entries->items, capacity * sizeof *items);
    if (!items) {
        return false;
    }
    memset(items + entries->capacity, 0, (capacity - entries->capacity) * sizeof *items);
    entries->items = items;
    entries->capacity = capacity;
    return true;
}

DnEntry *dn_entry_add(DnEntries *entries, const DnObject *object, const char *desc) {
    DnEntry *entry = &entries->spare;
    if (entries->count < entries->capacity || grow(entries)) {
        entry = &entries->items[entries->count++];
    } else {
        entries->failed = true;
    }
    DnEntry fresh = {.object = object,
                     .section = dn_kind_section(object->kind),
                     .tag = object->name,
                     .desc = desc,
                     .schema = object->schema ? object->schema->object.name : NULL,
                     .owner = object->owner,
                     .create = entry->create,
                     .drop = entry->drop,
                     .note = entry->note,
                     .owner_target = entry->owner_target};
    dn_buf_clear(&fresh.create);
    dn_buf_clear(&fresh.drop);
    dn_buf_clear(&fresh.note);
    dn_buf_clear(&fresh.owner_target);
    *entry = fresh;
    return entry;
}

void dn_entries_clear(DnEntries *entries) {
    entries->count = 0;
    dn_arena_reset(&entries->text);
}

static void deinit_entry(DnEntry *entry) {
    dn_buf_deinit(&entry->create);
    dn_buf_deinit(&entry->drop);
    dn_buf_deinit(&entry->note);
    dn_buf_deinit(&entry->owner_target);
}

void dn_entries_deinit(DnEntries *entries) {
    for (size_t i = 0; i < entries->capacity; i++) {
        deinit_entry(&entries->items[i]);
    }
    deinit_entry(&entries->spare);
    free(entries->items);
    dn_arena_deinit(&entries->text);
    *entries = (DnEntries){0};
}

bool dn_entries_failed(const DnEntries *entries) {
    bool failed = entries->failed || dn_arena_failed(&entries->text);
    for (size_t i = 0; i < entries->count; i++) {
        const DnEntry *e = &entries->items[i];
        failed = failed || dn_buf_failed(&e->create) || dn_buf_failed(&e->drop) || dn_buf_failed(&e->note) ||
                 dn_buf_failed(&e->owner_target);
    }
    return failed;
}

const char *dn_entries_str(DnEntries *entries, const char *text) {
    const char *copy = dn_arena_str(&entries->text, text);
    return copy ? copy : "";
}

/* ---- Names ----------------------------------------------------------------------- */

void dn_name(DnBuf *buf, const DnRender *render, const DnObject *object) {
    dn_ident(buf, &render->spelling, object->name);
}

void dn_qualified_name(DnBuf *buf, const DnRender *render, const DnObject *object) {
    dn_qualified(buf, &render->spelling, object->schema ? object->schema->object.name : NULL, object->name);
}

static const char *owner_type(const DnRender *render, const char *desc) {
    bool table_like =
        strcmp(desc, "VIEW") == 0 || strcmp(desc, "SEQUENCE") == 0 || strcmp(desc, "MATERIALIZED VIEW") == 0;
    return table_like && dn_model_spelling(render->model) < 16 ? "TABLE" : desc;
}

void dn_entry_drop_and_owner(DnEntry *entry, const DnRender *render, const char *desc) {
    dn_buf_fmt(&entry->drop, "DROP %s ", desc);
    dn_qualified_name(&entry->drop, render, entry->object);
    dn_end(&entry->drop);
    dn_buf_fmt(&entry->owner_target, "%s ", owner_type(render, desc));
    dn_qualified_name(&entry->owner_target, render, entry->object);
    entry->owned = true;
}
