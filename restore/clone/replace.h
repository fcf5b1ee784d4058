/*
 * replace.h - drops what is in the way of a clone: by the source's list of drops, in an order that the
 * target's own dependencies may change, since it need not have the source's.
 */
#ifndef DN_RESTORE_CLONE_REPLACE_H
#define DN_RESTORE_CLONE_REPLACE_H

#include "dumper/source.h"
#include "restore/needs.h"

/* In the open transaction: what `source` creates, as far as it is there, and the journal of a clone before.
   DN_E_MISMATCH for a partition that would go with its table and isn't the source's. */
DN_MUST_USE DnStatus dn_clone_replace(const DnSource *source, const DnNeeds *needs, DnRun *run, DnErr *err);

#endif
