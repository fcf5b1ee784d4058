/* answer.c - single queries, whose rows are kept for later. */
#include <stdlib.h>

#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"

DnStatus dn_conn_request(DnConn *conn, const DnRequest *request, DnErr *err) {
    const char *values[1] = {request->param};
    bool sent =
        PQsendQueryParams(conn->pg, request->sql, request->param ? 1 : 0, NULL, values, NULL, NULL, 0);
    return sent ? DN_OK : dn_refusal_lost(conn->pg, request->what, err);
}

DnStatus dn_conn_answer(DnConn *conn, const DnRequest *request, DnRows **rows, DnErr *err) {
    DnRows *answer = calloc(1, sizeof *answer);
    if (!answer) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_conn_result(conn, request->what, &answer->result, err);
    ExecStatusType kind = status == DN_OK ? PQresultStatus(answer->result) : PGRES_FATAL_ERROR;
    if (status == DN_OK && kind != PGRES_TUPLES_OK && kind != PGRES_COMMAND_OK) {
        status = dn_refusal_result(conn->pg, answer->result, request->what, err);
        dn_err_query(err, request->shown ? request->shown : request->sql);
    }
    if (status == DN_OK) {
        PGresult *end = NULL;
        status = dn_conn_result(conn, request->what, &end, err);
        PQclear(end);
    }
    if (status != DN_OK) {
        dn_rows_free(answer);
        answer = NULL;
    }
    *rows = answer;
    return status;
}

void dn_rows_free(DnRows *rows) {
    if (rows) {
        PQclear(rows->result);
        free(rows);
    }
}

size_t dn_rows_memory(const DnRows *rows) {
    return PQresultMemorySize(rows->result);
}
