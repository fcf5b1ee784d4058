#include "restore/clone/journal.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "restore/journal.h"

/* Numbers of lines about rows are beyond those of units. */
#define FIRST_ROWS (UINT64_C(1) << 60)
#define PIECES     (UINT64_C(1) << 28) /* of 1 MiB: more than the greatest table has */

bool dn_clone_is_kept(const DnCloneTable *table) {
    return table->kept_lines && table->kept_lines == table->kept_pieces;
}

DnStatus dn_clone_journal_begin(DnRun *run, const char *id, DnErr *err) {
    DnStatus status = dn_journal_begin(run, id, run->options->jobs, err);
    return status
               ? status
               : dn_run_words(run,
                              "ALTER TABLE dumpnative_restore.done ADD pieces bigint, ADD rows bigint, ADD "
                              "checksum text",
                              err);
}

DnStatus dn_clone_journal_rows(DnRun *run, size_t number, uint64_t piece, uint64_t pieces, uint64_t rows,
                               DnSum sum, DnErr *err) {
    char sql[512];
    char text[DN_SUM_TEXT_SIZE];
    dn_sum_text(sum, text);
    (void)snprintf(sql, sizeof sql,
                   "INSERT INTO dumpnative_restore.done (job, pieces, rows, checksum) VALUES (%llu, %llu, "
                   "%llu, '%s') ON CONFLICT (job) DO UPDATE SET pieces = excluded.pieces, rows = "
                   "excluded.rows, checksum = excluded.checksum",
                   (unsigned long long)(FIRST_ROWS + number * PIECES + piece), (unsigned long long)pieces,
                   (unsigned long long)rows, text);
    return dn_run_words(run, sql, err);
}

/* ---- Resuming -------------------------------------------------------------------------------- */

static bool take_line(DnCloneDone *done, uint64_t id, const DnRows *rows, size_t row) {
    DnSum sum;
    if (id < FIRST_ROWS) {
        if (id < done->units_count) {
            done->units[id] = true;
        }
        return id < done->units_count;
    }
    uint64_t number = (id - FIRST_ROWS) / PIECES;
    if (number >= done->tables_count || !dn_sum_parse(dn_rows_str(rows, row, 3), &sum)) {
        return false;
    }
    DnCloneTable *table = &done->tables[number];
    table->kept_lines++;
    table->kept_pieces = (uint64_t)dn_rows_int64(rows, row, 1);
    table->kept_rows += (uint64_t)dn_rows_int64(rows, row, 2);
    dn_sum_merge(&table->kept_sum, sum);
    return true;
}

static DnStatus take_lines(void *ctx, const DnRows *rows, DnErr *err) {
    for (size_t i = 0; i < dn_rows_count(rows); i++) {
        if (!take_line(ctx, (uint64_t)dn_rows_int64(rows, i, 0), rows, i)) {
            return dn_err(err, DN_E_MISMATCH,
                          "the unfinished clone was begun by another version of dumpnative");
        }
    }
    return DN_OK;
}

static void write_forget(DnBuf *sql, size_t number) {
    dn_buf_fmt(sql, "DELETE FROM dumpnative_restore.done WHERE job >= %llu AND job < %llu",
               (unsigned long long)(FIRST_ROWS + number * PIECES),
               (unsigned long long)(FIRST_ROWS + (number + 1) * PIECES));
}

DnStatus dn_clone_journal_forget(DnRun *run, size_t number, DnErr *err) {
    DnBuf sql = {0};
    write_forget(&sql, number);
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_run_words(run, sql.bytes, err);
    dn_buf_deinit(&sql);
    return status;
}

/* Rows of a table that is there only in part, by some of its pieces. */
static DnStatus delete_parts(DnRun *run, DnCloneTable *tables, size_t count, DnErr *err) {
    DnStatus status = DN_OK;
    for (size_t i = 0; !status && i < count; i++) {
        DnBuf sql = {0};
        if (!tables[i].kept_lines || dn_clone_is_kept(&tables[i]) || !tables[i].target) {
            continue;
        }
        dn_buf_fmt(&sql, "TRUNCATE ONLY %s; ", tables[i].target); /* only plain ones come in pieces */
        write_forget(&sql, i);
        status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_run_words(run, sql.bytes, err);
        tables[i].kept_lines = tables[i].kept_pieces = tables[i].kept_rows = 0;
        tables[i].kept_sum = (DnSum){0};
        dn_buf_deinit(&sql);
    }
    return status;
}

DnStatus dn_clone_journal_read(DnRun *run, const char *id, DnCloneDone *done, DnErr *err) {
    const DnRequest read = {
        .what = "reading what is done",
        .sql = "SELECT job, pieces, rows, checksum FROM dumpnative_restore.done WHERE job >= 0",
        .rows = take_lines,
        .ctx = done};
    unsigned sessions; /* whatever it was: what is kept is told table by table */
    DnStatus status = dn_journal_expect(run, id, &sessions, err);
    if (status == DN_E_MISMATCH) {
        (void)dn_err(err, status, "the target has no unfinished clone of these definitions");
        dn_err_hint(err,
                    "Those of the source, or the options, are not what one was begun with: begin anew, with "
                    "--drop-target-objects.");
    }
    status = status ? status : dn_conn_batch(run->conn, &read, 1, err);
    status = status ? status : dn_run_words(run, "BEGIN", err);
    status = status ? status : delete_parts(run, done->tables, done->tables_count, err);
    return status ? status : dn_run_words(run, "COMMIT", err);
}
