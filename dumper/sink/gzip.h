/*
 * gzip.h - compression to gzip as a step of the chain.
 */
#ifndef DN_DUMPER_SINK_GZIP_H
#define DN_DUMPER_SINK_GZIP_H

#include "dumper/sink/sink.h"

enum { DN_GZIP_DEFAULT = -1 };

/* A level from 1 to 9, or the default one. Replaces *chain by a compression before it; on failure *chain
   stays as it was. */
DN_MUST_USE DnStatus dn_gzip_sink_open(int level, DnSink **chain, DnErr *err);

#endif
