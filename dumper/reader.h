/*
 * reader.h - one session that reads rows, in a thread of its own.
 *
 * It takes jobs from the flow, sends each as one Query message (a COPY ... TO STDOUT, or with INSERTs a
 * SELECT, for each piece) so that the server streams the answers back to back, and hands the text in.
 *
 * The first reader has the session that read the catalog and holds the locks. The others open sessions of
 * their own on its snapshot and lock what they read, without waiting: where somebody else waits for a
 * stronger lock by now, a wait of ours would never end. Such a job goes back to the first reader, and that
 * session ends, as one does that could not be opened: the dump goes on with what it has.
 *
 * A session that is lost is replaced, and its job read again from the beginning (work.h); when none can be
 * had, that job goes back to the first reader, too. What the first reader loses is lost: it holds the
 * snapshot.
 */
#ifndef DN_DUMPER_READER_H
#define DN_DUMPER_READER_H

#include <pthread.h>

#include "dumper/join.h"
#include "dumper/rows.h"

typedef struct DnReader {
    DnFlow *flow;
    const DnPlan *plan;
    DnRowsOptions rows;
    DnConn *conn; /* the first reader's, or one that is open already; NULL for those that open their own */
    const DnJoin *others; /* how they do; NULL of the first */
    pthread_t thread;
} DnReader;

/* False when the system has no room for a thread. */
bool dn_reader_start(DnReader *reader);

#endif
