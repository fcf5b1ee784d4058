/*
 * alive.h - tells a connection that is dead from one whose server is at work.
 *
 * TCP keepalives find out about a peer that is gone. What answers them may still be silent: a proxy, a
 * firewall, a server that hangs. So after stall_seconds of silence the server is asked, over a connection
 * of its own, what our session is doing. A session that computes, or waits for a lock or for its disk, is
 * left alone, however long it takes. One that waits for us (it believes that it has sent what we wait for,
 * or still tries to), one that is gone, and a server that can't be asked: these are stalls.
 */
#ifndef DN_DUMPER_PG_ALIVE_H
#define DN_DUMPER_PG_ALIVE_H

#include "dumper/pg/internal.h"

/* Asks for keepalives of a minute, where the connection's parameters don't say otherwise. */
void dn_alive_keep(PGconn *pg);
/* Whether the server says that it is at work for this connection. Takes DN_ALIVE_ASK_MS at most. */
bool dn_alive_ask(const DnConn *conn);

enum { DN_ALIVE_ASK_MS = 10000 };

#endif
