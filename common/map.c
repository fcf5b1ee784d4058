#include "common/map.h"

#include <string.h>

#include "common/fnv.h"

uint64_t dn_map_text(const char *text) {
    return dn_fnv_add(DN_FNV_NONE, text, strlen(text));
}

static size_t slot_of(const DnMap *map, uint64_t key) {
    uint64_t hash = key * UINT64_C(0x9E3779B97F4A7C15);
    size_t slot = (size_t)(hash >> 20) & (map->capacity - 1);
    while (map->values[slot] && map->keys[slot] != key) {
        slot = (slot + 1) & (map->capacity - 1);
    }
    return slot;
}

static bool grow(DnArena *arena, DnMap *map) {
    DnMap wider = {.capacity = map->capacity ? map->capacity * 2 : 256};
    wider.keys = DN_NEW_ARRAY(arena, uint64_t, wider.capacity);
    wider.values = DN_NEW_ARRAY(arena, void *, wider.capacity);
    if (!wider.keys || !wider.values) {
        return false;
    }
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->values[i]) {
            size_t slot = slot_of(&wider, map->keys[i]);
            wider.keys[slot] = map->keys[i];
            wider.values[slot] = map->values[i];
        }
    }
    wider.count = map->count;
    *map = wider;
    return true;
}

void dn_map_put(DnArena *arena, DnMap *map, uint64_t key, void *value) {
    if (map->count * 2 >= map->capacity && !grow(arena, map)) {
        return;
    }
    size_t slot = slot_of(map, key);
    if (!map->values[slot]) {
        map->count++;
    }
    map->keys[slot] = key;
    map->values[slot] = value;
}

void *dn_map_get(const DnMap *map, uint64_t key) {
    return map->capacity ? map->values[slot_of(map, key)] : NULL;
}
