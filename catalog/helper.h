/*
 * helper.h - a second session that takes a share of the catalog's queries.
 *
 * The server's work is most of the time that a large catalog takes, and a session has one processor. The
 * helper is a thread with a session of its own on the same snapshot: it and the calling thread each take the
 * next query that nobody has taken. Answers are handed to their functions by the calling thread alone, in the
 * order of the tasks, so that the model comes out the same as without help. What waits for its turn is
 * bounded; a helper that fails is done without.
 */
#ifndef DN_CATALOG_HELPER_H
#define DN_CATALOG_HELPER_H

#include "dumper/pg/conn.h"

typedef struct DnHelper DnHelper;

typedef struct DnTask {
    DnRequest request;
    bool unlocked; /* may be asked before the tables are locked */
    bool slow;     /* the helper begins with it */
} DnTask;

/* Opens the helper's session: called in its thread. *conn is owned. */
typedef DnStatus (*DnHelperOpen)(void *ctx, DnConn **conn, DnErr *err);

/* Starts the thread. `ctx` must live, and `stop` must be what ends the waits of the session, until
   dn_helper_end(). Returns owned; NULL where there is no room for it. */
DnHelper *dn_helper_start(DnHelperOpen open, void *ctx, DnCancel *stop);
/* As dn_conn_batch(): first the requests in `before`, which lock the tables, on `conn`; then all tasks, by
   whom ever. Only unlocked tasks are taken while `before` is at work. */
DnStatus dn_helper_batch(DnHelper *helper, DnConn *conn, const DnRequest *before, size_t before_count,
                         const DnTask *tasks, size_t count, DnErr *err) DN_MUST_USE;
/* Ends what the helper still does, waits for its thread, and frees it. Returns its session, owned, if it had
   nothing to do: else NULL. Takes NULL. */
DnConn *dn_helper_end(DnHelper *helper) DN_MUST_USE;

#endif
