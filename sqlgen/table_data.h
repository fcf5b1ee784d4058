/*
 * table_data.h - the statements that read rows from the server, and rows as INSERT statements.
 */
#ifndef DN_SQLGEN_TABLE_DATA_H
#define DN_SQLGEN_TABLE_DATA_H

#include "sqlgen/entry.h"

/* A range of a table's pages: from `first` to before `end`; end 0 = to the last one. All zero is the
   table. */
typedef struct DnPages {
    uint32_t first, end;
} DnPages;

/* "COPY public.t (a, b) TO stdout;\n"; of some pages "COPY (SELECT a, b FROM ONLY public.t WHERE ctid >=
   ...". */
void dn_copy_out(DnBuf *sql, const DnRender *render, const DnTableData *data, DnPages pages);
/* " WHERE ctid >= '(16,0)' AND ctid < '(32,0)'", or nothing for the whole table. */
void dn_pages_condition(DnBuf *sql, DnPages pages);

/* The table that the rows are loaded into: with --load-via-partition-root, or where partitions are made by
   the hash of an enum's value, the root of a partition's tree. */
const DnRelation *dn_load_target(const DnRender *render, const DnRelation *table);

#endif
