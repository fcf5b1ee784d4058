/*
 * statistics_data.h - the planner's statistics as calls of the functions that put them back (PostgreSQL 18).
 */
#ifndef DN_SQLGEN_STATISTICS_DATA_H
#define DN_SQLGEN_STATISTICS_DATA_H

#include "sqlgen/entry.h"
#include "sqlgen/insert.h"

/* The calls for one row of a relation; `value` gives the columns DN_STATISTICS_*. Only the first row says
   what there is to say of the relation itself. */
void dn_statistics_row(DnBuf *sql, const DnRender *render, const DnStatisticsData *statistics, bool first,
                       DnValueFn value, void *ctx);

#endif
