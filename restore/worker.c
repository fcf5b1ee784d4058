#include "restore/worker.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
#include "restore/journal.h"

enum { BLOCK_SIZE = 256 * 1024 };

static const DnSettings no_settings = {0};

/* ---- Reading -------------------------------------------------------------------------------- */

typedef DnStatus (*BlockFn)(DnWorker *worker, const char *text, size_t size, DnErr *err);

static DnStatus read_range(DnWorker *worker, uint64_t from, uint64_t to, BlockFn take, DnErr *err) {
    DnStatus status = DN_OK;
    if (worker->text) {
        return take(worker, worker->text + from, (size_t)(to - from), err);
    }
    if (!worker->block && !(worker->block = malloc(BLOCK_SIZE))) {
        return dn_err_nomem(err);
    }
    while (!status && from < to) {
        size_t size = to - from < BLOCK_SIZE ? (size_t)(to - from) : BLOCK_SIZE;
        ssize_t n = pread(worker->fd, worker->block, size, (off_t)from);
        if (n == 0 || (n < 0 && errno != EINTR)) {
            return n ? dn_err_errno(err, errno, worker->run.options->path, "could not read the dump")
                     : dn_err(err, DN_E_MISMATCH, "the dump became shorter while it was read");
        }
        if (n > 0) {
            status = take(worker, worker->block, (size_t)n, err);
            from += (uint64_t)n;
        }
    }
    return status;
}

/* A line end counts behind an even number of backslashes; pg_dump writes no other within rows. */
int dn_worker_cut(void *ctx, uint64_t at, uint64_t end, uint64_t *cut) {
    const int *fd = ctx;
    char text[4096];
    unsigned backslashes = 1; /* `at` may be behind some: the first line end is not trusted */
    while (at < end) {
        size_t size = end - at < sizeof text ? (size_t)(end - at) : sizeof text;
        ssize_t n = pread(*fd, text, size, (off_t)at);
        if (n <= 0) {
            return n ? errno : EIO;
        }
        for (ssize_t i = 0; i < n; i++) {
            if (text[i] == '\n' && backslashes % 2 == 0) {
                *cut = at + (uint64_t)i + 1;
                return 0;
            }
            backslashes = text[i] == '\\' ? backslashes + 1 : 0;
        }
        at += (uint64_t)n;
    }
    *cut = end;
    return 0;
}

/* ---- Settings ------------------------------------------------------------------------------- */

static const char *setting(const DnSettings *settings, size_t id) {
    return id < settings->count ? settings->texts[id] : NULL;
}

static DnStatus apply(DnWorker *worker, const DnSettings *settings, DnErr *err) {
    DnBuf sql = {0};
    size_t count = settings->count > worker->settings->count ? settings->count : worker->settings->count;
    for (size_t id = 0; id < count; id++) {
        const char *wanted = setting(settings, id);
        const char *there = setting(worker->settings, id);
        if (wanted && (!there || strcmp(wanted, there) != 0)) {
            dn_buf_str(&sql, wanted);
        } else if (!wanted && there) {
            dn_buf_fmt(&sql, "RESET %s;", worker->index->names.items[id]);
        }
    }
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err)
                      : sql.size          ? dn_run_words(&worker->run, sql.bytes, err)
                                          : DN_OK;
    worker->settings = status ? worker->settings : settings;
    dn_buf_deinit(&sql);
    return status;
}

/* ---- Statements ----------------------------------------------------------------------------- */

static DnStatus add_text(DnWorker *worker, const char *text, size_t size, DnErr *err) {
    return dn_sql_reader_add(worker->run.reader, text, size, err);
}

DnStatus dn_worker_range(DnWorker *worker, uint64_t from, uint64_t to, uint64_t line, DnErr *err) {
    DnRun *run = &worker->run;
    const char *strings = dn_conn_parameter(run->conn, "standard_conforming_strings");
    run->reader = dn_sql_reader_new(dn_run_item, run);
    if (!run->reader) {
        return dn_err_nomem(err);
    }
    dn_sql_reader_start_at(run->reader, line);
    dn_sql_reader_standard_strings(run->reader, !strings || strcmp(strings, "off") != 0);
    DnStatus status = read_range(worker, from, to, add_text, err);
    status = status ? status : dn_sql_reader_end(run->reader, err);
    dn_sql_reader_free(run->reader);
    run->reader = NULL;
    return status;
}

