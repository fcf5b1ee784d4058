/*
 * rows.h - rows from the source straight into the target: COPY out of one session, COPY into another, a block
 * at a time.
 *
 * Neither side waits for the other but through us, and each wait watches the cancel handles, so a slow side
 * slows the other down and nothing more.
 */
#ifndef DN_RESTORE_CLONE_ROWS_H
#define DN_RESTORE_CLONE_ROWS_H

#include <pthread.h>
#include <stdatomic.h>

#include "dumper/source.h"
#include "restore/clone/journal.h"
#include "restore/run.h"

/* What all sessions of a clone have in common. */
typedef struct DnCloneSource {
    DnSource *source;
    pthread_mutex_t mutex; /* of source->conn */
    bool fresh;            /* tables are created in the transaction that fills them: no journal */
    bool settled;         /* keys and the like are there: rows that differ by now can't be changed any more */
    atomic_bool stale;    /* such rows were found */
    DnCloneTable *tables; /* by number of the rows */
} DnCloneSource;

/* A session of the source for one of the target. Zero-initialise, then set the first three. */
typedef struct DnCloneRows {
    DnCloneSource *shared;
    DnCancel *stop;           /* ends waits; may be NULL */
    _Atomic uint64_t *copied; /* bytes */
    bool alone;               /* uses the session that holds the snapshot */
    DnConn *conn;             /* else its own, once it was needed */
    char *block;
} DnCloneRows;

/* For DnRun.from. */
DnRowsFrom dn_clone_rows_from(DnCloneRows *rows);
void dn_clone_rows_deinit(DnCloneRows *rows);

#endif
