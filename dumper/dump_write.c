#include <string.h>

#include "catalog/model/kind.h"
#include "common/cancel.h"
#include "common/err.h"
#include "common/nomem.h"
#include "dumper/dump_run.h"
#include "dumper/source.h"

/* ---- Text ------------------------------------------------------------------------ */

/* Hands the text made so far to the output; `entry` is what it is about, or NULL. */
static DnStatus flush_text(DnDumpRun *run, const DnEntry *entry, DnErr *err) {
    bool failed = dn_buf_failed(&run->text) || dn_entries_failed(&run->entries);
    if (failed || dn_nomem_count() != run->failures) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_script_seal(&run->script, entry, &run->text, err);
    if (status != DN_OK) {
        return status;
    }
    dn_recorder_text(run->data.recorder, dn_buf_text(&run->text), run->text.size);
    status = dn_output_write(run->output, dn_buf_text(&run->text), run->text.size, err);
    dn_buf_clear(&run->text);
    return status;
}

static DnStatus write_data(DnDumpRun *run, const DnEntry *entry, DnErr *err) {
    DnSource *source = run->attempt->source;
    dn_script_data_begin(&run->script, entry, &run->text);
    DnStatus status = flush_text(run, entry, err);
    if (status == DN_OK) {
        status = source ? dn_source_add(source, &run->render, entry, run->output, err)
                        : dn_data_next(&run->data, entry, err);
    }
    if (status == DN_OK) {
        dn_script_data_end(&run->script, entry, &run->text);
        status = flush_text(run, entry, err);
    }
    return status;
}

/* They come after all rows, and so when the connection is free. */
static DnStatus read_statistics(DnDumpRun *run, DnEntry *entry, DnErr *err) {
    DnStatus status = dn_data_end(&run->data, err);
    if (status == DN_OK && run->statistics.count == 0) {
        dn_dump_step(run, "reading statistics");
        run->statistics =
            (DnStatisticsStream){.conn = run->conn, .render = &run->render, .sections = run->sections};
    }
    return status == DN_OK ? dn_statistics_next(&run->statistics, entry->statistics, &entry->create, err)
                           : status;
}

/* Until 16 large objects are created in the section pre-data, and yet are part of the data. */
static unsigned wanted_sections(const DnDumpRun *run, const DnObject *object) {
    return object->kind == DN_KIND_LARGE_OBJECT ? run->options->sections : run->sections;
}

/* The entries of an object that belong to the pass and to the sections asked for. */
static DnStatus write_object(DnDumpRun *run, size_t place, DnPass pass, DnErr *err) {
    const DnObject *object = run->model.ordered.items[place];
    if (pass != DN_PASS_MAIN && !(run->passes[place] & 1U << pass)) {
        return DN_OK;
    }
    dn_render_object(&run->render, object, &run->entries);
    unsigned section = dn_kind_section(object->kind);
    DnStatus status = DN_OK;
    for (size_t i = 0; status == DN_OK && i < run->entries.count; i++) {
        DnEntry *entry = &run->entries.items[i];
        section = entry->section ? entry->section : section;
        run->passes[place] |= (unsigned char)(1U << entry->pass);
        if (entry->pass != pass || !(section & wanted_sections(run, object))) {
            continue;
        }
        dn_recorder_section(run->data.recorder, pass == DN_PASS_MAIN ? section : DN_POST_DATA);
        if (entry->statistics) {
            status = read_statistics(run, entry, err);
        }
        if (status == DN_OK && (entry->data || entry->large_objects)) {
            status = write_data(run, entry, err);
        } else if (status == DN_OK) {
            dn_recorder_object(run->data.recorder, entry);
            dn_script_entry(&run->script, entry, &run->text);
            status = flush_text(run, entry, err);
        }
    }
    return status;
}

/* Who was lent the database gets them by themselves. */
static DnStatus flush_drops(DnDumpRun *run, DnErr *err) {
    DnSource *source = run->attempt->source;
    if (!source) {
        return flush_text(run, NULL, err);
    }
    DnStatus status =
        dn_buf_failed(&run->text) ? dn_err_nomem(err) : dn_script_seal(&run->script, NULL, &run->text, err);
    dn_buf_add(&source->drops, dn_buf_text(&run->text), run->text.size);
    dn_buf_clear(&run->text);
    return status;
}

static DnStatus write_drops(DnDumpRun *run, DnErr *err) {
    DnStatus status = DN_OK;
    for (size_t i = run->model.ordered.count; status == DN_OK && i-- > 0;) {
        const DnObject *object = run->model.ordered.items[i];
        dn_render_object(&run->render, object, &run->entries);
        for (size_t e = run->entries.count; e-- > 0;) {
            const DnEntry *entry = &run->entries.items[e];
            unsigned section = entry->section ? entry->section : dn_kind_section(object->kind);
            if (section & wanted_sections(run, object)) {
                dn_script_drop(&run->script, entry, &run->text);
            }
        }
        status = flush_drops(run, err);
    }
    return status;
}

