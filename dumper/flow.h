/*
 * flow.h - rows on their way from the threads that read them to the one that writes them.
 *
 * The work is a row of jobs, numbered in the order of the dump. Readers take jobs in that order and hand in
 * blocks of text; the writer takes the blocks of one job after the other. What has been read and not yet
 * written is bounded: a reader waits once `limit` bytes are in flight, unless it reads the very job that the
 * writer waits for. So memory stays flat whatever the speeds are, and no order of events can block for ever.
 *
 * The first failure ends everything: all waits return, and the stop handle wakes readers that wait for
 * their server.
 */
#ifndef DN_DUMPER_FLOW_H
#define DN_DUMPER_FLOW_H

#include <stddef.h>
#include <stdint.h>

#include "common/sum.h"
#include "dumper/prefix.h"
#include "include/dumpnative.h"

enum { DN_BLOCK_SIZE = 256 * 1024, DN_BLOCK_ENDS = 64, DN_NO_JOB = -1 };

/* Where a piece of a job ends within a block. */
typedef struct DnPieceEnd {
    size_t at;
    uint64_t rows; /* of the piece, in this block */
    DnSum sum;     /* of these rows */
} DnPieceEnd;

/* Text of one job: the end of a piece, whole small ones, the beginning of the next. */
typedef struct DnBlock {
    struct DnBlock *next;
    size_t size, capacity;
    uint64_t rows; /* behind the last end */
    DnSum sum;     /* of these */
    size_t end_count;
    DnPieceEnd ends[DN_BLOCK_ENDS];
    char bytes[];
} DnBlock;

typedef struct DnFlow DnFlow;

/* `readers` will each call dn_flow_leave() once. NULL when out of memory. */
DnFlow *dn_flow_new(size_t jobs, size_t readers, size_t limit);
/* After all readers have left. Takes NULL. */
void dn_flow_free(DnFlow *flow);
/* Fires when the flow has failed or was stopped: what readers watch while they wait for the server. */
DnCancel *dn_flow_stop_handle(DnFlow *flow);

/* ---- Readers --------------------------------------------------------------------- */

/* The next job, or DN_NO_JOB when there is none for this reader. The `first` reader also takes what others
   gave back, and waits as long as that can happen. *given: what was handed in of it by then. */
long dn_flow_take(DnFlow *flow, bool first, DnPrefix *given);
/* A job that this reader can't finish, and what it has handed in; the first reader will take it. */
void dn_flow_give_back(DnFlow *flow, long job, const DnPrefix *given);
/* An empty block of at least DN_BLOCK_SIZE and `capacity`, owned; waits for room. NULL when the flow has
   failed, or out of memory, which then is the failure. */
DnBlock *dn_flow_block(DnFlow *flow, long job, size_t capacity);
/* Hands the block in; it is the flow's from here. */
void dn_flow_put(DnFlow *flow, long job, DnBlock *block);
void dn_flow_leave(DnFlow *flow);
/* Only the first failure is kept. */
void dn_flow_fail(DnFlow *flow, const DnErr *err);
/* For the writer to tell, as an event of that kind; dropped when out of memory. */
void dn_flow_notice(DnFlow *flow, DnEventKind kind, const char *text);

/* ---- The writer ------------------------------------------------------------------ */

/* The job's next block, owned until dn_flow_release(). */
DnStatus dn_flow_next(DnFlow *flow, long job, DnBlock **block, DnErr *err) DN_MUST_USE;
/* The failure, if there was one. */
DnStatus dn_flow_result(DnFlow *flow, DnErr *err) DN_MUST_USE;
/* Gives a block back; also for a reader that has no use for it. Takes NULL. */
void dn_flow_release(DnFlow *flow, DnBlock *block);
/* Ends all waits; a flow that has not failed by itself is then cancelled. */
void dn_flow_stop(DnFlow *flow);
/* Calls `tell` for each notice since the last call. */
void dn_flow_notices(DnFlow *flow, void (*tell)(void *ctx, DnEventKind kind, const char *text), void *ctx);

#endif
