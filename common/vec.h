/*
 * vec.h - growing arrays that live in an arena.
 *
 * DN_VEC(Type) declares {items, count, capacity}; a zero-initialised one is empty and ready.
 * Growing copies into new arena memory: the old copy stays until the arena goes, which is fine for
 * catalogs that are read once.
 */
#ifndef DN_COMMON_VEC_H
#define DN_COMMON_VEC_H

#include <stddef.h>

#include "common/arena.h"

#define DN_VEC(Type)                                                                                         \
    struct {                                                                                                 \
        Type *items;                                                                                         \
        size_t count;                                                                                        \
        size_t capacity;                                                                                     \
    }

/* The new array, or NULL when out of memory (the arena then has failed). */
void *dn_vec_grow(DnArena *arena, void *items, size_t count, size_t *capacity, size_t item_size);

/* Appends; dropped without harm when out of memory, as dn_arena_failed() then tells. */
#define DN_PUSH(arena, vec, value)                                                                           \
    do {                                                                                                     \
        if ((vec)->count == (vec)->capacity) {                                                               \
            void *dn_grown_ =                                                                                \
                dn_vec_grow((arena), (vec)->items, (vec)->count, &(vec)->capacity, sizeof *(vec)->items);    \
            if (dn_grown_) {                                                                                 \
                (vec)->items = dn_grown_;                                                                    \
            }                                                                                                \
        }                                                                                                    \
        if ((vec)->items && (vec)->count < (vec)->capacity) {                                                \
            (vec)->items[(vec)->count++] = (value);                                                          \
        }                                                                                                    \
    } while (0)

#endif
