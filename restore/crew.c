#include "restore/crew.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/err.h"
#include "common/thread.h"
#include "restore/claim.h"
#include "restore/journal.h"

enum { MOST_DEADLOCKS = 20 };

/* ---- Life ----------------------------------------------------------------------------------- */

void dn_crew_init(DnCrew *crew, const DnRestoreOptions *options, const DnIndex *index, DnSchedule *schedule) {
    *crew = (DnCrew){.options = options,
                     .quiet = *options,
                     .index = index,
                     .schedule = schedule,
                     .stop = dn_cancel_new(),
                     .begun = dn_now(),
                     .events = {.mutex = PTHREAD_MUTEX_INITIALIZER},
                     .mutex = PTHREAD_MUTEX_INITIALIZER,
                     .moved = PTHREAD_COND_INITIALIZER};
    crew->quiet.event = dn_events_add;
    crew->quiet.event_ctx = &crew->events;
    crew->quiet.no_transaction = true;
    static const DnSettings none = {0};
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        crew->workers[i] = (DnWorker){.run = {.options = &crew->quiet,
                                              .selected = index->needs.selected,
                                              .stop = crew->stop,
                                              .partial = true},
                                      .index = index,
                                      .fd = -1,
                                      .settings = &none,
                                      .row_bytes = &crew->row_bytes};
    }
}

void dn_crew_deinit(DnCrew *crew) {
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        dn_worker_deinit(&crew->workers[i]);
    }
    dn_events_tell(&crew->events, crew->options->event, crew->options->event_ctx);
    dn_cancel_free(crew->stop);
}

/* ---- Jobs; with the mutex held -------------------------------------------------------------- */

static bool is_done(const DnStage *stage) {
    for (size_t i = 0; i < stage->jobs.count; i++) {
        if (stage->jobs.items[i].state != DN_JOB_DONE) {
            return false;
        }
    }
    return true;
}

static bool has_rows(const DnStage *stage) {
    for (size_t i = 0; i < stage->jobs.count; i++) {
        for (size_t j = 0; j < stage->jobs.items[i].count; j++) {
            if (stage->jobs.items[i].units[j]->unsettled) {
                return true;
            }
        }
    }
    return false;
}

static bool wants_rows(const DnCrew *crew) {
    for (size_t i = crew->stage; i < crew->schedule->stages.count; i++) {
        if (has_rows(&crew->schedule->stages.items[i])) {
            return true;
        }
    }
    return false;
}

static bool is_over(const DnCrew *crew) {
    return crew->status || crew->stage == crew->schedule->stages.count;
}

static void fail(DnCrew *crew, const DnErr *err) {
    if (!crew->status) {
        crew->status = err->status;
        crew->err = *err;
        dn_cancel_request(crew->stop);
    }
}

/* Without the mutex: who brings the rows may be long about it, and meanwhile tell() goes on. */
static void end_rows(DnCrew *crew) {
    DnErr err = {0};
    crew->rows_ended = crew->ending = true;
    (void)pthread_mutex_unlock(&crew->mutex);
    DnStatus status = crew->rows_from.end(crew->rows_from.ctx, &err);
    (void)pthread_mutex_lock(&crew->mutex);
    crew->ending = false;
    if (status) {
        fail(crew, &err);
    }
    (void)pthread_cond_broadcast(&crew->moved);
}

/* A stage is through when no job is at work. */
static void next_stage(DnCrew *crew) {
    crew->stage++;
    if (crew->rows_from.end && !crew->rows_ended && !wants_rows(crew)) {
        end_rows(crew);
    }
}

/* Waits for a job; NULL when there will be none. */
static DnJob *next_job(DnCrew *crew) {
    for (;;) {
        if (crew->ending) {
            (void)pthread_cond_wait(&crew->moved, &crew->mutex);
            continue;
        }
        if (!is_over(crew) && is_done(&crew->schedule->stages.items[crew->stage])) {
            next_stage(crew);
            continue;
        }
        if (is_over(crew)) {
            (void)pthread_cond_broadcast(&crew->moved);
            return NULL;
        }
        DnJob *job = dn_stage_next(&crew->schedule->stages.items[crew->stage]);
        if (job) {
            job->state = DN_JOB_RUNS;
            return job;
        }
        (void)pthread_cond_wait(&crew->moved, &crew->mutex);
    }
}

