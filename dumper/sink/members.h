/*
 * members.h - compression of one file on all processors: blocks of the plain text, each compressed by itself.
 *
 * Formats whose files may be put together from several members (RFC 1952 for gzip) are read as one stream by
 * every tool. Blocks are cut by the plain text alone, so the bytes don't depend on the number of threads.
 * Memory is bounded: two blocks and their compressed text for each thread.
 */
#ifndef DN_DUMPER_SINK_MEMBERS_H
#define DN_DUMPER_SINK_MEMBERS_H

#include "dumper/sink/sink.h"

/* How a library compresses a block; one state for each thread. */
typedef struct DnMemberCodec {
    /* NULL when out of memory. */
    void *(*open)(int level);
    void (*close)(void *state);
    /* The most that compress() writes for a block of `size`. */
    size_t (*bound)(void *state, size_t size);
    /* A whole member; 0 when the library fails. */
    size_t (*compress)(void *state, const void *plain, size_t size, void *out, size_t room);
} DnMemberCodec;

/* Replaces *chain by a compression before it; on failure *chain stays as it was. */
DN_MUST_USE DnStatus dn_members_sink_open(const DnMemberCodec *codec, int level, DnSink **chain, DnErr *err);

#endif
