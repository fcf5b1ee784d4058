/*
 * compress.h - the methods of compression: the words that ask for one, and the step of the chain that does
 * it.
 *
 * A method is a row of the table in compress.c and a file with its sink; those whose library is not there at
 * build time are known by name only.
 */
#ifndef DN_DUMPER_SINK_COMPRESS_H
#define DN_DUMPER_SINK_COMPRESS_H

#include <stdbool.h>

#include "dumper/sink/sink.h"

typedef enum DnCompressMethod {
    DN_COMPRESS_NONE,
    DN_COMPRESS_GZIP,
    DN_COMPRESS_LZ4,
    DN_COMPRESS_ZSTD,
    DN_COMPRESS_COUNT
} DnCompressMethod;

typedef struct DnCompression {
    DnCompressMethod method;
    int level;
    bool has_workers;   /* the words name their number */
    int workers;        /* zstd: threads beside ours */
    bool long_distance; /* zstd: look for repetitions in more than the usual window */
} DnCompression;

/* Reads what pg_dump's -Z takes: "METHOD[:DETAIL]", or a level of gzip alone, of which 0 is none. DETAIL is a
   level or a list of level=N, long[=BOOL] and workers=N. NULL is none. DN_E_USAGE tells in pg_dump's words
   what is wrong, or that the method is not built in. */
DN_MUST_USE DnStatus dn_compression_parse(const char *text, DnCompression *compression, DnErr *err);

/* Replaces *chain by a compression before it, unless the method is none; on failure *chain stays as it
   was. */
DN_MUST_USE DnStatus dn_compress_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err);

/* "this build does not support compression with METHOD" */
DnStatus dn_compress_is_missing(const char *method, DnErr *err);

/* The methods' sinks; gzip's has a header of its own. */
DN_MUST_USE DnStatus dn_zstd_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err);
DN_MUST_USE DnStatus dn_lz4_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err);

#endif