/* The very last job, with nothing beside it, can take the journal along. */
static bool is_last(const DnCrew *crew, const DnJob *job) {
    const DnStage *stage = &crew->schedule->stages.items[crew->stage];
    return crew->stage + 1 == crew->schedule->stages.count && !stage->parallel &&
           (!crew->rows_from.end || crew->rows_ended) && job == &stage->jobs.items[stage->jobs.count - 1];
}

/* The jobs of foreign keys and small tables may meet in more tables than the schedule knows. What the
   attempt has counted comes again. */
static bool may_try_again(DnWorker *worker, DnJob *job, const DnRestoreResult *before, const DnErr *err) {
    DnErr ignored;
    if (strcmp(err->sqlstate, "40P01") != 0 || job->deadlocks++ >= MOST_DEADLOCKS ||
        dn_worker_rollback(worker, &ignored) != DN_OK) {
        return false;
    }
    job->state = DN_JOB_WAITS;
    worker->run.result = *before;
    return true;
}

/* ---- Threads -------------------------------------------------------------------------------- */

static DnStatus open_session(DnCrew *crew, DnWorker *worker, DnErr *err) {
    if (worker->run.conn) {
        return DN_OK;
    }
    DnStatus status = dn_run_connect(&worker->run, crew->database, err);
    return status ? status : dn_claim_join(&worker->run, err);
}

static void take_jobs(DnCrew *crew, DnWorker *worker) {
    DnErr err = {0};
    (void)pthread_mutex_lock(&crew->mutex);
    for (DnJob *job = next_job(crew); job; job = next_job(crew)) {
        bool last = is_last(crew, job);
        const DnRestoreResult before = worker->run.result;
        (void)pthread_mutex_unlock(&crew->mutex);
        DnStatus status = dn_worker_job(worker, job, last, &err);
        (void)pthread_mutex_lock(&crew->mutex);
        if (!status) {
            job->state = DN_JOB_DONE;
            crew->done++;
            crew->rows += worker->run.result.rows - before.rows;
            crew->tables += worker->run.result.tables - before.tables;
            crew->ended = last;
        } else if (!may_try_again(worker, job, &before, &err)) {
            fail(crew, &err);
        }
        (void)pthread_cond_broadcast(&crew->moved);
    }
    (void)pthread_mutex_unlock(&crew->mutex);
}

typedef struct Start {
    DnCrew *crew;
    DnWorker *worker;
} Start;

/* Sessions beside the first one that can't be had are done without. */
static void *thread(void *ctx) {
    const Start *start = ctx;
    DnCrew *crew = start->crew;
    DnErr err = {0};
    if (open_session(crew, start->worker, &err) == DN_OK) {
        take_jobs(crew, start->worker);
    } else if (err.status != DN_E_CANCELLED) {
        dn_run_tell(&start->worker->run, DN_EVENT_WARNING, err.message, &err);
    }
    const DnRestoreResult *part = &start->worker->run.result;
    (void)pthread_mutex_lock(&crew->mutex);
    crew->result.statements += part->statements;
    crew->result.failed += part->failed;
    crew->result.rows += part->rows;
    crew->result.tables += part->tables;
    crew->living--;
    (void)pthread_cond_broadcast(&crew->moved);
    (void)pthread_mutex_unlock(&crew->mutex);
    return NULL;
}

/* What a job in work is about; NULL = there is none. With the mutex held. */
static const char *label_in_work(const DnCrew *crew) {
    const DnSchedule *schedule = crew->schedule;
    const DnStage *stage = crew->stage < schedule->stages.count ? &schedule->stages.items[crew->stage] : NULL;
    for (size_t i = 0; stage && i < stage->jobs.count; i++) {
        const DnJob *job = &stage->jobs.items[i];
        if (job->state == DN_JOB_RUNS && job->units[0]->label[0]) {
            return job->units[0]->label;
        }
    }
    return NULL;
}

