/*
 * run.h - runs the items of a dump on one session of the target.
 *
 * What is read is not trusted more than psql's \restrict would: psql's own commands are refused, but for
 * \connect where a database is to be made. In a transaction the dump's BEGIN and COMMIT, which pg_dump writes
 * around large objects, are passed over: the COMMIT would end ours in the middle.
 */
#ifndef DN_RESTORE_RUN_H
#define DN_RESTORE_RUN_H

#include "common/buf.h"
#include "dumper/pg/conn.h"
#include "restore/reader.h"
#include "restore/schema_notes.h"
#include "restore/selected.h"

struct DnJob; /* schedule.h */
struct DnRun;

/* Where rows come from that are not in the text (restore/clone/). */
typedef struct DnRowsFrom {
    /* All rows of the COPY statement `copy`, or the bytes of large objects (`copy` is ""): `place` is what
       stands in their stead. */
    DnStatus (*all)(void *ctx, struct DnRun *run, const char *copy, const char *place, size_t size,
                    DnErr *err);
    /* Those of a job that is a piece of a table. */
    DnStatus (*piece)(void *ctx, struct DnRun *run, const struct DnJob *job, DnErr *err);
    void *ctx;
} DnRowsFrom;

enum { DN_RUN_KEY = 256, DN_RUN_OBJECT = 256, DN_RUN_DATABASE = 256 };

typedef struct DnRun {
    const DnRestoreOptions *options;
    DnConn *conn;
    DnSqlReader *reader;
    DnRestoreResult result;
    DnCancel *stop;   /* ends waits, too; may be NULL */
    DnErr refused;    /* the first refusal, with options->go_on */
    bool partial;     /* parts of the dump only: \restrict and \unrestrict may be in different ones */
    bool transaction; /* all of it is in one that is open */
    DnRowsFrom from;  /* zero: rows are in the text */
    DnBuf copy;       /* with `from`: the COPY statement in work */

    /* the database that the dump makes: database.h */
    bool head;                     /* before \connect */
    char dropped[DN_RUN_DATABASE]; /* "" = none */
    char created[DN_RUN_DATABASE];

    DnBuf changed;              /* the statement, where options change it */
    const DnSelected *selected; /* the part that is run; NULL = all of it */
    DnSchemaNotes *schemas;     /* of a dump that nobody has seen before; may be NULL */

    /* the place in the dump */
    char key[DN_RUN_KEY];       /* of \restrict; "" = not restricted */
    char object[DN_RUN_OBJECT]; /* that the last header names */
    bool in_rows;               /* the server takes them; else they are passed over */
    uint64_t copy_line, rows_line;
    uint64_t row_bytes; /* so far */
    double begun, told; /* when, in seconds of the monotonic clock */
} DnRun;

/* Opens the session, on `database` unless that is NULL, and ends the one before. */
DN_MUST_USE DnStatus dn_run_connect(DnRun *run, const char *database, DnErr *err);
/* No time-out of the role or the database cuts the session short, at work or idle between two statements of
   the dump; what the dump sets itself counts. `before` is run first, in the same message, and may be "". */
DN_MUST_USE DnStatus dn_run_lift_limits(const DnRun *run, const char *before, DnErr *err);
void dn_run_disconnect(DnRun *run);
/* Whether a pooler in transaction mode stands before the target. */
DN_MUST_USE DnStatus dn_run_is_pooled(DnRun *run, bool *pooled, DnErr *err);
/* For words that give no rows, such as BEGIN. */
DN_MUST_USE DnStatus dn_run_words(const DnRun *run, const char *sql, DnErr *err);
/* The COMMIT behind which all is done: where nobody knows what came of it, the hint says so. */
DN_MUST_USE DnStatus dn_run_commit(DnRun *run, DnErr *err);
/* Of one transaction whose session was lost before its COMMIT: what that means, in the error's hint. */
void dn_run_hint_lost(const DnRun *run, DnStatus status, DnErr *err);
/* A DnSqlItemFn: runs the item; `ctx` is the DnRun. */
DN_MUST_USE DnStatus dn_run_item(void *ctx, const DnSqlItem *item, DnErr *err);

/* What the server refused, with its place in the dump, `row_line` 0 when it is no row's; DN_OK when it counts
   as a warning (options->go_on). */
DnStatus dn_run_refuse(DnRun *run, uint64_t line, uint64_t row_line, DnErr *err);
/* "standard input", or the path. */
const char *dn_run_name(const DnRun *run);
/* Puts the place in the dump before the message. */
DnStatus dn_run_place(const DnRun *run, uint64_t line, DnErr *err);
/* So many more bytes of rows have come: tells it, if it is time to, unless the run is of a part of the dump
   only. */
void dn_run_progress(DnRun *run, uint64_t bytes);
/* Tells an event; the hint is that of `err`, which may be NULL. */
void dn_run_tell(const DnRun *run, DnEventKind kind, const char *text, const DnErr *err);

#endif
