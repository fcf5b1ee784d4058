/* batch.c - several queries at once, whose answers are taken in order. */
#include "common/err.h"
#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"

static DnStatus send_batch(DnConn *conn, const DnRequest *requests, size_t count, DnErr *err) {
    if (!PQenterPipelineMode(conn->pg)) {
        return dn_refusal_lost(conn->pg, "starting a pipeline", err);
    }
    for (size_t i = 0; i < count; i++) {
        const char *values[1] = {requests[i].param};
        if (!PQsendQueryParams(conn->pg, requests[i].sql, requests[i].param ? 1 : 0, NULL, values, NULL, NULL,
                               0)) {
            return dn_refusal_lost(conn->pg, requests[i].what, err);
        }
    }
    if (!PQpipelineSync(conn->pg)) {
        return dn_refusal_lost(conn->pg, "sending a pipeline", err);
    }
    return DN_OK;
}

static DnStatus take_result(DnConn *conn, const DnRequest *request, DnErr *err) {
    PGresult *result = NULL;
    DnStatus status = dn_conn_result(conn, request->what, &result, err);
    if (status != DN_OK) {
        return status;
    }
    ExecStatusType kind = PQresultStatus(result);
    if (kind == PGRES_TUPLES_OK || kind == PGRES_COMMAND_OK) {
        const DnRows rows = {.result = result};
        status = request->rows ? request->rows(request->ctx, &rows, err) : DN_OK;
    } else {
        status = dn_refusal_result(conn->pg, result, request->what, err);
        dn_err_query(err, request->shown ? request->shown : request->sql);
    }
    PQclear(result);
    return status;
}

/* What each query's results end with, and the simple protocol's message. */
static DnStatus take_null(DnConn *conn, const char *what, DnErr *err) {
    PGresult *result = NULL;
    DnStatus status = dn_conn_result(conn, what, &result, err);
    if (status == DN_OK && result) {
        status = dn_refusal_result(conn->pg, result, what, err);
    }
    PQclear(result);
    return status;
}

DnStatus dn_conn_batch(DnConn *conn, const DnRequest *requests, size_t count, DnErr *err) {
    DnStatus status = send_batch(conn, requests, count, err);
    for (size_t i = 0; status == DN_OK && i < count; i++) {
        status = take_result(conn, &requests[i], err);
        status = status == DN_OK ? take_null(conn, requests[i].what, err) : status;
    }
    if (status != DN_OK) {
        return status; /* the connection is of no further use: its owner closes it */
    }
    PGresult *sync = NULL;
    status = dn_conn_result(conn, "ending a pipeline", &sync, err);
    if (status == DN_OK && PQresultStatus(sync) != PGRES_PIPELINE_SYNC) {
        status = dn_refusal_result(conn->pg, sync, "ending a pipeline", err);
    }
    PQclear(sync);
    if (status == DN_OK && !PQexitPipelineMode(conn->pg)) {
        status = dn_refusal_lost(conn->pg, "ending a pipeline", err);
    }
    return status;
}

DnStatus dn_conn_message(DnConn *conn, const DnRequest *requests, size_t count, DnErr *err) {
    DnBuf sql = {0};
    for (size_t i = 0; i < count; i++) {
        dn_buf_fmt(&sql, "%s;\n", requests[i].sql);
    }
    DnStatus status = dn_buf_failed(&sql) ? dn_err_nomem(err) : dn_conn_ask(conn, dn_buf_text(&sql), err);
    dn_buf_deinit(&sql);
    for (size_t i = 0; status == DN_OK && i < count; i++) {
        status = take_result(conn, &requests[i], err);
    }
    return status == DN_OK ? take_null(conn, "ending a query", err) : status;
}

DnStatus dn_conn_recover(DnConn *conn, DnErr *err) {
    bool pipeline = PQpipelineStatus(conn->pg) != PQ_PIPELINE_OFF;
    for (bool ended = false; !ended;) {
        PGresult *result = NULL;
        DnStatus status = dn_conn_result(conn, "ending what has failed", &result, err);
        if (status != DN_OK) {
            return status;
        }
        /* In a pipeline each query's results end with a NULL, the whole with the sync. */
        ended = pipeline ? PQresultStatus(result) == PGRES_PIPELINE_SYNC : !result;
        PQclear(result);
        if (PQstatus(conn->pg) != CONNECTION_OK) {
            return dn_refusal_lost(conn->pg, "ending what has failed", err);
        }
    }
    return !pipeline || PQexitPipelineMode(conn->pg) ? DN_OK
                                                     : dn_refusal_lost(conn->pg, "ending a pipeline", err);
}
