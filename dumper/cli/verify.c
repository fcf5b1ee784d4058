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

static void on_event(void *ctx, const DnEvent *event) {
    cli_progress_event(ctx, event);
}

int cli_run_verify(CliOptions *options, CliLog *log) {
    if (options->database) {
        return cli_run_compare(options, log);
    }
    DnVerifyOptions wanted = DN_VERIFY_OPTIONS_INIT;
    CliProgress progress;
    DnVerifyResult result = {0};
    DnErr err = {0};
    DnCancel *cancel = cli_cancel_on_signals(log);
    if (!cancel) {
        return 1;
    }
    cli_progress_init(&progress, cli_progress_mode(options, log->fd, false), log->fd, log->program);
    wanted.path = options->file;
    wanted.event = on_event;
    wanted.event_ctx = &progress;
    wanted.cancel = cancel;
    DnStatus status = dn_verify(&wanted, &result, &err);
    cli_progress_erase(&progress);
    cli_signals_reset();
    return status == DN_OK ? tell(options, log, &result) : cli_fail(options, log, &err, "");
}
