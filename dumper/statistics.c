#include "dumper/statistics.h"

#include "catalog/model/kind.h"
#include "catalog/statistics_data.h"
#include "common/err.h"
#include "sqlgen/statistics_data.h"

/* ---- Asking ---------------------------------------------------------------------- */

static void list_section(DnStatisticsStream *stream, unsigned section, DnBuf *oids) {
    const DnModel *model = stream->render->model;
    for (size_t i = 0; (section & stream->sections) && i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        if (object->kind == DN_KIND_STATISTICS_DATA && dn_object_section(object) == section) {
            dn_buf_fmt(oids, "%s%u", stream->count++ ? "," : "",
                       ((const DnStatisticsData *)object)->relation->oid);
        }
    }
}

static DnStatus begin(DnStatisticsStream *stream, DnErr *err) {
    DnBuf oids = {0};
    DnBuf sql = {0};
    dn_buf_char(&oids, '{');
    list_section(stream, DN_DATA, &oids);
    list_section(stream, DN_POST_DATA, &oids);
    dn_buf_char(&oids, '}');
    dn_query_build(&dn_fetch_statistics_data, stream->render->model->server_version, false, &sql);
    DnStatus status = dn_buf_failed(&oids) || dn_buf_failed(&sql)
                          ? dn_err_nomem(err)
                          : dn_conn_select(stream->conn, dn_buf_text(&sql), dn_buf_text(&oids), err);
    dn_buf_deinit(&oids);
    dn_buf_deinit(&sql);
    return status == DN_OK ? dn_conn_next_row(stream->conn, &stream->row, err) : status;
}

/* ---- Taking ---------------------------------------------------------------------- */

static const char *row_value(void *ctx, size_t column) {
    return dn_rows_text(ctx, 0, column);
}

static bool is_next(const DnStatisticsStream *stream) {
    return stream->row && (size_t)dn_rows_int64(stream->row, 0, DN_STATISTICS_PLACE) == stream->place;
}

DnStatus dn_statistics_next(DnStatisticsStream *stream, const DnStatisticsData *statistics, DnBuf *sql,
                            DnErr *err) {
    DnStatus status = stream->place++ ? DN_OK : begin(stream, err);
    if (status == DN_OK && !is_next(stream)) {
        status =
            dn_err(err, DN_E_PROTOCOL, "the server gave no statistics of \"%s\"", statistics->object.name);
    }
    for (bool first = true; status == DN_OK && is_next(stream); first = false) {
        dn_statistics_row(sql, stream->render, statistics, first, row_value, (void *)(uintptr_t)stream->row);
        status = dn_conn_next_row(stream->conn, &stream->row, err);
    }
    return status == DN_OK && stream->place == stream->count ? dn_conn_stream_end(stream->conn, err) : status;
}
