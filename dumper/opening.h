/*
 * opening.h - how each of the dump's transactions begins, and what is set inside it.
 */
#ifndef DN_DUMPER_OPENING_H
#define DN_DUMPER_OPENING_H

#include "common/buf.h"
#include "common/time_outs.h"
#include "dumper/pg/conn.h"

extern const char dn_repeatable_read[]; /* the usual BEGIN */

/* BEGIN, time-outs, snapshot, role. */
enum { DN_MOST_BEGINNINGS = DN_TIME_OUTS + 3 };

/* The requests point into it. */
typedef struct DnOpening {
    DnRequest begin[DN_MOST_BEGINNINGS];
    size_t count;
    DnRequest settings;
    DnBuf snapshot, settings_sql;
    DnBuf role, role_shown;
} DnOpening;

/* `isolation` is the BEGIN, `snapshot` one to take, or NULL. To be freed in any case. */
DnStatus dn_opening_make(DnOpening *opening, DnConn *conn, const DnDumpOptions *options,
                         const char *isolation, const char *snapshot, DnErr *err) DN_MUST_USE;
void dn_opening_deinit(DnOpening *opening);
/* Whether a time-out of the role's came before it was off. Where that happens just as it is switched off, the
   server's words are "due to user request" (PostgreSQL 12 to 18). */
bool dn_opening_timed_out(const DnErr *err);

#endif
