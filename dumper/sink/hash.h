/*
 * hash.h - SHA-256, on its own and as a sink that hands its bytes on.
 */
#ifndef DN_DUMPER_SINK_HASH_H
#define DN_DUMPER_SINK_HASH_H

#include <stddef.h>

#include "dumper/sink/sink.h"

typedef struct DnHash DnHash;

/* Returns owned, or NULL when OpenSSL has no SHA-256 or no memory; `err` then says which. */
DnHash *dn_hash_new(DnErr *err);
DN_MUST_USE DnStatus dn_hash_add(DnHash *hash, const void *bytes, size_t size, DnErr *err);
/* What was added so far; the hash can't be used further. */
DN_MUST_USE DnStatus dn_hash_end(DnHash *hash, DnDigest *digest, DnErr *err);
/* Takes NULL. */
void dn_hash_free(DnHash *hash);

/* Replaces *chain by a hash before it, of phase DN_SINK_PLAIN_HASH or DN_SINK_STORED_HASH, which fills
   in that part of the summary. On failure *chain stays as it was. */
DN_MUST_USE DnStatus dn_hash_sink_open(DnSinkPhase phase, DnSink **chain, DnErr *err);

#endif
