/*
 * table_data.h - the statements that read rows from the server, and rows as INSERT statements.
 */
#ifndef DN_SQLGEN_TABLE_DATA_H
#define DN_SQLGEN_TABLE_DATA_H

#include "sqlgen/entry.h"

/* "COPY public.t (a, b) TO stdout;\n" */
void dn_copy_out(DnBuf *sql, const DnRender *render, const DnTableData *data);

/* The table that the rows are loaded into: with --load-via-partition-root, or where partitions are made by
   the hash of an enum's value, the root of a partition's tree. */
const DnRelation *dn_load_target(const DnRender *render, const DnRelation *table);

#endif
