#include "restore/journal.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "common/fnv.h"

enum { SHA256_HEX = 64 };

/* With its end, so that it can't run into the next. */
static void add_to_hash(uint64_t *hash, const char *text) {
    *hash = dn_fnv_add(*hash, text, strlen(text) + 1);
}

void dn_journal_name(const char sha256[65], const DnRestoreOptions *options, char id[DN_JOURNAL_ID]) {
    const char *const *const lists[] = {options->role_map, options->schema_map, options->only_tables};
    uint64_t hash = DN_FNV_NONE;
    bool changes = options->no_owner || options->no_privileges;
    add_to_hash(&hash, options->no_owner ? "o" : "");
    add_to_hash(&hash, options->no_privileges ? "p" : "");
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const char *const *item = lists[i]; item && *item; item++) {
            changes = true;
            add_to_hash(&hash, *item);
        }
        add_to_hash(&hash, "");
    }
    (void)snprintf(id, DN_JOURNAL_ID, changes ? "%.64s+%016llx" : "%.64s", sha256, (unsigned long long)hash);
}

static DnStatus take_text(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    (void)snprintf(ctx, DN_JOURNAL_ID, "%s", dn_rows_count(rows) ? dn_rows_str(rows, 0, 0) : "");
    return DN_OK;
}

typedef struct Found {
    char dump[DN_JOURNAL_ID]; /* that the journal is of; "" = there is none */
    unsigned sessions;
} Found;

static DnStatus take_found(void *ctx, const DnRows *rows, DnErr *err) {
    Found *found = ctx;
    if (dn_rows_count(rows)) {
        found->sessions = (unsigned)dn_rows_int64(rows, 0, 1);
    }
    return take_text(found->dump, rows, err);
}

static DnStatus find(DnRun *run, Found *found, DnErr *err) {
    char there[DN_JOURNAL_ID] = "";
    *found = (Found){0};
    const DnRequest look = {
        .what = "looking for an unfinished restore",
        .sql = "SELECT 'yes' FROM pg_catalog.pg_namespace WHERE nspname = 'dumpnative_restore'",
        .rows = take_text,
        .ctx = there};
    const DnRequest read = {.what = "reading of an unfinished restore",
                            .sql = "SELECT dump, sessions FROM dumpnative_restore.done WHERE job = -1",
                            .rows = take_found,
                            .ctx = found};
    DnStatus status = dn_conn_batch(run->conn, &look, 1, err);
    return !status && there[0] ? dn_conn_batch(run->conn, &read, 1, err) : status;
}

DnStatus dn_journal_check(DnRun *run, const char *dump, DnErr *err) {
    Found found;
    DnStatus status = find(run, &found, err);
    if (!status && found.dump[0]) {
        (void)dn_err(err, DN_E_MISMATCH, "the target has a restore that was not finished");
        dn_err_hint(err,
                    strncmp(found.dump, dump, SHA256_HEX) == 0
                        ? "Use --resume to go on with it; or make the database anew."
                        : "It was of another dump. Go on with that, using --resume; or make the database "
                          "anew.");
        return err->status;
    }
    return status;
}

DnStatus dn_journal_begin(DnRun *run, const char *dump, unsigned sessions, DnErr *err) {
    char sql[512];
    (void)snprintf(
        sql, sizeof sql,
        /* From here on --resume finds something, whatever the server loses in a crash. */
        "SET LOCAL synchronous_commit = on;"
        "CREATE SCHEMA dumpnative_restore;"
        "CREATE TABLE dumpnative_restore.done (job bigint PRIMARY KEY, dump text, sessions integer);"
        "INSERT INTO dumpnative_restore.done VALUES (-1, '%s', %u);"
        /* Its row is there until a crash. */
        "CREATE UNLOGGED TABLE dumpnative_restore.no_crash AS SELECT true AS since_begun",
        dump, sessions);
    return dn_run_words(run, sql, err);
}

/* ---- Resuming -------------------------------------------------------------------------------- */

typedef struct Marks {
    DnSchedule *schedule;
    size_t found;
} Marks;

