#include "dumper/rows.h"

#include <string.h>

#include "common/err.h"
#include "sqlgen/insert.h"
#include "sqlgen/large_object.h"

DnStatus dn_rows_about(const DnObject *object, DnErr *err) {
    DnErr inner = *err;
    if (inner.status == DN_E_CANCELLED || inner.status == DN_E_NOMEM || inner.status == DN_E_IO) {
        return inner.status;
    }
    const char *schema = object->schema ? object->schema->object.name : "";
    (void)dn_err(err, inner.status, "%s.%s: %s", schema, object->name, inner.message);
    dn_err_object(err, "%s.%s", schema, object->name);
    dn_err_sqlstate(err, inner.sqlstate);
    dn_err_hint(err, "%s", inner.hint);
    dn_err_server(err, inner.server);
    dn_err_query(err, inner.query);
    return inner.status;
}

/* ---- Rows ------------------------------------------------------------------------ */

static DnStatus copy_rows(DnConn *conn, DnWork *work, DnErr *err) {
    DnCopied copied = {.sums = work->sums};
    DnStatus status = dn_conn_copy_begin(conn, err);
    while (status == DN_OK && !copied.ended) {
        size_t size;
        char *room = dn_work_room(work, DN_COPY_LEAST_ROOM, &size);
        status = room ? dn_conn_copy_rows(conn, room, size, &copied, err) : dn_work_ended(work, err);
        if (status == DN_OK && !dn_work_use(work, copied.size, copied.rows, copied.sum)) {
            status = dn_work_ended(work, err);
        }
    }
    return status;
}

typedef struct InsertRow {
    DnInsert insert;
    DnWork *work;
    const DnRows *rows;
    DnBuf text;
} InsertRow;

static const char *row_value(void *ctx, size_t column) {
    return dn_rows_text(((const InsertRow *)ctx)->rows, 0, column);
}

static DnStatus write_insert(void *ctx, const DnRows *rows, DnErr *err) {
    InsertRow *row = ctx;
    dn_buf_clear(&row->text);
    row->rows = rows;
    bool any = dn_rows_count(rows) > 0;
    if (any) {
        dn_insert_row(&row->insert, &row->text, row_value, row);
    } else {
        dn_insert_end(&row->insert, &row->text);
    }
    if (dn_buf_failed(&row->text)) {
        return dn_err_nomem(err);
    }
    return dn_work_add(row->work, dn_buf_text(&row->text), row->text.size, any)
               ? DN_OK
               : dn_work_ended(row->work, err);
}

static DnStatus insert_rows(DnConn *conn, const DnRowsOptions *options, const DnRelation *table, DnWork *work,
                            DnErr *err) {
    InsertRow row = {.work = work};
    dn_insert_init(&row.insert, options->render, table, options->rows_per_insert);
    DnStatus status = dn_buf_failed(&row.insert.head) ? dn_err_nomem(err) : DN_OK;
    if (status == DN_OK) {
        status = dn_conn_select_rows(conn, write_insert, &row, err);
    }
    dn_insert_deinit(&row.insert);
    dn_buf_deinit(&row.text);
    return status;
}

/* ---- Pieces ---------------------------------------------------------------------- */

void dn_rows_query(DnBuf *sql, const DnRowsOptions *options, const DnPiece *piece) {
    if (piece->large) {
        dn_large_objects_out(sql, piece->large);
    } else if (options->render->inserts) {
        dn_insert_select(sql, options->render, piece->table, piece->pages);
    } else {
        dn_copy_out(sql, options->render, piece->table, piece->pages);
    }
}

DnStatus dn_rows_take(DnConn *conn, const DnRowsOptions *options, const DnPiece *piece, DnWork *work,
                      DnErr *err) {
    if (piece->large) {
        return dn_rows_take_large(conn, options->render, work, err);
    }
    const DnRelation *table = piece->table->table;
    DnStatus status =
        options->render->inserts ? insert_rows(conn, options, table, work, err) : copy_rows(conn, work, err);
    if (status != DN_OK && err->server[0]) {
        /* The refusal doesn't tell which of the message's statements it is about. */
        DnBuf sql = {0};
        dn_rows_query(&sql, options, piece);
        dn_err_query(err, dn_buf_text(&sql));
        dn_buf_deinit(&sql);
    }
    return status == DN_OK ? DN_OK : dn_rows_about(&table->object, err);
}
