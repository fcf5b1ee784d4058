/*
 * internal.h - what the files of dumper/pg/ share: the libpq handles behind the opaque types.
 */
#ifndef DN_DUMPER_PG_INTERNAL_H
#define DN_DUMPER_PG_INTERNAL_H

#include <libpq-fe.h>

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
    char *row;   /* the COPY row lent to the caller */
    int idle;    /* how often the next one was looked for in vain */
    DnRows lent; /* the row of a SELECT lent to the caller */
};

#endif