static DnStatus write_script(DnDumpRun *run, DnErr *err) {
    run->passes = DN_NEW_ARRAY(&run->model.arena, unsigned char, run->model.ordered.count + 1);
    if (!run->passes) {
        return dn_err_nomem(err);
    }
    dn_script_header(&run->script, &run->text);
    DnStatus status = flush_text(run, NULL, err);
    if (status == DN_OK && (run->options->clean || run->attempt->source)) {
        status = write_drops(run, err);
    }
    for (DnPass pass = DN_PASS_MAIN; status == DN_OK && pass < DN_PASS_COUNT; pass++) {
        for (size_t i = 0; status == DN_OK && i < run->model.ordered.count; i++) {
            status = dn_cancel_requested(run->options->cancel) ? dn_err(err, DN_E_CANCELLED, "cancelled")
                                                               : write_object(run, i, pass, err);
        }
    }
    if (status == DN_OK) {
        dn_script_footer(&run->script, &run->text);
        status = flush_text(run, NULL, err);
    }
    return status == DN_OK ? dn_recorder_end(run->data.recorder, err) : status;
}

/* ---- The output ------------------------------------------------------------------ */

/* What the progress is measured against: the planner's figures, as fresh as the last ANALYZE. */
static void estimate(DnDumpRun *run) {
    DnEvent *totals = &run->data.totals;
    for (size_t i = 0; i < run->model.ordered.count; i++) {
        const DnObject *object = run->model.ordered.items[i];
        if (object->kind == DN_KIND_TABLE_DATA) {
            const DnRelation *table = ((const DnTableData *)object)->table;
            totals->tables++;
            totals->total_rows += table->tuples > 0 ? (uint64_t)table->tuples : 0;
            totals->total_bytes += table->pages > 0 ? (uint64_t)table->pages * DN_PAGE_SIZE : 0;
        }
    }
}

static DnStatus begin_record(DnDumpRun *run, DnErr *err) {
    const DnDumpOptions *o = run->options;
    dn_manifest_deinit(run->attempt->manifest); /* of an attempt that failed */
    DnStatus status = dn_recorder_init(&run->recorder, run->attempt->manifest, err);
    if (status == DN_OK) {
        DnBuf options = {0};
        const char *const *lists[DN_FILTER_COUNT];
        for (int i = 0; i < DN_FILTER_COUNT; i++) {
            lists[i] = dn_filter_list(&run->attempt->filter, (DnFilterList)i);
        }
        dn_manifest_options_write(&options, o, lists);
        dn_recorder_head(&run->recorder, "dumpnative " DN_VERSION, &run->model, dn_buf_text(&options));
        status = dn_buf_failed(&options) ? dn_err_nomem(err) : DN_OK;
        dn_buf_deinit(&options);
        run->data.recorder = &run->recorder;
    }
    return status;
}

static DnStatus write_manifest(void *ctx, const DnSinkSummary *summary, DnFileTextFn write, void *write_ctx,
                               DnErr *err) {
    DnManifest *manifest = ctx;
    manifest->stored_bytes = summary->stored.bytes;
    memcpy(manifest->sha256, summary->stored.sha256, sizeof manifest->sha256);
    return dn_manifest_write(manifest, write, write_ctx, err);
}

static DnStatus open_output(DnDumpRun *run, DnErr *err) {
    const DnDumpOptions *o = run->options;
    DnSource *source = run->attempt->source;
    const DnOutputOptions destination = {.path = o->path,
                                         .write = source ? dn_source_write : o->write,
                                         .write_ctx = source ? source : o->write_ctx,
                                         .discard = run->attempt->only_record,
                                         .compression = run->compression,
                                         .file = {.no_digest = o->stand_in,
                                                  .manifest = run->attempt->manifest ? write_manifest : NULL,
                                                  .manifest_ctx = run->attempt->manifest,
                                                  .no_sync = o->no_sync,
                                                  .append = o->append}};
    return dn_output_open(&destination, &run->output, err);
}

/* The text is whole: its owner may have the session and more of its kind. */
static DnStatus lend(DnDumpRun *run, DnErr *err) {
    run->attempt->is_lent = true;
    DnStatus status = dn_source_use(run->attempt->source, &run->data.how, err);
    return status == DN_OK ? dn_source_end(run->attempt->source, err) : status;
}

DnStatus dn_dump_write(DnDumpRun *run, DnDumpResult *result, DnErr *err) {
    bool lends = run->attempt->source;
    if (lends) { /* what an attempt that failed has written */
        dn_buf_clear(&run->attempt->source->text);
        dn_buf_clear(&run->attempt->source->drops);
        run->attempt->source->rows.count = 0;
    }
    DnStatus status = run->attempt->manifest ? begin_record(run, err) : DN_OK;
    status = status == DN_OK ? open_output(run, err) : status;
    run->data.output = run->output;
    if (status == DN_OK && (run->sections & DN_DATA)) {
        estimate(run);
    }
    if (status == DN_OK) {
        dn_dump_tell_text(run, DN_EVENT_START, NULL);
    }
    if (status == DN_OK && (run->sections & DN_DATA) && !lends) {
        status = dn_data_begin(&run->data, err);
    }
    if (status == DN_OK) {
        status = write_script(run, err);
    }
    if (status == DN_OK) {
        status = dn_data_end(&run->data, err);
    }
    if (status == DN_OK && !lends) {
        status = dn_session_end(run->conn, err);
    }
    if (status == DN_OK) {
        DnOutput *output = run->output;
        run->output = NULL;
        status = dn_output_finish(output, result->sha256, &result->bytes, err);
    }
    return status == DN_OK && lends ? lend(run, err) : status;
}
