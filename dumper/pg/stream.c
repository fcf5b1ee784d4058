#include <libpq-fe.h>
#include <limits.h>
#include <string.h>
#include <time.h>

#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"

/* ---- Streams --------------------------------------------------------------------- */

DnStatus dn_conn_stream(DnConn *conn, const char *sql, DnErr *err) {
    if (!PQsendQuery(conn->pg, sql)) {
        return dn_refusal_lost(conn->pg, "sending a query", err);
    }
    /* For the SELECTs among the statements, whichever they are. */
    return PQsetSingleRowMode(conn->pg) ? DN_OK : dn_err(err, DN_E_INTERNAL, "single-row mode was refused");
}

/* libpq would leave single-row mode on for the first query of a pipeline that comes after. */
DnStatus dn_conn_ask(DnConn *conn, const char *sql, DnErr *err) {
    return PQsendQuery(conn->pg, sql) ? DN_OK : dn_refusal_lost(conn->pg, "sending a query", err);
}

DnStatus dn_conn_command(DnConn *conn, DnErr *err) {
    PGresult *result = NULL;
    DnStatus status = dn_conn_result(conn, "locking", &result, err);
    if (status == DN_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = dn_refusal_result(conn->pg, result, "locking", err);
    }
    PQclear(result);
    return status;
}

DnStatus dn_conn_copy_begin(DnConn *conn, DnErr *err) {
    PGresult *result = NULL;
    conn->binary = (DnBinary){0};
    DnStatus status = dn_conn_result(conn, "reading rows", &result, err);
    if (status == DN_OK && PQresultStatus(result) != PGRES_COPY_OUT) {
        status = dn_refusal_result(conn->pg, result, "reading rows", err);
    }
    PQclear(result);
    return status;
}

static DnStatus copy_end(DnConn *conn, DnErr *err) {
    PGresult *result = NULL;
    DnStatus status = dn_conn_result(conn, "reading rows", &result, err);
    if (status == DN_OK && PQresultStatus(result) != PGRES_COMMAND_OK) {
        status = dn_refusal_result(conn->pg, result, "reading rows", err);
    }
    PQclear(result);
    return status;
}

/* ---- Waiting for rows --------------------------------------------------------------- */

/* A server sends rows in packets of 8 KB. Who waits for each of them costs both sides a wake-up a packet;
   with a nap after the last one many pile up. As long as they all fit into the socket the server doesn't
   wait either: Linux has room for 192 KiB in a Unix socket. */
enum { SHORTEST_NAP = 50 * 1000, LONGEST_NAP = 1000 * 1000, NAP_STEP = 25 * 1000 }; /* nanoseconds */
enum { FEW_BYTES = 64 * 1024, MANY_BYTES = 112 * 1024 };

static void adapt_nap(DnConn *conn) {
    if (conn->since_nap < FEW_BYTES && conn->nap < LONGEST_NAP) {
        conn->nap += NAP_STEP;
    } else if (conn->since_nap > MANY_BYTES && conn->nap > SHORTEST_NAP) {
        conn->nap -= NAP_STEP;
    }
    conn->nap = conn->nap < SHORTEST_NAP ? SHORTEST_NAP : conn->nap;
    conn->since_nap = 0;
}

/* Lets libpq have what is there already, or else what comes during a nap. */
static DnStatus nap(DnConn *conn, DnErr *err) {
    if (conn->idle == 1) {
        adapt_nap(conn);
        const struct timespec time = {.tv_nsec = conn->nap};
        (void)nanosleep(&time, NULL);
    }
    if (dn_conn_is_stopped(conn)) {
        return dn_conn_cancelled(conn, err);
    }
    conn->looked = false;
    return PQconsumeInput(conn->pg) ? DN_OK : dn_refusal_lost(conn->pg, "reading rows", err);
}

/* First what is there already, then what comes during a nap, then whatever comes. */
static DnStatus wait_rows(DnConn *conn, DnErr *err) {
    DnStatus status = conn->idle < 2 ? nap(conn, err) : dn_conn_wait(conn, "reading rows", err);
    conn->idle++;
    return status;
}

/* ---- Rows of COPY ------------------------------------------------------------------- */

static DnStatus broken(DnErr *err) {
    (void)dn_err(err, DN_E_PROTOCOL, "the server sent a COPY message that is not one row");
    dn_err_hint(err, "Something between here and the server, or the server itself, is broken.");
    return DN_E_PROTOCOL;
}

/* The server's word is not taken for it: a row is exactly one line, and not the line that ends the data. A
   piece that fills all the room may go on in the next one: its line is longer than the one that ends. */
static bool is_row(const char *piece, size_t size, size_t room, bool *goes_on) {
    bool begins = !*goes_on;
    const char *newline = memchr(piece, '\n', size);
    *goes_on = !newline && size == room;
    return newline ? newline == piece + size - 1 && !(begins && size == 3 && memcmp(piece, "\\.\n", 3) == 0)
                   : *goes_on;
}

/* A row may come in several pieces: it is summed up when its end is there. */
static void sum_piece(DnConn *conn, const char *piece, size_t size, DnCopied *copied) {
    if (!conn->row_goes_on && !conn->line.size) {
        dn_sum_add_row(&copied->sum, piece, size);
        return;
    }
    dn_buf_add(&conn->line, piece, size);
    if (!conn->row_goes_on) {
        dn_sum_add_row(&copied->sum, dn_buf_text(&conn->line), conn->line.size);
        dn_buf_clear(&conn->line);
    }
}

