#include "restore/clone/rows.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "restore/clone/plan.h"
#include "restore/schedule.h"

enum { BLOCK_SIZE = 256 * 1024, LARGE_TEXT = 256 * 1024 };

/* One COPY, or the pieces of large objects. */
typedef struct Copy {
    DnCloneRows *rows;
    DnRun *run;
    const char *statement; /* COPY ... FROM stdin; */
    const char *truncate;  /* the table, which is emptied first; or NULL */
    bool freeze;
    DnSourcePart part;
    uint64_t piece; /* its number */
    DnConn *from;
} Copy;

static const DnSourceRows *what(const Copy *copy) {
    return &copy->rows->shared->source->rows.items[copy->part.rows];
}

static const DnCloneTable *table_of(const Copy *copy) {
    return &copy->rows->shared->tables[copy->part.rows];
}

/* ---- Errors -------------------------------------------------------------------------------- */

static DnStatus source_failed(const Copy *copy, DnErr *err) {
    DnErr inner = *err;
    if (inner.status != DN_E_CANCELLED && inner.status != DN_E_NOMEM) {
        (void)dn_err(err, inner.status, "reading %s from the source: %s", what(copy)->name, inner.message);
        dn_err_object(err, "%s", what(copy)->name);
        dn_err_sqlstate(err, inner.sqlstate);
        dn_err_hint(err, "%s", inner.hint);
        dn_err_server(err, inner.server);
    }
    return err->status;
}

/* ---- The target's side --------------------------------------------------------------------- */

/* Rows that are frozen need no vacuum; a table that the same transaction has emptied or created allows it. */
static DnStatus begin_target(const Copy *copy, DnErr *err) {
    DnBuf sql = {0};
    bool wanted = false;
    if (copy->truncate) {
        dn_buf_fmt(&sql, "TRUNCATE ONLY %s; ", copy->truncate);
    }
    dn_buf_add(&sql, copy->statement, dn_sql_open_size(copy->statement));
    bool binary = what(copy)->binary;
    if (copy->freeze || binary) {
        dn_buf_fmt(&sql, " WITH (%s%s%s)", copy->freeze ? "FREEZE" : "", copy->freeze && binary ? ", " : "",
                   binary ? "FORMAT binary" : "");
    }
    DnStatus status =
        dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_execute(copy->run->conn, sql.bytes, &wanted, err);
    if (!status && !wanted) {
        status = dn_err(err, DN_E_PROTOCOL, "the target does not ask for the rows of %s", what(copy)->name);
    }
    dn_buf_deinit(&sql);
    return status ? dn_run_refuse(copy->run, 0, 0, err) : DN_OK;
}

static DnStatus end_target(const Copy *copy, uint64_t sent, DnErr *err) {
    uint64_t count = 0;
    DnRun *run = copy->run;
    if (dn_conn_end_rows(run->conn, &count, err) != DN_OK) {
        return dn_run_refuse(run, 0, 0, err);
    }
    if (count != sent) {
        return dn_err(err, DN_E_PROTOCOL, "of %s the target took %llu rows of %llu", what(copy)->name,
                      (unsigned long long)count, (unsigned long long)sent);
    }
    run->result.rows += count;
    return DN_OK;
}

/* ---- The source's side --------------------------------------------------------------------- */

/* Without that session the rows are worth nothing in the end: better to know before many more are copied. */
static DnStatus check_holder(DnCloneSource *shared, DnErr *err) {
    if (pthread_mutex_trylock(&shared->mutex) != 0) { /* who uses it finds out */
        return DN_OK;
    }
    DnStatus status = dn_source_check(shared->source, err);
    (void)pthread_mutex_unlock(&shared->mutex);
    return status;
}

/* Where the table can't be locked once more, since somebody waits for a stronger lock behind the session that
   has one, that session reads it. */
static DnStatus begin_source(Copy *copy, bool *held, DnErr *err) {
    DnCloneRows *rows = copy->rows;
    DnSource *source = rows->shared->source;
    bool refused = false;
    *held = rows->alone;
    if (!*held) {
        DnStatus status = check_holder(rows->shared, err);
        status = status || rows->conn ? status : dn_source_join(source, rows->stop, &rows->conn, err);
        copy->from = rows->conn;
        status = status ? status : dn_source_copy(source, rows->conn, &copy->part, &refused, err);
        if (!refused) {
            return status ? source_failed(copy, err) : DN_OK;
        }
        dn_conn_close(rows->conn);
        rows->conn = NULL;
        *err = (DnErr){0};
        *held = true;
    }
    (void)pthread_mutex_lock(&rows->shared->mutex);
    copy->from = source->conn;
    return dn_source_copy(source, copy->from, &copy->part, &refused, err) ? source_failed(copy, err) : DN_OK;
}

/* Takes the rows that are left: to cancel them would end the transaction, and its locks with it. False when
   that fails, which who uses the session next finds out. */
