#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/model/kind.h"
#include "catalog/platform.h"
#include "catalog/types.h"
#include "common/cancel.h"
#include "common/err.h"
#include "common/nomem.h"
#include "common/restrict_key.h"
#include "dumper/attempt.h"
#include "dumper/data.h"
#include "dumper/endpoint.h"
#include "dumper/session.h"
#include "dumper/settings.h"
#include "dumper/source.h"
#include "dumper/statistics.h"
#include "sqlgen/script.h"

/* Told of the catalog. */
typedef struct Finding {
    DnEventKind kind;
    const char *text;
} Finding;

typedef struct Dump {
    DnAttempt *attempt;
    const DnDumpOptions *options;
    DnConn *conn;
    DnEndpoint server;
    DnJoin join;
    DnModel model;
    DnCatalog catalog;
    DN_VEC(Finding) findings; /* in the model's arena */
    DnLockNames locks;        /* of the attempt before this one */
    DnRender render;
    DnScript script;
    DnEntries entries;
    DnOutput *output;
    DnData data;
    DnRecorder recorder;
    DnStatisticsStream statistics;
    DnBuf text;
    unsigned long failures; /* dn_nomem_count() before the dump */
    unsigned char *passes;  /* by place in the order: in which passes the object has something, a bit each */
    unsigned sections;
    DnCompression compression;
    char restrict_key[DN_RESTRICT_KEY_SIZE];
} Dump;

/* ---- Events ---------------------------------------------------------------------- */

static void tell(const Dump *dump, DnEventKind kind, const char *text, const char *detail, const char *hint) {
    if (dump->options->event) {
        DnEvent event = dump->data.totals;
        event.kind = kind;
        event.text = text;
        event.detail = detail;
        event.hint = hint;
        event.seconds = dn_now() - dump->data.started;
        dump->options->event(dump->options->event_ctx, &event);
    }
}

static void tell_text(const Dump *dump, DnEventKind kind, const char *text) {
    tell(dump, kind, text, NULL, NULL);
}

static void on_notice(void *ctx, const char *text) {
    tell_text(ctx, DN_EVENT_NOTICE, text);
}

static void on_step(void *ctx, const char *text) {
    tell_text(ctx, DN_EVENT_STEP, text);
}

static void on_warning(void *ctx, const char *text) {
    tell_text(ctx, DN_EVENT_WARNING, text);
}

/* What is found while the catalog is read counts once it was read whole. */
static void keep(Dump *dump, DnEventKind kind, const char *text) {
    const Finding finding = {.kind = kind, .text = dn_model_str(&dump->model, text)};
    DN_PUSH(&dump->model.arena, &dump->findings, finding);
}

static void keep_warning(void *ctx, const char *text) {
    keep(ctx, DN_EVENT_WARNING, text);
}

static void keep_omission(void *ctx, const char *text) {
    keep(ctx, DN_EVENT_OMISSION, text);
}

static void tell_findings(const Dump *dump) {
    for (size_t i = 0; i < dump->findings.count; i++) {
        tell_text(dump, dump->findings.items[i].kind, dump->findings.items[i].text);
    }
}

/* ---- Options --------------------------------------------------------------------- */

/* pg_dump takes a number of workers, and says that it makes nothing of it. */
static DnStatus read_compression(Dump *dump, DnErr *err) {
    DnStatus status = dn_compression_parse(dump->options->compress, &dump->compression, err);
    if (status == DN_OK && dump->options->stand_in && dump->compression.has_workers) {
        on_warning(dump, "compression option \"workers\" is not currently supported by pg_dump");
        dump->compression.has_workers = false;
    }
    return status;
}

/* pg_dump's releases of 2025 guard the text with a key that no data can know (CVE-2025-8714); 12 had none. */
enum { RESTRICT_SINCE = 13 };

/* The text is that of the server's major version, so only a claim to be of that one can be true. */
static const char *claimed_version(const Dump *dump) {
    const char *claim = dump->options->pg_dump_version;
    bool is_servers = claim && strtol(claim, NULL, 10) == dn_model_major(&dump->model);
    return is_servers ? claim : dump->model.server_version_text;
}

