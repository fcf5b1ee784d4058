/*
 * hasher.h - SHA-256 of a file's blocks in a thread of its own, while the reader looks at the same blocks.
 */
#ifndef DN_DUMPER_SINK_HASHER_H
#define DN_DUMPER_SINK_HASHER_H

#include <stddef.h>

#include "dumper/sink/sink.h"

typedef struct DnHasher DnHasher;

/* Returns owned, or NULL; `err` then says why. Where the system has no thread to give, blocks are hashed as
   they are given. */
DnHasher *dn_hasher_start(DnErr *err);
/* Borrows the block until the next call: the one before it is done then. What fails shows at the end. */
void dn_hasher_give(DnHasher *hasher, const void *bytes, size_t size);
DN_MUST_USE DnStatus dn_hasher_end(DnHasher *hasher, DnDigest *digest, DnErr *err);
/* Takes NULL. */
void dn_hasher_free(DnHasher *hasher);

#endif
