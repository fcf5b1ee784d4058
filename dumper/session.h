/*
 * session.h - the dump's one transaction: how it begins, what is set inside it, and how it ends.
 *
 * Everything is local to the transaction, so a pooled session is the same after us as before.
 */
#ifndef DN_DUMPER_SESSION_H
#define DN_DUMPER_SESSION_H

#include "catalog/load.h"
#include "dumper/join.h"
#include "dumper/locks.h"

/*
 * Begins a REPEATABLE READ READ ONLY transaction, reads the relations, locks those to be dumped with one
 * LOCK TABLE, reads the rest of the catalog, and orders it: two round trips. `tables` of an attempt before
 * this one are locked first; there may be none. Where a second session pays (second.h), it helps. What
 * further ones need is in `join` afterwards.
 */
DnStatus dn_session_read_catalog(DnConn *conn, DnJoin *join, const DnLockNames *tables, DnCatalog *catalog,
                                 DnErr *err) DN_MUST_USE;
/* Whether that failed since another session changed what was read: it may do better next time. */
bool dn_session_moved(const DnErr *err);
/* The error's SQLSTATE where the server saw nothing wrong: t_r_serialization_failure. */
#define DN_SESSION_CHANGED "40001"
/* After an error of the server: ends the transaction, so that another can begin. */
DnStatus dn_session_roll_back(DnConn *conn, DnErr *err) DN_MUST_USE;

/* Ends the transaction. */
DnStatus dn_session_end(DnConn *conn, DnErr *err) DN_MUST_USE;

#endif
