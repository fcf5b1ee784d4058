/*
 * watch.h - looks for sessions that wait for a lock behind the dump's, while rows stream.
 *
 * A dump's locks stop nobody but who wants to change a table; yet such a session stops all that come after
 * it. A thread with a small session of its own, opened only when rows have streamed for a while, tells of it;
 * where the caller would rather have no dump than a stall, it fails the flow and ends the session that holds
 * the locks, even while the writer hangs at a reader that takes nothing. A session that can't be had is done
 * without.
 */
#ifndef DN_DUMPER_WATCH_H
#define DN_DUMPER_WATCH_H

#include "dumper/flow.h"
#include "dumper/pg/conn.h"

typedef struct DnWatchOptions {
    DnFlow *flow;             /* hears of it, and fails; must outlive the watch */
    DnConnOptions connection; /* borrowed likewise */
    int backend;              /* the session that holds the locks */
    int second;               /* one that has some of its own; 0 = none */
    int server_version;
    unsigned yield; /* after so many seconds give up; 0 = never, only tell */
} DnWatchOptions;

typedef struct DnWatch DnWatch;

/* NULL when the system has no room for it. */
DnWatch *dn_watch_start(const DnWatchOptions *options);
/* Takes NULL. */
void dn_watch_stop(DnWatch *watch);

#endif
