/*
 * retry.h - which failures may pass when it is tried again.
 *
 * A session that is lost while its snapshot's holder lives costs only the job that it read (reader.h). Where
 * the holder is lost, or the server ends the transaction for reasons that pass (conflicts with a standby's
 * replay, deadlocks), nothing that was read can be kept: the dump begins anew, under another snapshot.
 */
#ifndef DN_DUMPER_RETRY_H
#define DN_DUMPER_RETRY_H

#include "include/dumpnative.h"

/* The connection, and not what was asked over it. */
bool dn_retry_is_lost(const DnErr *err);
/* Whether a dump that failed so may come to a good end in another transaction. */
bool dn_retry_may_pass(const DnErr *err);

#endif
