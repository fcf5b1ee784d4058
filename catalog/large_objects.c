#include <string.h>

#include "catalog/fetch.h"
#include "common/err.h"

enum { OID, OWNER, ACL, ACL_DEFAULT };

/* pg_dump 17 writes large objects that have owner and privileges in common together. */
enum { GROUPED_SINCE = 170000, MOST_IN_GROUP = 1000 };

static const DnSqlPart columns[] = {
    [OID] = {.text = "m.oid"},
    [OWNER] = {.text = "pg_catalog.pg_get_userbyid(m.lomowner)"},
    [ACL] = {.text = "m.lomacl"},
    [ACL_DEFAULT] = {.text = "pg_catalog.acldefault('L', m.lomowner)"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_largeobject_metadata m ORDER BY "},
    {.text = "m.lomowner, m.lomacl::pg_catalog.text, ", .since = GROUPED_SINCE},
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
                                     group ? group->object.name : "BLOBS", NULL);
    if (data) {
        data->object.dump = DN_PART_ALL;
        data->group = group;
        if (group) {
            data->object.owner = group->object.owner;
            dn_depend(model, &data->object, group->object.id);
        }
    }
}

static void finish_group(DnModel *model, DnLargeObjects *group) {
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

static void take_groups(DnModel *model, const DnRows *rows) {
    DnLargeObjects *group = NULL;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        if (!group || !belongs(group, rows, i)) {
            finish_group(model, group);
            group = add_entry(model, rows, i, true);
        }
        if (!group || !group->object.owner) {
            return; /* out of memory */
        }
        add_member(model, group, rows, i);
    }
    finish_group(model, group);
}

static void take_each(DnModel *model, const DnRows *rows) {
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        DnLargeObjects *entry = add_entry(model, rows, i, false);
        if (entry) {
            DN_PUSH(&model->arena, &entry->members, &entry->object);
        }
    }
    if (dn_rows_count(rows)) {
        add_data(model, NULL);
    }
}

static DnStatus take_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    DnModel *model = catalog->model;
    if (model->server_version >= GROUPED_SINCE) {
        take_groups(model, rows);
    } else {
        take_each(model, rows);
    }
    return dn_arena_failed(&model->arena) ? dn_err_nomem(err) : DN_OK;
}

const DnFetch dn_fetch_large_objects = {.what = "reading large objects",
                                        .scope = DN_SCOPE_ALL,
                                        DN_COLUMNS(columns),
                                        DN_FROM(from),
                                        .wanted = are_asked_for,
                                        .rows = take_rows};
