#include "dumper/sink/members.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/err.h"
#include "common/thread.h"

/* Big enough that a member's own dictionary costs less than a thousandth of the size. */
enum { BLOCK_SIZE = 1024 * 1024, MOST_THREADS = 16, MOST_BLOCKS = 2 * MOST_THREADS };

typedef enum BlockState { BLOCK_FREE, BLOCK_FULL, BLOCK_BUSY, BLOCK_DONE } BlockState;

typedef struct Block {
    BlockState state;
    size_t size;
    size_t packed_size; /* 0 = the library failed */
    char *plain;        /* owned, BLOCK_SIZE */
    char *packed;       /* owned, `room` */
} Block;

typedef struct Members {
    DnSink sink;
    const DnMemberCodec *codec;
    int level;
    size_t room;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool ending;
    size_t filling;  /* numbers count on; a number modulo block_count is a block */
    size_t to_pack;  /* the next one for a thread */
    size_t to_write; /* the next one for the rest of the chain */
    bool any;        /* a member was made */
    size_t block_count;
    size_t thread_count;
    pthread_t threads[MOST_THREADS];
    void *states[MOST_THREADS];
    size_t next_state;
    Block blocks[MOST_BLOCKS];
} Members;

static Block *block_at(Members *self, size_t number) {
    return &self->blocks[number % self->block_count];
}

/* ---- Threads --------------------------------------------------------------------- */

static void *pack_blocks(void *arg) {
    Members *self = arg;
    (void)pthread_mutex_lock(&self->lock);
    void *state = self->states[self->next_state++];
    for (;;) {
        Block *block = block_at(self, self->to_pack);
        if (block->state != BLOCK_FULL) {
            if (self->ending) {
                break;
            }
            (void)pthread_cond_wait(&self->changed, &self->lock);
            continue;
        }
        block->state = BLOCK_BUSY;
        self->to_pack++;
        (void)pthread_mutex_unlock(&self->lock);
        size_t size = self->codec->compress(state, block->plain, block->size, block->packed, self->room);
        (void)pthread_mutex_lock(&self->lock);
        block->packed_size = size;
        block->state = BLOCK_DONE;
        (void)pthread_cond_broadcast(&self->changed);
    }
    (void)pthread_mutex_unlock(&self->lock);
    return NULL;
}

static bool start_threads(Members *self) {
    size_t wanted = self->thread_count;
    self->thread_count = 0;
    while (self->thread_count < wanted &&
           dn_thread_start(&self->threads[self->thread_count], pack_blocks, self)) {
        self->thread_count++;
    }
    return self->thread_count > 0;
}

static void end_threads(Members *self) {
    (void)pthread_mutex_lock(&self->lock);
    self->ending = true;
    (void)pthread_cond_broadcast(&self->changed);
    (void)pthread_mutex_unlock(&self->lock);
    for (size_t i = 0; i < self->thread_count; i++) {
        (void)pthread_join(self->threads[i], NULL);
    }
    self->thread_count = 0;
}

static void free_members(Members *self) {
    end_threads(self);
    for (size_t i = 0; i < MOST_THREADS; i++) {
        if (self->states[i]) {
            self->codec->close(self->states[i]);
        }
    }
    for (size_t i = 0; i < MOST_BLOCKS; i++) {
        free(self->blocks[i].plain);
        free(self->blocks[i].packed);
    }
    (void)pthread_cond_destroy(&self->changed);
    (void)pthread_mutex_destroy(&self->lock);
    free(self);
}

/* ---- The sink -------------------------------------------------------------------- */

/* Waits for the oldest block and hands it on. */
static DnStatus write_oldest(Members *self, DnErr *err) {
    Block *block = block_at(self, self->to_write);
    (void)pthread_mutex_lock(&self->lock);
    while (block->state != BLOCK_DONE) {
        (void)pthread_cond_wait(&self->changed, &self->lock);
    }
    block->state = BLOCK_FREE;
    (void)pthread_mutex_unlock(&self->lock);
    self->to_write++;
    size_t size = block->packed_size;
    block->size = 0;
    return size ? dn_sink_write(self->sink.next, block->packed, size, err)
                : dn_err(err, DN_E_INTERNAL, "could not compress data: the library failed");
}

/* Gives the block that is being filled to the threads, and makes sure that there is a next one. */
static DnStatus turn_over(Members *self, DnErr *err) {
    (void)pthread_mutex_lock(&self->lock);
    block_at(self, self->filling)->state = BLOCK_FULL;
    (void)pthread_cond_broadcast(&self->changed);
    (void)pthread_mutex_unlock(&self->lock);
    self->filling++;
    self->any = true;
    return self->filling - self->to_write == self->block_count ? write_oldest(self, err) : DN_OK;
}

static DnStatus members_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    Members *self = (Members *)sink;
    const char *next = bytes;
    DnStatus status = DN_OK;
    while (status == DN_OK && size) {
        Block *block = block_at(self, self->filling);
        size_t room = BLOCK_SIZE - block->size;
        size_t part = size < room ? size : room;
        memcpy(block->plain + block->size, next, part);
        block->size += part;
        next += part;
        size -= part;
        if (block->size == BLOCK_SIZE) {
            status = turn_over(self, err);
        }
    }
    return status;
}

static DnStatus members_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    Members *self = (Members *)sink;
    DnSink *next = sink->next;
    /* Even nothing is a member: an empty file is not in any format. */
    DnStatus status = block_at(self, self->filling)->size || !self->any ? turn_over(self, err) : DN_OK;
    while (status == DN_OK && self->to_write < self->filling) {
        status = write_oldest(self, err);
    }
    free_members(self);
    return dn_sink_finish_next(next, status, summary, err);
}

static void members_abort(DnSink *sink) {
    DnSink *next = sink->next;
    free_members((Members *)sink);
    dn_sink_abort(next);
}

static const DnSinkOps members_ops = {
    .write = members_write, .finish = members_finish, .abort = members_abort};

static bool allocate(Members *self) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    self->thread_count = processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (size_t)processors;
    self->block_count = 2 * self->thread_count;
    for (size_t i = 0; i < self->thread_count; i++) {
        self->states[i] = self->codec->open(self->level);
        if (!self->states[i]) {
            return false;
        }
    }
    self->room = self->codec->bound(self->states[0], BLOCK_SIZE);
    for (size_t i = 0; i < self->block_count; i++) {
        self->blocks[i].plain = malloc(BLOCK_SIZE);
        self->blocks[i].packed = malloc(self->room);
        if (!self->blocks[i].plain || !self->blocks[i].packed) {
            return false;
        }
    }
    return true;
}

DnStatus dn_members_sink_open(const DnMemberCodec *codec, int level, DnSink **chain, DnErr *err) {
    Members *self = calloc(1, sizeof *self);
    if (!self) {
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &members_ops, .phase = DN_SINK_COMPRESS};
    self->codec = codec;
    self->level = level;
    (void)pthread_mutex_init(&self->lock, NULL);
    (void)pthread_cond_init(&self->changed, NULL);
    DnStatus status = allocate(self) ? DN_OK : dn_err_nomem(err);
    if (status != DN_OK) {
        self->thread_count = 0; /* none has started */
    } else if (!start_threads(self)) {
        status = dn_err(err, DN_E_NOMEM, "the system has no room for one more thread");
    }
    if (status == DN_OK) {
        status = dn_sink_link(&self->sink, *chain, err);
    }
    if (status != DN_OK) {
        free_members(self);
        return status;
    }
    *chain = &self->sink;
    return DN_OK;
}
