/*
 * map.h - a hash map from a 64-bit key to a pointer, living in an arena.
 *
 * A zero-initialised DnMap is ready. Keys are catalog addresses (see dn_map_key); values are never NULL.
 */
#ifndef DN_COMMON_MAP_H
#define DN_COMMON_MAP_H

#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"

typedef struct DnMap {
    uint64_t *keys;
    void **values;
    size_t count;
    size_t capacity; /* a power of two, or 0 */
} DnMap;

static inline uint64_t dn_map_key(uint32_t classoid, uint32_t oid) {
    return ((uint64_t)classoid << 32) | oid;
}

/* A key for a text. Texts that differ may share one, if hardly ever: compare them. */
uint64_t dn_map_text(const char *text);
/* Adds or replaces; dropped when out of memory, as the arena then tells. */
void dn_map_put(DnArena *arena, DnMap *map, uint64_t key, void *value);
/* NULL when there is none. */
void *dn_map_get(const DnMap *map, uint64_t key);

#endif
