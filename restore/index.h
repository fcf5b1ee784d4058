/*
 * index.h - where everything is in a plain dump: what one scan of the file finds, so that it can be run in
 * another order, by several sessions.
 *
 * A unit is what stands between one header comment (header.h) and the next. What runs beside what is decided
 * by its statements, not by its comment alone: a unit that is not just what its header says runs on its own,
 * in the order of the file.
 */
#ifndef DN_RESTORE_INDEX_H
#define DN_RESTORE_INDEX_H

#include <stdint.h>

#include "common/map.h"
#include "common/vec.h"
#include "restore/needs.h"

/* The session's settings at some place of the dump: the SET statement of each name, NULL where it has
   none. */
typedef struct DnSettings {
    const char *const *texts; /* by DnIndex.names */
    size_t count;
} DnSettings;

typedef struct DnIndexTable {
    const char *key; /* schema, a line end, name */
    bool created;    /* by this dump, with CREATE TABLE */
    bool plain;      /* neither partitioned nor foreign: rows live in itself */
    unsigned units;  /* that hold rows of it */
    uint64_t bytes;  /* of its rows */
} DnIndexTable;

typedef enum DnUnitKind {
    DN_UNIT_SERIAL,
    DN_UNIT_ROWS,      /* of one table */
    DN_UNIT_KEY,       /* an index, or a key or exclusion constraint */
    DN_UNIT_REFERENCE, /* a foreign key */
    DN_UNIT_COMMENT    /* needed by none behind it */
} DnUnitKind;

typedef struct DnUnit {
    DnUnitKind kind;
    uint64_t offset, end; /* in the file */
    uint64_t line;        /* of `offset`, counted from 1 */
    const char *label;    /* "TABLE DATA shop.orders", or "" */
    const DnSettings *before, *after;
    DnIndexTable *tables[2]; /* it locks them; NULL = none */
    bool index_only;         /* a CREATE INDEX and nothing else: others may be made beside it */
    size_t statements;       /* apart from settings */
    /* a single COPY without options and nothing else, else NULL */
    const char *copy;   /* its statement, as it is run */
    const char *target; /* the table as that spells it */
    uint64_t copy_line, rows_line;
    uint64_t rows, rows_end; /* where its rows are, without the line \. */
    size_t place;            /* the number in their stead, where they come from elsewhere */
    bool unsettled;          /* another snapshot may have it otherwise: not told by the journal */
} DnUnit;

typedef struct DnIndex {
    DnArena arena;
    DN_VEC(DnUnit) units;
    DN_VEC(const char *) names; /* of settings */
    DnMap tables;
    DnSelected selected; /* of options->only_tables */
    DnNeeds needs;
    uint64_t row_bytes;
    uint64_t head;        /* where the part for the new database begins; 0 = no \connect */
    const char *database; /* that \connect names, or NULL */
} DnIndex;

/* Scans the file that `proof` tells of, but for the rows whose places it knows; it must live as long as the
   index. DN_E_MISMATCH for what is no plain dump, or one that needs its own order. Deinit in any case. */
DN_MUST_USE DnStatus dn_index_read(DnIndex *index, const DnRestoreOptions *options, const DnProof *proof,
                                   DnErr *err);
/* The same of a dump in memory. */
DN_MUST_USE DnStatus dn_index_read_text(DnIndex *index, const DnRestoreOptions *options, const char *text,
                                        size_t size, DnErr *err);
void dn_index_deinit(DnIndex *index);

#endif
