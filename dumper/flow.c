#include "dumper/flow.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "common/err.h"

typedef struct Lane {
    DnBlock *head;
    DnBlock **tail;
} Lane; /* the blocks of one job */

typedef struct GivenBack {
    long job;
    DnPrefix given;
} GivenBack;

typedef struct Notice {
    struct Notice *next;
    DnEventKind kind;
    char text[];
} Notice;

struct DnFlow {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* anything that somebody waits for */
    size_t jobs;
    size_t next_job;  /* not taken by anyone yet */
    size_t writing;   /* the job that the writer is at */
    size_t readers;   /* that have not left */
    size_t in_flight; /* bytes of blocks that are not free */
    size_t limit;
    DnBlock *free; /* of DN_BLOCK_SIZE */
    DnErr failure;
    DnCancel *stop;
    Notice *notices;
    Notice **last_notice;
    GivenBack *given_back; /* a stack; a reader gives back one job and leaves */
    size_t given_back_count;
    Lane lanes[];
};

/* ---- Life ------------------------------------------------------------------------ */

DnFlow *dn_flow_new(size_t jobs, size_t readers, size_t limit) {
    DnFlow *flow = calloc(1, sizeof *flow + jobs * sizeof flow->lanes[0]);
    if (!flow) {
        return NULL;
    }
    flow->given_back = calloc(readers ? readers : 1, sizeof *flow->given_back);
    flow->stop = dn_cancel_new();
    if (!flow->given_back || !flow->stop) {
        dn_cancel_free(flow->stop);
        free(flow->given_back);
        free(flow);
        return NULL;
    }
    (void)pthread_mutex_init(&flow->lock, NULL);
    (void)pthread_cond_init(&flow->changed, NULL);
    flow->jobs = jobs;
    flow->readers = readers;
    flow->limit = limit;
    flow->last_notice = &flow->notices;
    for (size_t i = 0; i < jobs; i++) {
        flow->lanes[i].tail = &flow->lanes[i].head;
    }
    return flow;
}

static void free_blocks(DnBlock *block) {
    while (block) {
        DnBlock *next = block->next;
        free(block);
        block = next;
    }
}

void dn_flow_free(DnFlow *flow) {
    if (!flow) {
        return;
    }
    for (size_t i = 0; i < flow->jobs; i++) {
        free_blocks(flow->lanes[i].head);
    }
    free_blocks(flow->free);
    while (flow->notices) {
        Notice *next = flow->notices->next;
        free(flow->notices);
        flow->notices = next;
    }
    dn_cancel_free(flow->stop);
    (void)pthread_cond_destroy(&flow->changed);
    (void)pthread_mutex_destroy(&flow->lock);
    free(flow->given_back);
    free(flow);
}

DnCancel *dn_flow_stop_handle(DnFlow *flow) {
    return flow->stop;
}

static void lock(DnFlow *flow) {
    (void)pthread_mutex_lock(&flow->lock);
}

static void unlock(DnFlow *flow) {
    (void)pthread_mutex_unlock(&flow->lock);
}

static void wait(DnFlow *flow) {
    (void)pthread_cond_wait(&flow->changed, &flow->lock);
}

static void wake(DnFlow *flow) {
    (void)pthread_cond_broadcast(&flow->changed);
}

static bool has_failed(const DnFlow *flow) {
    return flow->failure.status != DN_OK;
}

static void fail(DnFlow *flow, const DnErr *err) {
    if (!has_failed(flow)) {
        flow->failure = *err;
        dn_cancel_request(flow->stop);
        wake(flow);
    }
}

void dn_flow_fail(DnFlow *flow, const DnErr *err) {
    lock(flow);
    fail(flow, err);
    unlock(flow);
}

static void fail_nomem(DnFlow *flow) {
    DnErr err;
    (void)dn_err_nomem(&err);
    dn_flow_fail(flow, &err);
}

/* ---- Readers --------------------------------------------------------------------- */

long dn_flow_take(DnFlow *flow, bool first, DnPrefix *given) {
    long job = DN_NO_JOB;
    *given = (DnPrefix){0};
    lock(flow);
    while (!has_failed(flow) && job == DN_NO_JOB) {
        if (first && flow->given_back_count) {
            const GivenBack *back = &flow->given_back[--flow->given_back_count];
            job = back->job;
            *given = back->given;
        } else if (flow->next_job < flow->jobs) {
            job = (long)flow->next_job++;
        } else if (first && flow->readers > 1) {
            wait(flow);
        } else {
            break;
        }
    }
    unlock(flow);
    return job;
}

