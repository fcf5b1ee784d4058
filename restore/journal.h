/*
 * journal.h - which jobs of a parallel restore are done: a table in the target, so that each job and its line
 * are one transaction. Whatever is killed, and whenever, the journal is the truth.
 *
 * The schema dumpnative_restore is there from the beginning of a restore until it is complete. With a claim
 * (claim.h) nobody else writes to it.
 */
#ifndef DN_RESTORE_JOURNAL_H
#define DN_RESTORE_JOURNAL_H

#include "restore/run.h"
#include "restore/schedule.h"

/* What a journal is of: the dump's SHA-256, and a mark of the options that change what is run. */
enum { DN_JOURNAL_ID = 96 };

void dn_journal_name(const char sha256[65], const DnRestoreOptions *options, char id[DN_JOURNAL_ID]);
/* DN_E_MISMATCH where there is one. `dump` is what dn_journal_name() has made. */
DN_MUST_USE DnStatus dn_journal_check(DnRun *run, const char *dump, DnErr *err);
/* Begins one, for so many sessions. */
DN_MUST_USE DnStatus dn_journal_begin(DnRun *run, const char *dump, unsigned sessions, DnErr *err);
/* How many sessions the one that is there was begun for. DN_E_MISMATCH where there is none, or another
   one. */
DN_MUST_USE DnStatus dn_journal_expect(DnRun *run, const char *dump, unsigned *sessions, DnErr *err);
/* DN_E_MISMATCH where the server has crashed since the journal was begun, and has unlogged tables: what they
   had is gone. */
DN_MUST_USE DnStatus dn_journal_check_crash(DnRun *run, DnErr *err);
/* Marks what is done of a schedule for as many sessions. DN_E_MISMATCH after a crash. */
DN_MUST_USE DnStatus dn_journal_resume(DnRun *run, DnSchedule *schedule, DnErr *err);
/* Ends the job's transaction, with its line. */
DN_MUST_USE DnStatus dn_journal_commit(DnRun *run, const DnJob *job, DnErr *err);
/* Takes any journal away, in the transaction that is open. */
DN_MUST_USE DnStatus dn_journal_drop(DnRun *run, DnErr *err);
/* Takes the journal away, in the transaction that may be open. */
DN_MUST_USE DnStatus dn_journal_end(DnRun *run, DnErr *err);

#endif
