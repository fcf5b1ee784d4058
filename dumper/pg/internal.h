/*
 * internal.h - what the files of dumper/pg/ share: the libpq handles behind the opaque types.
 */
#ifndef DN_DUMPER_PG_INTERNAL_H
#define DN_DUMPER_PG_INTERNAL_H

#include <libpq-fe.h>

#include "common/buf.h"
#include "dumper/pg/binary.h"
#include "dumper/pg/conn.h"

struct DnRows {
    PGresult *result;
};

struct DnConn {
    PGconn *pg;
    DnCancel *cancel;
    DnCancel *stop; /* see dn_conn_watch() */
    void (*notice)(void *ctx, const char *text);
    void *notice_ctx;
    char *row;         /* the COPY row lent to the caller */
    bool row_goes_on;  /* its first part has been handed out */
    DnBinary binary;   /* where that is, in the binary form */
    DnBuf line;        /* the parts so far, where sums of rows are wanted */
    bool looked;       /* since the socket had anything, libpq was asked for what it holds back */
    int idle;          /* how often the next one was looked for in vain */
    long nap;          /* nanoseconds: how long rows may pile up */
    size_t since_nap;  /* bytes */
    DnRows lent;       /* the row of a SELECT lent to the caller */
    PGcancel *stopper; /* NULL once it was used */
    int stall_ms;      /* how long silence is taken for work; 0 = for ever */
    int backend;       /* the session's process on the server, or 0 for what libpq knows of it */
    int64_t expires;   /* see dn_conn_limit() */
};

/* Waits for the socket (POLLIN or POLLOUT) or a cancel handle; false when `deadline`, dn_now_ms() or -1, has
   passed. */
bool dn_conn_wait_until(const DnConn *conn, short events, int64_t deadline);

/* A handle that waits watch has fired. */
bool dn_conn_is_stopped(const DnConn *conn);
/* Cancels the query on the server; what a function returns then. */
DnStatus dn_conn_cancelled(DnConn *conn, DnErr *err) DN_MUST_USE;
/* Waits until the server sent something or takes something, and lets libpq have it. */
DnStatus dn_conn_wait(DnConn *conn, const char *what, DnErr *err) DN_MUST_USE;
/* Waits until all that libpq holds is sent. */
DnStatus dn_conn_flush(DnConn *conn, const char *what, DnErr *err) DN_MUST_USE;
/* The next result, or NULL in *result at the end of a query's results. */
DnStatus dn_conn_result(DnConn *conn, const char *what, PGresult **result, DnErr *err) DN_MUST_USE;
/* Returns owned (PQconninfoFree), or NULL. */
PQconninfoOption *dn_conninfo_read(const DnConnOptions *options);
/* "" where there is no value; `options` may be NULL. */
const char *dn_conninfo_value(const PQconninfoOption *options, const char *keyword);

/* One attempt by libpq. `deadline` is dn_now_ms(), or -1 for connect_timeout's. */
DnStatus dn_conn_open_once(const DnConnOptions *options, int64_t deadline, DnConn **out,
                           DnErr *err) DN_MUST_USE;

#endif
