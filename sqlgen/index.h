/*
 * index.h - what indexes and the constraints made of them share.
 */
#ifndef DN_SQLGEN_INDEX_H
#define DN_SQLGEN_INDEX_H

#include "sqlgen/entry.h"

/* What only ALTER TABLE can say of an index: that the table is clustered on it; that it identifies rows
   for replication. Nothing for other indexes. */
void dn_index_cluster(DnBuf *buf, const DnRender *render, const DnIndex *index);
void dn_index_replica_identity(DnBuf *buf, const DnRender *render, const DnIndex *index);

/* "a, b" of the columns from `first` up to, but not with, `end`. */
void dn_index_columns(DnBuf *buf, const DnRender *render, const DnIndex *index, size_t first, size_t end);

#endif