static DnStatus run_unit(DnWorker *worker, const DnUnit *unit, DnErr *err) {
    DnStatus status = dn_worker_range(worker, unit->offset, unit->end, unit->line, err);
    worker->settings = unit->after;
    if (!status && !worker->run.from.all) { /* who brings them counts them */
        atomic_fetch_add(worker->row_bytes, unit->rows_end - unit->rows);
    }
    return status;
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static DnStatus put_rows(DnWorker *worker, const char *text, size_t size, DnErr *err) {
    atomic_fetch_add(worker->row_bytes, size);
    return dn_conn_put_rows(worker->run.conn, text, size, err);
}

static uint64_t lines_before(DnWorker *worker, const DnUnit *unit, uint64_t end) {
    uint64_t count = 0;
    for (uint64_t at = unit->rows; at < end;) {
        size_t size = end - at < BLOCK_SIZE ? (size_t)(end - at) : BLOCK_SIZE;
        ssize_t n = pread(worker->fd, worker->block, size, (off_t)at);
        if (n <= 0) {
            return 0;
        }
        for (ssize_t i = 0; i < n; i++) {
            count += worker->block[i] == '\n';
        }
        at += (uint64_t)n;
    }
    return count;
}

/* Its place is looked for only when it fails. */
static DnStatus refuse_rows(DnWorker *worker, const DnJob *job, uint64_t row, DnErr *err) {
    const DnUnit *unit = job->units[0];
    uint64_t line = row ? unit->rows_line + lines_before(worker, unit, job->from) + row - 1 : 0;
    return dn_run_refuse(&worker->run, unit->copy_line, line, err);
}

static DnStatus begin_copy(DnWorker *worker, const DnJob *job, DnErr *err) {
    const DnUnit *unit = job->units[0];
    DnBuf sql = {0};
    bool rows = false;
    if (job->freeze) { /* rows that are frozen need no vacuum, and with wal_level = minimal no WAL */
        dn_buf_fmt(&sql, "TRUNCATE ONLY %s; ", unit->target);
    }
    dn_buf_add(&sql, unit->copy, dn_sql_open_size(unit->copy));
    dn_buf_str(&sql, job->freeze ? " WITH (FREEZE)" : "");
    DnStatus status =
        dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_execute(worker->run.conn, sql.bytes, &rows, err);
    if (!status && !rows) {
        status = dn_err(err, DN_E_PROTOCOL, "the server does not ask for rows where the dump has some");
    }
    dn_buf_deinit(&sql);
    return status ? dn_run_refuse(&worker->run, unit->copy_line, 0, err) : DN_OK;
}

static DnStatus run_piece(DnWorker *worker, const DnJob *job, DnErr *err) {
    DnRun *run = &worker->run;
    uint64_t count = 0;
    (void)snprintf(run->object, sizeof run->object, "%s", job->units[0]->label);
    dn_run_tell(run, DN_EVENT_STEP, run->object, NULL);
    if (run->from.piece) {
        return run->from.piece(run->from.ctx, run, job, err);
    }
    DnStatus status = begin_copy(worker, job, err);
    if (status) {
        return status;
    }
    status = read_range(worker, job->from, job->to, put_rows, err);
    if (status) {
        return status;
    }
    if (dn_conn_end_rows(run->conn, &count, err) != DN_OK) {
        return refuse_rows(worker, job, count, err);
    }
    run->result.rows += count;
    run->result.tables += job->from == job->units[0]->rows;
    run->result.statements += job->from == job->units[0]->rows;
    return DN_OK;
}

/* ---- Jobs ----------------------------------------------------------------------------------- */

DnStatus dn_worker_job(DnWorker *worker, const DnJob *job, bool last, DnErr *err) {
    DnRun *run = &worker->run;
    DnStatus status = apply(worker, job->units[0]->before, err);
    /* The journal's lines are lost together with what they tell of; the last COMMIT is for all before it. */
    status = status ? status
                    : dn_run_words(run, last ? "BEGIN" : "BEGIN; SET LOCAL synchronous_commit = off", err);
    run->transaction = true;
    for (size_t i = 0; i < job->count && !status; i++) {
        status = apply(worker, job->units[i]->before, err);
        status = status       ? status
                 : job->piece ? run_piece(worker, job, err)
                              : run_unit(worker, job->units[i], err);
    }
    if (!status && last) {
        status = dn_journal_end(run, err);
    }
    if (!status) {
        status = last ? dn_run_commit(run, err) : dn_journal_commit(run, job, err);
    }
    run->transaction = false;
    return status;
}

DnStatus dn_worker_rollback(DnWorker *worker, DnErr *err) {
    worker->settings = &no_settings;
    return dn_run_lift_limits(&worker->run, "ROLLBACK; RESET ALL; ", err);
}

void dn_worker_deinit(DnWorker *worker) {
    dn_run_disconnect(&worker->run);
    dn_sql_reader_free(worker->run.reader);
    free(worker->block);
}
