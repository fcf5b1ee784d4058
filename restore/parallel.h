/*
 * parallel.h - a dump over several sessions at once (options->jobs), and what was left of such a restore
 * (options->resume).
 *
 * No single transaction can do that: each job of the schedule (schedule.h) is one, and the journal
 * (journal.h) tells which are done.
 */
#ifndef DN_RESTORE_PARALLEL_H
#define DN_RESTORE_PARALLEL_H

#include "include/dumpnative.h"

DN_MUST_USE DnStatus dn_restore_parallel(const DnRestoreOptions *options, DnRestoreResult *result,
                                         DnErr *err);

#endif
