#include "dumper/reader.h"

#include <string.h>

#include "common/clock.h"
#include "common/err.h"
#include "common/thread.h"
#include "dumper/retry.h"

/* ---- Jobs ------------------------------------------------------------------------ */

/* "LOCK TABLE ONLY a, ONLY b IN ACCESS SHARE MODE NOWAIT;\n", or nothing: only plain tables can be locked. */
static void write_lock(DnBuf *sql, const DnReader *reader, const DnPiece *pieces, size_t count) {
    const DnRelation *before = NULL;
    for (size_t i = 0; i < count; i++) {
        const DnRelation *table = pieces[i].table ? pieces[i].table->table : NULL;
        if (table && table != before && table->relkind == 'r') {
            dn_buf_str(sql, sql->size ? ", ONLY " : "LOCK TABLE ONLY ");
            dn_qualified_name(sql, reader->rows.render, &table->object);
            before = table;
        }
    }
    dn_buf_str(sql, sql->size ? " IN ACCESS SHARE MODE NOWAIT;\n" : "");
}

static DnStatus send_job(const DnReader *reader, const DnPiece *pieces, size_t count, bool *locking,
                         DnErr *err) {
    DnBuf sql = {0};
    if (reader->others) {
        write_lock(&sql, reader, pieces, count);
    }
    *locking = sql.size > 0;
    for (size_t i = 0; i < count; i++) {
        dn_rows_query(&sql, &reader->rows, &pieces[i]);
    }
    DnStatus status =
        dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_stream(reader->conn, dn_buf_text(&sql), err);
    dn_buf_deinit(&sql);
    return status;
}

/* *refused: a lock that can't be had at once. */
static DnStatus run_job(const DnReader *reader, DnWork *work, bool *refused, DnErr *err) {
    const DnJob *job = &reader->plan->jobs.items[work->job];
    const DnPiece *pieces = &reader->plan->pieces.items[job->first];
    bool locking;
    DnStatus status = send_job(reader, pieces, job->count, &locking, err);
    if (status == DN_OK && locking) {
        status = dn_conn_command(reader->conn, err);
        *refused = status == DN_E_QUERY;
    }
    for (size_t i = 0; status == DN_OK && i < job->count; i++) {
        status = dn_rows_take(reader->conn, &reader->rows, &pieces[i], work, err);
        if (status == DN_OK && !dn_work_end_piece(work)) {
            status = dn_work_ended(work, err);
        }
    }
    if (status == DN_OK) {
        status = dn_conn_stream_end(reader->conn, err);
    }
    if (status == DN_OK && !dn_work_finish(work)) {
        status = dn_work_ended(work, err);
    }
    return status;
}

/* ---- Sessions of its own --------------------------------------------------------- */

/* Tries again what may pass; that there is no room for one more session isn't worth a wait. */
static DnStatus open_session(DnReader *reader, DnErr *err) {
    const DnJoin *join = reader->others;
    DnStatus status = dn_join_open(join, &reader->conn, err);
    for (unsigned tries = 0; status != DN_OK && tries < join->options->retries; tries++) {
        bool wait = dn_retry_may_pass(err) && strcmp(err->sqlstate, "53300") != 0;
        if (!wait || !dn_wait_ms(dn_backoff_ms(tries), join->connection.cancel, join->connection.stop)) {
            break;
        }
        status = dn_join_open(join, &reader->conn, err);
    }
    return status;
}

/* ---- The thread ------------------------------------------------------------------ */

/* Only who asked for a number of connections misses one. */
static void tell_of_end(const DnReader *reader, const char *what, const DnErr *err) {
    DnErr line; /* borrowed for its formatting */
    (void)dn_err(&line, DN_OK, "%s: %s", what, err->message);
    bool asked = reader->others && reader->others->options->jobs;
    dn_flow_notice(reader->flow, asked ? DN_EVENT_WARNING : DN_EVENT_STEP, line.message);
}

/* Another session in the place of the one that was lost, for the `tries`th time in this job. */
static bool replace_session(DnReader *reader, unsigned tries, const DnErr *lost) {
    DnErr err = {0};
    if (tries >= reader->others->options->retries) {
        return false;
    }
    DnErr line; /* borrowed for its formatting */
    (void)dn_err(&line, DN_OK, "a connection was lost, and what it read is read again: %s", lost->message);
    dn_flow_notice(reader->flow, DN_EVENT_STEP, line.message);
    dn_conn_close(reader->conn);
    reader->conn = NULL;
    return open_session(reader, &err) == DN_OK;
}

/* False when this session can be of no more use. */
static bool take_part(DnReader *reader, long job, const DnPrefix *given) {
    DnWork work = {.flow = reader->flow,
                   .job = job,
                   .repeatable = reader->others,
                   .given = *given,
                   .sums = reader->rows.sums};
    bool refused = false;
    DnErr err = {0};
    DnStatus status = run_job(reader, &work, &refused, &err);
    bool lost = reader->others && dn_retry_is_lost(&err);
    for (unsigned tries = 0; status != DN_OK && lost && replace_session(reader, tries, &err); tries++) {
        dn_work_again(&work);
        refused = false;
        err = (DnErr){0};
        status = run_job(reader, &work, &refused, &err);
        lost = dn_retry_is_lost(&err);
    }
    if (status == DN_OK) {
        return true;
    }
    dn_work_again(&work);
    if (lost || refused) {
        tell_of_end(reader,
                    lost ? "going on with one connection less"
                         : "a connection ends early, since a table can't be locked again",
                    &err);
        dn_flow_give_back(reader->flow, job, &work.given);
    } else {
        dn_flow_fail(reader->flow, &err);
    }
    return false;
}

static void *read_jobs(void *arg) {
    DnReader *reader = arg;
    bool first = !reader->others;
    DnPrefix given = {0};
    DnErr err = {0};
    if (!first && !reader->conn && open_session(reader, &err) != DN_OK && err.status != DN_E_CANCELLED) {
        tell_of_end(reader, "going on with one connection less", &err);
    }
    long job = reader->conn ? dn_flow_take(reader->flow, first, &given) : DN_NO_JOB;
    while (job != DN_NO_JOB && take_part(reader, job, &given)) {
        job = dn_flow_take(reader->flow, first, &given);
    }
    if (!first) {
        dn_conn_close(reader->conn);
        reader->conn = NULL;
    }
    dn_flow_leave(reader->flow);
    return NULL;
}

bool dn_reader_start(DnReader *reader) {
    return dn_thread_start(&reader->thread, read_jobs, reader);
}
