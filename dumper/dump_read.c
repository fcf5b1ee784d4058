#include <stdlib.h>
#include <string.h>

#include "catalog/types.h"
#include "common/err.h"
#include "dumper/dump_run.h"
#include "dumper/settings.h"

/* ---- Findings -------------------------------------------------------------------- */

/* What is found while the catalog is read counts once it was read whole. */
static void keep(DnDumpRun *run, DnEventKind kind, const char *text) {
    const DnFinding finding = {.kind = kind, .text = dn_model_str(&run->model, text)};
    DN_PUSH(&run->model.arena, &run->findings, finding);
}

static void keep_warning(void *ctx, const char *text) {
    keep(ctx, DN_EVENT_WARNING, text);
}

static void keep_omission(void *ctx, const char *text) {
    keep(ctx, DN_EVENT_OMISSION, text);
}

static void tell_findings(const DnDumpRun *run) {
    for (size_t i = 0; i < run->findings.count; i++) {
        dn_dump_tell_text(run, run->findings.items[i].kind, run->findings.items[i].text);
    }
}

/* ---- How it is written ----------------------------------------------------------- */

/* pg_dump's releases of 2025 guard the text with a key that no data can know (CVE-2025-8714); 12 had none. */
enum { RESTRICT_SINCE = 13 };

/* The text is that of the server's major version, so only a claim to be of that one can be true. */
static const char *claimed_version(const DnDumpRun *run) {
    const char *claim = run->options->pg_dump_version;
    bool is_servers = claim && strtol(claim, NULL, 10) == dn_model_major(&run->model);
    return is_servers ? claim : run->model.server_version_text;
}

static void init_stand_in(DnDumpRun *run) {
    const DnDumpOptions *o = run->options;
    DnBuf tool = {0};
    dn_buf_fmt(&tool, "pg_dump version %s", claimed_version(run));
    const char *text = dn_model_str(&run->model, dn_buf_text(&tool));
    run->script.tool = text ? text : "pg_dump";
    if (o->restrict_key) {
        run->render.restrict_key = o->restrict_key;
    } else if (dn_model_major(&run->model) >= RESTRICT_SINCE) {
        run->render.restrict_key = dn_restrict_key_make(run->restrict_key) ? run->restrict_key : NULL;
    }
    dn_buf_deinit(&tool);
}

static void init_render(DnDumpRun *run) {
    const DnDumpOptions *o = run->options;
    run->render = dn_settings_render(o, &run->model);
    run->script = (DnScript){.render = &run->render, .tool = "dumpnative version " DN_VERSION};
    run->render.taken_by = run->attempt->taken_by;
    run->render.if_exists |= run->attempt->source != NULL; /* of what is there it may want to drop */
    if (o->stand_in) {
        init_stand_in(run);
    }
    run->sections = dn_settings_sections(o);
}

/* ---- Reading --------------------------------------------------------------------- */

enum { OLDEST_SERVER = 120000 };

static DnStatus init_model(DnDumpRun *run, DnErr *err) {
    DnModel *m = &run->model;
    m->server_version = dn_conn_server_version(run->conn);
    if (run->attempt->spelled_as < dn_model_major(m)) {
        m->spelled_as = run->attempt->spelled_as;
    }
    m->server_version_text = dn_model_str(m, dn_conn_parameter(run->conn, "server_version"));
    m->database = dn_model_str(m, dn_conn_database(run->conn));
    m->encoding = dn_model_str(m, dn_conn_parameter(run->conn, "client_encoding"));
    const char *strings = dn_conn_parameter(run->conn, "standard_conforming_strings");
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
    run->data.totals.database = m->database;
    run->data.totals.server_version = m->server_version_text;
    return DN_OK;
}

static void warn_of_circle(const DnDumpRun *run, const char *tables) {
    if (!run->options->stand_in) {
        dn_dump_tell(
            run, DN_EVENT_WARNING, "foreign keys form a circle: no order of the rows satisfies them all",
            tables, "Restore with --disable-triggers, or dump the schema as well in place of the data only.");
        return;
    }
    dn_dump_tell(
        run, DN_EVENT_WARNING,
        strchr(tables, '\n') ? "there are circular foreign-key constraints among these tables:"
                             : "there are circular foreign-key constraints on this table:",
        tables,
        "You might not be able to restore the dump without using --disable-triggers or temporarily dropping "
        "the constraints.\n"
        "Consider using a full dump instead of a --data-only dump to avoid this problem.");
}

