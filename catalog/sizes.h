/*
 * sizes.h - how much there is to read, as the files are now: the planner's figures may be old.
 */
#ifndef DN_CATALOG_SIZES_H
#define DN_CATALOG_SIZES_H

#include "catalog/fetch.h"
#include "common/buf.h"

/* A request that fills heap_bytes and toast_bytes of all tables whose rows the ordered model holds. `tables`
   is its parameter's memory, to be kept until the answer is there. */
DnRequest dn_sizes_request(DnModel *model, DnBuf *tables);

#endif