static void init_stand_in(Dump *dump) {
    const DnDumpOptions *o = dump->options;
    DnBuf tool = {0};
    dn_buf_fmt(&tool, "pg_dump version %s", claimed_version(dump));
    const char *text = dn_model_str(&dump->model, dn_buf_text(&tool));
    dump->script.tool = text ? text : "pg_dump";
    if (o->restrict_key) {
        dump->render.restrict_key = o->restrict_key;
    } else if (dn_model_major(&dump->model) >= RESTRICT_SINCE) {
        dump->render.restrict_key = dn_restrict_key_make(dump->restrict_key) ? dump->restrict_key : NULL;
    }
    dn_buf_deinit(&tool);
}

static void init_render(Dump *dump) {
    const DnDumpOptions *o = dump->options;
    dump->render = dn_settings_render(o, &dump->model);
    dump->script = (DnScript){.render = &dump->render, .tool = "dumpnative version " DN_VERSION};
    dump->render.if_exists |= dump->attempt->source != NULL; /* of what is there it may want to drop */
    if (o->stand_in) {
        init_stand_in(dump);
    }
    dump->sections = dn_settings_sections(o);
}

/* ---- Reading --------------------------------------------------------------------- */

enum { OLDEST_SERVER = 120000 };

static DnStatus init_model(Dump *dump, DnErr *err) {
    DnModel *m = &dump->model;
    m->server_version = dn_conn_server_version(dump->conn);
    m->server_version_text = dn_model_str(m, dn_conn_parameter(dump->conn, "server_version"));
    m->database = dn_model_str(m, dn_conn_database(dump->conn));
    m->encoding = dn_model_str(m, dn_conn_parameter(dump->conn, "client_encoding"));
    const char *strings = dn_conn_parameter(dump->conn, "standard_conforming_strings");
    m->std_strings = !strings || strcmp(strings, "on") == 0;
    if (dn_arena_failed(&m->arena) || !m->server_version_text || !m->database || !m->encoding) {
        return dn_err_nomem(err);
    }
    if (m->server_version < OLDEST_SERVER) {
        (void)dn_err(err, DN_E_USAGE,
                     "server version %s is too old: dumpnative reads PostgreSQL 12 and later",
                     m->server_version_text);
        dn_err_hint(err, "Dump it with the pg_dump of that server.");
        return DN_E_USAGE;
    }
    dump->data.totals.database = m->database;
    dump->data.totals.server_version = m->server_version_text;
    return DN_OK;
}

static void warn_of_circle(const Dump *dump, const char *tables) {
    if (!dump->options->stand_in) {
        tell(dump, DN_EVENT_WARNING, "foreign keys form a circle: no order of the rows satisfies them all",
             tables,
             "Restore with --disable-triggers, or dump the schema as well in place of the data only.");
        return;
    }
    tell(dump, DN_EVENT_WARNING,
         strchr(tables, '\n') ? "there are circular foreign-key constraints among these tables:"
                              : "there are circular foreign-key constraints on this table:",
         tables,
         "You might not be able to restore the dump without using --disable-triggers or temporarily dropping "
         "the constraints.\n"
         "Consider using a full dump instead of a --data-only dump to avoid this problem.");
}

static DnReadersOptions readers_options(Dump *dump) {
    return (DnReadersOptions){.dump = dump->options,
                              .conn = dump->conn,
                              .join = &dump->join,
                              .model = &dump->model,
                              .render = &dump->render,
                              .sums = dump->attempt->manifest,
                              .tell = on_step,
                              .tell_ctx = dump};
}

static DnJoin make_join(Dump *dump) {
    const DnDumpOptions *o = dump->options;
    DnJoin join = {.options = o,
                   .connection = dn_endpoint_connection(&dump->server),
                   .local = dn_conn_is_local(dump->conn),
                   .rows = (dump->sections & DN_DATA) && o->jobs != 1 && !o->stand_in};
    join.connection.address = dn_conn_address(dump->conn);
    return join;
}

