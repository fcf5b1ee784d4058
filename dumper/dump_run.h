/*
 * dump_run.h - one run of a dump, from the connection to the last byte: what its parts share.
 *
 * dump.c is the whole; dump_read.c reads the catalog, dump_write.c writes the text and has the rows written.
 */
#ifndef DN_DUMPER_DUMP_RUN_H
#define DN_DUMPER_DUMP_RUN_H

#include "common/restrict_key.h"
#include "dumper/attempt.h"
#include "dumper/data.h"
#include "dumper/endpoint.h"
#include "dumper/session.h"
#include "dumper/statistics.h"
#include "sqlgen/script.h"

/* Told of the catalog. */
typedef struct DnFinding {
    DnEventKind kind;
    const char *text;
} DnFinding;

typedef struct DnDumpRun {
    DnAttempt *attempt;
    const DnDumpOptions *options;
    DnConn *conn;
    DnEndpoint server;
    DnJoin join;
    DnModel model;
    DnCatalog catalog;
    DN_VEC(DnFinding) findings; /* in the model's arena */
    DnLockNames locks;          /* of the attempt before this one */
    DnRender render;
    DnScript script;
    DnEntries entries;
    DnOutput *output;
    DnData data;
    DnRecorder recorder;
    DnStatisticsStream statistics;
    DnBuf text;
    unsigned long failures; /* dn_nomem_count() before the dump */
    unsigned char *passes;  /* by place in the order: in which passes the object has something, a bit each */
    unsigned sections;
    DnCompression compression;
    char restrict_key[DN_RESTRICT_KEY_SIZE];
} DnDumpRun;

/* Connects, reads all that comes before the first byte, and tells what was found. */
DnStatus dn_dump_read(DnDumpRun *run, DnErr *err) DN_MUST_USE;
/* Writes the dump, ends the transaction, and publishes the output. */
DnStatus dn_dump_write(DnDumpRun *run, DnDumpResult *result, DnErr *err) DN_MUST_USE;

/* Events of the run; `ctx` is it. */
void dn_dump_tell(const DnDumpRun *run, DnEventKind kind, const char *text, const char *detail,
                  const char *hint);
void dn_dump_tell_text(const DnDumpRun *run, DnEventKind kind, const char *text);
void dn_dump_step(void *ctx, const char *text);
void dn_dump_warning(void *ctx, const char *text);

#endif
