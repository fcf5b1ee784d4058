/*
 * database.h - dumps that make their database (--create): CREATE DATABASE, then \connect.
 *
 * Neither can be in a transaction. So with options->create what stands before \connect runs on the database
 * that the target names, each statement for itself, and may be about databases only; the transaction begins
 * behind \connect. Where the new database has settings of its own, pg_dump writes another \connect for them
 * to count: there the transaction is committed, and a new one begins. When something fails, the database that
 * was made is dropped again, with all that is in it.
 */
#ifndef DN_RESTORE_DATABASE_H
#define DN_RESTORE_DATABASE_H

#include "restore/meta.h"
#include "restore/run.h"

/* Whether the statement may run here. */
DN_MUST_USE DnStatus dn_database_check(const DnRun *run, const DnSqlItem *item, DnErr *err);
/* It has run. */
void dn_database_note(DnRun *run, const DnSqlItem *item);
/* What \connect leads to: the database that was made and no other. */
DN_MUST_USE DnStatus dn_database_of_connect(const DnRun *run, const DnSqlItem *item, const DnMeta *meta,
                                            char database[DN_RUN_DATABASE], DnErr *err);
DN_MUST_USE DnStatus dn_database_connect(DnRun *run, const char *database, DnErr *err);
/* The restore has failed: undoes what it can, and tells what it can't. Ends the session. */
void dn_database_undo(DnRun *run);

#endif
