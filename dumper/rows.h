/*
 * rows.h - what a piece of the plan is made of: rows as COPY text or as INSERTs, bytes of large objects.
 */
#ifndef DN_DUMPER_ROWS_H
#define DN_DUMPER_ROWS_H

#include "dumper/pg/conn.h"
#include "dumper/plan.h"
#include "dumper/work.h"

typedef struct DnRowsOptions {
    const DnRender *render;
    unsigned rows_per_insert;
    bool sums; /* of the rows, are wanted: see work.h */
} DnRowsOptions;

/* The statement that reads a piece. */
void dn_rows_query(DnBuf *sql, const DnRowsOptions *options, const DnPiece *piece);
/* Takes its answer into the work. */
DnStatus dn_rows_take(DnConn *conn, const DnRowsOptions *options, const DnPiece *piece, DnWork *work,
                      DnErr *err) DN_MUST_USE;
/* The same for large objects. */
DnStatus dn_rows_take_large(DnConn *conn, const DnRender *render, DnWork *work, DnErr *err) DN_MUST_USE;

/* Adds which object the error is about, unless a lower layer has said so. */
DnStatus dn_rows_about(const DnObject *object, DnErr *err);

#endif
