/*
 * join.h - further sessions, which see what the first one sees: what they need to know, and how they open.
 */
#ifndef DN_DUMPER_JOIN_H
#define DN_DUMPER_JOIN_H

#include "common/buf.h"
#include "dumper/pg/conn.h"

typedef struct DnJoin {
    const DnDumpOptions *options;
    DnConnOptions connection;
    bool local; /* the server is on this machine */
    bool rows;  /* will be read, if that pays, by several sessions */
    /* Gives up a lock soon: the first session, which has the locks, can't answer while it waits for this one,
       and who waits for those locks stands between them. */
    bool impatient;
    /* What the first session has been told; of the strings the model has the memory. */
    const char *server_start; /* when that server started: tells it from others; NULL = nobody has asked */
    const char *snapshot;     /* exported by the first session, which must live; NULL = it wasn't */
    uint64_t cache;           /* the server's shared_buffers, in bytes */
    DnConn *idle;             /* owned: one that is open and has nothing to do; or NULL */
} DnJoin;

/* Asks in the first session's transaction what the others need; a large catalog, or rows to read, have the
   snapshot exported. The answer's columns are these. */
enum { DN_JOIN_START, DN_JOIN_CACHE, DN_JOIN_CATALOG, DN_JOIN_SNAPSHOT };
void dn_join_write_sql(const DnJoin *join, uint64_t large_catalog, DnBuf *sql);
/* Opens a session on the snapshot, with the role and the settings of the first. *conn is owned, NULL on
   failure. */
DnStatus dn_join_open(const DnJoin *join, DnConn **conn, DnErr *err) DN_MUST_USE;

#endif
