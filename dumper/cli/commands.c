#include "dumper/cli/commands.h"

#include <stdio.h>
#include <unistd.h>

#include "dumper/cli/password.h"
#include "dumper/cli/signals.h"

DnCancel *cli_cancel_on_signals(CliLog *log) {
    DnCancel *cancel = cli_signals_install();
    if (!cancel) {
        cli_log_error(log, &(DnErr){.message = "out of memory or file descriptors"});
    }
    return cancel;
}

int cli_fail(const CliOptions *options, CliLog *log, const DnErr *err, const char *consequence) {
    int signal = cli_signals_received();
    if (signal != 0) {
        DnErr stopped = {.status = DN_E_CANCELLED};
        (void)snprintf(stopped.message, sizeof stopped.message, "stopped by %s", cli_signal_name(signal));
        (void)snprintf(stopped.hint, sizeof stopped.hint, "%s", err->hint[0] ? err->hint : consequence);
        cli_log_error(log, &stopped);
        return cli_signals_die(signal);
    }
    log->bare = options->getopt_error;
    cli_log_error(log, err);
    return err->status == DN_E_USAGE ? options->face->usage_status : 1;
}

DnRestoreOptions cli_target_options(const CliOptions *options, DnCancel *cancel) {
    const DnDumpOptions *dump = &options->dump;
    DnRestoreOptions target = DN_RESTORE_OPTIONS_INIT;
    target.role = dump->role;
    target.program = dump->program;
    target.prefer = dump->prefer;
    target.connect_timeout = dump->connect_timeout;
    target.retries = dump->retries;
    target.retry_refused = dump->retry_refused;
    target.stall_timeout = dump->stall_timeout;
    target.address_cache = dump->address_cache;
    target.use_cached_address = dump->use_cached_address;
    target.jobs = dump->jobs;
    target.no_owner = dump->no_owner;
    target.no_privileges = dump->no_privileges;
    target.role_map = options->role_map.items;
    target.schema_map = options->schema_map.items;
    target.dry_run = options->dry_run;
    target.resume = options->resume;
    target.cancel = cancel;
    return target;
}

CliProgressMode cli_progress_mode(const CliOptions *options, int fd, bool shared) {
    bool terminal = isatty(fd) == 1;
    if (options->progress == CLI_NEVER) {
        return CLI_PROGRESS_OFF;
    }
    if (options->progress == CLI_ALWAYS) {
        return options->log_format == CLI_LOG_JSON ? CLI_PROGRESS_JSON
               : terminal                          ? CLI_PROGRESS_LINE
                                                   : CLI_PROGRESS_LOG;
    }
    bool line = terminal && !shared && !options->verbose && options->log_format == CLI_LOG_TEXT;
    return line ? CLI_PROGRESS_LINE : CLI_PROGRESS_OFF;
}

const char cli_password_hint[] =
    "Put the password into ~/.pgpass (or the file that PGPASSFILE names), or into PGPASSWORD.";

DnStatus cli_ask_password(const CliOptions *options, char *password, size_t size, DnErr *err) {
    bool forced = options->prompt == CLI_PROMPT_ALWAYS;
    CliPromptResult result =
        cli_prompt_password("Password: ", forced && !options->reads_stdin, password, size);
    static const char *const messages[] = {
        [CLI_PROMPT_NO_TERMINAL] = "a password is needed, and there is no terminal to ask for it",
        [CLI_PROMPT_INTERRUPTED] = "cancelled while asking for the password",
        [CLI_PROMPT_TOO_LONG] = "the password is too long",
        [CLI_PROMPT_FAILED] = "no password was given",
    };
    if (result == CLI_PROMPT_OK) {
        return DN_OK;
    }
    *err = (DnErr){.status = result == CLI_PROMPT_INTERRUPTED ? DN_E_CANCELLED : DN_E_PASSWORD};
    (void)snprintf(err->message, sizeof err->message, "%s", messages[result]);
    if (result == CLI_PROMPT_NO_TERMINAL || result == CLI_PROMPT_FAILED) {
        (void)snprintf(err->hint, sizeof err->hint, "%s", cli_password_hint);
    }
    return err->status;
}
