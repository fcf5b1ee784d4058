/*
 * arena.h - memory that is given back all at once.
 *
 * A zero-initialised DnArena is ready. Failure is sticky: after the first failed allocation every
 * further one returns NULL and dn_arena_failed() is true, so callers that fill many structs check once
 * at the end. Not for use by two threads at a time.
 */
#ifndef DN_COMMON_ARENA_H
#define DN_COMMON_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct DnArenaBlock DnArenaBlock;

typedef struct DnArena {
    DnArenaBlock *head;
    char *next;
    char *end;
    bool failed;
} DnArena;

/* Zeroed memory, aligned for any type; NULL when out of memory. Lives in `arena`. */
void *dn_arena_alloc(DnArena *arena, size_t size);
/* `count` zeroed items; NULL also when the product overflows. */
void *dn_arena_array(DnArena *arena, size_t count, size_t size);
/* A NUL-terminated copy; NULL stays NULL. */
char *dn_arena_str(DnArena *arena, const char *text);
char *dn_arena_strn(DnArena *arena, const char *text, size_t length);
bool dn_arena_failed(const DnArena *arena);
/* Forgets everything but keeps one block, for scratch arenas. */
void dn_arena_reset(DnArena *arena);
void dn_arena_deinit(DnArena *arena);

#define DN_NEW(arena, Type)              ((Type *)dn_arena_alloc((arena), sizeof(Type)))
#define DN_NEW_ARRAY(arena, Type, count) ((Type *)dn_arena_array((arena), (count), sizeof(Type)))

#endif
