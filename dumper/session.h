/*
 * session.h - the dump's one transaction: how it begins, what is set inside it, and how it ends.
 *
 * Everything is local to the transaction, so a pooled session is the same after us as before.
 */
#ifndef DN_DUMPER_SESSION_H
#define DN_DUMPER_SESSION_H

#include "catalog/load.h"
#include "dumper/locks.h"

/*
 * Begins a REPEATABLE READ READ ONLY transaction, reads the relations, locks those to be dumped with one
 * LOCK TABLE, and reads the rest of the catalog: two round trips. `tables` of an attempt before this one are
 * locked first; there may be none. Where a second session pays (second.h), it connects as `connection` says.
 */
DnStatus dn_session_read_catalog(DnConn *conn, const DnDumpOptions *options, const DnConnOptions *connection,
                                 const DnLockNames *tables, DnCatalog *catalog, DnErr *err) DN_MUST_USE;
/* Whether that failed since another session changed what was read: it may do better next time. */
bool dn_session_moved(const DnErr *err);
/* The error's SQLSTATE where the server saw nothing wrong: t_r_serialization_failure. */
#define DN_SESSION_CHANGED "40001"
/* After an error of the server: ends the transaction, so that another can begin. */
DnStatus dn_session_roll_back(DnConn *conn, DnErr *err) DN_MUST_USE;

/* How further sessions see what the first one sees. */
typedef struct DnSessionJoin {
    const DnDumpOptions *options;
    DnConnOptions connection;
    char *snapshot;     /* exported by the first session, which must live */
    char *server_start; /* when that server started: tells it from others */
    bool local;         /* whether dn_session_wide pays */
} DnSessionJoin;

/* Opens a session on that snapshot, with the same role and settings. *conn is owned, NULL on failure. */
DnStatus dn_session_join(const DnSessionJoin *join, DnConn **conn, DnErr *err) DN_MUST_USE;
/* A request whose answer is so big that libpq's buffer stays big: 16 KB at a time becomes 256, which takes a
   twentieth off the time of both sides. Over a network its answer costs more than it brings. */
extern const DnRequest dn_session_wide;
/* The query whose answer is server_start. */
extern const char dn_session_start_sql[];

/* Ends the transaction. */
DnStatus dn_session_end(DnConn *conn, DnErr *err) DN_MUST_USE;

#endif
