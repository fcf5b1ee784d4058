/*
 * stop.h - ends a query on the server, without being held up by a network that swallows the request.
 *
 * libpq's PQcancel() blocks until the server has hung up, for as long as it takes; so it runs in a thread of
 * its own, which is let go of when it takes too long.
 */
#ifndef DN_DUMPER_PG_STOP_H
#define DN_DUMPER_PG_STOP_H

#include <libpq-fe.h>

enum { DN_STOP_PATIENCE_MS = 3000 };

/* Takes the handle, which may be NULL. Returns when the server has the request, or patience is at its end. */
void dn_stop_query(PGcancel *handle);

#endif
