/* restore FILE [TARGET]: a dump into a database. */
#include <stdio.h>
#include <unistd.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/secrets.h"
#include "dumper/cli/signals.h"

typedef struct Run {
    CliLog *log;
    CliProgress progress;
} Run;

static void on_event(void *ctx, const DnEvent *event) {
    Run *run = ctx;
    cli_progress_event(&run->progress, event);
    cli_log_event(run->log, event);
}

static int tell_dry_run(const CliOptions *options, CliLog *log, const DnRestoreResult *result) {
    CliText line = {0};
    if (log->json) {
        cli_text_str(&line, "{\"event\":\"dry-run\",\"file\":");
        cli_text_json(&line, options->file);
        cli_text_fmt(&line, ",\"statements\":%llu,\"tables\":%llu}\n", (unsigned long long)result->statements,
                     (unsigned long long)result->tables);
    } else {
        cli_text_fmt(&line, "%s: nothing is in the way of ", log->program);
        cli_text_plain(&line, options->file);
        cli_text_str(&line, ": ");
        cli_format_count(&line, result->statements);
        cli_text_fmt(&line, " statements, rows of %llu tables; nothing was changed\n",
                     (unsigned long long)result->tables);
    }
    int error = cli_text_write(&line, log->fd);
    cli_text_deinit(&line);
    return error == 0 ? 0 : 1;
}

static int tell(const CliOptions *options, CliLog *log, const DnRestoreResult *result) {
    const char *file = options->reads_stdin ? "standard input" : options->file;
    CliText line = {0};
    if (log->json) {
        cli_text_str(&line, "{\"event\":\"restored\",\"file\":");
        cli_text_json(&line, options->reads_stdin ? NULL : file);
        cli_text_fmt(&line, ",\"statements\":%llu,\"rows\":%llu,\"tables\":%llu,\"seconds\":%.3f}\n",
                     (unsigned long long)result->statements, (unsigned long long)result->rows,
                     (unsigned long long)result->tables, result->seconds);
    } else {
        cli_text_fmt(&line, "%s: restored ", log->program);
        cli_text_plain(&line, file);
        cli_text_str(&line, ": ");
        cli_format_count(&line, result->statements);
        cli_text_str(&line, " statements, ");
        cli_format_count(&line, result->rows);
        cli_text_fmt(&line, " rows in %llu tables, %.1f s\n", (unsigned long long)result->tables,
                     result->seconds);
    }
    int error = cli_text_write(&line, log->fd);
    cli_text_deinit(&line);
    return error == 0 ? 0 : 1;
}

/* The database is told of only when a connection was asked for, so nothing of standard input is read yet. */
static DnStatus restore(const CliOptions *options, DnRestoreOptions *wanted, DnRestoreResult *result,
                        char *password, CliProgress *progress, DnErr *err) {
    bool ask = options->prompt == CLI_PROMPT_ALWAYS;
    for (;;) {
        cli_progress_erase(progress);
        if (ask && cli_ask_password(options, password, CLI_PASSWORD_SIZE, err) != DN_OK) {
            return err->status;
        }
        wanted->password = ask ? password : NULL;
        DnStatus status = dn_restore(wanted, result, err);
        if (status != DN_E_PASSWORD || ask || options->prompt == CLI_PROMPT_NEVER || cli_signals_received()) {
            return status;
        }
        ask = true;
    }
}

int cli_run_restore(CliOptions *options, CliLog *log) {
    const DnDumpOptions *connection = &options->dump;
    DnRestoreResult result = {0};
    Run run = {.log = log};
    DnErr err = {0};
    char password[CLI_PASSWORD_SIZE];
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    cli_progress_init(&run.progress, cli_progress_mode(options, log->fd, false), log->fd, log->program);
    log->progress = &run.progress;
    DnRestoreOptions wanted = cli_target_options(options, cancel);
    wanted.dbname = connection->dbname;
    wanted.host = connection->host;
    wanted.port = connection->port;
    wanted.user = connection->user;
    wanted.fallback_hostaddrs = connection->fallback_hostaddrs;
    wanted.fallback_hosts = connection->fallback_hosts;
    wanted.path = options->reads_stdin ? NULL : options->file;
    wanted.fd = STDIN_FILENO;
    wanted.only_tables = options->only_tables.items;
    wanted.clean = connection->clean;
    wanted.create = connection->create_database;
    wanted.no_transaction = options->no_transaction;
    wanted.go_on = options->on_error == CLI_CONTINUE;
    wanted.event = on_event;
    wanted.event_ctx = &run;
    DnStatus status = restore(options, &wanted, &result, password, &run.progress, &err);
    cli_progress_erase(&run.progress);
    log->progress = NULL;
    cli_wipe(password, sizeof password);
    cli_signals_reset();
    if (status == DN_OK && options->dry_run) {
        return tell_dry_run(options, log, &result);
    }
    return status == DN_OK ? tell(options, log, &result)
                           : cli_fail(options, log, &err,
                                      options->no_transaction || wanted.jobs > 1 || wanted.resume
                                          ? "What was restored before that stays."
                                      : wanted.create ? "The new database was dropped again."
                                                      : "Nothing was changed in the database.");
}
