/*
 * readers.h - the sessions that read rows: how many pay, and their life.
 */
#ifndef DN_DUMPER_READERS_H
#define DN_DUMPER_READERS_H

#include "dumper/reader.h"

typedef struct DnReadersOptions {
    const DnDumpOptions *dump;
    DnConn *conn; /* the session that read the catalog: the first reader has it until the end */
    DnJoin *join; /* how the others open; who is idle is taken over */
    DnModel *model;
    const DnRender *render;
    bool sums;                                 /* of the rows, are wanted */
    void (*tell)(void *ctx, const char *text); /* how many, and why */
    void *tell_ctx;
} DnReadersOptions;

typedef struct DnReaders DnReaders;

/* Cuts what there is to read into jobs. *out is owned. */
DnStatus dn_readers_new(const DnReadersOptions *options, DnReaders **out, DnErr *err) DN_MUST_USE;
/* From here the first session is the readers', until they end. */
DnStatus dn_readers_start(DnReaders *readers, DnErr *err) DN_MUST_USE;
const DnPlan *dn_readers_plan(const DnReaders *readers);
DnFlow *dn_readers_flow(const DnReaders *readers);
/* When all has been written: waits for the threads, frees, tells whether all of them came to a good end. */
DnStatus dn_readers_finish(DnReaders *readers, DnErr *err) DN_MUST_USE;
/* When the dump has failed: ends the threads, frees. Takes NULL. */
void dn_readers_stop(DnReaders *readers);

#endif