static bool drain(const Copy *copy) {
    char room[16 * 1024];
    DnErr ignored;
    DnCopied copied = {.binary = what(copy)->binary};
    DnStatus status = DN_OK;
    while (!status && !copied.ended) {
        status = dn_conn_copy_rows(copy->from, room, sizeof room, &copied, &ignored);
    }
    return !status && dn_conn_stream_end(copy->from, &ignored) == DN_OK;
}

/* What failed may leave rows in the session. One of our own is opened anew when it is wanted again; that with
   the snapshot is whole for who uses it next: another thread, or this one behind a deadlock in the target. */
static void end_source(const Copy *copy, bool held, DnStatus status, const DnErr *err) {
    DnCloneRows *rows = copy->rows;
    if (status && !held) {
        dn_conn_close(rows->conn);
        rows->conn = NULL;
    } else if (status && (!rows->alone || strcmp(err->sqlstate, "40P01") == 0)) {
        (void)drain(copy);
    }
    if (held) {
        (void)pthread_mutex_unlock(&rows->shared->mutex);
    }
}

/* ---- Tables -------------------------------------------------------------------------------- */

/* What was read, as the journal tells it. */
typedef struct Read {
    uint64_t rows;
    DnSum sum;
} Read;

/* Without `write` the rows are only summed up. */
static DnStatus move_rows(const Copy *copy, bool write, Read *read, DnErr *err) {
    DnCloneRows *rows = copy->rows;
    DnCopied copied = {.sums = !rows->shared->fresh, .binary = what(copy)->binary};
    DnStatus status = DN_OK;
    if (!rows->block && !(rows->block = malloc(BLOCK_SIZE))) {
        return dn_err_nomem(err);
    }
    while (!status && !copied.ended) {
        if (dn_conn_copy_rows(copy->from, rows->block, BLOCK_SIZE, &copied, err) != DN_OK) {
            return source_failed(copy, err);
        }
        read->rows += copied.rows;
        dn_sum_merge(&read->sum, copied.sum);
        atomic_fetch_add(rows->copied, copied.size);
        dn_run_progress(copy->run, copied.size);
        status = write ? dn_conn_put_rows(copy->run->conn, rows->block, copied.size, err) : DN_OK;
    }
    return !status && dn_conn_stream_end(copy->from, err) != DN_OK ? source_failed(copy, err) : status;
}

static DnStatus write_line(const Copy *copy, const Read *read, DnErr *err) {
    const DnCloneTable *table = table_of(copy);
    return copy->rows->shared->fresh
               ? DN_OK
               : dn_clone_journal_rows(copy->run, copy->part.rows, copy->piece,
                                       table->pieces ? table->pieces : 1, read->rows, read->sum, err);
}

/* Rows that are in the target since before a resume: *same when this snapshot has the very same. Rows that
   differ are copied again, as long as nothing is made of them yet. */
static DnStatus check_kept(const Copy *copy, const Read *read, bool *same, DnErr *err) {
    const DnCloneTable *table = table_of(copy);
    DnCloneSource *shared = copy->rows->shared;
    *same = read->rows == table->kept_rows && dn_sum_equal(read->sum, table->kept_sum);
    if (*same || (table->plain && !shared->settled)) {
        return DN_OK;
    }
    atomic_store(&shared->stale, true);
    (void)dn_err(err, DN_E_MISMATCH, "%s is no longer what was copied", what(copy)->name);
    dn_err_hint(err, "So all of it begins anew: keys and the like stand on those rows already.");
    return err->status;
}

static DnStatus read_kept(Copy *copy, bool *same, DnErr *err) {
    Read read = {0};
    bool held = false;
    DnStatus status = begin_source(copy, &held, err);
    status = status ? status : move_rows(copy, false, &read, err);
    end_source(copy, held, status, err);
    return status ? status : check_kept(copy, &read, same, err);
}

static DnStatus copy_table(Copy *copy, DnErr *err) {
    Read read = {0};
    bool held = false;
    bool same = false;
    DnStatus status = DN_OK;
    if (dn_clone_is_kept(table_of(copy))) {
        status = read_kept(copy, &same, err);
        copy->truncate = table_of(copy)->target;
        status = status || same ? status : dn_clone_journal_forget(copy->run, copy->part.rows, err);
    }
    status = status || same ? status : begin_target(copy, err);
    if (status || same) {
        return status;
    }
    status = begin_source(copy, &held, err);
    status = status ? status : move_rows(copy, true, &read, err);
    end_source(copy, held, status, err);
    status = status ? status : end_target(copy, read.rows, err);
    return status ? status : write_line(copy, &read, err);
}

/* ---- Large objects ------------------------------------------------------------------------- */

typedef struct LargeObject {
    DnBuf sql;
    char oid[16];
    uint64_t at; /* where its next bytes go */
} LargeObject;

