#include "restore/journal.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"

static DnStatus take_text(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    (void)snprintf(ctx, 65, "%s", dn_rows_count(rows) ? dn_rows_str(rows, 0, 0) : "");
    return DN_OK;
}

/* The dump that a journal is of; "" = there is none. */
static DnStatus find(DnRun *run, char dump[65], DnErr *err) {
    char there[65] = "";
    char found[65] = "";
    const DnRequest look = {
        .what = "looking for an unfinished restore",
        .sql = "SELECT 'yes' FROM pg_catalog.pg_namespace WHERE nspname = 'dumpnative_restore'",
        .rows = take_text,
        .ctx = there};
    const DnRequest read = {.what = "reading of an unfinished restore",
                            .sql = "SELECT dump FROM dumpnative_restore.done WHERE job = -1",
                            .rows = take_text,
                            .ctx = found};
    DnStatus status = dn_conn_batch(run->conn, &look, 1, err);
    status = !status && there[0] ? dn_conn_batch(run->conn, &read, 1, err) : status;
    memcpy(dump, found, sizeof found);
    return status;
}

DnStatus dn_journal_check(DnRun *run, const char *dump, DnErr *err) {
    char found[65] = "";
    DnStatus status = find(run, found, err);
    if (!status && found[0]) {
        (void)dn_err(err, DN_E_MISMATCH, "the target has a restore that was not finished");
        dn_err_hint(err,
                    strcmp(found, dump) == 0
                        ? "Use --resume to go on with it; or make the database anew."
                        : "It was of another dump. Go on with that, using --resume; or make the database "
                          "anew.");
        return err->status;
    }
    return status;
}

DnStatus dn_journal_begin(DnRun *run, const char *dump, DnErr *err) {
    char sql[512];
    (void)snprintf(sql, sizeof sql,
                   "CREATE SCHEMA dumpnative_restore;"
                   "CREATE TABLE dumpnative_restore.done (dump text, job bigint PRIMARY KEY);"
                   "INSERT INTO dumpnative_restore.done VALUES ('%s', -1)",
                   dump);
    return dn_run_words(run, sql, err);
}

/* ---- Resuming -------------------------------------------------------------------------------- */

typedef struct Marks {
    DnSchedule *schedule;
    size_t found;
} Marks;

static void mark(Marks *marks, uint64_t id) {
    for (size_t i = 0; i < marks->schedule->stages.count; i++) {
        DnStage *stage = &marks->schedule->stages.items[i];
        for (size_t j = 0; j < stage->jobs.count; j++) {
            if (stage->jobs.items[j].id == id) {
                stage->jobs.items[j].state = DN_JOB_DONE;
                marks->found++;
            }
        }
    }
}

static DnStatus take_marks(void *ctx, const DnRows *rows, DnErr *err) {
    Marks *marks = ctx;
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        mark(marks, (uint64_t)dn_rows_int64(rows, i, 0));
    }
    return marks->found == dn_rows_count(rows)
               ? DN_OK
               : dn_err(err, DN_E_MISMATCH,
                        "the unfinished restore was begun by another version of dumpnative");
}

DnStatus dn_journal_resume(DnRun *run, const char *dump, DnSchedule *schedule, DnErr *err) {
    char found[65] = "";
    Marks marks = {.schedule = schedule};
    const DnRequest read = {.what = "reading what is done",
                            .sql = "SELECT job FROM dumpnative_restore.done WHERE job >= 0",
                            .rows = take_marks,
                            .ctx = &marks};
    DnStatus status = find(run, found, err);
    if (!status && strcmp(found, dump) != 0) {
        (void)dn_err(err, DN_E_MISMATCH,
                     found[0] ? "the target's unfinished restore is of another dump"
                              : "the target has no unfinished restore");
        dn_err_hint(err,
                    found[0] ? "Give the file that it was begun with: its SHA-256 is %s."
                             : "Leave out --resume to begin one.%.0s",
                    found);
        return err->status;
    }
    return status ? status : dn_conn_batch(run->conn, &read, 1, err);
}

/* ---- Jobs ------------------------------------------------------------------------------------ */

DnStatus dn_journal_commit(DnRun *run, const DnJob *job, DnErr *err) {
    char sql[128];
    (void)snprintf(sql, sizeof sql, "INSERT INTO dumpnative_restore.done (job) VALUES (%llu); COMMIT",
                   (unsigned long long)job->id);
    return dn_run_words(run, sql, err);
}

DnStatus dn_journal_end(DnRun *run, DnErr *err) {
    return dn_run_words(run, "DROP TABLE dumpnative_restore.done; DROP SCHEMA dumpnative_restore", err);
}
