/* clone SOURCE TARGET: a database into another. */
#include <stdio.h>
#include <string.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/password.h"
#include "dumper/cli/signals.h"

typedef struct Run {
    const CliOptions *options;
    CliLog *log;
    CliProgress progress;
    bool refused; /* nobody said yes */
} Run;

/* The source's own beginning and its tables, which are not written anywhere, are nobody's business here. */
static void on_event(void *ctx, const DnEvent *event) {
    Run *run = ctx;
    if (event->kind != DN_EVENT_START && event->kind != DN_EVENT_TABLE_DONE) {
        cli_progress_event(&run->progress, event);
        cli_log_event(run->log, event);
    }
}

/* ---- Asking ---------------------------------------------------------------------------------- */

static void describe(CliText *text, const DnCloneTarget *target) {
    cli_text_str(text, "what the clone creates is dropped first, where it is there, in database \"");
    cli_text_plain(text, target->database);
    cli_text_str(text, target->project[0] ? "\" of the Supabase project " : "\" at ");
    if (target->project[0]) {
        cli_text_plain(text, target->project);
        cli_text_str(text, " at ");
    }
    cli_text_plain(text, target->host);
    if (target->address[0] && strcmp(target->address, target->host) != 0) {
        cli_text_str(text, " (");
        cli_text_plain(text, target->address);
        cli_text_str(text, ")");
    }
    cli_text_str(text, ", port ");
    cli_text_plain(text, target->port);
    cli_text_str(text, ", user ");
    cli_text_plain(text, target->user);
    cli_text_str(text, ", PostgreSQL ");
    cli_text_plain(text, target->server_version);
}

static bool confirm(void *ctx, const DnCloneTarget *target) {
    Run *run = ctx;
    CliText text = {0};
    describe(&text, target);
    cli_log_warning(run->log, cli_text_get(&text), NULL);
    cli_text_deinit(&text);
    bool yes = run->options->yes || cli_confirm("Drop it, and clone? Type yes: ");
    run->refused = !yes;
    return yes;
}

/* ---- The clone ------------------------------------------------------------------------------- */

static int tell(const CliOptions *options, CliLog *log, const DnCloneResult *result) {
    CliText line = {0};
    if (log->json) {
        cli_text_fmt(&line,
                     "{\"event\":\"%s\",\"statements\":%llu,\"rows\":%llu,\"tables\":%llu,\"bytes\":%llu,"
                     "\"omissions\":%llu,\"seconds\":%.3f}\n",
                     options->dry_run ? "dry-run" : "cloned", (unsigned long long)result->statements,
                     (unsigned long long)result->rows, (unsigned long long)result->tables,
                     (unsigned long long)result->bytes, (unsigned long long)result->omissions,
                     result->seconds);
    } else if (options->dry_run) {
        cli_text_fmt(&line, "%s: nothing is in the way of the clone; nothing was changed\n", log->program);
    } else {
        cli_text_fmt(&line, "%s: cloned ", log->program);
        cli_format_count(&line, result->statements);
        cli_text_str(&line, " statements, ");
        cli_format_count(&line, result->rows);
        cli_text_fmt(&line, " rows in %llu tables (", (unsigned long long)result->tables);
        cli_format_bytes(&line, (double)result->bytes);
        cli_text_fmt(&line, "), %.1f s\n", result->seconds);
    }
    int error = cli_text_write(&line, log->fd);
    cli_text_deinit(&line);
    return error ? 1 : result->omissions ? options->face->omission_status : 0;
}

static const char *consequence(const Run *run) {
    const CliOptions *options = run->options;
    return options->single_transaction || options->dry_run || run->refused
               ? "Nothing was changed in the target."
               : "What was done before that stays.";
}

static void explain(const Run *run, DnErr *err) {
    if (err->status == DN_E_PASSWORD && !err->hint[0]) {
        (void)snprintf(err->hint, sizeof err->hint, "%s", cli_password_hint);
    }
    if (run->refused && !cli_signals_received()) {
        (void)snprintf(err->message, sizeof err->message, "nobody agreed to drop what is in the way");
        (void)snprintf(err->hint, sizeof err->hint, "Type yes on a terminal, or use --yes.");
    }
}

int cli_run_clone(CliOptions *options, CliLog *log) {
    Run run = {.options = options, .log = log};
    DnCloneOptions wanted = DN_CLONE_OPTIONS_INIT;
    DnCloneResult result = {0};
    DnErr err = {0};
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    cli_progress_init(&run.progress, cli_progress_mode(options, log->fd, false), log->fd, log->program);
    log->progress = &run.progress;
    options->dump.event = on_event;
    options->dump.event_ctx = &run;
    options->dump.cancel = cancel;
    /* Of the connection, what stands in SOURCE or TARGET differs; the rest is for both. */
    DnRestoreOptions target = cli_target_options(options, cancel);
    target.dbname = options->database;
    target.event = on_event;
    target.event_ctx = &run;
    wanted.source = &options->dump;
    wanted.target = &target;
    wanted.single_transaction = options->single_transaction;
    wanted.drop_target_objects = options->drop_target_objects;
    wanted.confirm = confirm;
    wanted.confirm_ctx = &run;
    DnStatus status = dn_clone(&wanted, &result, &err);
    explain(&run, &err);
    cli_progress_erase(&run.progress);
    log->progress = NULL;
    cli_signals_reset();
    return status == DN_OK ? tell(options, log, &result) : cli_fail(options, log, &err, consequence(&run));
}