/* All that is read before the first byte is written: once more, if it has to be. */
static DnStatus read_once(Dump *dump, DnErr *err) {
    DnStatus status = init_model(dump, err);
    if (status != DN_OK) {
        return status;
    }
    init_render(dump);
    dump->findings.count = dump->findings.capacity = 0;
    dump->catalog = (DnCatalog){.model = &dump->model,
                                .selection = dn_settings_selection(dump->options, &dump->attempt->filter),
                                .omit = keep_omission,
                                .warn = keep_warning,
                                .step = on_step,
                                .ctx = dump};
    dump->join = make_join(dump);
    dump->data.how = readers_options(dump);
    status = dn_session_read_catalog(dump->conn, &dump->join, &dump->locks, &dump->catalog, err);
    return status == DN_OK && (dump->sections & DN_DATA) ? dn_data_sequences(&dump->data, err) : status;
}

/* In a storm of changes each attempt holds more of what it needs; a server with a broken catalog says the
   same again and again. */
enum { MOST_ATTEMPTS = 20, MOST_ALIKE = 3 };

static DnStatus read_steady(Dump *dump, DnErr *err) {
    DnStatus status = read_once(dump, err);
    int alike = 1;
    for (int attempt = 1; status == DN_E_QUERY && dn_session_moved(err) && !dump->options->snapshot;
         attempt++) {
        DnErr last = *err;
        if (attempt == MOST_ATTEMPTS || alike == MOST_ALIKE) {
            return dn_locks_tell_moved(&dump->model, attempt, err);
        }
        DnBuf step = {0};
        dn_buf_fmt(&step, "reading the catalog again: %s", err->message);
        on_step(dump, dn_buf_text(&step));
        dn_buf_deinit(&step);
        dn_lock_names_set(&dump->locks, dump->options, &dump->model);
        dn_arena_deinit(&dump->model.arena);
        dump->model = (DnModel){0};
        status = dn_session_roll_back(dump->conn, err);
        status = status == DN_OK ? read_once(dump, err) : status;
        alike = strcmp(last.message, err->message) == 0 ? alike + 1 : 1;
    }
    return status;
}

static DnStatus read_catalog(Dump *dump, DnErr *err) {
    DnStatus status = dn_endpoint_open(&dump->server, &dump->conn, err);
    if (status == DN_OK) {
        status = read_steady(dump, err);
        tell_findings(dump);
    }
    for (size_t i = 0; status == DN_OK && i < dump->model.circles.count; i++) {
        warn_of_circle(dump, dump->model.circles.items[i]);
    }
    if (status == DN_OK && !dump->render.data_only) {
        dump->catalog.warn = on_warning;
        dn_types_warn(&dump->catalog);
    }
    return status;
}

/* ---- Writing --------------------------------------------------------------------- */

/* Hands the text made so far to the output; `entry` is what it is about, or NULL. */
static DnStatus flush_text(Dump *dump, const DnEntry *entry, DnErr *err) {
    bool failed = dn_buf_failed(&dump->text) || dn_entries_failed(&dump->entries);
    if (failed || dn_nomem_count() != dump->failures) {
        return dn_err_nomem(err);
    }
    DnStatus status = dn_script_seal(&dump->script, entry, &dump->text, err);
    if (status != DN_OK) {
        return status;
    }
    dn_recorder_text(dump->data.recorder, dn_buf_text(&dump->text), dump->text.size);
    status = dn_output_write(dump->output, dn_buf_text(&dump->text), dump->text.size, err);
    dn_buf_clear(&dump->text);
    return status;
}

static DnStatus write_data(Dump *dump, const DnEntry *entry, DnErr *err) {
    DnSource *source = dump->attempt->source;
    dn_script_data_begin(&dump->script, entry, &dump->text);
    DnStatus status = flush_text(dump, entry, err);
    if (status == DN_OK) {
        status = source ? dn_source_add(source, &dump->render, entry, dump->output, err)
                        : dn_data_next(&dump->data, entry, err);
    }
    if (status == DN_OK) {
        dn_script_data_end(&dump->script, entry, &dump->text);
        status = flush_text(dump, entry, err);
    }
    return status;
}