static DnReadersOptions readers_options(DnDumpRun *run) {
    return (DnReadersOptions){.dump = run->options,
                              .conn = run->conn,
                              .join = &run->join,
                              .model = &run->model,
                              .render = &run->render,
                              .sums = run->attempt->manifest,
                              .tell = dn_dump_step,
                              .tell_ctx = run};
}

static DnJoin make_join(DnDumpRun *run) {
    const DnDumpOptions *o = run->options;
    DnJoin join = {.options = o,
                   .connection = dn_endpoint_connection(&run->server),
                   .local = dn_conn_is_local(run->conn),
                   .rows = (run->sections & DN_DATA) && o->jobs != 1 && !o->stand_in};
    join.connection.address = dn_conn_address(run->conn);
    return join;
}

/* All that is read before the first byte is written: once more, if it has to be. */
static DnStatus read_once(DnDumpRun *run, DnErr *err) {
    DnStatus status = init_model(run, err);
    if (status != DN_OK) {
        return status;
    }
    init_render(run);
    run->findings.count = run->findings.capacity = 0;
    run->catalog = (DnCatalog){.model = &run->model,
                               .selection = dn_settings_selection(run->options, &run->attempt->filter),
                               .omit = keep_omission,
                               .warn = keep_warning,
                               .step = dn_dump_step,
                               .ctx = run};
    run->join = make_join(run);
    run->data.how = readers_options(run);
    status = dn_session_read_catalog(run->conn, &run->join, &run->locks, &run->catalog, err);
    return status == DN_OK && (run->sections & DN_DATA) ? dn_data_sequences(&run->data, err) : status;
}

/* In a storm of changes each attempt holds more of what it needs; a server with a broken catalog says the
   same again and again. */
enum { MOST_ATTEMPTS = 20, MOST_ALIKE = 3 };

/* What was read, and all that has its memory there. */
static void forget(DnDumpRun *run) {
    dn_conn_close(run->join.idle);
    run->join.idle = NULL;
    run->findings.count = run->findings.capacity = 0;
    run->data.totals.database = run->data.totals.server_version = NULL;
    dn_arena_deinit(&run->model.arena);
    run->model = (DnModel){0};
}

static DnStatus read_steady(DnDumpRun *run, DnErr *err) {
    DnStatus status = read_once(run, err);
    int alike = 1;
    for (int attempt = 1; status == DN_E_QUERY && dn_session_moved(err) && !run->options->snapshot;
         attempt++) {
        DnErr last = *err;
        if (attempt == MOST_ATTEMPTS || alike == MOST_ALIKE) {
            return dn_locks_tell_moved(&run->model, attempt, err);
        }
        DnBuf step = {0};
        dn_buf_fmt(&step, "reading the catalog again: %s", err->message);
        dn_dump_step(run, dn_buf_text(&step));
        dn_buf_deinit(&step);
        dn_lock_names_set(&run->locks, run->options, &run->model);
        forget(run);
        status = dn_session_roll_back(run->conn, err);
        status = status == DN_OK ? read_once(run, err) : status;
        alike = strcmp(last.message, err->message) == 0 ? alike + 1 : 1;
    }
    return status;
}

/* A name may be a reserved word of a newer server, SYSTEM_USER of 16 for one, also in what the older one
   spells. */
static void quote_for(DnDumpRun *run, int taken_by) {
    bool is_newer = taken_by > dn_conn_server_version(run->conn) / 10000;
    run->server.options.quote_all_identifiers |= is_newer;
}

DnStatus dn_dump_read(DnDumpRun *run, DnErr *err) {
    DnStatus status = dn_endpoint_open(&run->server, &run->conn, err);
    if (status == DN_OK) {
        quote_for(run, run->attempt->taken_by);
        status = read_steady(run, err);
        tell_findings(run);
    }
    for (size_t i = 0; status == DN_OK && i < run->model.circles.count; i++) {
        warn_of_circle(run, run->model.circles.items[i]);
    }
    if (status == DN_OK && !run->render.data_only) {
        run->catalog.warn = dn_dump_warning;
        dn_types_warn(&run->catalog);
    }
    return status;
}
