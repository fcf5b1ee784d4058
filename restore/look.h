/*
 * look.h - what a dump has that no restore with these options takes, known from the text alone: refused when
 * it is to be run, and by a look at a file before anything is changed.
 */
#ifndef DN_RESTORE_LOOK_H
#define DN_RESTORE_LOOK_H

#include "restore/meta.h"
#include "restore/run.h"

/* *skip is true for the dump's own BEGIN and COMMIT in our transaction. */
DN_MUST_USE DnStatus dn_look_statement(const DnRun *run, const DnSqlItem *item, bool *skip, DnErr *err);
/* `database` is the one to connect to, "" = none. */
DN_MUST_USE DnStatus dn_look_meta(DnRun *run, const DnSqlItem *item, char database[DN_RUN_DATABASE],
                                  DnErr *err);
/* Either of them, as if it had been run; `run` needs no session. */
DN_MUST_USE DnStatus dn_look_item(DnRun *run, const DnSqlItem *item, DnErr *err);
/* Behind the last item. */
DN_MUST_USE DnStatus dn_look_end(const DnRun *run, DnErr *err);

#endif
