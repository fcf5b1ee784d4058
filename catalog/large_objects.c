#include <string.h>

#include "catalog/fetch.h"
#include "catalog/readable.h"
#include "common/err.h"

enum { OID, OWNER, ACL, ACL_DEFAULT, READABLE };

/* pg_dump 17 writes large objects that have owner and privileges in common together. */
enum { GROUPED_SINCE = 17, MOST_IN_GROUP = 1000 };

static const DnSqlPart columns[] = {
    [OID] = {.text = "m.oid"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(m.lomowner)"},
    [ACL] = {.text = "m.lomacl"},
    [ACL_DEFAULT] = {.text = "pg_catalog.acldefault('L', m.lomowner)"},
    [READABLE] = {.text = DN_LARGE_OBJECT_READABLE},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_largeobject_metadata m ORDER BY "},
    {.text = "m.lomowner, m.lomacl::pg_catalog.text, ", .since = GROUPED_SINCE * 10000},
    {.text = "m.oid"},
};

static bool are_asked_for(const DnCatalog *catalog) {
    return catalog->selection.large_objects;
}

/* An entry of its own, or the first of a group: the object that the entry is made of. */
static DnLargeObjects *add_entry(DnModel *model, const DnRows *rows, size_t i, bool grouped) {
    DnLargeObjects *entry =
        DN_ADD(model, DnLargeObjects, grouped ? DN_KIND_LARGE_OBJECT_GROUP : DN_KIND_LARGE_OBJECT,
               dn_rows_oid(rows, i, OID), dn_rows_str(rows, i, OID), NULL);
    if (entry) {
        entry->object.owner = dn_row_text(model, rows, i, OWNER);
        entry->object.dump = DN_PART_ALL;
        dn_set_acl(model, &entry->object, dn_rows_text(rows, i, ACL), dn_rows_text(rows, i, ACL_DEFAULT));
    }
    return entry;
}

/* What comments and labels are hung on; outside the list of objects, as the group is what gets its place. */
static void add_member(DnModel *model, DnLargeObjects *group, const DnRows *rows, size_t i) {
    DnObject *member = DN_NEW(&model->arena, DnObject);
    if (member) {
        *member = (DnObject){.kind = DN_KIND_LARGE_OBJECT,
                             .classoid = DN_CLASS_LARGE_OBJECT,
                             .oid = dn_rows_oid(rows, i, OID),
                             .name = dn_row_text(model, rows, i, OID),
                             .owner = group->object.owner,
                             .dump = DN_PART_ALL};
        dn_map_put(&model->arena, &model->by_address, dn_map_key(member->classoid, member->oid), member);
        DN_PUSH(&model->arena, &group->members, member);
    }
}

static void add_data(DnModel *model, const DnLargeObjects *group) {
    DnLargeObjectData *data = DN_ADD(model, DnLargeObjectData, DN_KIND_LARGE_OBJECT_DATA, 0,
                                     group && group->object.id ? group->object.name : "BLOBS", NULL);
    if (data) {
        data->object.dump = DN_PART_ALL;
        data->group = group;
        if (group && group->object.id) {
            data->object.owner = group->object.owner;
            dn_depend(model, &data->object, group->object.id);
        }
    }
}

static bool is_readable(const DnCatalog *catalog, const DnRows *rows, size_t i) {
    return catalog->selection.stand_in || dn_rows_bool(rows, i, READABLE);
}

static void finish_group(DnCatalog *catalog, DnLargeObjects *group, bool readable) {
    DnModel *model = catalog->model;
    if (group && group->members.count) {
        const DnObject *first = group->members.items[0];
        const DnObject *last = group->members.items[group->members.count - 1];
        if (first != last) {
            DnBuf name = {0};
            dn_buf_fmt(&name, "%s..%s", first->name, last->name);
            group->object.name = dn_model_str(model, dn_buf_text(&name));
            model->arena.failed = model->arena.failed || dn_buf_failed(&name);
            dn_buf_deinit(&name);
        }
        if (!readable) {
            dn_readable_large_objects(catalog, first->name, group->members.count);
            return;
        }
        add_data(model, group);
    }
}

/* Does the row's large object have the group's owner and privileges? */
static bool belongs(const DnLargeObjects *group, const DnRows *rows, size_t i) {
    const char *acl = dn_rows_text(rows, i, ACL);
    const char *current = group->object.acl.current;
    return group->members.count < MOST_IN_GROUP &&
           strcmp(group->object.owner, dn_rows_str(rows, i, OWNER)) == 0 &&
           (acl && current ? strcmp(acl, current) == 0 : !acl && !current);
}

/* Owner and privileges, which all of a group have in common, tell whether they can be read. */
static void take_groups(DnCatalog *catalog, const DnRows *rows) {
    DnLargeObjects *group = NULL;
    bool readable = true;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        if (!group || !belongs(group, rows, i)) {
            finish_group(catalog, group, readable);
            group = add_entry(catalog->model, rows, i, true);
            readable = is_readable(catalog, rows, i);
        }
        if (!group || !group->object.owner) {
            return; /* out of memory */
        }
        add_member(catalog->model, group, rows, i);
    }
    finish_group(catalog, group, readable);
}

static void take_each(DnCatalog *catalog, const DnRows *rows) {
    DnModel *model = catalog->model;
    DnLargeObjects *readable = DN_NEW(&model->arena, DnLargeObjects);
    const DnObject *first = NULL; /* that can't be read */
    size_t unreadable = 0;
    for (size_t i = 0; readable && i < dn_rows_count(rows); i++) {
        DnLargeObjects *entry = add_entry(model, rows, i, false);
        if (!entry) {
            return; /* out of memory */
        }
        DN_PUSH(&model->arena, &entry->members, &entry->object);
        if (is_readable(catalog, rows, i)) {
            DN_PUSH(&model->arena, &readable->members, &entry->object);
        } else {
            first = first ? first : &entry->object;
            unreadable++;
        }
    }
    if (readable && readable->members.count) {
        add_data(model, unreadable ? readable : NULL);
    }
    if (unreadable) {
        dn_readable_large_objects(catalog, first->name, unreadable);
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    if (dn_model_spelling(model) >= GROUPED_SINCE) {
        take_groups(catalog, rows);
    } else {
        take_each(catalog, rows);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_large_objects = {.what = "reading large objects",
                                        .scope = DN_SCOPE_ALL,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .wanted = are_asked_for,
                                        .rows = take_rows};
