#include "dumper/retry.h"

#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/err.h"
#include "dumper/attempt.h"
#include "dumper/dump.h"
#include "dumper/opening.h"
#include "dumper/settings.h"
#include "dumper/source.h"

static bool is_one_of(const char *sqlstate, const char *const *list) {
    for (size_t i = 0; list[i]; i++) {
        if (strncmp(sqlstate, list[i], strlen(list[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool dn_retry_is_lost(const DnErr *err) {
    static const char *const states[] = {
        "08",    /* connection exceptions */
        "57P01", /* admin_shutdown: also what pg_terminate_backend() says */
        "57P02", /* crash_shutdown */
        "57P03", /* cannot_connect_now */
        NULL,
    };
    return err->status == DN_E_QUERY && is_one_of(err->sqlstate, states);
}

/* Only in the first moments of a session, before they are switched off (session.c). */
static bool is_early_timeout(const DnErr *err) {
    static const char *const states[] = {
        "25P03", /* idle_in_transaction_session_timeout */
        "25P04", /* transaction_timeout */
        "57P05", /* idle_session_timeout */
        NULL,
    };
    return is_one_of(err->sqlstate, states) || dn_opening_timed_out(err) ||
           (strcmp(err->sqlstate, "57014") == 0 && strstr(err->server, "statement timeout"));
}

bool dn_retry_may_pass(const DnErr *err) {
    static const char *const states[] = {
        "53300", /* too_many_connections */
        "40001", /* serialization_failure: conflicts with a standby's replay, too */
        "40P01", /* deadlock_detected: likewise */
        NULL,
    };
    return dn_retry_is_lost(err) ||
           (err->status == DN_E_QUERY && (is_one_of(err->sqlstate, states) || is_early_timeout(err)));
}

/* ---- The dump, as often as it takes ------------------------------------------------ */

const char *dn_version(void) {
    return DN_VERSION;
}

/* A server that has shut down or crashed may be away for a while: then even connecting fails. */
static bool is_worth_another(const DnAttempt *attempt, const DnErr *err) {
    bool may_pass = dn_retry_may_pass(err) || (attempt->earlier && err->status == DN_E_CONNECT);
    return may_pass && !attempt->is_lent && !attempt->options->stand_in &&
           attempt->earlier < attempt->options->retries;
}

static void tell_of_restart(const DnAttempt *attempt, int64_t wait) {
    const DnDumpOptions *o = attempt->options;
    DnErr line; /* borrowed for its formatting */
    (void)dn_err(&line, DN_OK, "beginning anew under another snapshot in %lld ms (%u of %u): %s",
                 (long long)wait, attempt->earlier, o->retries, attempt->cause);
    if (o->event) {
        const DnEvent event = {
            .kind = DN_EVENT_STEP, .text = line.message, .seconds = dn_now() - attempt->started};
        o->event(o->event_ctx, &event);
    }
}

static DnStatus attempt_until_done(DnAttempt *attempt, DnDumpResult *result, DnErr *err) {
    DnStatus status = dn_attempt(attempt, result, err);
    while (status != DN_OK && is_worth_another(attempt, err)) {
        if (attempt->is_final) {
            dn_err_hint(err,
                        "What was written can't be taken back, so the dump could not begin anew by itself: "
                        "with -f FILE it can.");
            break;
        }
        int64_t wait = dn_backoff_ms(attempt->earlier++);
        (void)snprintf(attempt->cause, sizeof attempt->cause, "%s", err->message);
        tell_of_restart(attempt, wait);
        if (!dn_wait_ms(wait, attempt->options->cancel, NULL)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled");
        }
        *result = (DnDumpResult){0};
        *err = (DnErr){0};
        status = dn_attempt(attempt, result, err);
    }
    return status;
}

static DnStatus dump(DnAttempt *attempt, DnDumpResult *result, DnErr *err) {
    attempt->started = dn_now();
    *result = (DnDumpResult){0};
    *err = (DnErr){0};
    DnStatus status = dn_settings_check(attempt->options, err);
    if (status == DN_OK) {
        status = dn_settings_filters(attempt->options, &attempt->filter, err);
    }
    if (status == DN_OK) {
        status = attempt_until_done(attempt, result, err);
    }
    dn_filter_deinit(&attempt->filter);
    return status;
}

/* Who stands in for pg_dump leaves no file but the dump. */
DnStatus dn_dump(const DnDumpOptions *options, DnDumpResult *result, DnErr *err) {
    DnManifest manifest = {0};
    bool records = options->path && !options->stand_in && !options->append;
    DnAttempt attempt = {.options = options, .manifest = records ? &manifest : NULL};
    if (!options->path && !options->write) {
        return dn_err(err, DN_E_USAGE, "no destination: neither path nor write is set");
    }
    DnDumpResult unasked;
    DnStatus status = dump(&attempt, result ? result : &unasked, err);
    dn_manifest_deinit(&manifest);
    return status;
}

DnStatus dn_dump_record(const DnDumpOptions *options, int spelled_as, DnManifest *manifest, DnErr *err) {
    DnAttempt attempt = {
        .options = options, .manifest = manifest, .only_record = true, .spelled_as = spelled_as};
    *manifest = (DnManifest){0};
    DnDumpResult unasked;
    return dump(&attempt, &unasked, err);
}

/* The manifest has the checksums of the sections. */
DnStatus dn_source_lend(const DnDumpOptions *options, int taken_by, DnSourceFn use, void *ctx,
                        DnDumpResult *result, DnErr *err) {
    DnManifest manifest = {0};
    DnSource source = {.use = use, .ctx = ctx, .manifest = &manifest};
    DnAttempt attempt = {.options = options, .manifest = &manifest, .source = &source, .taken_by = taken_by};
    DnStatus status = dump(&attempt, result, err);
    dn_source_deinit(&source);
    dn_manifest_deinit(&manifest);
    return status;
}
