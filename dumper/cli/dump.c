/* The command that needs no name: dump a database. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/secrets.h"
#include "dumper/cli/signals.h"
#include "dumper/cli/stand_in.h"
#include "dumper/cli/supabase.h"

typedef struct Run {
    CliOptions *options;
    CliLog *log;
    CliProgress progress;
    int write_error; /* errno of standard output, 0 = none */
    char password[CLI_PASSWORD_SIZE];
} Run;

/* ---- Callbacks ----------------------------------------------------------------------------- */

static void on_event(void *ctx, const DnEvent *event) {
    Run *run = ctx;
    cli_progress_event(&run->progress, event);
    cli_log_event(run->log, event);
}

static int write_stdout(void *ctx, const void *bytes, size_t size) {
    Run *run = ctx;
    const char *next = bytes;
    while (size > 0) {
        ssize_t n = write(STDOUT_FILENO, next, size);
        if (n >= 0) {
            next += n;
            size -= (size_t)n;
        } else if (errno != EINTR) {
            run->write_error = errno;
            return errno;
        } else if (cli_signals_received()) {
            return EINTR; /* the reader may never read again: don't wait for it */
        }
    }
    return 0;
}

/* Some file systems report a full disk only when the file is closed. */
static int close_stdout(void) {
    int copy = dup(STDOUT_FILENO);
    return copy >= 0 && close(copy) == 0 ? 0 : errno;
}

/* ---- Password -------------------------------------------------------------------- */

static DnStatus ask_password(Run *run, DnErr *err) {
    cli_progress_erase(&run->progress);
    DnStatus status = cli_ask_password(run->options, run->password, sizeof run->password, err);
    run->options->dump.password = status == DN_OK ? run->password : NULL;
    return status;
}

/* ---- The dump -------------------------------------------------------------------------------- */

static void describe_write_error(int error, DnErr *err) {
    *err = (DnErr){.status = DN_E_IO, .object = "standard output"};
    if (error == EPIPE) {
        (void)snprintf(err->message, sizeof err->message,
                       "the reader of standard output went away before the dump was whole");
        return;
    }
    (void)snprintf(err->message, sizeof err->message, "could not write to standard output: %s",
                   strerror(error));
    if (error == ENOSPC || error == EFBIG || error == EDQUOT) {
        (void)snprintf(err->hint, sizeof err->hint,
                       "Make room; with -f FILE no part of a dump stays behind when it fails.");
    }
}

static DnStatus dump_once_or_with_password(Run *run, DnDumpResult *result, DnErr *err) {
    DnDumpOptions *dump = &run->options->dump;
    if (run->options->prompt == CLI_PROMPT_ALWAYS && ask_password(run, err) != DN_OK) {
        return err->status;
    }
    DnStatus status = dn_dump(dump, result, err);
    if (status == DN_E_PASSWORD && run->options->prompt == CLI_PROMPT_WHEN_ASKED && !cli_signals_received()) {
        DnErr asked;
        status = ask_password(run, &asked);
        if (status == DN_OK) {
            *err = (DnErr){0};
            status = dn_dump(dump, result, err);
        } else {
            *err = asked;
        }
    }
    if (status == DN_E_PASSWORD && !err->hint[0]) {
        (void)snprintf(err->hint, sizeof err->hint, "%s", cli_password_hint);
    }
    if (!dump->path && status == DN_OK && run->write_error == 0) {
        run->write_error = close_stdout();
    }
    if (run->write_error != 0) {
        describe_write_error(run->write_error, err);
        status = err->status;
    }
    if (status == DN_E_IO && run->options->face->stand_in) {
        cli_describe_output_error(run->options, run->write_error, err);
    }
    return status;
}

static int finish(Run *run, const DnDumpResult *result) {
    const CliOptions *options = run->options;
    if (result->omissions > 0 && !run->log->json && !run->log->stand_in) {
        char text[128];
        (void)snprintf(text, sizeof text, "the dump is done, but leaves out %llu thing%s, named above",
                       (unsigned long long)result->omissions, result->omissions == 1 ? "" : "s");
        cli_log_warning(run->log, text, NULL);
    }
    bool summary = run->log->verbose || run->progress.mode != CLI_PROGRESS_OFF;
    if (!run->log->stand_in) {
        cli_log_finished(run->log, result, options->dump.path, summary);
    }
    return result->omissions > 0 ? options->face->omission_status : 0;
}

int cli_run_dump(CliOptions *options, CliLog *log) {
    Run run = {.options = options, .log = log};
    DnDumpOptions *dump = &options->dump;
    DnDumpResult result = {0};
    DnErr err = {0};
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    /* the dump itself on that terminal leaves no room for a line */
    bool shared = !dump->path && isatty(STDOUT_FILENO) == 1;
    cli_progress_init(&run.progress, cli_progress_mode(options, log->fd, shared), log->fd, log->program);
    log->progress = &run.progress;
    dump->cancel = cancel;
    dump->event = on_event;
    dump->event_ctx = &run;
    if (!dump->path) {
        dump->write = write_stdout;
        dump->write_ctx = &run;
    }
    DnEnvFile *variables;
    DnStatus status = cli_take_supabase(options, &variables, &err);
    if (status == DN_OK) {
        status = dump_once_or_with_password(&run, &result, &err);
    }
    cli_wipe(run.password, sizeof run.password);
    dn_env_file_free(variables);
    dump->password = dump->supabase_password = dump->supabase_url = NULL;
    cli_progress_erase(&run.progress);
    cli_signals_reset();
    int code = status == DN_OK
                   ? finish(&run, &result)
                   : cli_fail(options, log, &err,
                              dump->path ? "No file was written; an earlier one of that name is as it was."
                                         : "What standard output got is not a whole dump.");
    log->progress = NULL;
    return code;
}
