#include "restore/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"

typedef struct Scheduler {
    DnSchedule *schedule;
    DnScheduleCutFn cut;
    void *cut_ctx;
    const DnUnit *whole; /* the biggest of those that are worth a cut and get none; or NULL */
    DnUnitKind kind;     /* of the stage in work */
    DnStage stage;
    DN_VEC(const DnUnit *) pack;     /* units that become one job */
    DN_VEC(const DnUnit *) comments; /* on what a parallel stage makes: behind it */
    int error;
} Scheduler;

/* ---- Jobs ----------------------------------------------------------------------------------- */

static void add_job(Scheduler *scheduler, DnJob job) {
    DN_PUSH(&scheduler->schedule->arena, &scheduler->stage.jobs, job);
    scheduler->schedule->jobs++;
}

/* Rows that are INSERTs have no place of their own. */
static uint64_t size_of(const DnUnit *unit) {
    return unit->rows_end > unit->rows ? unit->rows_end - unit->rows : unit->end - unit->offset;
}

static uint64_t weight_of(const DnUnit *unit) {
    return unit->kind == DN_UNIT_ROWS ? size_of(unit) : unit->tables[0] ? unit->tables[0]->bytes : 0;
}

static DnJob job_of(Scheduler *scheduler, const DnUnit *const *units, size_t count) {
    DnJob job = {.id = units[0]->offset, .count = count};
    job.units = DN_NEW_ARRAY(&scheduler->schedule->arena, const DnUnit *, count);
    for (size_t i = 0; job.units && i < count; i++) {
        job.units[i] = units[i];
        job.weight += weight_of(units[i]);
    }
    return job;
}

static void flush_pack(Scheduler *scheduler) {
    if (scheduler->pack.count) {
        add_job(scheduler, job_of(scheduler, scheduler->pack.items, scheduler->pack.count));
        scheduler->pack.count = 0;
    }
}

static void add_to_pack(Scheduler *scheduler, const DnUnit *unit, size_t most) {
    DN_PUSH(&scheduler->schedule->arena, &scheduler->pack, unit);
    if (scheduler->pack.count >= most) {
        flush_pack(scheduler);
    }
}

/* ---- Rows ----------------------------------------------------------------------------------- */

/* All of its rows at once are what the target freezes, in the transaction that empties the table. */
static bool can_freeze(const DnUnit *unit) {
    return unit->copy && unit->tables[0]->plain && unit->tables[0]->units == 1;
}

/* How much of [unit, end), which are sorted, falls to the busiest of the sessions if the next one always goes
   to who has the least. */
static uint64_t busiest(const DnUnit *const *unit, const DnUnit *const *end, unsigned sessions) {
    uint64_t loads[DN_SCHEDULE_SESSIONS] = {0};
    uint64_t most = 0;
    for (; unit < end; unit++) {
        unsigned least = 0;
        for (unsigned i = 1; i < sessions; i++) {
            least = loads[i] < loads[least] ? i : least;
        }
        loads[least] += size_of(*unit);
        most = loads[least] > most ? loads[least] : most;
    }
    return most;
}

static int bigger(const void *left, const void *right) {
    const DnUnit *a = *(const DnUnit *const *)left;
    const DnUnit *b = *(const DnUnit *const *)right;
    if (size_of(a) != size_of(b)) {
        return size_of(a) > size_of(b) ? -1 : 1;
    }
    return a->offset < b->offset ? -1 : a->offset > b->offset;
}

/* Rows that come whole are frozen, their pages need no second writing for it, and until PostgreSQL 15
   sessions wait for each other to extend a table. So tables are only cut, the biggest first, until no session
   has to do much more than its share. */
static void choose_whole(Scheduler *scheduler, const DnIndex *index, unsigned sessions) {
    DN_VEC(const DnUnit *) big = {0};
    uint64_t all = 0;
    sessions = sessions < 1 ? 1 : sessions > DN_SCHEDULE_SESSIONS ? DN_SCHEDULE_SESSIONS : sessions;
    for (size_t i = 0; i < index->units.count; i++) {
        const DnUnit *unit = &index->units.items[i];
        if (unit->kind == DN_UNIT_ROWS) {
            all += size_of(unit);
            if (can_freeze(unit) && size_of(unit) >= 2 * (uint64_t)DN_SCHEDULE_PIECE) {
                DN_PUSH(&scheduler->schedule->arena, &big, unit);
            }
        }
    }
    if (!big.count) {
        return;
    }
    qsort(big.items, big.count, sizeof *big.items, bigger);
    const uint64_t share = all / sessions;
    const DnUnit **unit = big.items;
    const DnUnit **end = unit + big.count;
    while (unit < end && busiest(unit, end, sessions) > share + share / 8) {
        unit++;
    }
    scheduler->whole = unit < end ? *unit : NULL;
}

static bool is_whole(const Scheduler *scheduler, const DnUnit *unit) {
    return scheduler->whole && can_freeze(unit) && bigger(&scheduler->whole, &unit) <= 0;
}

static void add_rows(Scheduler *scheduler, const DnUnit *unit) {
    uint64_t size = unit->rows_end - unit->rows;
    if (size_of(unit) < DN_SCHEDULE_SMALL) {
        add_to_pack(scheduler, unit, DN_SCHEDULE_SMALL_UNITS);
        return;
    }
    DnJob job = job_of(scheduler, &unit, 1);
    if (!unit->copy) {
        add_job(scheduler, job);
        return;
    }
    uint64_t pieces = size / DN_SCHEDULE_PIECE && !is_whole(scheduler, unit) ? size / DN_SCHEDULE_PIECE : 1;
    job.piece = true;
    uint64_t from = unit->rows;
    for (uint64_t i = 1; i <= pieces && !scheduler->error && from < unit->rows_end; i++) {
        uint64_t to = unit->rows_end;
        uint64_t at = unit->rows + size / pieces * i;
        if (i < pieces && at > from) {
            scheduler->error = scheduler->cut(scheduler->cut_ctx, at, unit->rows_end, &to);
        }
        bool all = from == unit->rows && to == unit->rows_end;
        job.id = all ? unit->offset : from; /* no piece can be taken for it */
        job.from = from;
        job.to = to;
        job.freeze = all && can_freeze(unit);
        job.weight = to - from;
        add_job(scheduler, job);
        from = to;
    }
}

