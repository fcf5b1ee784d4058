/*
 * copies.c - how a program restores and clones with libdumpnative, with progress and cancel.
 *
 *     cc copies.c $(pkg-config --cflags --libs dumpnative) -pthread -o copies
 *
 * usage: copies restore FILE TARGET [JOBS]   with JOBS over several sessions, not in one transaction
 *        copies clone SOURCE TARGET [JOBS]
 *        copies verify FILE
 *
 * With the variable CANCEL=1 the call is cancelled at its first event of progress. What came of it is told in
 * one line: "status S, P events of progress, B bytes, R rows".
 */
#include <dumpnative.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One call as it is seen from outside. */
typedef struct Watch {
    DnCancel *cancel; /* or NULL: not to be cancelled */
    unsigned progress;
    uint64_t bytes; /* as the last event of progress told */
    int backwards;  /* they became fewer */
} Watch;

static void watch(void *ctx, const DnEvent *event) {
    Watch *watched = ctx;
    if (event->kind != DN_EVENT_PROGRESS) {
        return;
    }
    watched->backwards |= event->bytes < watched->bytes;
    watched->bytes = event->bytes;
    watched->progress++;
    if (watched->cancel) {
        dn_cancel_request(watched->cancel); /* as any other thread may, and any signal handler */
    }
}

static DnRestoreOptions target_of(const char *conninfo, const char *jobs, Watch *watched, DnCancel *cancel) {
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    options.dbname = conninfo;
    options.program = "copies";
    options.jobs = jobs ? (unsigned)strtoul(jobs, NULL, 10) : 0;
    options.event = watch;
    options.event_ctx = watched;
    options.cancel = cancel;
    return options;
}

static DnStatus clone(const char *source, const DnRestoreOptions *target, uint64_t *rows, DnErr *err) {
    DnDumpOptions from = DN_DUMP_OPTIONS_INIT;
    DnCloneOptions options = DN_CLONE_OPTIONS_INIT;
    DnCloneResult result = {0};
    from.dbname = source;
    from.program = "copies";
    from.cancel = target->cancel;
    options.source = &from;
    options.target = target;
    options.single_transaction = target->jobs == 0;
    DnStatus status = dn_clone(&options, &result, err);
    *rows = result.rows;
    return status;
}

static DnStatus verify(const char *path, Watch *watched, DnCancel *cancel, DnErr *err) {
    DnVerifyOptions options = DN_VERIFY_OPTIONS_INIT;
    options.path = path;
    options.event = watch;
    options.event_ctx = watched;
    options.cancel = cancel;
    return dn_verify(&options, NULL, err);
}

int main(int argc, char **argv) {
    DnErr err = {0};
    uint64_t rows = 0;
    DnCancel *cancel = dn_cancel_new();
    Watch watched = {.cancel = getenv("CANCEL") ? cancel : NULL};
    if (argc < 3 || !cancel) {
        (void)fprintf(stderr,
                      "usage: %s restore FILE TARGET [JOBS] | clone SOURCE TARGET [JOBS] | verify FILE\n",
                      argv[0]);
        return 2;
    }
    DnRestoreOptions target =
        target_of(argc > 3 ? argv[3] : NULL, argc > 4 ? argv[4] : NULL, &watched, cancel);
    DnStatus status = DN_E_USAGE;
    if (strcmp(argv[1], "restore") == 0) {
        DnRestoreResult result = {0};
        target.path = argv[2];
        status = dn_restore(&target, &result, &err);
        rows = result.rows;
    } else if (strcmp(argv[1], "clone") == 0) {
        status = clone(argv[2], &target, &rows, &err);
    } else {
        status = verify(argv[2], &watched, cancel, &err);
    }
    dn_cancel_free(cancel);
    (void)printf("status %d, %u events of progress, %llu bytes, %llu rows%s\n", (int)status, watched.progress,
                 (unsigned long long)watched.bytes, (unsigned long long)rows,
                 watched.backwards ? ", backwards" : "");
    if (status) {
        (void)fprintf(stderr, "%s\n", err.message);
    }
    return status ? 1 : 0;
}
