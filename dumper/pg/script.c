/* script.c - statements that are run one after another, and rows that go to the server. */
#include <stdlib.h>
#include <string.h>

#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"

enum { PIECE = 64 * 1024 };

static const char what[] = "restoring";

/* Takes results up to the end of the statement, so that another can follow. The first refusal counts. */
static DnStatus take_results(DnConn *conn, bool *rows_wanted, PGresult **failed, PGresult **last,
                             DnErr *err) {
    for (;;) {
        PGresult *result = NULL;
        DnStatus status = dn_conn_result(conn, what, &result, err);
        if (status != DN_OK || !result) {
            return status;
        }
        ExecStatusType kind = PQresultStatus(result);
        if (kind == PGRES_COPY_IN && rows_wanted) {
            *rows_wanted = true;
            PQclear(result);
            return DN_OK;
        }
        bool fine = kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK || kind == PGRES_EMPTY_QUERY;
        PGresult **keep = fine ? last : failed;
        if (*keep && !fine) {
            PQclear(result);
        } else {
            PQclear(*keep);
            *keep = result;
        }
        if (kind == PGRES_COPY_OUT || kind == PGRES_COPY_IN || kind == PGRES_COPY_BOTH) {
            return DN_OK; /* nobody takes or gives these rows: the connection is of no further use */
        }
    }
}

DnStatus dn_conn_execute(DnConn *conn, const char *sql, bool *rows_wanted, DnErr *err) {
    PGresult *failed = NULL;
    PGresult *last = NULL;
    *rows_wanted = false;
    /* a server that does not read must not keep us from seeing the cancel handle */
    if (PQsetnonblocking(conn->pg, 1) != 0 || !PQsendQuery(conn->pg, sql)) {
        return dn_refusal_lost(conn->pg, what, err);
    }
    DnStatus status = take_results(conn, rows_wanted, &failed, &last, err);
    if (status == DN_OK && failed) {
        status = dn_refusal_statement(conn->pg, failed, err);
    }
    PQclear(failed);
    PQclear(last);
    return status;
}

DnStatus dn_conn_put_rows(DnConn *conn, const char *rows, size_t size, DnErr *err) {
    while (size) {
        size_t piece = size < PIECE ? size : PIECE;
        int taken = PQputCopyData(conn->pg, rows, (int)piece);
        if (taken < 0) {
            return dn_refusal_lost(conn->pg, what, err);
        }
        if (taken) {
            rows += piece;
            size -= piece;
        }
        DnStatus status = dn_conn_flush(conn, what, err);
        if (status != DN_OK) {
            return status;
        }
    }
    return DN_OK;
}

/* From the context "COPY orders, line 3, column n: ...", which stands on a line of its own. */
static uint64_t row_number(const PGresult *result) {
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    while (context && *context) {
        size_t length = strcspn(context, "\n");
        const char *line = strncmp(context, "COPY ", 5) == 0 ? strstr(context, ", line ") : NULL;
        if (line && line < context + length) {
            return strtoull(line + 7, NULL, 10);
        }
        context += length + (context[length] != '\0');
    }
    return 0;
}

DnStatus dn_conn_end_rows(DnConn *conn, uint64_t *count, DnErr *err) {
    PGresult *failed = NULL;
    PGresult *last = NULL;
    *count = 0;
    int sent = 0;
    while ((sent = PQputCopyEnd(conn->pg, NULL)) == 0) {
        DnStatus status = dn_conn_wait(conn, what, err);
        if (status != DN_OK) {
            return status;
        }
    }
    if (sent < 0) {
        return dn_refusal_lost(conn->pg, what, err);
    }
    DnStatus status = take_results(conn, NULL, &failed, &last, err);
    if (status == DN_OK && failed) {
        *count = row_number(failed);
        status = dn_refusal_statement(conn->pg, failed, err);
    } else if (status == DN_OK && last) {
        *count = strtoull(PQcmdTuples(last), NULL, 10);
    }
    PQclear(failed);
    PQclear(last);
    return status;
}

bool dn_conn_alive(const DnConn *conn) {
    PGTransactionStatusType state = PQtransactionStatus(conn->pg);
    return PQstatus(conn->pg) == CONNECTION_OK && state != PQTRANS_ACTIVE && state != PQTRANS_UNKNOWN;
}

bool dn_conn_in_transaction(const DnConn *conn) {
    return PQtransactionStatus(conn->pg) == PQTRANS_INTRANS;
}
