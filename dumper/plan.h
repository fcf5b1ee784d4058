/*
 * plan.h - how the rows are cut into jobs for several connections, in the order of the dump.
 *
 * A piece is a table, a range of its pages where it is big, or a group of large objects; a job is a run of
 * pieces that one connection reads with one Query message. The cut has no influence on the text: pieces
 * follow each other as the rows lie on disk.
 */
#ifndef DN_DUMPER_PLAN_H
#define DN_DUMPER_PLAN_H

#include "catalog/model/model.h"
#include "sqlgen/table_data.h"

/* The usual one; where it is another, pieces are only larger or smaller. */
enum { DN_PAGE_SIZE = 8192 };

typedef struct DnPiece {
    const DnTableData *table;       /* or NULL for */
    const DnLargeObjectData *large; /* large objects */
    DnPages pages;
    bool last; /* of the table */
} DnPiece;

typedef struct DnJob {
    size_t first; /* of the plan's pieces */
    size_t count;
} DnJob;

typedef struct DnPlan {
    DN_VEC(DnPiece) pieces;
    DN_VEC(DnJob) jobs;
    DnArena arena;
} DnPlan;

typedef struct DnPlanOptions {
    bool whole;         /* one job with all tables: one connection, one round trip */
    bool by_pages;      /* dn_plan_by_pages() */
    bool whole_tables;  /* statements of more than one row run over the borders of pieces */
    uint64_t job_bytes; /* how much a job should hold */
    size_t job_tables;  /* the most pieces of a job */
} DnPlanOptions;

/* Whether such a server finds a range of pages without reading the rest of the table. */
bool dn_plan_by_pages(int server_version);
/* Whether the table's rows can be asked for by ranges of pages. */
bool dn_plan_has_pages(const DnTableData *data);
/* Cuts what the ordered model has of rows and large objects; sticky failure in plan->arena. */
void dn_plan_make(DnPlan *plan, const DnModel *model, const DnPlanOptions *options);
void dn_plan_deinit(DnPlan *plan);

#endif
