#include "restore/parallel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "common/thread.h"
#include "dumper/verify.h"
#include "restore/claim.h"
#include "restore/crew.h"
#include "restore/database.h"
#include "restore/journal.h"

/* ---- Reading the file ----------------------------------------------------------------------- */

typedef struct VerifyJob {
    DnVerify *verify;
    DnCancel *cancel;
    DnVerifyResult result;
    DnStatus status;
    DnErr err;
} VerifyJob;

static void *verify(void *ctx) {
    VerifyJob *job = ctx;
    job->status = dn_verify_read(job->verify, job->cancel, &job->result, &job->err);
    return NULL;
}

/* The digest and the index at the same time: each reads the whole file, but where a manifest tells the index
   where rows are. That this is true shows in the digest's pass. */
static DnStatus read_both(DnVerify *opened, const DnRestoreOptions *options, const DnProof *proof,
                          DnIndex *index, char id[DN_JOURNAL_ID], DnErr *err) {
    VerifyJob job = {.verify = opened, .cancel = options->cancel};
    pthread_t thread;
    bool beside = dn_thread_start(&thread, verify, &job);
    if (!beside) {
        (void)verify(&job);
    }
    DnStatus status = dn_index_read(index, options, proof, err);
    if (beside) {
        (void)pthread_join(thread, NULL);
    }
    dn_journal_name(job.result.sha256, options, id);
    if (job.status) { /* what is damaged explains what can't be read */
        *err = job.err;
        return job.status;
    }
    return status;
}

/* ---- Running it ----------------------------------------------------------------------------- */

static DnStatus make_schedule(DnCrew *crew, unsigned sessions, DnErr *err) {
    return dn_schedule_make(crew->schedule, crew->index, sessions, dn_worker_cut, &crew->workers[0].fd, err);
}

/* What --clean drops goes with the journal's beginning: never again behind it. */
static DnStatus begin(DnCrew *crew, const char *id, DnErr *err) {
    DnRun *first = &crew->workers[0].run;
    DnStatus status = make_schedule(crew, crew->options->jobs, err);
    status = status ? status : dn_run_words(first, "BEGIN", err);
    status = status ? status : dn_drops_run(&crew->index->needs.clean, first, err);
    status = status ? status : dn_journal_begin(first, id, crew->options->jobs, err);
    return status ? status : dn_run_words(first, "COMMIT", err);
}

static DnStatus resume(DnCrew *crew, const char *id, DnErr *err) {
    DnRun *first = &crew->workers[0].run;
    unsigned sessions = 0;
    DnStatus status = dn_journal_expect(first, id, &sessions, err);
    status = status ? status : make_schedule(crew, sessions, err);
    return status ? status : dn_journal_resume(first, crew->schedule, err);
}

/* The first session, on the database that is restored. */
static DnStatus open_first(DnCrew *crew, const char *id, DnErr *err) {
    DnWorker *first = &crew->workers[0];
    bool makes = crew->index->database && !crew->options->resume;
    first->run.head = makes;
    DnStatus status = dn_run_connect(&first->run, makes ? NULL : crew->database, err);
    status = status || makes || crew->options->dry_run ? status : dn_claim(&first->run, err);
    if (!status && !makes && !crew->options->resume) {
        status = dn_journal_check(&first->run, id, err);
    }
    status = status ? status : dn_needs_check(&crew->index->needs, &first->run, err);
    if (status || crew->options->dry_run) {
        crew->result.statements = crew->index->needs.statements;
        crew->result.tables = crew->index->needs.tables;
        return status;
    }
    if (makes) {
        status = dn_worker_range(first, 0, crew->index->head, 1, err);
        status = status ? status : dn_run_connect(&first->run, crew->database, err);
        status = status ? status : dn_claim(&first->run, err);
    }
    if (status) {
        return status;
    }
    return crew->options->resume ? resume(crew, id, err) : begin(crew, id, err);
}

static DnStatus run(DnCrew *crew, const char *id, DnErr *err) {
    DnStatus status = open_first(crew, id, err);
    dn_events_tell(&crew->events, crew->options->event, crew->options->event_ctx);
    if (status || crew->options->dry_run) {
        return status;
    }
    status = dn_crew_finish(crew, err);
    if (status) {
        dn_crew_tell_done(crew, "Once the cause is mended, --resume goes on from there, with the same file.");
    }
    return status;
}

static DnStatus run_schedule(const DnRestoreOptions *options, const DnIndex *index, DnSchedule *schedule,
                             const char *id, int fd, DnRestoreResult *result, DnErr *err) {
    DnCrew *crew = calloc(1, sizeof *crew);
    if (!crew) {
        return dn_err_nomem(err);
    }
    dn_crew_init(crew, options, index, schedule);
    crew->database = index->database;
    for (size_t i = 0; i < DN_CREW_MOST; i++) {
        crew->workers[i].fd = fd;
    }
    DnStatus status = crew->stop ? run(crew, id, err) : dn_err_nomem(err);
    if (status) {
        dn_database_undo(&crew->workers[0].run);
    }
    dn_crew_deinit(crew);
    *result = crew->result;
    free(crew);
    return status;
}

static DnStatus restore_file(DnVerify *opened, const DnRestoreOptions *options, DnRestoreResult *result,
                             DnErr *err) {
    DnIndex index;
    DnSchedule schedule = {0};
    char id[DN_JOURNAL_ID];
    const DnProof proof = dn_verify_proof(opened);
    DnStatus status = read_both(opened, options, &proof, &index, id, err);
    status = status ? status : run_schedule(options, &index, &schedule, id, proof.fd, result, err);
    if (!status && dn_verify_unchanged(opened, err) != DN_OK) {
        dn_err_hint(err, "What was restored is not proven: make the database anew, and restore again.");
        status = err->status;
    }
    dn_schedule_deinit(&schedule);
    dn_index_deinit(&index);
    return status;
}

DnStatus dn_restore_parallel(const DnRestoreOptions *options, DnRestoreResult *result, DnErr *err) {
    DnVerify *opened;
    if (dn_verify_open(options->path, false, &opened, err) != DN_OK) {
        return err->status;
    }
    DnStatus status = restore_file(opened, options, result, err);
    dn_verify_close(opened);
    return status;
}