/* ---- Keys and foreign keys ------------------------------------------------------------------ */

static void add_key(Scheduler *scheduler, const DnUnit *unit) {
    bool small = weight_of(unit) < DN_SCHEDULE_SMALL;
    if (small && unit->kind == DN_UNIT_KEY) {
        add_to_pack(scheduler, unit, DN_SCHEDULE_SMALL_UNITS);
        return;
    }
    DnJob job = job_of(scheduler, &unit, 1);
    job.tables[0] = unit->tables[0];
    job.tables[1] = unit->tables[1];
    job.shared = unit->index_only;
    add_job(scheduler, job);
}

/* ---- Stages --------------------------------------------------------------------------------- */

static int heavier(const void *left, const void *right) {
    const DnJob *a = left;
    const DnJob *b = right;
    if (a->weight != b->weight) {
        return a->weight > b->weight ? -1 : 1;
    }
    return a->id < b->id ? -1 : a->id > b->id;
}

static void end_stage(Scheduler *scheduler) {
    flush_pack(scheduler);
    if (scheduler->stage.jobs.count) {
        scheduler->stage.parallel = scheduler->kind != DN_UNIT_SERIAL;
        if (scheduler->stage.parallel) {
            qsort(scheduler->stage.jobs.items, scheduler->stage.jobs.count, sizeof(DnJob), heavier);
        }
        DN_PUSH(&scheduler->schedule->arena, &scheduler->schedule->stages, scheduler->stage);
        scheduler->stage = (DnStage){0};
    }
}

static void begin_stage(Scheduler *scheduler, DnUnitKind kind) {
    end_stage(scheduler);
    scheduler->kind = DN_UNIT_SERIAL;
    for (size_t i = 0; i < scheduler->comments.count; i++) {
        add_to_pack(scheduler, scheduler->comments.items[i], DN_SCHEDULE_SERIAL_UNITS);
    }
    scheduler->comments.count = 0;
    if (kind != DN_UNIT_SERIAL) {
        end_stage(scheduler);
    }
    scheduler->kind = kind;
}

static void add_unit(Scheduler *scheduler, const DnUnit *unit) {
    bool among_keys = scheduler->kind == DN_UNIT_KEY || scheduler->kind == DN_UNIT_REFERENCE;
    if (unit->kind == DN_UNIT_COMMENT && among_keys) {
        DN_PUSH(&scheduler->schedule->arena, &scheduler->comments, unit);
        return;
    }
    DnUnitKind kind = unit->kind == DN_UNIT_COMMENT ? DN_UNIT_SERIAL : unit->kind;
    if (kind != scheduler->kind) {
        begin_stage(scheduler, kind);
    }
    if (kind == DN_UNIT_ROWS) {
        add_rows(scheduler, unit);
    } else if (kind == DN_UNIT_SERIAL) {
        add_to_pack(scheduler, unit, DN_SCHEDULE_SERIAL_UNITS);
    } else {
        add_key(scheduler, unit);
    }
}

DnStatus dn_schedule_make(DnSchedule *schedule, const DnIndex *index, unsigned sessions, DnScheduleCutFn cut,
                          void *ctx, DnErr *err) {
    Scheduler scheduler = {.schedule = schedule, .cut = cut, .cut_ctx = ctx, .kind = DN_UNIT_SERIAL};
    *schedule = (DnSchedule){0};
    choose_whole(&scheduler, index, sessions);
    for (size_t i = 0; i < index->units.count && !scheduler.error; i++) {
        add_unit(&scheduler, &index->units.items[i]);
    }
    begin_stage(&scheduler, DN_UNIT_SERIAL);
    end_stage(&scheduler);
    if (scheduler.error) {
        return dn_err_errno(err, scheduler.error, "the dump", "could not read");
    }
    return dn_arena_failed(&schedule->arena) ? dn_err_nomem(err) : DN_OK;
}

void dn_schedule_deinit(DnSchedule *schedule) {
    dn_arena_deinit(&schedule->arena);
    *schedule = (DnSchedule){0};
}

/* ---- What can run --------------------------------------------------------------------------- */

static bool conflicts(const DnJob *a, const DnJob *b) {
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < 2; j++) {
            if (a->tables[i] && a->tables[i] == b->tables[j] && !(a->shared && b->shared)) {
                return true;
            }
        }
    }
    return false;
}

static bool can_run(const DnStage *stage, const DnJob *job) {
    for (size_t i = 0; i < stage->jobs.count; i++) {
        if (stage->jobs.items[i].state == DN_JOB_RUNS &&
            (!stage->parallel || conflicts(job, &stage->jobs.items[i]))) {
            return false;
        }
    }
    return true;
}

DnJob *dn_stage_next(DnStage *stage) {
    for (size_t i = 0; i < stage->jobs.count; i++) {
        DnJob *job = &stage->jobs.items[i];
        if (job->state == DN_JOB_WAITS && can_run(stage, job)) {
            return job;
        }
        if (job->state != DN_JOB_DONE && !stage->parallel) {
            return NULL;
        }
    }
    return NULL;
}
