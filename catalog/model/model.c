#include "catalog/model/model.h"

#include <string.h>

#include "catalog/model/kind.h"

void *dn_model_add(DnModel *model, size_t size, DnKind kind, uint32_t oid, const char *name,
                   const DnSchema *schema) {
    DnObject *object = dn_arena_alloc(&model->arena, size);
    if (!object) {
        return NULL;
    }
    object->kind = kind;
    object->classoid = dn_kind_class(kind);
    object->oid = oid;
    object->name = dn_model_str(model, name);
    object->schema = schema;
    object->id = (int)model->objects.count + 1;
    DN_PUSH(&model->arena, &model->objects, object);
    if (object->classoid && oid) {
        uint64_t key = dn_map_key(object->classoid, oid);
        dn_map_put(&model->arena, &model->by_address, key, object);
        object->member_of = dn_map_get(&model->members, key);
    }
    return dn_arena_failed(&model->arena) ? NULL : object;
}

DnObject *dn_model_find(const DnModel *model, uint32_t classoid, uint32_t oid) {
    return dn_map_get(&model->by_address, dn_map_key(classoid, oid));
}

DnObject *dn_model_by_id(const DnModel *model, int id) {
    return id > 0 && (size_t)id <= model->objects.count ? model->objects.items[id - 1] : NULL;
}

DnSchema *dn_model_schema(const DnModel *model, uint32_t oid) {
    return (DnSchema *)dn_model_find(model, DN_CLASS_NAMESPACE, oid);
}

DnRelation *dn_model_relation(const DnModel *model, uint32_t oid) {
    DnObject *object = dn_model_find(model, DN_CLASS_RELATION, oid);
    return object && object->kind != DN_KIND_INDEX ? (DnRelation *)object : NULL;
}

DnType *dn_model_type(const DnModel *model, uint32_t oid) {
    return (DnType *)dn_model_find(model, DN_CLASS_TYPE, oid);
}

DnIndex *dn_model_index(const DnModel *model, uint32_t oid) {
    DnObject *object = dn_model_find(model, DN_CLASS_RELATION, oid);
    return object && object->kind == DN_KIND_INDEX ? (DnIndex *)object : NULL;
}

const char *dn_model_str(DnModel *model, const char *text) {
    return dn_arena_str(&model->arena, text);
}

const char *dn_model_shared(DnModel *model, const char *text) {
    if (!text) {
        return NULL;
    }
    const uint64_t hash = dn_map_text(text);
    const char *known = dn_map_get(&model->shared, hash);
    if (known && strcmp(known, text) == 0) {
        return known;
    }
    char *copy = dn_arena_str(&model->arena, text);
    if (copy && !known) {
        dn_map_put(&model->arena, &model->shared, hash, copy);
    }
    return copy;
}

bool dn_depends(const DnObject *object, int id) {
    for (size_t i = 0; i < object->depends_on.count; i++) {
        if (object->depends_on.items[i] == id) {
            return true;
        }
    }
    return false;
}

void dn_depend(DnModel *model, DnObject *object, int id) {
    if (id != object->id && !dn_depends(object, id)) {
        DN_PUSH(&model->arena, &object->depends_on, id);
    }
}

void dn_depend_on_itself(DnModel *model, DnObject *object) {
    if (!dn_depends(object, object->id)) {
        DN_PUSH(&model->arena, &object->depends_on, object->id);
    }
}

void dn_undepend(DnObject *object, int id) {
    size_t kept = 0;
    for (size_t i = 0; i < object->depends_on.count; i++) {
        if (object->depends_on.items[i] != id) {
            object->depends_on.items[kept++] = object->depends_on.items[i];
        }
    }
    object->depends_on.count = kept;
}