void dn_flow_give_back(DnFlow *flow, long job, const DnPrefix *given) {
    lock(flow);
    flow->given_back[flow->given_back_count++] = (GivenBack){.job = job, .given = *given};
    wake(flow);
    unlock(flow);
}

/* Whoever reads what the writer waits for never waits for room, as long as nothing of it lies ready; nor does
   anyone as long as a job waits for the first reader. */
static bool has_room(const DnFlow *flow, long job, size_t size) {
    return flow->in_flight + size <= flow->limit || flow->in_flight == 0 || flow->given_back_count ||
           ((size_t)job == flow->writing && !flow->lanes[job].head);
}

DnBlock *dn_flow_block(DnFlow *flow, long job, size_t capacity) {
    capacity = capacity > DN_BLOCK_SIZE ? capacity : DN_BLOCK_SIZE;
    DnBlock *block = NULL;
    lock(flow);
    while (!has_failed(flow) && !has_room(flow, job, capacity)) {
        wait(flow);
    }
    bool failed = has_failed(flow);
    if (!failed) {
        flow->in_flight += capacity;
        if (capacity == DN_BLOCK_SIZE && flow->free) {
            block = flow->free;
            flow->free = block->next;
        }
    }
    unlock(flow);
    if (failed) {
        return NULL;
    }
    block = block ? block : malloc(sizeof *block + capacity);
    if (block) {
        block->next = NULL;
        block->size = block->rows = block->end_count = 0;
        block->sum = (DnSum){0};
        block->capacity = capacity;
    } else {
        fail_nomem(flow);
    }
    return block;
}

void dn_flow_put(DnFlow *flow, long job, DnBlock *block) {
    Lane *lane = &flow->lanes[job];
    block->next = NULL;
    lock(flow);
    *lane->tail = block;
    lane->tail = &block->next;
    if ((size_t)job == flow->writing) {
        wake(flow);
    }
    unlock(flow);
}

void dn_flow_leave(DnFlow *flow) {
    lock(flow);
    flow->readers--;
    wake(flow);
    unlock(flow);
}

void dn_flow_notice(DnFlow *flow, DnEventKind kind, const char *text) {
    size_t size = strlen(text) + 1;
    Notice *notice = malloc(sizeof *notice + size);
    if (notice) {
        notice->next = NULL;
        notice->kind = kind;
        memcpy(notice->text, text, size);
        lock(flow);
        *flow->last_notice = notice;
        flow->last_notice = &notice->next;
        unlock(flow);
    }
}

/* ---- The writer ------------------------------------------------------------------ */

DnStatus dn_flow_next(DnFlow *flow, long job, DnBlock **block, DnErr *err) {
    Lane *lane = &flow->lanes[job];
    lock(flow);
    if (flow->writing != (size_t)job) {
        flow->writing = (size_t)job;
        wake(flow); /* its reader may wait for room */
    }
    while (!has_failed(flow) && !lane->head) {
        wait(flow);
    }
    bool failed = has_failed(flow);
    if (!failed) {
        *block = lane->head;
        lane->head = lane->head->next;
        if (!lane->head) {
            lane->tail = &lane->head;
        }
    }
    unlock(flow);
    if (failed) {
        *err = flow->failure;
        return err->status;
    }
    return DN_OK;
}

DnStatus dn_flow_result(DnFlow *flow, DnErr *err) {
    lock(flow);
    if (has_failed(flow)) {
        *err = flow->failure;
    }
    DnStatus status = flow->failure.status;
    unlock(flow);
    return status;
}

void dn_flow_release(DnFlow *flow, DnBlock *block) {
    if (!block) {
        return;
    }
    bool keep = block->capacity == DN_BLOCK_SIZE;
    lock(flow);
    flow->in_flight -= block->capacity;
    if (keep) {
        block->next = flow->free;
        flow->free = block;
    }
    wake(flow);
    unlock(flow);
    if (!keep) {
        free(block);
    }
}

void dn_flow_stop(DnFlow *flow) {
    DnErr err;
    (void)dn_err(&err, DN_E_CANCELLED, "cancelled");
    dn_flow_fail(flow, &err);
}

void dn_flow_notices(DnFlow *flow, void (*tell)(void *ctx, DnEventKind kind, const char *text), void *ctx) {
    lock(flow);
    Notice *notices = flow->notices;
    flow->notices = NULL;
    flow->last_notice = &flow->notices;
    unlock(flow);
    while (notices) {
        Notice *next = notices->next;
        tell(ctx, notices->kind, notices->text);
        free(notices);
        notices = next;
    }
}
