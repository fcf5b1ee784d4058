#include "dumper/data.h"

#include "common/cancel.h"
#include "common/clock.h"
#include "common/err.h"

/* ---- Events ---------------------------------------------------------------------- */

static void tell(DnData *data, DnEvent event) {
    if (data->event) {
        event.seconds = dn_now() - data->started;
        data->event(data->event_ctx, &event);
    }
}

static void tell_notice(void *ctx, DnEventKind kind, const char *text) {
    DnData *data = ctx;
    DnEvent event = data->totals;
    event.kind = kind;
    event.text = text;
    tell(data, event);
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

static DnStatus take_sequences(DnConn *conn, DnModel *model, DnErr *err) {
    DnStatus status = DN_OK;
    for (size_t i = 0; status == DN_OK && i < model->ordered.count; i++) {
        DnObject *object = model->ordered.items[i];
        DnRelation *r = object->kind == DN_KIND_SEQUENCE_SET ? ((DnTableData *)object)->table : NULL;
        if (r && r->sequence) {
            status = dn_conn_select_rows(conn, take_sequence, r->sequence, err);
            status = status == DN_OK ? DN_OK : dn_rows_about(&r->object, err);
        }
    }
    return status == DN_OK ? dn_conn_stream_end(conn, err) : status;
}

/* One message with a SELECT for each of them. */
DnStatus dn_data_sequences(DnData *data, DnErr *err) {
    const DnReadersOptions *how = &data->how;
    DnBuf sql = {0};
    DnStatus status = DN_OK;
    for (size_t i = 0; i < how->model->ordered.count; i++) {
        const DnObject *object = how->model->ordered.items[i];
        const DnRelation *r =
            object->kind == DN_KIND_SEQUENCE_SET ? ((const DnTableData *)object)->table : NULL;
        if (r && r->sequence) {
            write_sequence(&sql, how->render, r);
        }
    }
    if (dn_buf_failed(&sql)) {
        status = dn_err_nomem(err);
    } else if (sql.size) {
        status = dn_conn_ask(how->conn, dn_buf_text(&sql), err);
        status = status == DN_OK ? take_sequences(how->conn, how->model, err) : status;
    }
    dn_buf_deinit(&sql);
    return status;
}

static bool has_rows(const DnModel *model) {
    for (size_t i = 0; i < model->ordered.count; i++) {
        DnKind kind = model->ordered.items[i]->kind;
        if (kind == DN_KIND_TABLE_DATA || kind == DN_KIND_LARGE_OBJECT_DATA) {
            return true;
        }
    }
    return false;
}

DnStatus dn_data_begin(DnData *data, DnErr *err) {
    DnStatus status = DN_OK;
    if (has_rows(data->how.model)) {
        status = dn_readers_new(&data->how, &data->readers, err);
    }
    return status == DN_OK && data->readers ? dn_readers_start(data->readers, err) : status;
}

DnStatus dn_data_end(DnData *data, DnErr *err) {
    DnReaders *readers = data->readers;
    data->readers = NULL;
    if (readers) {
        dn_flow_notices(dn_readers_flow(readers), tell_notice, data);
    }
    return readers ? dn_readers_finish(readers, err) : DN_OK;
}

void dn_data_abort(DnData *data) {
    if (data->readers) {
        dn_flow_release(dn_readers_flow(data->readers), data->block);
        dn_readers_stop(data->readers);
        data->readers = NULL;
    }
}

/* ---- Rows ------------------------------------------------------------------------ */

/* A table's share of the totals while it streams. */
typedef struct Progress {
    const char *object;
    uint64_t rows, bytes;
    DnSum sum;
} Progress;

static void tell_progress(DnData *data, const Progress *p) {
    double now = dn_now();
    dn_flow_notices(dn_readers_flow(data->readers), tell_notice, data);
    if (now - data->last_progress >= 0.1) {
        data->last_progress = now;
        DnEvent event = data->totals;
        event.kind = DN_EVENT_PROGRESS;
        event.object = p->object;
        event.rows += p->rows;
        event.bytes += p->bytes;
        tell(data, event);
    }
}

/* Writes what the block in work holds of the piece in work; *ended at its end. */
static DnStatus write_part(DnData *data, Progress *progress, bool *ended, DnErr *err) {
    const DnBlock *block = data->block;
    *ended = data->end < block->end_count;
    size_t to = *ended ? block->ends[data->end].at : block->size;
    size_t size = to - data->at;
    DnStatus status = size ? dn_output_write(data->output, block->bytes + data->at, size, err) : DN_OK;
    dn_recorder_text(data->recorder, block->bytes + data->at, size);
    dn_sum_merge(&progress->sum, *ended ? block->ends[data->end].sum : block->sum);
    progress->bytes += size;
    progress->rows += *ended ? block->ends[data->end].rows : block->rows;
    data->at = to;
    data->end += *ended;
    return status;
}

static DnStatus write_piece(DnData *data, Progress *progress, DnErr *err) {
    DnFlow *flow = dn_readers_flow(data->readers);
    DnStatus status = DN_OK;
    bool ended = false;
    while (status == DN_OK && !ended) {
        if (!data->block) {
            status = dn_flow_next(flow, (long)data->job, &data->block, err);
            data->at = data->end = 0;
            if (status != DN_OK) {
                break;
            }
            tell_progress(data, progress);
        }
        status = write_part(data, progress, &ended, err);
        bool done = data->end == data->block->end_count && data->at == data->block->size;
        if (status == DN_OK && dn_cancel_requested(data->how.dump->cancel)) {
            status = dn_err(err, DN_E_CANCELLED, "cancelled");
        }
        if (done) {
            dn_flow_release(flow, data->block);
            data->block = NULL;
        }
    }
    return status;
}

static DnStatus write_pieces(DnData *data, Progress *progress, DnErr *err) {
    const DnPlan *plan = dn_readers_plan(data->readers);
    DnStatus status = DN_OK;
    bool last = false;
    while (status == DN_OK && !last) {
        status = write_piece(data, progress, err);
        if (status == DN_OK) {
            const DnJob *job = &plan->jobs.items[data->job];
            last = plan->pieces.items[data->piece++].last;
            data->job += data->piece == job->first + job->count;
        }
    }
    return status;
}

static DnStatus write_table(DnData *data, const DnTableData *table, DnErr *err) {
    DnBuf name = {0};
    dn_qualified_name(&name, data->how.render, &table->table->object);
    Progress progress = {.object = dn_buf_text(&name)};
    data->totals.table++;
    DnStatus status = write_pieces(data, &progress, err);
    dn_recorder_rows_end(data->recorder, progress.rows, progress.sum);
    if (status == DN_OK) {
        data->totals.rows += progress.rows;
        data->totals.bytes += progress.bytes;
        DnEvent done = data->totals;
        done.kind = DN_EVENT_TABLE_DONE;
        done.object = progress.object;
        done.rows = progress.rows;
        done.bytes = progress.bytes;
        tell(data, done);
    }
    dn_buf_deinit(&name);
    return status;
}

static DnStatus write_large_objects(DnData *data, DnErr *err) {
    Progress progress = {.object = "large objects"};
    DnStatus status = write_pieces(data, &progress, err);
    dn_recorder_rows_end(data->recorder, progress.rows, progress.sum);
    data->totals.bytes += progress.bytes;
    return status;
}

DnStatus dn_data_next(DnData *data, const DnEntry *entry, DnErr *err) {
    dn_recorder_rows_begin(data->recorder, entry, !data->how.render->inserts);
    return entry->data ? write_table(data, entry->data, err) : write_large_objects(data, err);
}
