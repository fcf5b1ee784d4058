#include "common/vec.h"

#include <string.h>

void *dn_vec_grow(DnArena *arena, void *items, size_t count, size_t *capacity, size_t item_size) {
    size_t wider = *capacity ? *capacity * 2 : 4;
    void *grown = dn_arena_array(arena, wider, item_size);
    if (!grown) {
        return NULL;
    }
    if (count) {
        memcpy(grown, items, count * item_size);
    }
    *capacity = wider;
    return grown;
}