static DnStatus flush_large(const Copy *copy, LargeObject *large, DnErr *err) {
    DnStatus status = dn_buf_failed(&large->sql) ? dn_err_nomem(err)
                      : large->sql.size          ? dn_run_words(copy->run, large->sql.bytes, err)
                                                 : DN_OK;
    dn_buf_clear(&large->sql);
    return status == DN_E_QUERY ? dn_run_refuse(copy->run, 0, 0, err) : status;
}

/* "oid<tab>hexadecimal digits<newline>"; false for anything else. */
static bool write_large(LargeObject *large, const char *line, size_t size) {
    const char *tab = memchr(line, '\t', size);
    size_t oid_size = tab ? (size_t)(tab - line) : 0;
    size_t hex_size = tab ? size - oid_size - 2 : 0;
    if (!oid_size || oid_size >= sizeof large->oid || strspn(line, "0123456789") != oid_size ||
        strspn(tab + 1, "0123456789abcdef") != hex_size) {
        return false;
    }
    if (strlen(large->oid) != oid_size || memcmp(large->oid, line, oid_size) != 0) {
        memcpy(large->oid, line, oid_size);
        large->oid[oid_size] = '\0';
        large->at = 0;
    }
    if (hex_size) { /* E'' whatever standard_conforming_strings says */
        dn_buf_fmt(&large->sql, "SELECT pg_catalog.lo_put(%s, %llu, E'\\\\x%.*s');", large->oid,
                   (unsigned long long)large->at, (int)hex_size, tab + 1);
        large->at += hex_size / 2;
    }
    return true;
}

static DnStatus move_large(const Copy *copy, LargeObject *large, bool write, Read *read, DnErr *err) {
    DnStatus status = DN_OK;
    for (;;) {
        const char *line = NULL;
        size_t size = 0;
        if (dn_conn_copy_row(copy->from, &line, &size, err) != DN_OK) {
            return source_failed(copy, err);
        }
        if (!line) {
            break;
        }
        if (!write_large(large, line, size)) {
            return dn_err(err, DN_E_PROTOCOL, "the source sent something else than pieces of large objects");
        }
        read->rows++;
        dn_sum_add_row(&read->sum, line, size);
        atomic_fetch_add(copy->rows->copied, size / 2);
        if (!write) {
            dn_buf_clear(&large->sql);
        }
        status = large->sql.size > LARGE_TEXT ? flush_large(copy, large, err) : status;
        if (status) {
            return status;
        }
    }
    status = flush_large(copy, large, err);
    return !status && dn_conn_stream_end(copy->from, err) != DN_OK ? source_failed(copy, err) : status;
}

static DnStatus copy_large(Copy *copy, DnErr *err) {
    LargeObject large = {0};
    Read read = {0};
    bool held = false;
    bool kept = dn_clone_is_kept(table_of(copy));
    DnStatus status = begin_source(copy, &held, err);
    status = status ? status : move_large(copy, &large, !kept, &read, err);
    end_source(copy, held, status, err);
    dn_buf_deinit(&large.sql);
    if (!status && kept) {
        return check_kept(copy, &read, &kept, err);
    }
    return status ? status : write_line(copy, &read, err);
}

/* ---- For DnRun.from ------------------------------------------------------------------------ */

static DnStatus take_all(void *ctx, DnRun *run, const char *statement, const char *place, size_t size,
                         DnErr *err) {
    DnCloneRows *rows = ctx;
    const DnSource *source = rows->shared->source;
    Copy copy = {.rows = rows, .run = run, .statement = statement};
    if (!dn_clone_place(source, place, size, &copy.part.rows)) {
        return dn_err(err, DN_E_INTERNAL, "the text has no rows number %.*s", (int)size, place);
    }
    copy.freeze = rows->shared->fresh && table_of(&copy)->plain;
    if (what(&copy)->large) {
        return copy_large(&copy, err);
    }
    run->result.tables++;
    return copy_table(&copy, err);
}

static DnStatus take_piece(void *ctx, DnRun *run, const DnJob *job, DnErr *err) {
    DnCloneRows *rows = ctx;
    const DnUnit *unit = job->units[0];
    Copy copy = {.rows = rows,
                 .run = run,
                 .statement = unit->copy,
                 .truncate = job->freeze ? unit->target : NULL,
                 .freeze = job->freeze,
                 .part = dn_clone_part(rows->shared->source, job),
                 .piece = (job->from - unit->rows) / DN_SCHEDULE_SMALL};
    run->result.tables += job->from == unit->rows;
    run->result.statements += job->from == unit->rows;
    return copy_table(&copy, err);
}

DnRowsFrom dn_clone_rows_from(DnCloneRows *rows) {
    return (DnRowsFrom){.all = take_all, .piece = take_piece, .ctx = rows};
}

void dn_clone_rows_deinit(DnCloneRows *rows) {
    dn_conn_close(rows->conn);
    free(rows->block);
    rows->conn = NULL;
    rows->block = NULL;
}
