/*
 * statistics.h - the planner's statistics: asked for in one query, streamed in the order of the dump.
 *
 * The connection must be idle when the first is read, and is again once all are.
 */
#ifndef DN_DUMPER_STATISTICS_H
#define DN_DUMPER_STATISTICS_H

#include "catalog/model/model.h"
#include "dumper/pg/conn.h"
#include "sqlgen/entry.h"

typedef struct DnStatisticsStream {
    DnConn *conn;
    const DnRender *render;
    unsigned sections; /* those that are written */
    size_t place;      /* how many were read, of `count` */
    size_t count;
    const DnRows *row; /* the next one, borrowed from the connection */
} DnStatisticsStream;

/* Appends the statements for the next STATISTICS_DATA object: first those of the section DATA, then those of
   POST_DATA, each in the order of the model. */
DnStatus dn_statistics_next(DnStatisticsStream *stream, const DnStatisticsData *statistics, DnBuf *sql,
                            DnErr *err) DN_MUST_USE;

#endif
