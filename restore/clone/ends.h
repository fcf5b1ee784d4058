/*
 * ends.h - proves that source and target are not the same database.
 */
#ifndef DN_RESTORE_CLONE_ENDS_H
#define DN_RESTORE_CLONE_ENDS_H

#include "dumper/pg/conn.h"

/* Takes an advisory lock in the source's transaction, and looks for it in the target; of a source that is a
   standby, compares the clusters. DN_E_USAGE when they are the same. */
DN_MUST_USE DnStatus dn_clone_check_ends(DnConn *source, DnConn *target, DnErr *err);

#endif
