/*
 * statistics_data.h - what the planner knows of a table or an index, and what of it is dumped.
 *
 * Only who is to be written stands in the model; the figures are streamed while they are written.
 */
#ifndef DN_CATALOG_MODEL_STATISTICS_DATA_H
#define DN_CATALOG_MODEL_STATISTICS_DATA_H

#include "catalog/model/object.h"

typedef struct DnStatisticsData {
    DnObject object;          /* name and schema = the relation's */
    const DnObject *relation; /* a table or index */
    bool of_index;
    bool post_data; /* not with the rows: of an index, or of what is refreshed or created later */
} DnStatisticsData;

/* The columns of the rows: one row a relation, or one for each of its columns that was analyzed. */
enum {
    DN_STATISTICS_PLACE,     /* which relation of those asked for, from 1 */
    DN_STATISTICS_ATTRIBUTE, /* the column's name; NULL = no column was analyzed */
    DN_STATISTICS_NUMBER,    /* its attnum */
    DN_STATISTICS_INHERITED, /* t: its children's rows were counted too */
#define DN_RELATION_STATISTIC(name, type, since, before) DN_STATISTICS_##name,
#define DN_COLUMN_STATISTIC(name, type, since, before)   DN_STATISTICS_##name,
#include "catalog/model/statistics_data.def"
#undef DN_RELATION_STATISTIC
#undef DN_COLUMN_STATISTIC
    DN_STATISTICS_COUNT
};

#endif
