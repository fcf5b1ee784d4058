/*
 * data.h - the rows, written where they belong in the dump.
 *
 * dn_data_sequences() takes the values of the sequences; dn_data_begin() starts the sessions that read rows
 * (readers.h).
 * Their tables must then be written in the order of the model; dn_data_end() gives the session that read the
 * catalog back to its owner.
 */
#ifndef DN_DUMPER_DATA_H
#define DN_DUMPER_DATA_H

#include "dumper/manifest/record.h"
#include "dumper/readers.h"
#include "dumper/sink/output.h"

typedef struct DnData {
    DnReadersOptions how;
    DnOutput *output;
    DnRecorder *recorder; /* or NULL */
    DnEventFn event;
    void *event_ctx;
    double started; /* seconds on the monotonic clock */
    double last_progress;
    DnEvent totals; /* what all events have in common; rows and bytes of finished tables */

    DnReaders *readers; /* NULL = there is nothing to read, or nothing more */
    size_t job, piece;  /* of the plan: what the next byte belongs to */
    DnBlock *block;     /* in work, or NULL */
    size_t at, end;     /* its next byte; the next of its ends */
} DnData;

DnStatus dn_data_sequences(DnData *data, DnErr *err) DN_MUST_USE;
DnStatus dn_data_begin(DnData *data, DnErr *err) DN_MUST_USE;
/* Writes the rows of the next table, the bytes of the next large objects: whatever the entry stands for. */
DnStatus dn_data_next(DnData *data, const DnEntry *entry, DnErr *err) DN_MUST_USE;
/* After the last of them; nothing is done the second time. */
DnStatus dn_data_end(DnData *data, DnErr *err) DN_MUST_USE;
/* When the dump has failed. */
void dn_data_abort(DnData *data);

#endif
