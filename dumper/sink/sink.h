/*
 * sink.h - one step that the dump's bytes pass on their way into the world.
 *
 * Sinks form a chain. Each one does its part and calls the next; the last is a destination. Their order
 * is fixed by phase: a chain holds at most one sink of each phase, in the order of the enum. A new
 * step (compression) or destination (a target connection) is a file with these three functions.
 *
 * finish and abort end the life of the sink and of all behind it, whatever they return. Only a
 * destination's finish makes the output visible, and abort leaves nothing.
 */
#ifndef DN_DUMPER_SINK_SINK_H
#define DN_DUMPER_SINK_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/dumpnative.h"

typedef enum DnSinkPhase {
    DN_SINK_PLAIN_HASH, /* over the SQL text, where what is stored differs from it */
    DN_SINK_COMPRESS,
    DN_SINK_STORED_HASH, /* over what the destination gets: what PATH.sha256 tells */
    DN_SINK_DESTINATION
} DnSinkPhase;

typedef struct DnDigest {
    char sha256[65]; /* lower-case hex */
    uint64_t bytes;
} DnDigest;

/* What sinks learn by the end; each fills in its part before it calls the next one's finish. */
typedef struct DnSinkSummary {
    DnDigest plain;
    DnDigest stored;
} DnSinkSummary;

typedef struct DnSink DnSink;

typedef struct DnSinkOps {
    DnStatus (*write)(DnSink *sink, const void *bytes, size_t size, DnErr *err);
    DnStatus (*finish)(DnSink *sink, DnSinkSummary *summary, DnErr *err);
    void (*abort)(DnSink *sink);
} DnSinkOps;

/* The first member of each sink's own struct. */
struct DnSink {
    const DnSinkOps *ops;
    DnSinkPhase phase;
    bool straight; /* a destination from which nothing can be taken back */
    DnSink *next;  /* NULL for a destination */
};

/* `size` is not zero. After a failure only abort may follow. */
DN_MUST_USE DnStatus dn_sink_write(DnSink *sink, const void *bytes, size_t size, DnErr *err);
DN_MUST_USE DnStatus dn_sink_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err);
/* How a sink's own finish ends, which `status` came of: finishes `next`, or aborts it. */
DN_MUST_USE DnStatus dn_sink_finish_next(DnSink *next, DnStatus status, DnSinkSummary *summary, DnErr *err);
/* Takes NULL. */
void dn_sink_abort(DnSink *sink);
/* Puts `sink` before `next`, which it then owns; DN_E_INTERNAL when the phases say otherwise. */
DN_MUST_USE DnStatus dn_sink_link(DnSink *sink, DnSink *next, DnErr *err);

#endif
