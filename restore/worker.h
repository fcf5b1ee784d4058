/*
 * worker.h - one session that runs jobs of the schedule.
 */
#ifndef DN_RESTORE_WORKER_H
#define DN_RESTORE_WORKER_H

#include <stdatomic.h>

#include "restore/run.h"
#include "restore/schedule.h"

typedef struct DnWorker {
    DnRun run;
    const DnIndex *index;
    int fd;                      /* of the dump; shared, as it is read with pread() */
    const char *text;            /* the dump, where it is in memory; else NULL */
    const DnSettings *settings;  /* that the session has */
    _Atomic uint64_t *row_bytes; /* counts those of all sessions */
    char *block;
} DnWorker;

/* Runs the job and commits it. With `last` it takes the journal away in the same transaction. After a failure
   the session may only be closed, or go on behind dn_worker_rollback(). */
DN_MUST_USE DnStatus dn_worker_job(DnWorker *worker, const DnJob *job, bool last, DnErr *err);
DN_MUST_USE DnStatus dn_worker_rollback(DnWorker *worker, DnErr *err);
/* Runs a part of the dump, which begins at `line`, item by item. */
DN_MUST_USE DnStatus dn_worker_range(DnWorker *worker, uint64_t from, uint64_t to, uint64_t line, DnErr *err);
void dn_worker_deinit(DnWorker *worker);

/* For dn_schedule_make(): `ctx` points to the descriptor. */
int dn_worker_cut(void *ctx, uint64_t at, uint64_t end, uint64_t *cut);

#endif
