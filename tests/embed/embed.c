/*
 * embed.c - how a program dumps a database with libdumpnative: the SQL ends up in memory.
 *
 *     cc embed.c $(pkg-config --cflags --libs dumpnative) -pthread -o embed
 *
 * usage: embed CONNINFO             dumps, then writes the SQL to standard output
 *        embed --threads CONNINFO   dumps twice at the same time, and compares
 *        embed --cancel CONNINFO    stops a dump once it has begun
 */
#include <dumpnative.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One dump: where it comes from, and what came of it. */
typedef struct Job {
    const char *conninfo;
    DnCancel *cancel; /* or NULL */
    bool cancel_at_start;
    char *text;
    size_t size, capacity;
    uint64_t tables; /* as the events told */
    DnStatus status;
    DnDumpResult result;
    DnErr err;
} Job;

/* Takes the next piece of the dump. An errno value in place of 0 would end it. */
static int keep(void *ctx, const void *bytes, size_t size) {
    Job *job = ctx;
    if (job->capacity - job->size < size) {
        size_t capacity = 2 * (job->size + size);
        char *text = realloc(job->text, capacity);
        if (!text) {
            return ENOMEM;
        }
        job->text = text;
        job->capacity = capacity;
    }
    memcpy(job->text + job->size, bytes, size);
    job->size += size;
    return 0;
}

static void watch(void *ctx, const DnEvent *event) {
    Job *job = ctx;
    if (event->kind == DN_EVENT_TABLE_DONE) {
        job->tables++;
    } else if (event->kind == DN_EVENT_WARNING || event->kind == DN_EVENT_OMISSION) {
        (void)fprintf(stderr, "%s\n", event->text);
    } else if (event->kind == DN_EVENT_START && job->cancel_at_start) {
        dn_cancel_request(job->cancel); /* any thread and any signal handler may do this */
    }
}

static void *dump(void *argument) {
    Job *job = argument;
    DnDumpOptions options = DN_DUMP_OPTIONS_INIT;
    options.dbname = job->conninfo;
    options.program = "embed";
    options.write = keep;
    options.write_ctx = job;
    options.event = watch;
    options.event_ctx = job;
    options.cancel = job->cancel;
    job->status = dn_dump(&options, &job->result, &job->err);
    return NULL;
}

static bool succeeded(const Job *job) {
    if (job->status != DN_OK) {
        (void)fprintf(stderr, "embed: %s\n", job->err.message);
        if (*job->err.hint) {
            (void)fprintf(stderr, "%s\n", job->err.hint);
        }
        return false;
    }
    if (job->result.bytes != job->size || job->result.tables != job->tables) {
        (void)fprintf(stderr, "embed: the result does not say what was received\n");
        return false;
    }
    return true;
}

static bool once(const char *conninfo) {
    Job job = {.conninfo = conninfo};
    (void)dump(&job);
    bool good = succeeded(&job) && fwrite(job.text, 1, job.size, stdout) == job.size && fflush(stdout) == 0;
    free(job.text);
    return good;
}

static bool in_two_threads(const char *conninfo) {
    enum { COUNT = 2 };
    Job jobs[COUNT] = {{.conninfo = conninfo}, {.conninfo = conninfo}};
    pthread_t threads[COUNT];
    int started = 0;
    while (started < COUNT && pthread_create(&threads[started], NULL, dump, &jobs[started]) == 0) {
        started++;
    }
    for (int i = 0; i < started; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    bool good = started == COUNT && succeeded(&jobs[0]) && succeeded(&jobs[1]) &&
                jobs[0].size == jobs[1].size && memcmp(jobs[0].text, jobs[1].text, jobs[0].size) == 0 &&
                strcmp(jobs[0].result.sha256, jobs[1].result.sha256) == 0;
    if (good) {
        (void)printf("twice the same %zu bytes, sha256 %s\n", jobs[0].size, jobs[0].result.sha256);
    }
    for (int i = 0; i < COUNT; i++) {
        free(jobs[i].text);
    }
    return good;
}

static bool cancelled(const char *conninfo) {
    Job job = {.conninfo = conninfo, .cancel = dn_cancel_new(), .cancel_at_start = true};
    if (!job.cancel) {
        return false;
    }
    (void)dump(&job);
    dn_cancel_free(job.cancel);
    free(job.text);
    (void)printf("status %d: %s\n", (int)job.status, job.err.message);
    return job.status == DN_E_CANCELLED;
}

int main(int argc, char **argv) {
    bool good = false;
    if (argc == 3 && strcmp(argv[1], "--threads") == 0) {
        good = in_two_threads(argv[2]);
    } else if (argc == 3 && strcmp(argv[1], "--cancel") == 0) {
        good = cancelled(argv[2]);
    } else if (argc == 2) {
        good = once(argv[1]);
    } else {
        (void)fprintf(stderr, "usage: %s [--threads | --cancel] CONNINFO\n", argv[0]);
    }
    return good ? 0 : 1;
}
