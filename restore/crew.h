/*
 * crew.h - threads that take a schedule's jobs, each with a session of its own.
 */
#ifndef DN_RESTORE_CREW_H
#define DN_RESTORE_CREW_H

#include <pthread.h>
#include <stdatomic.h>

#include "restore/events.h"
#include "restore/worker.h"

enum { DN_CREW_MOST = DN_SCHEDULE_SESSIONS };

/* Where rows come from that are not in the text: called once the last of them have been read, before the
   journal is taken away, with no job at work. */
typedef struct DnCrewRows {
    DnStatus (*end)(void *ctx, DnErr *err); /* NULL = nobody */
    void *ctx;
} DnCrewRows;

typedef struct DnCrew {
    const DnRestoreOptions *options; /* as the caller gave them: whom to tell */
    DnRestoreOptions quiet;          /* for the threads: events are kept */
    DnEvents events;
    const DnIndex *index;
    DnSchedule *schedule;
    const char *database; /* or NULL */
    DnCancel *stop;       /* fires at the first failure */
    double begun;         /* when, in seconds of the monotonic clock */
    DnCrewRows rows_from; /* set by the caller */

    pthread_mutex_t mutex; /* for all that follows */
    pthread_cond_t moved;
    size_t stage, done, living;
    uint64_t rows, tables; /* of jobs that are done */
    DnStatus status;
    DnErr err; /* of the first failure */
    DnRestoreResult result;
    bool ended;      /* the journal is gone */
    bool rows_ended; /* rows_from was told, */
    bool ending;     /* and is at it: nobody takes a job */
    _Atomic uint64_t row_bytes;
    DnWorker workers[DN_CREW_MOST];
} DnCrew;

/* Without sessions yet; `stop` is NULL when there is no memory for it. What the workers read is set by the
   caller: their `fd`, or `text`. */
void dn_crew_init(DnCrew *crew, const DnRestoreOptions *options, const DnIndex *index, DnSchedule *schedule);
/* Ends the sessions, and tells what is left to be told. */
void dn_crew_deinit(DnCrew *crew);
/* Runs what is to be done, over options->jobs sessions, and takes the journal away; workers[0] has its
   session. */
DN_MUST_USE DnStatus dn_crew_finish(DnCrew *crew, DnErr *err);
/* When that has failed: tells how much is done, as a warning, with a hint how to go on. */
void dn_crew_tell_done(const DnCrew *crew, const char *hint);

#endif
