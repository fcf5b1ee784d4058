/*
 * data.h - the rows: asked for in one message, streamed in the order of the dump.
 *
 * dn_data_begin() sends a single Query message with a SELECT for each sequence and a COPY (or SELECT) for
 * each table and a COPY for each group of large objects, so the server sends everything back to back. The
 * answers must then be taken in that order: sequence values first, then each table.
 */
#ifndef DN_DUMPER_DATA_H
#define DN_DUMPER_DATA_H

#include "catalog/model/model.h"
#include "dumper/pg/conn.h"
#include "dumper/sink/output.h"
#include "sqlgen/entry.h"

typedef struct DnData {
    DnConn *conn;
    const DnRender *render;
    DnOutput *output;
    unsigned rows_per_insert;
    DnEventFn event;
    void *event_ctx;
    double started; /* seconds on the monotonic clock */
    double last_progress;
    DnEvent totals; /* what all events have in common; rows and bytes of finished tables */
} DnData;

double dn_now(void);

/* Sends the message for all TABLE_DATA and SEQUENCE_SET objects of the ordered model, and takes the
   sequences' values into the model. Nothing is sent when there are none. */
DnStatus dn_data_begin(DnData *data, DnModel *model, bool *streaming, DnErr *err) DN_MUST_USE;
/* Writes the rows of the next table, the bytes of the next large objects: whatever the entry stands for. */
DnStatus dn_data_next(DnData *data, const DnEntry *entry, DnErr *err) DN_MUST_USE;

#endif
