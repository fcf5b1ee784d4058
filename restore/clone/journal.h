/*
 * journal.h - what is done of a clone: the restore's journal (restore/journal.h) with a line for each table's
 * rows, or piece of them, that tells how many they are and their checksum.
 *
 * A clone that is resumed has another snapshot. So what the journal says is kept as far as it is the same
 * there: definitions by the digest that names the journal, rows by their checksum.
 */
#ifndef DN_RESTORE_CLONE_JOURNAL_H
#define DN_RESTORE_CLONE_JOURNAL_H

#include "common/sum.h"
#include "restore/run.h"
#include "restore/schedule.h"

/* Rows of a number: see dumper/source.h. */
typedef struct DnCloneTable {
    bool plain;          /* the clone creates the table, and fills it by these rows alone */
    const char *target;  /* its name in the target; NULL unless plain */
    uint64_t pieces;     /* that they are copied in */
    uint64_t kept_lines; /* of the journal, about this many pieces: */
    uint64_t kept_pieces;
    uint64_t kept_rows;
    DnSum kept_sum;
} DnCloneTable;

/* Whether the journal tells of all rows. */
bool dn_clone_is_kept(const DnCloneTable *table);

/* Within a transaction. */
DN_MUST_USE DnStatus dn_clone_journal_begin(DnRun *run, const char *id, DnErr *err);
/* Adds the line of a piece, in place of an older one. */
DN_MUST_USE DnStatus dn_clone_journal_rows(DnRun *run, size_t number, uint64_t piece, uint64_t pieces,
                                           uint64_t rows, DnSum sum, DnErr *err);

/* Takes the lines of all pieces away. */
DN_MUST_USE DnStatus dn_clone_journal_forget(DnRun *run, size_t number, DnErr *err);
/* What an unfinished clone has done, to be filled: rows by their number, units of the index by theirs. */
typedef struct DnCloneDone {
    DnCloneTable *tables;
    size_t tables_count;
    bool *units;
    size_t units_count;
} DnCloneDone;

/* Reads it. Rows that are there only in part are deleted. DN_E_MISMATCH where there is no journal of that
   name. */
DN_MUST_USE DnStatus dn_clone_journal_read(DnRun *run, const char *id, DnCloneDone *done, DnErr *err);

#endif
