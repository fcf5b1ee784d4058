/*
 * drops.h - what --clean drops before a dump that has no DROPs itself creates it: of each CREATE the DROP ...
 * IF EXISTS, without CASCADE.
 *
 * What is created IF NOT EXISTS, or OR REPLACE, stays. Indexes, triggers and the like of a table that the
 * dump creates go with that. Drops that others of the list stand in the way of are tried again behind them,
 * so an order isn't needed; what depends on something of the list and isn't in it makes all of it fail.
 */
#ifndef DN_RESTORE_DROPS_H
#define DN_RESTORE_DROPS_H

#include "common/map.h"
#include "common/vec.h"
#include "restore/run.h"

typedef struct DnDrops {
    DnArena arena;
    DN_VEC(const char *) statements; /* in the order of the dump */
    DN_VEC(const char *) tables;     /* as they are spelled */
    const char *encoding;            /* of all this, borrowed; NULL = the session's */
    DnMap created;                   /* relations, as of token.h's names with a line end between */
} DnDrops;

/* Takes note of what a statement creates, in the words that are run. */
void dn_drops_take(DnDrops *drops, const char *sql);
void dn_drops_deinit(DnDrops *drops);
/* Drops all of it, as a part of the open transaction if there is one. DN_E_QUERY, with nothing dropped, when
   something else depends on it, or a table of it has a partition that isn't in the list. */
DN_MUST_USE DnStatus dn_drops_run(const DnDrops *drops, DnRun *run, DnErr *err);

#endif
