#include "dumper/cli/commands.h"

#include <stdio.h>

#include "dumper/cli/signals.h"

int cli_fail(const CliOptions *options, CliLog *log, const DnErr *err, const char *consequence) {
    int signal = cli_signals_received();
    if (signal != 0) {
        DnErr stopped = {.status = DN_E_CANCELLED};
        (void)snprintf(stopped.message, sizeof stopped.message, "stopped by %s", cli_signal_name(signal));
        (void)snprintf(stopped.hint, sizeof stopped.hint, "%s", consequence);
        cli_log_error(log, &stopped);
        return cli_signals_die(signal);
    }
    log->bare = options->getopt_error;
    cli_log_error(log, err);
    return err->status == DN_E_USAGE ? options->face->usage_status : 1;
}
