/*
 * schedule.h - the order of work of a parallel restore: stages one after another, in each of them jobs.
 *
 * It follows from the index and the number of sessions alone, so when a restore is resumed with the number
 * that it was begun with, a job can be known again by its id. Each job is one transaction.
 */
#ifndef DN_RESTORE_SCHEDULE_H
#define DN_RESTORE_SCHEDULE_H

#include "restore/index.h"

/* Limits; sizes are in bytes of the dump. */
enum {
    DN_SCHEDULE_SERIAL_UNITS = 500,       /* of one transaction */
    DN_SCHEDULE_SMALL_UNITS = 50,         /* likewise, of small tables */
    DN_SCHEDULE_SMALL = 1024 * 1024,      /* a table */
    DN_SCHEDULE_PIECE = 32 * 1024 * 1024, /* of a big table */
    DN_SCHEDULE_SESSIONS = 64,            /* the most */
};

typedef enum DnJobState { DN_JOB_WAITS, DN_JOB_RUNS, DN_JOB_DONE } DnJobState;

typedef struct DnJob {
    uint64_t id;          /* where its first unit, or its piece, begins in the file */
    const DnUnit **units; /* that are run, one after another */
    size_t count;
    uint64_t from, to; /* of the only unit's rows, if `piece` */
    bool piece;
    bool freeze;             /* all rows of a table that the dump has created: TRUNCATE, and COPY FREEZE */
    DnIndexTable *tables[2]; /* that no other job may work on meanwhile; NULL = none */
    bool shared;             /* but for such jobs: indexes */
    uint64_t weight;
    DnJobState state;
    unsigned deadlocks;
    /* the journal has a line for each unit, by its number from this one; NULL = for the job */
    const DnUnit *first;
} DnJob;

typedef struct DnStage {
    DN_VEC(DnJob) jobs; /* of a parallel one: the heaviest first */
    bool parallel;
} DnStage;

typedef struct DnSchedule {
    DnArena arena;
    DN_VEC(DnStage) stages;
    size_t jobs;
} DnSchedule;

/* Where rows are cut, at or behind `at`: behind a line end. `ctx` is the caller's. Returns 0, or errno. */
typedef int (*DnScheduleCutFn)(void *ctx, uint64_t at, uint64_t end, uint64_t *cut);

/* For so many `sessions`. `index` must live as long. DN_E_IO when the file can't be read. Deinit in any
   case. */
DN_MUST_USE DnStatus dn_schedule_make(DnSchedule *schedule, const DnIndex *index, unsigned sessions,
                                      DnScheduleCutFn cut, void *ctx, DnErr *err);
void dn_schedule_deinit(DnSchedule *schedule);
/* The next job of the stage that can run beside those that do; NULL = none now. */
DnJob *dn_stage_next(DnStage *stage);

#endif