/* What came into `room`; false when it is no row. */
static bool take_piece(DnConn *conn, const char *piece, size_t size, size_t room, DnCopied *copied) {
    const char *row = piece;
    const char *end = piece + size;
    if (copied->binary ? !dn_binary_take(&conn->binary, piece, size, room, &row, &conn->row_goes_on)
                       : !is_row(piece, size, room, &conn->row_goes_on)) {
        return false;
    }
    if (copied->sums && row < end) {
        sum_piece(conn, row, (size_t)(end - row), copied);
    }
    copied->size += size;
    copied->rows += row < end && !conn->row_goes_on;
    return true;
}

/* PQgetlineAsync() is older than PQgetCopyData(), and leaner: no allocation, no copy of each row but the one
   into our room. */
DnStatus dn_conn_copy_rows(DnConn *conn, char *room, size_t size, DnCopied *copied, DnErr *err) {
    *copied = (DnCopied){.sums = copied->sums, .binary = copied->binary};
    DnStatus status = DN_OK;
    while (status == DN_OK && size - copied->size >= DN_COPY_LEAST_ROOM) {
        char *piece = room + copied->size;
        size_t left = size - copied->size;
        int got = PQgetlineAsync(conn->pg, piece, left < INT_MAX ? (int)left : INT_MAX);
        if (got > 0) {
            if (!take_piece(conn, piece, (size_t)got, left, copied)) {
                return broken(err);
            }
            conn->idle = 0;
            conn->since_nap += (size_t)got;
        } else if (got == 0) {
            status = wait_rows(conn, err);
        } else {
            copied->ended = true;
            status = copy_end(conn, err);
            status = status == DN_OK && dn_buf_failed(&conn->line) ? dn_err_nomem(err) : status;
            return status == DN_OK && conn->row_goes_on ? broken(err) : status;
        }
    }
    return status;
}

DnStatus dn_conn_copy_row(DnConn *conn, const char **row, size_t *size, DnErr *err) {
    *row = NULL;
    *size = 0;
    PQfreemem(conn->row);
    conn->row = NULL;
    for (;;) {
        int got = PQgetCopyData(conn->pg, &conn->row, 1);
        if (got > 0) {
            bool goes_on = false;
            conn->idle = 0;
            conn->since_nap += (size_t)got;
            *row = conn->row;
            *size = (size_t)got;
            return is_row(*row, *size, SIZE_MAX, &goes_on) ? DN_OK : broken(err);
        }
        if (got == -1) {
            return copy_end(conn, err);
        }
        if (got == -2) {
            return dn_refusal_lost(conn->pg, "reading rows", err);
        }
        DnStatus status = wait_rows(conn, err);
        if (status != DN_OK) {
            return status;
        }
    }
}

/* ---- Rows of SELECT ----------------------------------------------------------------- */

DnStatus dn_conn_select_rows(DnConn *conn, DnRowsFn row, void *ctx, DnErr *err) {
    for (;;) {
        PGresult *result = NULL;
        DnStatus status = dn_conn_result(conn, "reading rows", &result, err);
        if (status != DN_OK) {
            return status;
        }
        ExecStatusType kind = PQresultStatus(result);
        if (kind != PGRES_SINGLE_TUPLE && kind != PGRES_TUPLES_OK) {
            status = dn_refusal_result(conn->pg, result, "reading rows", err);
        } else {
            const DnRows rows = {.result = result};
            status = row(ctx, &rows, err);
        }
        PQclear(result);
        if (status != DN_OK || kind == PGRES_TUPLES_OK) {
            return status;
        }
    }
}

DnStatus dn_conn_select(DnConn *conn, const char *sql, const char *param, DnErr *err) {
    const char *values[1] = {param};
    return PQsendQueryParams(conn->pg, sql, 1, NULL, values, NULL, NULL, 0) && PQsetSingleRowMode(conn->pg)
               ? DN_OK
               : dn_refusal_lost(conn->pg, "sending a query", err);
}

DnStatus dn_conn_next_row(DnConn *conn, const DnRows **row, DnErr *err) {
    *row = NULL;
    PQclear(conn->lent.result);
    conn->lent.result = NULL;
    DnStatus status = dn_conn_result(conn, "reading rows", &conn->lent.result, err);
    if (status != DN_OK) {
        return status;
    }
    ExecStatusType kind = PQresultStatus(conn->lent.result);
    if (kind == PGRES_SINGLE_TUPLE) {
        *row = &conn->lent;
    } else if (kind != PGRES_TUPLES_OK) {
        status = dn_refusal_result(conn->pg, conn->lent.result, "reading rows", err);
    }
    return status;
}

DnStatus dn_conn_stream_end(DnConn *conn, DnErr *err) {
    PGresult *result = NULL;
    DnStatus status = dn_conn_result(conn, "ending a query", &result, err);
    if (status == DN_OK && result) {
        status = dn_refusal_result(conn->pg, result, "ending a query", err);
        PQclear(result);
    }
    return status;
}
