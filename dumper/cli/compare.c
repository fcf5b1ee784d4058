/* compare SOURCE TARGET, and verify --db: what differs, a line each on standard output. */
#include <stdio.h>
#include <unistd.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/signals.h"

typedef struct Run {
    CliLog *log;
    int write_error; /* of standard output; the first one */
} Run;

/* The two dumps that are read tell of their own beginning and tables, which are nobody's business here. */
static void on_event(void *ctx, const DnEvent *event) {
    Run *run = ctx;
    if (event->kind == DN_EVENT_DIFFERENCE && !run->log->json) {
        CliText line = {0};
        cli_text_plain(&line, event->object);
        cli_text_fmt(&line, ": %s\n", event->text);
        int error = cli_text_write(&line, STDOUT_FILENO);
        run->write_error = run->write_error ? run->write_error : error;
        cli_text_deinit(&line);
    } else if (event->kind != DN_EVENT_START && event->kind != DN_EVENT_TABLE_DONE &&
               event->kind != DN_EVENT_OMISSION) {
        cli_log_event(run->log, event);
    }
}

static int tell(Run *run, const DnCompareResult *result) {
    CliText line = {0};
    if (run->log->json) {
        cli_text_fmt(&line,
                     "{\"event\":\"compared\",\"objects\":%llu,\"tables\":%llu,\"rows\":%llu,"
                     "\"differences\":0,\"seconds\":%.3f}\n",
                     (unsigned long long)result->objects, (unsigned long long)result->tables,
                     (unsigned long long)result->rows, result->seconds);
    } else {
        cli_text_str(&line, "the same: ");
        cli_format_count(&line, result->objects);
        cli_text_str(&line, " objects, ");
        cli_format_count(&line, result->rows);
        cli_text_fmt(&line, " rows of %llu tables, %.1f s\n", (unsigned long long)result->tables,
                     result->seconds);
    }
    int error = cli_text_write(&line, run->log->json ? run->log->fd : STDOUT_FILENO);
    cli_text_deinit(&line);
    return error == 0 && run->write_error == 0 ? 0 : 1;
}

static DnStatus compare(const CliOptions *options, const DnDumpOptions *source, DnDumpOptions *target,
                        DnCompareResult *result, DnErr *err) {
    DnStatus status = options->file ? dn_verify_database(options->file, target, result, err)
                                    : dn_compare(source, target, result, err);
    if (status == DN_E_PASSWORD && !err->hint[0]) {
        (void)snprintf(err->hint, sizeof err->hint, "%s", cli_password_hint);
    }
    return status;
}

int cli_run_compare(CliOptions *options, CliLog *log) {
    Run run = {.log = log};
    DnCompareResult result = {0};
    DnErr err = {0};
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    options->dump.event = on_event;
    options->dump.event_ctx = &run;
    options->dump.cancel = cancel;
    DnDumpOptions target = options->dump;
    target.dbname = options->database;
    DnStatus status = compare(options, &options->dump, &target, &result, &err);
    cli_signals_reset();
    return status == DN_OK ? tell(&run, &result) : cli_fail(options, log, &err, "");
}
