/*
 * locks.h - the ACCESS SHARE locks that keep tables as they are until the dump is done.
 *
 * All of them are taken in one statement, once the relations are known, and so after the snapshot. Where
 * other sessions were faster in between, the next attempt takes its locks first: LOCK TABLE alone needs no
 * snapshot.
 */
#ifndef DN_DUMPER_LOCKS_H
#define DN_DUMPER_LOCKS_H

#include "catalog/fetch.h"

/* Whether that is one of the tables to lock. */
bool dn_locks_needed(const DnObject *object);
/* "LOCK TABLE a, b, ... IN ACCESS SHARE MODE"; false when there is nothing to lock. */
bool dn_locks_write(DnBuf *sql, const DnDumpOptions *options, const DnModel *model);
/* Adds to the error of a refused LOCK what this face says of it. */
void dn_locks_explain(const DnDumpOptions *options, const DnModel *model, DnErr *err);

/* The names of a model's tables, which outlive it. */
typedef struct DnLockNames {
    DnArena arena;
    DN_VEC(const char *) names;
} DnLockNames;

/* Replaces what was there. */
void dn_lock_names_set(DnLockNames *names, const DnDumpOptions *options, const DnModel *model);
void dn_lock_names_deinit(DnLockNames *names);
/* In a transaction without a snapshot: locks those that are still there. */
DnStatus dn_lock_names_take(const DnLockNames *names, DnConn *conn, DnErr *err) DN_MUST_USE;

/* Whether the server's error may come of another session's changes, so that reading again helps. */
bool dn_locks_moved(const DnErr *err);
/* It didn't, `attempts` times: names the object in place of the server's number, and says what to do. */
DnStatus dn_locks_tell_moved(const DnModel *model, int attempts, DnErr *err);

#endif
