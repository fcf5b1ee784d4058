#include "restore/claim.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/err.h"

/* Killed clients' sessions mostly end within a moment. */
enum { MOST_WAIT_MS = 3000, STEP_MS = 100 };

/* The letters "dumpnati", as one number and as the two halves that pg_locks shows. */
#define KEY "7238812305723585641"
#define IS_CLAIM                                                                                             \
    "l.locktype = 'advisory' AND l.objsubid = 1 AND l.classid = 1685417328 AND l.objid = 1851880553"

typedef struct Holders {
    char pids[256], program[64];
} Holders;

static DnStatus take_bool(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    *(bool *)ctx = dn_rows_count(rows) && dn_rows_bool(rows, 0, 0);
    return DN_OK;
}

static DnStatus take_holders(void *ctx, const DnRows *rows, DnErr *err) {
    Holders *holders = ctx;
    (void)err;
    (void)snprintf(holders->pids, sizeof holders->pids, "%s", dn_rows_str(rows, 0, 0));
    (void)snprintf(holders->program, sizeof holders->program, "%s", dn_rows_str(rows, 0, 1));
    return DN_OK;
}

static DnStatus try_lock(DnRun *run, const char *sql, bool *got, DnErr *err) {
    bool locked = false;
    const DnRequest request = {
        .what = "looking for other runs in the target", .sql = sql, .rows = take_bool, .ctx = &locked};
    DnStatus status = dn_conn_batch(run->conn, &request, 1, err);
    *got = locked;
    return status;
}

/* Both columns may be read without privileges. */
static DnStatus find_holders(DnRun *run, Holders *holders, DnErr *err) {
    const DnRequest request = {
        .what = "looking for other runs in the target",
        .sql = "SELECT pg_catalog.string_agg(l.pid::pg_catalog.text, ', ' ORDER BY l.pid), "
               "pg_catalog.max(a.application_name) FROM pg_catalog.pg_locks l "
               "JOIN pg_catalog.pg_database d ON d.oid = l.database AND d.datname = "
               "pg_catalog.current_database() LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
               "WHERE " IS_CLAIM " AND l.granted AND l.pid <> pg_catalog.pg_backend_pid()",
        .rows = take_holders,
        .ctx = holders};
    return dn_conn_batch(run->conn, &request, 1, err);
}

static DnStatus refuse(const Holders *holders, DnErr *err) {
    if (!holders->pids[0]) { /* a prepared transaction has no process, nor has one that ended just now */
        (void)dn_err(err, DN_E_MISMATCH,
                     "another restore or clone is at work in the target: process unknown");
        dn_err_hint(err, "pg_locks shows its advisory lock; a prepared transaction, which pg_prepared_xacts "
                         "shows, keeps it until COMMIT PREPARED or ROLLBACK PREPARED.");
        return err->status;
    }
    (void)dn_err(err, DN_E_MISMATCH, "another restore or clone is at work in the target: process %s (%s)",
                 holders->pids, holders->program);
    dn_err_hint(err,
                "Wait until it is through. If it was killed, the server ends its sessions once it notices; "
                "SELECT pg_terminate_backend(%.*s) does so at once, likewise for each further one.",
                (int)strspn(holders->pids, "0123456789"), holders->pids);
    return err->status;
}

static DnStatus wait_for_lock(DnRun *run, const char *sql, DnErr *err) {
    bool got = false;
    Holders holders = {0};
    int64_t begun = dn_now_ms();
    DnStatus status = try_lock(run, sql, &got, err);
    if (!status && !got) {
        dn_run_tell(run, DN_EVENT_STEP, "waiting for another run in the target to end", NULL);
    }
    while (!status && !got) {
        status = find_holders(run, &holders, err);
        if (!status && dn_now_ms() - begun > MOST_WAIT_MS) {
            return refuse(&holders, err);
        }
        if (!status && !dn_wait_ms(STEP_MS, run->options->cancel, run->stop)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled");
        }
        status = status ? status : try_lock(run, sql, &got, err);
    }
    return status;
}

DnStatus dn_claim(DnRun *run, DnErr *err) {
    bool pooled = false;
    DnStatus status = dn_run_is_pooled(run, &pooled, err);
    if (!status && pooled) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "the target is behind a pooler in transaction mode, which has no sessions");
        dn_err_hint(err, "Connect to the server itself, or to the pooler's port for session mode.");
        return err->status;
    }
    /* Alone for a moment, which proves that nobody else is there; from then on a share of it. */
    return status ? status
                  : wait_for_lock(run,
                                  "SELECT CASE WHEN pg_catalog.pg_try_advisory_lock(" KEY ") THEN "
                                  "pg_catalog.pg_try_advisory_lock_shared(" KEY ") AND "
                                  "pg_catalog.pg_advisory_unlock(" KEY ") END",
                                  err);
}

DnStatus dn_claim_join(DnRun *run, DnErr *err) {
    bool got = false;
    DnStatus status = try_lock(run, "SELECT pg_catalog.pg_try_advisory_lock_shared(" KEY ")", &got, err);
    return status || got ? status
                         : dn_err(err, DN_E_MISMATCH, "another restore or clone has begun in the target");
}

DnStatus dn_claim_transaction(DnRun *run, DnErr *err) {
    return wait_for_lock(run, "SELECT pg_catalog.pg_try_advisory_xact_lock(" KEY ")", err);
}

DnStatus dn_claim_begin(DnRun *run, DnErr *err) {
    if (run->options->no_transaction) {
        return dn_claim(run, err);
    }
    DnStatus status = dn_run_words(run, "BEGIN", err);
    run->transaction = !status;
    return status ? status : dn_claim_transaction(run, err);
}
