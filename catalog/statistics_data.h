/*
 * statistics_data.h - the query for the planner's statistics; $1 is an array of the relations' OIDs, whose
 * order the rows have. Its columns are those of catalog/model/statistics_data.h.
 */
#ifndef DN_CATALOG_STATISTICS_DATA_H
#define DN_CATALOG_STATISTICS_DATA_H

#include "catalog/query.h"

extern const DnFetch dn_fetch_statistics_data;

#endif
