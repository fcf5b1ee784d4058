/*
 * blocked.h - who was in the way of a lock that could not be had in time.
 */
#ifndef DN_DUMPER_BLOCKED_H
#define DN_DUMPER_BLOCKED_H

#include "catalog/fetch.h"

/* After LOCK TABLE ran into lock_timeout: the error tells the table and the session that holds it, where the
   server shows us. Ends the transaction. */
DnStatus dn_blocked_tell(DnConn *conn, const DnModel *model, const char *timeout, DnErr *err);

#endif