/* They come after all rows, and so when the connection is free. */
static DnStatus read_statistics(Dump *dump, DnEntry *entry, DnErr *err) {
    DnStatus status = dn_data_end(&dump->data, err);
    if (status == DN_OK && dump->statistics.count == 0) {
        on_step(dump, "reading statistics");
        dump->statistics =
            (DnStatisticsStream){.conn = dump->conn, .render = &dump->render, .sections = dump->sections};
    }
    return status == DN_OK ? dn_statistics_next(&dump->statistics, entry->statistics, &entry->create, err)
                           : status;
}

/* Until 16 large objects are created in the section pre-data, and yet are part of the data. */
static unsigned wanted_sections(const Dump *dump, const DnObject *object) {
    return object->kind == DN_KIND_LARGE_OBJECT ? dump->options->sections : dump->sections;
}

/* The entries of an object that belong to the pass and to the sections asked for. */
static DnStatus write_object(Dump *dump, size_t place, DnPass pass, DnErr *err) {
    const DnObject *object = dump->model.ordered.items[place];
    if (pass != DN_PASS_MAIN && !(dump->passes[place] & 1U << pass)) {
        return DN_OK;
    }
    dn_render_object(&dump->render, object, &dump->entries);
    unsigned section = dn_kind_section(object->kind);
    DnStatus status = DN_OK;
    for (size_t i = 0; status == DN_OK && i < dump->entries.count; i++) {
        DnEntry *entry = &dump->entries.items[i];
        section = entry->section ? entry->section : section;
        dump->passes[place] |= (unsigned char)(1U << entry->pass);
        if (entry->pass != pass || !(section & wanted_sections(dump, object))) {
            continue;
        }
        dn_recorder_section(dump->data.recorder, pass == DN_PASS_MAIN ? section : DN_POST_DATA);
        if (entry->statistics) {
            status = read_statistics(dump, entry, err);
        }
        if (status == DN_OK && (entry->data || entry->large_objects)) {
            status = write_data(dump, entry, err);
        } else if (status == DN_OK) {
            dn_recorder_object(dump->data.recorder, entry);
            dn_script_entry(&dump->script, entry, &dump->text);
            status = flush_text(dump, entry, err);
        }
    }
    return status;
}

/* Who was lent the database gets them by themselves. */
static DnStatus flush_drops(Dump *dump, DnErr *err) {
    DnSource *source = dump->attempt->source;
    if (!source) {
        return flush_text(dump, NULL, err);
    }
    DnStatus status = dn_buf_failed(&dump->text) ? dn_err_nomem(err)
                                                 : dn_script_seal(&dump->script, NULL, &dump->text, err);
    dn_buf_add(&source->drops, dn_buf_text(&dump->text), dump->text.size);
    dn_buf_clear(&dump->text);
    return status;
}

static DnStatus write_drops(Dump *dump, DnErr *err) {
    DnStatus status = DN_OK;
    for (size_t i = dump->model.ordered.count; status == DN_OK && i-- > 0;) {
        const DnObject *object = dump->model.ordered.items[i];
        dn_render_object(&dump->render, object, &dump->entries);
        for (size_t e = dump->entries.count; e-- > 0;) {
            const DnEntry *entry = &dump->entries.items[e];
            unsigned section = entry->section ? entry->section : dn_kind_section(object->kind);
            if (section & wanted_sections(dump, object)) {
                dn_script_drop(&dump->script, entry, &dump->text);
            }
        }
        status = flush_drops(dump, err);
    }
    return status;
}

static DnStatus write_script(Dump *dump, DnErr *err) {
    dump->passes = DN_NEW_ARRAY(&dump->model.arena, unsigned char, dump->model.ordered.count + 1);
    if (!dump->passes) {
        return dn_err_nomem(err);
    }
    dn_script_header(&dump->script, &dump->text);
    DnStatus status = flush_text(dump, NULL, err);
    if (status == DN_OK && (dump->options->clean || dump->attempt->source)) {
        status = write_drops(dump, err);
    }
    for (DnPass pass = DN_PASS_MAIN; status == DN_OK && pass < DN_PASS_COUNT; pass++) {
        for (size_t i = 0; status == DN_OK && i < dump->model.ordered.count; i++) {
            status = dn_cancel_requested(dump->options->cancel) ? dn_err(err, DN_E_CANCELLED, "cancelled")
                                                                : write_object(dump, i, pass, err);
        }
    }
    if (status == DN_OK) {
        dn_script_footer(&dump->script, &dump->text);
        status = flush_text(dump, NULL, err);
    }
    return status == DN_OK ? dn_recorder_end(dump->data.recorder, err) : status;
}

