#include "dumper/data.h"

#include <string.h>
#include <time.h>

#include "common/err.h"
#include "sqlgen/insert.h"
#include "sqlgen/large_object.h"
#include "sqlgen/table_data.h"

double dn_now(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Adds which object the error is about, unless a lower layer has said so. */
static DnStatus about(DnErr *err, const DnObject *object) {
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

/* ---- Sequence values ------------------------------------------------------------- */

static void write_sequence(DnBuf *sql, const DnRender *render, const DnRelation *sequence) {
    dn_buf_str(sql, "SELECT last_value, is_called FROM ");
    dn_qualified_name(sql, render, &sequence->object);
    dn_buf_str(sql, ";\n");
}

static DnStatus take_sequence(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    DnSequence *sequence = ctx;
    if (dn_rows_count(rows)) {
        sequence->last_value = dn_rows_int64(rows, 0, 0);
        sequence->is_called = dn_rows_bool(rows, 0, 1);
    }
    return DN_OK;
}

static DnStatus take_sequences(DnData *data, DnModel *model, DnErr *err) {
    DnStatus status = DN_OK;
    for (size_t i = 0; status == DN_OK && i < model->ordered.count; i++) {
        DnObject *object = model->ordered.items[i];
        DnRelation *r = object->kind == DN_KIND_SEQUENCE_SET ? ((DnTableData *)object)->table : NULL;
        if (r && r->sequence) {
            status = dn_conn_select_rows(data->conn, take_sequence, r->sequence, err);
            status = status == DN_OK ? DN_OK : about(err, &r->object);
        }
    }
    return status;
}

DnStatus dn_data_begin(DnData *data, DnModel *model, bool *streaming, DnErr *err) {
    DnBuf sequences = {0};
    DnBuf sql = {0};
    for (size_t i = 0; i < model->ordered.count; i++) {
        const DnObject *object = model->ordered.items[i];
        const DnTableData *table = (const DnTableData *)object;
        if (object->kind == DN_KIND_SEQUENCE_SET && table->table->sequence) {
            write_sequence(&sequences, data->render, table->table);
        } else if (object->kind == DN_KIND_TABLE_DATA && data->render->inserts) {
            dn_insert_select(&sql, data->render, table);
        } else if (object->kind == DN_KIND_TABLE_DATA) {
            dn_copy_out(&sql, data->render, table);
        } else if (object->kind == DN_KIND_LARGE_OBJECT_DATA) {
            dn_large_objects_out(&sql, (const DnLargeObjectData *)object);
        }
    }
    dn_buf_str(&sequences, dn_buf_text(&sql));
    DnStatus status = DN_OK;
    *streaming = sequences.size > 0;
    if (dn_buf_failed(&sequences) || dn_buf_failed(&sql)) {
        status = dn_err_nomem(err);
    } else if (*streaming) {
        status = dn_conn_stream(data->conn, dn_buf_text(&sequences), err);
    }
    dn_buf_deinit(&sequences);
    dn_buf_deinit(&sql);
    return status == DN_OK && *streaming ? take_sequences(data, model, err) : status;
}

/* ---- Rows ------------------------------------------------------------------------ */

/* A table's share of the totals while it streams. */
typedef struct Progress {
    DnData *data;
    const char *object;
    uint64_t rows, bytes, told_bytes;
} Progress;

enum { PROGRESS_BYTES = 64 * 1024 }; /* how often to look at the clock */

static void tell(DnData *data, DnEvent event) {
    if (data->event) {
        event.seconds = dn_now() - data->started;
        data->event(data->event_ctx, &event);
    }
}

static void advance(Progress *p, size_t bytes) {
    p->rows++;
    p->bytes += bytes;
    if (p->bytes - p->told_bytes < PROGRESS_BYTES) {
        return;
    }
    p->told_bytes = p->bytes;
    double now = dn_now();
    if (now - p->data->last_progress >= 0.1) {
        p->data->last_progress = now;
        DnEvent event = p->data->totals;
        event.kind = DN_EVENT_PROGRESS;
        event.object = p->object;
        event.rows += p->rows;
        event.bytes += p->bytes;
        tell(p->data, event);
    }
}

/* The server's word is not taken for it: a row is exactly one line, and not the line that ends the data. */
static bool is_one_line(const char *row, size_t size) {
    const char *newline = memchr(row, '\n', size);
    return newline && newline == row + size - 1 && !(size == 3 && memcmp(row, "\\.\n", 3) == 0);
}

static DnStatus copy_rows(DnData *data, Progress *progress, DnErr *err) {
    DnStatus status = dn_conn_copy_begin(data->conn, err);
    while (status == DN_OK) {
        const char *row;
        size_t size;
        status = dn_conn_copy_row(data->conn, &row, &size, err);
        if (status != DN_OK || !row) {
            break;
        }
        if (!is_one_line(row, size)) {
            (void)dn_err(err, DN_E_PROTOCOL, "the server sent a COPY message that is not one row");
            dn_err_hint(err, "Something between here and the server, or the server itself, is broken.");
            return DN_E_PROTOCOL;
        }
        status = dn_output_write(data->output, row, size, err);
        advance(progress, size);
    }
    return status;
}

typedef struct InsertRow {
    DnInsert insert;
    Progress *progress;
    DnOutput *output;
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
    if (dn_rows_count(rows)) {
        dn_insert_row(&row->insert, &row->text, row_value, row);
        advance(row->progress, row->text.size);
    } else {
        dn_insert_end(&row->insert, &row->text);
    }
    if (dn_buf_failed(&row->text)) {
        return dn_err_nomem(err);
    }
    return dn_output_write(row->output, dn_buf_text(&row->text), row->text.size, err);
}

static DnStatus insert_rows(DnData *data, const DnRelation *table, Progress *progress, DnErr *err) {
    InsertRow row = {.progress = progress, .output = data->output};
    dn_insert_init(&row.insert, data->render, table, data->rows_per_insert);
    DnStatus status = dn_buf_failed(&row.insert.head) ? dn_err_nomem(err) : DN_OK;
    if (status == DN_OK) {
        status = dn_conn_select_rows(data->conn, write_insert, &row, err);
    }
    dn_insert_deinit(&row.insert);
    dn_buf_deinit(&row.text);
    return status;
}

/* The server's refusal doesn't tell which of the message's statements it is about. */
static void set_query(const DnData *data, const DnTableData *table, DnErr *err) {
    DnBuf sql = {0};
    if (data->render->inserts) {
        dn_insert_select(&sql, data->render, table);
    } else {
        dn_copy_out(&sql, data->render, table);
    }
    dn_err_query(err, dn_buf_text(&sql));
    dn_buf_deinit(&sql);
}

static DnStatus write_table(DnData *data, const DnTableData *table, DnErr *err) {
    DnBuf name = {0};
    dn_qualified_name(&name, data->render, &table->table->object);
    Progress progress = {.data = data, .object = dn_buf_text(&name)};
    data->totals.table++;
    DnStatus status = data->render->inserts ? insert_rows(data, table->table, &progress, err)
                                            : copy_rows(data, &progress, err);
    if (status == DN_OK) {
        data->totals.rows += progress.rows;
        data->totals.bytes += progress.bytes;
        DnEvent done = data->totals;
        done.kind = DN_EVENT_TABLE_DONE;
        done.object = progress.object;
        done.rows = progress.rows;
        done.bytes = progress.bytes;
        tell(data, done);
    } else {
        if (err->server[0]) {
            set_query(data, table, err);
        }
        status = about(err, &table->table->object);
    }
    dn_buf_deinit(&name);
    return status;
}

/* ---- Large objects --------------------------------------------------------------- */

/* The one that is being written. */
typedef struct LargeObject {
    const DnRender *render;
    DnBuf text;
    char oid[16]; /* "" before the first */
} LargeObject;

/* "oid<tab>hexadecimal digits<newline>"; false for anything else. */
static bool write_piece(LargeObject *large, const char *row, size_t size) {
    static const char digits[] = "0123456789abcdef";
    const char *tab = memchr(row, '\t', size);
    size_t oid_size = tab ? (size_t)(tab - row) : 0;
    if (!oid_size || oid_size >= sizeof large->oid || strspn(row, "0123456789") != oid_size) {
        return false;
    }
    const char *hex = tab + 1;
    size_t hex_size = size - oid_size - 2;
    if (strspn(hex, digits) != hex_size || hex_size > (size_t)2 * DN_LARGE_OBJECT_PIECE) {
        return false;
    }
    if (strlen(large->oid) != oid_size || memcmp(large->oid, row, oid_size) != 0) {
        if (large->oid[0]) {
            dn_large_object_close(&large->text);
        }
        memcpy(large->oid, row, oid_size);
        large->oid[oid_size] = '\0';
        dn_large_object_open(&large->text, row, oid_size);
    }
    if (hex_size) {
        dn_large_object_write(&large->text, large->render, hex, hex_size);
    }
    return true;
}

static DnStatus flush_large(DnData *data, LargeObject *large, DnErr *err) {
    if (dn_buf_failed(&large->text)) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_output_write(data->output, dn_buf_text(&large->text), large->text.size, err);
    dn_buf_clear(&large->text);
    return status;
}

static DnStatus copy_large_objects(DnData *data, LargeObject *large, Progress *progress, DnErr *err) {
    DnStatus status = dn_conn_copy_begin(data->conn, err);
    while (status == DN_OK) {
        const char *row;
        size_t size;
        status = dn_conn_copy_row(data->conn, &row, &size, err);
        if (status != DN_OK || !row) {
            break;
        }
        if (!is_one_line(row, size) || !write_piece(large, row, size)) {
            return dn_err(err, DN_E_PROTOCOL, "the server sent something else than pieces of large objects");
        }
        advance(progress, large->text.size);
        status = flush_large(data, large, err);
    }
    if (status == DN_OK && large->oid[0]) {
        dn_large_object_close(&large->text);
        status = flush_large(data, large, err);
    }
    return status;
}

/* Which one it was stands at the end of the server's message, in whatever language that is. */
static void set_large_object(DnErr *err) {
    size_t end = strcspn(err->server, "\n");
    size_t start = end;
    while (start && err->server[start - 1] >= '0' && err->server[start - 1] <= '9') {
        start--;
    }
    if (start == end) {
        return;
    }
    DnErr inner = *err;
    dn_err_object(err, "large object %.*s", (int)(end - start), inner.server + start);
    if (strcmp(err->sqlstate, "42501") == 0) {
        DnBuf server = {0};
        dn_buf_fmt(&server, "could not open %s: %s", err->object, inner.server);
        dn_err_server(err, dn_buf_text(&server));
        dn_buf_deinit(&server);
        dn_err_hint(err,
                    "Grant the missing privilege to the role that dumps, dump as a superuser, or leave out "
                    "large objects with -B.");
    }
}

static DnStatus write_large_objects(DnData *data, DnErr *err) {
    LargeObject large = {.render = data->render};
    Progress progress = {.data = data, .object = "large objects"};
    DnStatus status = copy_large_objects(data, &large, &progress, err);
    data->totals.bytes += progress.bytes;
    if (status != DN_OK) {
        set_large_object(err);
    }
    dn_buf_deinit(&large.text);
    return status;
}

DnStatus dn_data_next(DnData *data, const DnEntry *entry, DnErr *err) {
    return entry->data ? write_table(data, entry->data, err) : write_large_objects(data, err);
}
