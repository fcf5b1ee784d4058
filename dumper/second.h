/*
 * second.h - the second session that helps to read a large catalog: whether it pays, and its life.
 */
#ifndef DN_DUMPER_SECOND_H
#define DN_DUMPER_SECOND_H

#include "catalog/helper.h"
#include "common/arena.h"
#include "dumper/session.h"

typedef struct DnSecond {
    DnSessionJoin join;
    DnArena arena;
    DnCancel *stop;   /* ends its waits */
    DnHelper *helper; /* NULL where there is none */
} DnSecond;

/* Whether a catalog may be read over two sessions, as far as can be known before it is asked how large it
   is. */
bool dn_second_is_worth_asking(const DnDumpOptions *options, const DnConn *conn);
/* The request that tells it, for the transaction of the first session; then the second one is opened in the
   background. `connection` is how; both must live until dn_second_end(). */
DnRequest dn_second_request(DnSecond *second, const DnDumpOptions *options, const DnConnOptions *connection);
/* Whether the server has refused that request, since the role may not export a snapshot: some that manage a
   server for others take the right away. */
bool dn_second_is_denied(const DnErr *err);
/* Ends the second session, if there is one. */
void dn_second_end(DnSecond *second);

#endif