static void mark_done(Marks *marks, uint64_t id) {
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
        mark_done(marks, (uint64_t)dn_rows_int64(rows, i, 0));
    }
    return marks->found == dn_rows_count(rows)
               ? DN_OK
               : dn_err(err, DN_E_MISMATCH,
                        "the unfinished restore was begun by another version of dumpnative");
}

DnStatus dn_journal_check_crash(DnRun *run, DnErr *err) {
    char lost[DN_JOURNAL_ID] = "";
    const DnRequest look = {.what = "looking for what a crash has emptied",
                            .sql = "SELECT oid::pg_catalog.regclass FROM pg_catalog.pg_class "
                                   "WHERE relpersistence = 'u' AND relkind = 'r' AND relnamespace <> "
                                   "'dumpnative_restore'::pg_catalog.regnamespace AND NOT EXISTS (SELECT "
                                   "FROM dumpnative_restore.no_crash) ORDER BY 1 LIMIT 1",
                            .rows = take_text,
                            .ctx = lost};
    DnStatus status = dn_conn_batch(run->conn, &look, 1, err);
    if (!status && lost[0]) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "the target's server has crashed since, which has emptied its unlogged tables: %s",
                     lost);
        dn_err_hint(err, "Make the database anew, and begin from there.");
        return err->status;
    }
    return status;
}

DnStatus dn_journal_expect(DnRun *run, const char *dump, unsigned *sessions, DnErr *err) {
    Found there;
    const char *found = there.dump;
    DnStatus status = find(run, &there, err);
    *sessions = there.sessions;
    if (!status && strcmp(found, dump) != 0) {
        bool same_dump = found[0] && strncmp(found, dump, SHA256_HEX) == 0;
        (void)dn_err(err, DN_E_MISMATCH,
                     same_dump  ? "the target's unfinished restore was begun with other options"
                     : found[0] ? "the target's unfinished restore is of another dump"
                                : "the target has no unfinished restore");
        dn_err_hint(err,
                    same_dump  ? "Give those for owners, privileges, roles, schemas and tables that it was "
                                 "begun with.%.0s"
                    : found[0] ? "Give the file that it was begun with: its SHA-256 is %.64s."
                               : "Leave out --resume to begin one.%.0s",
                    found);
        return err->status;
    }
    return status;
}

DnStatus dn_journal_resume(DnRun *run, DnSchedule *schedule, DnErr *err) {
    Marks marks = {.schedule = schedule};
    const DnRequest read = {.what = "reading what is done",
                            .sql = "SELECT job FROM dumpnative_restore.done WHERE job >= 0",
                            .rows = take_marks,
                            .ctx = &marks};
    DnStatus status = dn_journal_check_crash(run, err);
    return status ? status : dn_conn_batch(run->conn, &read, 1, err);
}

/* ---- Jobs ------------------------------------------------------------------------------------ */

static void add_line(DnBuf *sql, uint64_t id) {
    dn_buf_fmt(sql, "%s(%llu)", sql->size ? ", " : "INSERT INTO dumpnative_restore.done (job) VALUES ",
               (unsigned long long)id);
}

DnStatus dn_journal_commit(DnRun *run, const DnJob *job, DnErr *err) {
    DnBuf sql = {0};
    for (size_t i = 0; job->first && i < job->count; i++) {
        if (!job->units[i]->unsettled) {
            add_line(&sql, (uint64_t)(job->units[i] - job->first));
        }
    }
    if (!job->first) {
        add_line(&sql, job->id);
    }
    dn_buf_str(&sql, sql.size ? "; COMMIT" : "COMMIT");
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_run_words(run, sql.bytes, err);
    dn_buf_deinit(&sql);
    return status;
}

DnStatus dn_journal_end(DnRun *run, DnErr *err) {
    return dn_run_words(run,
                        "DROP TABLE dumpnative_restore.done, dumpnative_restore.no_crash;"
                        "DROP SCHEMA dumpnative_restore",
                        err);
}

DnStatus dn_journal_drop(DnRun *run, DnErr *err) {
    return dn_run_words(run,
                        "DROP TABLE IF EXISTS dumpnative_restore.done, dumpnative_restore.no_crash;"
                        "DROP SCHEMA IF EXISTS dumpnative_restore",
                        err);
}
