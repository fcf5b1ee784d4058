/*
 * callback.h - a destination that hands the bytes to a function of the caller's.
 *
 * Nothing can be taken back here: what the function was given, it keeps.
 */
#ifndef DN_DUMPER_SINK_CALLBACK_H
#define DN_DUMPER_SINK_CALLBACK_H

#include "dumper/sink/sink.h"

DN_MUST_USE DnStatus dn_callback_sink_open(DnWriteFn write, void *ctx, DnSink **out, DnErr *err);

#endif
