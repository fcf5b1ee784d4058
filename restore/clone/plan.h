/*
 * plan.h - rows that come from the source, in the index and the schedule of the text that has numbers in
 * their stead.
 *
 * The schedule knows rows as ranges of the dump's file. Here each table gets a range as long as it is on
 * disk, one behind the other, so a schedule is made as it is for a file; what of a table a piece stands for
 * follows from where it lies in that range.
 */
#ifndef DN_RESTORE_CLONE_PLAN_H
#define DN_RESTORE_CLONE_PLAN_H

#include "dumper/source.h"
#include "restore/clone/journal.h"
#include "restore/schedule.h"

/* The number in place of rows; false where it is none of the source's. */
bool dn_clone_place(const DnSource *source, const char *place, size_t size, size_t *number);
/* Puts sizes and ranges of the rows into the index of source->text, and says what may be done with each
   table. */
DN_MUST_USE DnStatus dn_clone_plan(DnSource *source, DnIndex *index, DnCloneTable *tables, DnErr *err);
/* The schedule, without the units that are `done`. */
DN_MUST_USE DnStatus dn_clone_schedule(const DnSource *source, DnIndex *index, DnCloneTable *tables,
                                       const bool *done, unsigned sessions, DnSchedule *schedule, DnErr *err);
/* Whether something is done that comes behind the rows. */
bool dn_clone_is_settled(const DnIndex *index, const bool *done);
/* What a job stands for that is a piece of a table. */
DnSourcePart dn_clone_part(const DnSource *source, const DnJob *job);

#endif