/* Rows and tables are those of jobs that are done. */
static void tell(DnCrew *crew) {
    dn_events_tell(&crew->events, crew->options->event, crew->options->event_ctx);
    if (crew->options->event) {
        (void)pthread_mutex_lock(&crew->mutex);
        uint64_t tables = crew->index->needs.tables;
        const DnEvent event = {.kind = DN_EVENT_PROGRESS,
                               .object = label_in_work(crew),
                               .table = crew->tables < tables ? crew->tables + 1 : tables,
                               .tables = tables,
                               .rows = crew->rows,
                               .bytes = atomic_load(&crew->row_bytes),
                               .total_bytes = crew->index->row_bytes,
                               .seconds = dn_now() - crew->begun};
        (void)pthread_mutex_unlock(&crew->mutex);
        crew->options->event(crew->options->event_ctx, &event);
    }
}

/* Tells what the threads have to tell until they are through. */
static void wait_for_threads(DnCrew *crew) {
    (void)pthread_mutex_lock(&crew->mutex);
    while (crew->living) {
        struct timespec until = {0};
        (void)clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        (void)pthread_cond_timedwait(&crew->moved, &crew->mutex, &until);
        (void)pthread_mutex_unlock(&crew->mutex);
        tell(crew);
        (void)pthread_mutex_lock(&crew->mutex);
    }
    (void)pthread_mutex_unlock(&crew->mutex);
    tell(crew);
}

static DnStatus run_jobs(DnCrew *crew, unsigned threads, DnErr *err) {
    pthread_t ids[DN_CREW_MOST];
    Start starts[DN_CREW_MOST];
    unsigned started = 0;
    (void)pthread_mutex_lock(&crew->mutex);
    for (; started < threads; started++) {
        starts[started] = (Start){crew, &crew->workers[started]};
        if (!dn_thread_start(&ids[started], thread, &starts[started])) {
            break;
        }
        crew->living++;
    }
    (void)pthread_mutex_unlock(&crew->mutex);
    wait_for_threads(crew);
    for (unsigned i = 0; i < started; i++) {
        (void)pthread_join(ids[i], NULL);
    }
    if (crew->status) {
        *err = crew->err;
    }
    return crew->status ? crew->status : started ? DN_OK : dn_err(err, DN_E_NOMEM, "no thread can be had");
}

/* ---- From the first job to the last ---------------------------------------------------------- */

static void count_done(DnCrew *crew) {
    for (size_t i = 0; i < crew->schedule->stages.count; i++) {
        const DnStage *stage = &crew->schedule->stages.items[i];
        for (size_t j = 0; j < stage->jobs.count; j++) {
            crew->done += stage->jobs.items[j].state == DN_JOB_DONE;
        }
    }
}

void dn_crew_tell_done(const DnCrew *crew, const char *hint) {
    char text[256];
    const DnEvent event = {.kind = DN_EVENT_WARNING, .text = text, .hint = hint};
    (void)snprintf(text, sizeof text, "%zu of %zu steps are done, and stay in the database", crew->done,
                   crew->schedule->jobs);
    if (crew->options->event) {
        crew->options->event(crew->options->event_ctx, &event);
    }
}

DnStatus dn_crew_finish(DnCrew *crew, DnErr *err) {
    DnRun *first = &crew->workers[0].run;
    unsigned threads = crew->options->jobs ? crew->options->jobs : 1;
    count_done(crew);
    DnStatus status = run_jobs(crew, threads < DN_CREW_MOST ? threads : DN_CREW_MOST, err);
    if (!status && !crew->ended) {
        status = dn_run_words(first, "BEGIN", err);
        status = status ? status : dn_journal_end(first, err);
        status = status ? status : dn_run_words(first, "COMMIT", err);
    }
    return status;
}
