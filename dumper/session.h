/*
 * session.h - the dump's one transaction: how it begins, what is set inside it, and how it ends.
 *
 * Everything is local to the transaction, so a pooled session is the same after us as before.
 */
#ifndef DN_DUMPER_SESSION_H
#define DN_DUMPER_SESSION_H

#include "catalog/load.h"

/*
 * Begins a REPEATABLE READ READ ONLY transaction, reads the relations, locks those to be dumped with one
 * LOCK TABLE, and reads the rest of the catalog: two round trips.
 */
DnStatus dn_session_read_catalog(DnConn *conn, const DnDumpOptions *options, DnCatalog *catalog,
                                 DnErr *err) DN_MUST_USE;

/* Ends the transaction. */
DnStatus dn_session_end(DnConn *conn, DnErr *err) DN_MUST_USE;

#endif