/* ---- The whole ------------------------------------------------------------------- */

/* What the progress is measured against: the planner's figures, as fresh as the last ANALYZE. */
static void estimate(Dump *dump) {
    DnEvent *totals = &dump->data.totals;
    for (size_t i = 0; i < dump->model.ordered.count; i++) {
        const DnObject *object = dump->model.ordered.items[i];
        if (object->kind == DN_KIND_TABLE_DATA) {
            const DnRelation *table = ((const DnTableData *)object)->table;
            totals->tables++;
            totals->total_rows += table->tuples > 0 ? (uint64_t)table->tuples : 0;
            totals->total_bytes += table->pages > 0 ? (uint64_t)table->pages * 8192 : 0;
        }
    }
}

static DnStatus begin_record(Dump *dump, DnErr *err) {
    const DnDumpOptions *o = dump->options;
    dn_manifest_deinit(dump->attempt->manifest); /* of an attempt that failed */
    DnStatus status = dn_recorder_init(&dump->recorder, dump->attempt->manifest, err);
    if (status == DN_OK) {
        DnBuf options = {0};
        const char *const *lists[DN_FILTER_COUNT];
        for (int i = 0; i < DN_FILTER_COUNT; i++) {
            lists[i] = dn_filter_list(&dump->attempt->filter, (DnFilterList)i);
        }
        dn_manifest_options_write(&options, o, lists);
        dn_recorder_head(&dump->recorder, "dumpnative " DN_VERSION, &dump->model, dn_buf_text(&options));
        status = dn_buf_failed(&options) ? dn_err_nomem(err) : DN_OK;
        dn_buf_deinit(&options);
        dump->data.recorder = &dump->recorder;
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

static DnStatus open_output(Dump *dump, DnErr *err) {
    const DnDumpOptions *o = dump->options;
    DnSource *source = dump->attempt->source;
    const DnOutputOptions destination = {.path = o->path,
                                         .write = source ? dn_source_write : o->write,
                                         .write_ctx = source ? source : o->write_ctx,
                                         .discard = dump->attempt->only_record,
                                         .compression = dump->compression,
                                         .file = {.no_digest = o->stand_in,
                                                  .manifest = dump->attempt->manifest ? write_manifest : NULL,
                                                  .manifest_ctx = dump->attempt->manifest,
                                                  .no_sync = o->no_sync,
                                                  .append = o->append}};
    return dn_output_open(&destination, &dump->output, err);
}

/* The text is whole: its owner may have the session and more of its kind. */
static DnStatus lend(Dump *dump, DnErr *err) {
    dump->attempt->is_lent = true;
    DnStatus status = dn_source_use(dump->attempt->source, &dump->data.how, err);
    return status == DN_OK ? dn_session_end(dump->conn, err) : status;
}

static DnStatus write_dump(Dump *dump, DnDumpResult *result, DnErr *err) {
    bool lends = dump->attempt->source;
    DnStatus status = dump->attempt->manifest ? begin_record(dump, err) : DN_OK;
    status = status == DN_OK ? open_output(dump, err) : status;
    dump->data.output = dump->output;
    if (status == DN_OK && (dump->sections & DN_DATA)) {
        estimate(dump);
    }
    if (status == DN_OK) {
        tell_text(dump, DN_EVENT_START, NULL);
    }
    if (status == DN_OK && (dump->sections & DN_DATA) && !lends) {
        status = dn_data_begin(&dump->data, err);
    }
    if (status == DN_OK) {
        status = write_script(dump, err);
    }
    if (status == DN_OK) {
        status = dn_data_end(&dump->data, err);
    }
    if (status == DN_OK && !lends) {
        status = dn_session_end(dump->conn, err);
    }
    if (status == DN_OK) {
        DnOutput *output = dump->output;
        dump->output = NULL;
        status = dn_output_finish(output, result->sha256, &result->bytes, err);
    }
    return status == DN_OK && lends ? lend(dump, err) : status;
}

/* What was told of the earlier attempts, omissions for instance, was told for nothing. */
static void warn_of_restart(const Dump *dump) {
    DnErr line; /* borrowed for its formatting */
    unsigned times = dump->attempt->earlier;
    (void)dn_err(&line, DN_OK,
                 "the dump was begun anew %u time%s; what is written is of one snapshot, the last", times,
                 times == 1 ? "" : "s");
    tell(dump, DN_EVENT_WARNING, line.message, dump->attempt->cause, NULL);
}

/* What the dump leaves to the platform that shares the database. */
static void tell_managed(const Dump *dump) {
    DnBuf left = {0};
    DnBuf text = {0};
    uint64_t owners = dump->script.owners_left;
    dn_platform_describe(&dump->catalog, &left);
    if (owners) {
        dn_buf_sep(&left, ", ");
        dn_buf_fmt(&left, "%llu owner%s", (unsigned long long)owners, owners == 1 ? "" : "s");
    }
    if (left.size) {
        dn_buf_fmt(&text, "left to Supabase, whose roles alone could restore them: %s", dn_buf_text(&left));
        tell_text(dump, DN_EVENT_MANAGED, dn_buf_text(&text));
    }
    if (dump->catalog.left_inside) {
        dn_buf_clear(&text);
        dn_buf_fmt(&text, "left in schemas that Supabase manages; -n SCHEMA would dump it: %s",
                   dump->catalog.left_inside);
        tell_text(dump, DN_EVENT_MANAGED, dn_buf_text(&text));
    }
    dn_buf_deinit(&left);
    dn_buf_deinit(&text);
}

static void finish(Dump *dump, DnDumpResult *result) {
    const DnEvent *totals = &dump->data.totals;
    result->rows = totals->rows;
    result->tables = totals->table;
    result->omissions = dump->catalog.omissions;
    result->seconds = dn_now() - dump->data.started;
    if (dump->attempt->earlier) {
        warn_of_restart(dump);
    }
    tell_managed(dump);
    if (dump->options->event) {
        DnEvent event = *totals;
        event.kind = DN_EVENT_FINISHED;
        event.sha256 = result->sha256;
        event.bytes = result->bytes;
        event.seconds = result->seconds;
        dump->options->event(dump->options->event_ctx, &event);
    }
}

static void deinit(Dump *dump) {
    dn_data_abort(&dump->data);
    dn_output_abort(dump->output);
    dn_conn_close(dump->join.idle);
    dn_conn_close(dump->conn);
    dn_recorder_deinit(&dump->recorder);
    dn_script_deinit(&dump->script);
    dn_entries_deinit(&dump->entries);
    dn_buf_deinit(&dump->text);
    dn_arena_deinit(&dump->model.arena);
    dn_lock_names_deinit(&dump->locks);
}

DnStatus dn_attempt(DnAttempt *attempt, DnDumpResult *result, DnErr *err) {
    const DnDumpOptions *options = attempt->options;
    Dump dump = {
        .attempt = attempt,
        .options = options,
        .failures = dn_nomem_count(),
        .data = {.started = attempt->started, .event = options->event, .event_ctx = options->event_ctx}};
    dump.server = (DnEndpoint){.step = on_step, .warn = on_warning, .notice = on_notice, .ctx = &dump};
    DnStatus status = dn_endpoint_plan(&dump.server, options, err);
    dump.server.options.retry_refused |= attempt->earlier > 0; /* it was there a moment ago */
    dump.options = &dump.server.options;
    if (status == DN_OK) {
        status = read_compression(&dump, err);
    }
    if (status == DN_OK) {
        status = read_catalog(&dump, err);
    }
    if (status == DN_OK) {
        status = write_dump(&dump, result, err);
    }
    if (status == DN_OK) {
        finish(&dump, result);
    }
    attempt->is_final = dump.output && !dn_output_is_revocable(dump.output);
    deinit(&dump);
    return status;
}
