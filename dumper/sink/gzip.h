/*
 * gzip.h - compression by zlib as a step of the chain, and the words that ask for it.
 */
#ifndef DN_DUMPER_SINK_GZIP_H
#define DN_DUMPER_SINK_GZIP_H

#include "dumper/sink/sink.h"

enum { DN_GZIP_NONE = 0, DN_GZIP_DEFAULT = -1 };

/* Reads what pg_dump's -Z takes: "none", "gzip", "gzip:6", "gzip:level=6", or a level from 0 to 9 alone. NULL
   is none. DN_E_USAGE tells what is wrong with the text, or that the method is not built in. */
DN_MUST_USE DnStatus dn_gzip_parse(const char *text, int *level, DnErr *err);

/* Replaces *chain by a compression before it; on failure *chain stays as it was. */
DN_MUST_USE DnStatus dn_gzip_sink_open(int level, DnSink **chain, DnErr *err);

#endif
