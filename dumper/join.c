#include "dumper/join.h"

#include <string.h>

#include "common/err.h"
#include "dumper/opening.h"

/* A host name, or a proxy behind it, may lead to another server this time. Up to 13 the epoch is a float8,
   whose text depends on the session's extra_float_digits. */
#define START_SQL                                                                                            \
    "SELECT EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())::pg_catalog.numeric::pg_catalog.text"

/* A column so big that libpq's buffer grows, and stays so: it takes 256 KB at a time then in place of 16, and
   a twentieth off the time of both sides. Over a network it costs more than it brings. */
#define WIDE_SQL ", pg_catalog.repeat(' ', 262144)"

/* A snapshot is exported in a file, so not for nothing; one that the caller gave can't be exported again, and
   needn't be. */
static void write_export(const DnJoin *join, uint64_t large_catalog, DnBuf *sql) {
    static const char export[] = "pg_catalog.pg_export_snapshot()";
    if (join->options->snapshot) {
        dn_buf_str(sql, "NULL");
    } else if (join->rows) {
        dn_buf_str(sql, export);
    } else {
        dn_buf_fmt(sql, "CASE WHEN c.size OPERATOR(pg_catalog.>) %llu THEN %s END",
                   (unsigned long long)large_catalog, export);
    }
}

void dn_join_write_sql(const DnJoin *join, uint64_t large_catalog, DnBuf *sql) {
    dn_buf_str(sql, START_SQL ", pg_catalog.pg_size_bytes(pg_catalog.current_setting('shared_buffers')), "
                              "c.size, ");
    write_export(join, large_catalog, sql);
    dn_buf_str(sql, join->rows && join->local ? WIDE_SQL : "");
    dn_buf_str(sql, " FROM (SELECT pg_catalog.pg_relation_size("
                    "'pg_catalog.pg_attribute'::pg_catalog.regclass) AS size) c");
}

static DnStatus check_server(void *ctx, const DnRows *rows, DnErr *err) {
    const DnJoin *join = ctx;
    if (dn_rows_count(rows) && strcmp(dn_rows_str(rows, 0, 0), join->server_start) == 0) {
        return DN_OK;
    }
    return dn_err(err, DN_E_CONNECT, "a second connection led to another server");
}

DnStatus dn_join_open(const DnJoin *join, DnConn **conn, DnErr *err) {
    DnOpening o;
    DnJoin known = *join;
    DnStatus status = dn_conn_open(&join->connection, conn, err);
    if (status != DN_OK) {
        return status;
    }
    status = dn_opening_make(&o, *conn, join->options, dn_repeatable_read, join->snapshot, err);
    if (status == DN_OK) {
        DnRequest requests[DN_MOST_BEGINNINGS + 3];
        size_t count = o.count;
        memcpy(requests, o.begin, count * sizeof *requests);
        if (join->impatient) {
            requests[count++] = (DnRequest){.what = "setting the time to wait for locks",
                                            .sql = "SET LOCAL lock_timeout = '1s'"};
        }
        requests[count++] = o.settings;
        requests[count++] = (DnRequest){.what = "asking which server this is",
                                        .sql = join->local ? START_SQL WIDE_SQL : START_SQL,
                                        .rows = check_server,
                                        .ctx = &known};
        status = dn_conn_message(*conn, requests, count, err);
    }
    if (status != DN_OK) {
        dn_conn_close(*conn);
        *conn = NULL;
    }
    dn_opening_deinit(&o);
    return status;
}
