#include "catalog/platform.h"

#include <string.h>

bool dn_platform_lists(const char *const *names, const char *name) {
    for (size_t i = 0; names && name && names[i]; i++) {
        size_t size = strlen(names[i]);
        bool prefix = size > 0 && names[i][size - 1] == '*';
        if (prefix ? strncmp(name, names[i], size - 1) == 0 : strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

void dn_platform_take_schema(DnCatalog *catalog, DnSchema *schema) {
    static const char yes[] = "";
    DnSelection *selection = &catalog->selection;
    const DnPlatform *platform = selection->platform;
    uint32_t oid = schema->object.oid;
    if (!platform || !dn_platform_lists(platform->schemas, schema->object.name) ||
        dn_selected(selection, DN_USE_SCHEMA, oid)) {
        return;
    }
    schema->managed = true;
    schema->left = selection->whole_database && !dn_selected(selection, DN_USE_NOT_SCHEMA, oid);
    schema->has_guests = schema->left && dn_platform_lists(platform->guest_schemas, schema->object.name);
    schema->contains = schema->object.dump = DN_PART_NONE;
    dn_map_put(&catalog->model->arena, &selection->matched[DN_USE_NOT_SCHEMA], dn_map_key(0, oid),
               (void *)(uintptr_t)yes);
}

unsigned dn_platform_guests(const DnCatalog *catalog, const DnRelation *table) {
    const DnObject *object = &table->object;
    bool stores = table->relkind == 'r' || table->relkind == 'p';
    return stores && object->schema && object->schema->has_guests &&
                   dn_platform_lists(catalog->selection.platform->roles, object->owner)
               ? DN_PART_GUESTS
               : DN_PART_NONE;
}

/* What is told by name; the rest is "other objects". */
static const struct {
    DnKind kind;
    const char *one, *many;
} words[] = {
    {DN_KIND_EVENT_TRIGGER, "event trigger", "event triggers"},
    {DN_KIND_PUBLICATION, "publication", "publications"},
    {DN_KIND_DEFAULT_ACL, "set of default privileges", "sets of default privileges"},
};

enum { WORDS = sizeof words / sizeof *words };
_Static_assert(WORDS + 1 == DN_PLATFORM_COUNTS, "a count for each, and one for other objects");

static void leave(DnCatalog *catalog, DnObject *object) {
    size_t i = 0;
    while (i < WORDS && words[i].kind != object->kind) {
        i++;
    }
    /* Of what initdb made, and of what an extension owns, there were only privileges to write. */
    catalog->left[i] += (object->dump & DN_PART_DEFINITION) != 0 && !dn_is_builtin(object->oid);
    object->dump = DN_PART_NONE;
}

void dn_platform_leave(DnCatalog *catalog) {
    const DnPlatform *platform = catalog->selection.platform;
    DnModel *model = catalog->model;
    for (size_t i = 0; platform && i < model->objects.count; i++) {
        DnObject *object = model->objects.items[i];
        bool is_default = object->kind == DN_KIND_DEFAULT_ACL;
        bool theirs = dn_platform_lists(platform->roles, object->owner);
        bool known =
            object->kind == DN_KIND_PUBLICATION && dn_platform_lists(platform->publications, object->name);
        if (object->dump && (known || (theirs && (is_default || object->member_of || !object->schema)))) {
            leave(catalog, object);
        }
    }
}

static void add_count(DnBuf *text, uint64_t count, const char *one, const char *many) {
    if (count) {
        dn_buf_sep(text, ", ");
        dn_buf_fmt(text, "%llu %s", (unsigned long long)count, count == 1 ? one : many);
    }
}

void dn_platform_describe(const DnCatalog *catalog, DnBuf *text) {
    for (size_t i = 0; i < WORDS; i++) {
        add_count(text, catalog->left[i], words[i].one, words[i].many);
    }
    add_count(text, catalog->left[WORDS], "other object", "other objects");
}
