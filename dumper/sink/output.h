/*
 * output.h - where a dump's text goes: buffer, hash, destination, in one handle.
 *
 * The only part of dumper/sink/ that orchestration uses. Either finish or abort ends an output, once, and
 * frees it. A failed write is remembered: what follows fails with the same error and nothing is published.
 * Not for use by two threads at a time.
 */
#ifndef DN_DUMPER_SINK_OUTPUT_H
#define DN_DUMPER_SINK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "dumper/sink/compress.h"
#include "dumper/sink/file.h"
#include "include/dumpnative.h"

/* What writing needs at hand; the rest is private to output.c. */
typedef struct DnOutput {
    char *next; /* free space of the buffer */
    char *end;
} DnOutput;

/* `path`, with what stands beside it (see file.h), or else `write`. */
typedef struct DnOutputOptions {
    const char *path;
    DnWriteFn write;
    void *write_ctx;
    bool discard; /* nothing is kept, and no hash made */
    DnCompression compression;
    DnFileOptions file;
} DnOutputOptions;

/* Fails early: a missing or unwritable folder, a folder in the place of the file or of its digest, ...
   On success *out is owned. */
DN_MUST_USE DnStatus dn_output_open(const DnOutputOptions *options, DnOutput **out, DnErr *err);
/* Use dn_output_write(). */
DN_MUST_USE DnStatus dn_output_write_full(DnOutput *output, const void *bytes, size_t size, DnErr *err);
/* Publishes and frees, whatever it returns; on failure nothing is left behind and an earlier file stays as it
   was. `sha256` and `bytes` tell of what the destination got. */
DN_MUST_USE DnStatus dn_output_finish(DnOutput *output, char sha256[65], uint64_t *bytes, DnErr *err);
/* Whether abort leaves the world as if nothing had been written. */
bool dn_output_is_revocable(const DnOutput *output);
/* Leaves nothing, frees. Takes NULL. */
void dn_output_abort(DnOutput *output);

/* Copies into the buffer: cheap enough for one row, or one word, at a time. */
DN_MUST_USE static inline DnStatus dn_output_write(DnOutput *output, const void *bytes, size_t size,
                                                   DnErr *err) {
    if (size && size <= (size_t)(output->end - output->next)) {
        memcpy(output->next, bytes, size);
        output->next += size;
        return DN_OK;
    }
    return dn_output_write_full(output, bytes, size, err);
}

#endif
