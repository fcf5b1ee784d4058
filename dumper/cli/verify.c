/* verify FILE: is the dump still what it was when it was written? */
#include <stdio.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/signals.h"

static int tell(const CliOptions *options, CliLog *log, const DnVerifyResult *result) {
    CliText line = {0};
    if (log->json) {
        cli_text_str(&line, "{\"event\":\"verified\",\"file\":");
        cli_text_json(&line, options->file);
        cli_text_fmt(&line, ",\"bytes\":%llu,\"sha256\":\"%s\"}\n", (unsigned long long)result->bytes,
                     result->sha256);
    } else {
        cli_text_plain(&line, options->file);
        cli_text_str(&line, ": OK, ");
        cli_format_bytes(&line, (double)result->bytes);
        cli_text_fmt(&line, ", sha256 %s\n", result->sha256);
    }
    int error = cli_text_write(&line, log->json ? log->fd : 1);
    cli_text_deinit(&line);
    return error == 0 ? 0 : 1;
}

int cli_run_verify(CliOptions *options, CliLog *log) {
    if (options->database) {
        return cli_run_compare(options, log);
    }
    DnVerifyResult result = {0};
    DnErr err = {0};
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    DnStatus status = dn_verify(options->file, cancel, &result, &err);
    cli_signals_reset();
    return status == DN_OK ? tell(options, log, &result) : cli_fail(options, log, &err, "");
}
