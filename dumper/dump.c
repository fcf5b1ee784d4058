#include "dumper/dump.h"

#include "catalog/platform.h"
#include "common/clock.h"
#include "common/err.h"
#include "common/nomem.h"
#include "dumper/dump_run.h"

/* ---- Events ---------------------------------------------------------------------- */

void dn_dump_tell(const DnDumpRun *run, DnEventKind kind, const char *text, const char *detail,
                  const char *hint) {
    if (run->options->event) {
        DnEvent event = run->data.totals;
        event.kind = kind;
        event.text = text;
        event.detail = detail;
        event.hint = hint;
        event.seconds = dn_now() - run->data.started;
        run->options->event(run->options->event_ctx, &event);
    }
}

void dn_dump_tell_text(const DnDumpRun *run, DnEventKind kind, const char *text) {
    dn_dump_tell(run, kind, text, NULL, NULL);
}

static void on_notice(void *ctx, const char *text) {
    dn_dump_tell_text(ctx, DN_EVENT_NOTICE, text);
}

void dn_dump_step(void *ctx, const char *text) {
    dn_dump_tell_text(ctx, DN_EVENT_STEP, text);
}

void dn_dump_warning(void *ctx, const char *text) {
    dn_dump_tell_text(ctx, DN_EVENT_WARNING, text);
}

/* ---- Options --------------------------------------------------------------------- */

/* pg_dump takes a number of workers, and says that it makes nothing of it. */
static DnStatus read_compression(DnDumpRun *run, DnErr *err) {
    DnStatus status = dn_compression_parse(run->options->compress, &run->compression, err);
    if (status == DN_OK && run->options->stand_in && run->compression.has_workers) {
        dn_dump_warning(run, "compression option \"workers\" is not currently supported by pg_dump");
        run->compression.has_workers = false;
    }
    return status;
}

/* ---- The whole ------------------------------------------------------------------- */

/* What was told of the earlier attempts, omissions for instance, was told for nothing. */
static void warn_of_restart(const DnDumpRun *run) {
    DnErr line; /* borrowed for its formatting */
    unsigned times = run->attempt->earlier;
    (void)dn_err(&line, DN_OK,
                 "the dump was begun anew %u time%s; what is written is of one snapshot, the last", times,
                 times == 1 ? "" : "s");
    dn_dump_tell(run, DN_EVENT_WARNING, line.message, run->attempt->cause, NULL);
}

/* What the dump leaves to the platform that shares the database. */
static void tell_managed(const DnDumpRun *run) {
    DnBuf left = {0};
    DnBuf text = {0};
    uint64_t owners = run->script.owners_left;
    dn_platform_describe(&run->catalog, &left);
    if (owners) {
        dn_buf_sep(&left, ", ");
        dn_buf_fmt(&left, "%llu owner%s", (unsigned long long)owners, owners == 1 ? "" : "s");
    }
    if (left.size) {
        dn_buf_fmt(&text, "left to Supabase, whose roles alone could restore them: %s", dn_buf_text(&left));
        dn_dump_tell_text(run, DN_EVENT_MANAGED, dn_buf_text(&text));
    }
    if (run->catalog.left_inside) {
        dn_buf_clear(&text);
        dn_buf_fmt(&text, "left in schemas that Supabase manages; -n SCHEMA would dump it: %s",
                   run->catalog.left_inside);
        dn_dump_tell_text(run, DN_EVENT_MANAGED, dn_buf_text(&text));
    }
    dn_buf_deinit(&left);
    dn_buf_deinit(&text);
}

static void finish(DnDumpRun *run, DnDumpResult *result) {
    const DnEvent *totals = &run->data.totals;
    result->rows = totals->rows;
    result->tables = totals->table;
    result->omissions = run->catalog.omissions;
    result->seconds = dn_now() - run->data.started;
    if (run->attempt->earlier) {
        warn_of_restart(run);
    }
    tell_managed(run);
    if (run->options->event) {
        DnEvent event = *totals;
        event.kind = DN_EVENT_FINISHED;
        event.sha256 = result->sha256;
        event.bytes = result->bytes;
        event.seconds = result->seconds;
        run->options->event(run->options->event_ctx, &event);
    }
}

static void deinit(DnDumpRun *run) {
    dn_data_abort(&run->data);
    dn_output_abort(run->output);
    dn_conn_close(run->join.idle);
    dn_conn_close(run->conn);
    dn_recorder_deinit(&run->recorder);
    dn_script_deinit(&run->script);
    dn_entries_deinit(&run->entries);
    dn_buf_deinit(&run->text);
    dn_arena_deinit(&run->model.arena);
    dn_lock_names_deinit(&run->locks);
}

static void listen(DnDumpRun *run) {
    run->server = (DnEndpoint){.step = dn_dump_step,
                               .warn = dn_dump_warning,
                               .notice = on_notice,
                               .ctx = run,
                               .end_of_clone = run->attempt && run->attempt->source};
}

DnStatus dn_dump_major(const DnDumpOptions *options, int *major, DnErr *err) {
    DnDumpRun run = {.options = options,
                     .data = {.started = dn_now(), .event = options->event, .event_ctx = options->event_ctx}};
    listen(&run);
    DnStatus status = dn_endpoint_plan(&run.server, options, err);
    status = status == DN_OK ? dn_endpoint_open(&run.server, &run.conn, err) : status;
    if (status == DN_OK) {
        *major = dn_conn_server_version(run.conn) / 10000;
    }
    dn_conn_close(run.conn);
    return status;
}

DnStatus dn_attempt(DnAttempt *attempt, DnDumpResult *result, DnErr *err) {
    const DnDumpOptions *options = attempt->options;
    DnDumpRun run = {
        .attempt = attempt,
        .options = options,
        .failures = dn_nomem_count(),
        .data = {.started = attempt->started, .event = options->event, .event_ctx = options->event_ctx}};
    listen(&run);
    DnStatus status = dn_endpoint_plan(&run.server, options, err);
    run.server.options.retry_refused |= attempt->earlier > 0; /* it was there a moment ago */
    run.options = &run.server.options;
    if (status == DN_OK) {
        status = read_compression(&run, err);
    }
    if (status == DN_OK) {
        status = dn_dump_read(&run, err);
    }
    if (status == DN_OK) {
        status = dn_dump_write(&run, result, err);
    }
    if (status == DN_OK) {
        finish(&run, result);
    }
    attempt->is_final = run.output && !dn_output_is_revocable(run.output);
    deinit(&run);
    return status;
}
