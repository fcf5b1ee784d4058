#include "dumper/sink/hasher.h"

#include <pthread.h>
#include <stdlib.h>

#include "common/err.h"
#include "common/thread.h"
#include "dumper/sink/hash.h"

struct DnHasher {
    DnHash *hash;
    pthread_t thread;
    bool has_thread;
    pthread_mutex_t mutex; /* for what follows */
    pthread_cond_t changed;
    const void *bytes; /* the block in work; NULL = none */
    size_t size;
    bool ending;
    DnStatus status;
    DnErr err;
};

static void add(DnHasher *hasher, const void *bytes, size_t size) {
    if (!hasher->status) {
        hasher->status = dn_hash_add(hasher->hash, bytes, size, &hasher->err);
    }
}

/* The block is nobody else's business while it is in work, nor are status and err. */
static void *hash_blocks(void *ctx) {
    DnHasher *hasher = ctx;
    (void)pthread_mutex_lock(&hasher->mutex);
    for (;;) {
        while (!hasher->bytes && !hasher->ending) {
            (void)pthread_cond_wait(&hasher->changed, &hasher->mutex);
        }
        if (!hasher->bytes) {
            break;
        }
        (void)pthread_mutex_unlock(&hasher->mutex);
        add(hasher, hasher->bytes, hasher->size);
        (void)pthread_mutex_lock(&hasher->mutex);
        hasher->bytes = NULL;
        (void)pthread_cond_broadcast(&hasher->changed);
    }
    (void)pthread_mutex_unlock(&hasher->mutex);
    return NULL;
}

DnHasher *dn_hasher_start(DnErr *err) {
    DnHasher *hasher = calloc(1, sizeof *hasher);
    if (!hasher) {
        (void)dn_err_nomem(err);
        return NULL;
    }
    *hasher = (DnHasher){
        .hash = dn_hash_new(err), .mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    if (!hasher->hash) {
        free(hasher);
        return NULL;
    }
    hasher->has_thread = dn_thread_start(&hasher->thread, hash_blocks, hasher);
    return hasher;
}

void dn_hasher_give(DnHasher *hasher, const void *bytes, size_t size) {
    if (!hasher->has_thread) {
        add(hasher, bytes, size);
        return;
    }
    (void)pthread_mutex_lock(&hasher->mutex);
    while (hasher->bytes) {
        (void)pthread_cond_wait(&hasher->changed, &hasher->mutex);
    }
    hasher->bytes = bytes;
    hasher->size = size;
    (void)pthread_cond_broadcast(&hasher->changed);
    (void)pthread_mutex_unlock(&hasher->mutex);
}

static void end_thread(DnHasher *hasher) {
    if (hasher->has_thread) {
        (void)pthread_mutex_lock(&hasher->mutex);
        hasher->ending = true;
        (void)pthread_cond_broadcast(&hasher->changed);
        (void)pthread_mutex_unlock(&hasher->mutex);
        (void)pthread_join(hasher->thread, NULL);
        hasher->has_thread = false;
    }
}

DnStatus dn_hasher_end(DnHasher *hasher, DnDigest *digest, DnErr *err) {
    end_thread(hasher);
    if (hasher->status) {
        *err = hasher->err;
        return hasher->status;
    }
    return dn_hash_end(hasher->hash, digest, err);
}

void dn_hasher_free(DnHasher *hasher) {
    if (hasher) {
        end_thread(hasher);
        (void)pthread_cond_destroy(&hasher->changed);
        (void)pthread_mutex_destroy(&hasher->mutex);
        dn_hash_free(hasher->hash);
        free(hasher);
    }
}
