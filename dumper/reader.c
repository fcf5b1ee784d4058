#include "dumper/reader.h"

#include <signal.h>

#include "common/err.h"

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
            status = dn_work_ended(err);
        }
    }
    if (status == DN_OK) {
        status = dn_conn_stream_end(reader->conn, err);
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

/* False when this session can be of no more use. */
static bool take_part(DnReader *reader, long job) {
    DnWork work = {.flow = reader->flow, .job = job};
    bool refused = false;
    DnErr err = {0};
    DnStatus status = run_job(reader, &work, &refused, &err);
    if (status == DN_OK) {
        dn_work_hand_in(&work);
        return true;
    }
    dn_flow_release(reader->flow, work.block);
    if (refused && !work.handed_in) {
        tell_of_end(reader, "a connection ends early, since a table can't be locked again", &err);
        dn_flow_give_back(reader->flow, job);
    } else {
        dn_flow_fail(reader->flow, &err);
    }
    return false;
}

static void *read_jobs(void *arg) {
    DnReader *reader = arg;
    bool first = !reader->others;
    DnErr err = {0};
    if (!first && dn_session_join(reader->others, &reader->conn, &err) != DN_OK &&
        err.status != DN_E_CANCELLED) {
        tell_of_end(reader, "going on with one connection less", &err);
    }
    long job = reader->conn ? dn_flow_take(reader->flow, first) : DN_NO_JOB;
    while (job != DN_NO_JOB && take_part(reader, job)) {
        job = dn_flow_take(reader->flow, first);
    }
    if (!first) {
        dn_conn_close(reader->conn);
        reader->conn = NULL;
    }
    dn_flow_leave(reader->flow);
    return NULL;
}

/* Signals are for the program's own threads. */
bool dn_reader_start(DnReader *reader) {
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&reader->thread, NULL, read_jobs, reader);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0;
}
