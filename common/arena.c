#include "common/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/nomem.h"

enum { BLOCK_SIZE = 64 * 1024 };

struct DnArenaBlock {
    DnArenaBlock *older;
    size_t size;
    alignas(max_align_t) char bytes[];
};

static bool add_block(DnArena *arena, size_t need) {
    size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
    DnArenaBlock *block = malloc(sizeof(DnArenaBlock) + size);
    if (!block) {
        return false;
    }
    block->older = arena->head;
    block->size = size;
    arena->head = block;
    arena->next = block->bytes;
    arena->end = block->bytes + size;
    return true;
}

void *dn_arena_alloc(DnArena *arena, size_t size) {
    const size_t align = alignof(max_align_t);
    /* No object may be larger than half of the address space. It also keeps the sums below from wrapping. */
    if (arena->failed || size > SIZE_MAX / 2 - BLOCK_SIZE) {
        arena->failed = true;
        dn_nomem_note();
        return NULL;
    }
    size = (size + align - 1) & ~(align - 1);
    if ((!arena->head || (size_t)(arena->end - arena->next) < size) && !add_block(arena, size)) {
        arena->failed = true;
        dn_nomem_note();
        return NULL;
    }
    void *memory = arena->next;
    arena->next += size;
    memset(memory, 0, size);
    return memory;
}

void *dn_arena_array(DnArena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / size) {
        arena->failed = true;
        dn_nomem_note();
        return NULL;
    }
    return dn_arena_alloc(arena, count * size);
}

/* Text grows downward from the end of the block, so that it needs no alignment: names are short and many. */
char *dn_arena_strn(DnArena *arena, const char *text, size_t length) {
    if (arena->failed || length > SIZE_MAX / 2 - BLOCK_SIZE) {
        arena->failed = true;
        dn_nomem_note();
        return NULL;
    }
    if ((!arena->head || (size_t)(arena->end - arena->next) <= length) && !add_block(arena, length + 1)) {
        arena->failed = true;
        dn_nomem_note();
        return NULL;
    }
    arena->end -= length + 1;
    if (length) {
        memcpy(arena->end, text, length);
    }
    arena->end[length] = '\0';
    return arena->end;
}

char *dn_arena_str(DnArena *arena, const char *text) {
    return text ? dn_arena_strn(arena, text, strlen(text)) : NULL;
}

bool dn_arena_failed(const DnArena *arena) {
    return arena->failed;
}

static void free_blocks(DnArenaBlock *block) {
    while (block) {
        DnArenaBlock *older = block->older;
        free(block);
        block = older;
    }
}

void dn_arena_reset(DnArena *arena) {
    if (arena->head) {
        free_blocks(arena->head->older);
        arena->head->older = NULL;
        arena->next = arena->head->bytes;
        arena->end = arena->next + arena->head->size;
    }
    arena->failed = false;
}

void dn_arena_deinit(DnArena *arena) {
    free_blocks(arena->head);
    *arena = (DnArena){0};
}
