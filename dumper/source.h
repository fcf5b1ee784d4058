/*
 * source.h - a database that is lent to who copies it: its definitions as text, its rows on demand.
 *
 * The text is that of a dump, but for the rows. In their place each COPY has one line with a number, and
 * large objects a line "\rows NUMBER": the number is that of a DnSourceRows. Text and rows are of one
 * snapshot, which lasts until the function that was lent the source returns.
 */
#ifndef DN_DUMPER_SOURCE_H
#define DN_DUMPER_SOURCE_H

#include "common/buf.h"
#include "common/sum.h"
#include "common/vec.h"
#include "dumper/pg/conn.h"

struct DnEntry;
struct DnManifest;
struct DnOutput;
struct DnReadersOptions;
struct DnRender;
struct DnTableData;
struct DnLargeObjectData;

/* What a number in the text stands for. */
typedef struct DnSourceRows {
    const char *name; /* "public.orders", or "large objects" */
    bool binary;      /* all columns are of types whose binary form is the same in each version */
    bool large;       /* lines of an OID, a tab, and bytes in hexadecimal: see dn_large_objects_out() */
    uint64_t bytes;   /* on disk */
    uint64_t pages;   /* of the table, if it can be read in ranges of them; 0 = only as a whole */
    const struct DnTableData *table;             /* or NULL for */
    const struct DnLargeObjectData *large_group; /* large objects */
} DnSourceRows;

typedef struct DnSource DnSource;

typedef DnStatus (*DnSourceFn)(void *ctx, DnSource *source, DnErr *err);

struct DnSource {
    DnBuf text;
    DnBuf drops; /* of what the text creates, as far as it is there */
    DN_VEC(DnSourceRows) rows;
    uint64_t bytes;       /* of all rows, on disk */
    char digest[65];      /* of the definitions and whose rows there are, without values of sequences */
    const char *encoding; /* of text and rows */
    int server_version;
    DnConn *conn; /* the session that holds the snapshot, for who makes the call */
    bool joins;   /* others can see it, too: a role may not have the right to export it */
    bool ended;   /* dn_source_end() was called */

    /* private */
    DnSourceFn use;
    void *ctx;
    struct DnManifest *manifest;
    const struct DnRender *render;
    const struct DnReadersOptions *how;
    DnArena arena;
};

/* Reads the database as the options say, and calls `use`; what that returns is the result. Of the options,
   those about rows as text and about a destination don't count; of `result`, only the omissions do. The text
   is for a server of the major version `taken_by`. */
DN_MUST_USE DnStatus dn_source_lend(const DnDumpOptions *options, int taken_by, DnSourceFn use, void *ctx,
                                    DnDumpResult *result, DnErr *err);

/* Who gets the copy, by Supabase's rules of addresses. "" = nothing to say. */
typedef struct DnSourceTarget {
    bool is_supabase;
    char ref[64], user[320], sslmode[16];
} DnSourceTarget;

/* `wanted` as for a dump. DN_E_USAGE for an address that can't be meant so. */
DN_MUST_USE DnStatus dn_source_plan_target(const DnRestoreOptions *options, bool wanted,
                                           DnSourceTarget *target, DnErr *err);

/* Opens another session on the snapshot, for any thread. *conn is owned. `stop` may be NULL. */
DN_MUST_USE DnStatus dn_source_join(const DnSource *source, DnCancel *stop, DnConn **conn, DnErr *err);

/* A part of the rows: from page `first` to before `end`; end 0 = to the last one. */
typedef struct DnSourcePart {
    size_t rows; /* the number */
    uint32_t first, end;
} DnSourcePart;

/* Sends the COPY, in the binary form if the rows have one, on a session of dn_source_join(), and waits until
   it begins: dn_conn_copy_rows() has the rows, dn_conn_stream_end() ends it. DN_E_QUERY with *refused where
   the table can't be locked again at once: somebody waits for a stronger lock, behind that of the session
   which holds the snapshot. */
DN_MUST_USE DnStatus dn_source_copy(const DnSource *source, DnConn *conn, const DnSourcePart *part,
                                    bool *refused, DnErr *err);

/* DN_E_CONNECT once the session that holds snapshot and locks has ended; not while it is at work. */
DN_MUST_USE DnStatus dn_source_check(const DnSource *source, DnErr *err);
/* No more rows are wanted: ends the transaction that holds snapshot and locks. What was read on other
   sessions counts only if that succeeds: without the locks, tables may have been changed by TRUNCATE and the
   like, which no snapshot shows. */
DN_MUST_USE DnStatus dn_source_end(DnSource *source, DnErr *err);

/* ---- For dump_write.c and retry.c --------------------------------------------------- */

/* A DnWriteFn; `ctx` is the source. */
int dn_source_write(void *ctx, const void *bytes, size_t size);
/* Writes what stands in place of the entry's rows. */
DN_MUST_USE DnStatus dn_source_add(DnSource *source, const struct DnRender *render,
                                   const struct DnEntry *entry, struct DnOutput *output, DnErr *err);
/* All text is there: finds out what else there is to know, and lends it. */
DN_MUST_USE DnStatus dn_source_use(DnSource *source, const struct DnReadersOptions *how, DnErr *err);
void dn_source_deinit(DnSource *source);

#endif
