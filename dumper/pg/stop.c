#include "dumper/pg/stop.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/thread.h"

typedef struct Request {
    atomic_int owners; /* who waits, and the thread: the last one frees */
    int fd;            /* readable when the thread is done */
    PGcancel *handle;
} Request;

static void release(Request *request) {
    if (atomic_fetch_sub(&request->owners, 1) > 1) {
        return;
    }
    if (request->fd >= 0) {
        (void)close(request->fd);
    }
    PQfreeCancel(request->handle);
    free(request);
}

static void *run(void *argument) {
    Request *request = argument;
    const uint64_t one = 1;
    char reason[256];
    (void)PQcancel(request->handle, reason, (int)sizeof reason);
    ssize_t written = write(request->fd, &one, sizeof one); /* the counter is far from full */
    (void)written;
    release(request);
    return NULL;
}

static void wait_until_done(int fd) {
    struct pollfd done = {.fd = fd, .events = POLLIN};
    int64_t end = dn_now_ms() + DN_STOP_PATIENCE_MS;
    int64_t left = DN_STOP_PATIENCE_MS;
    while (left > 0 && poll(&done, 1, (int)left) < 0 && errno == EINTR) {
        left = end - dn_now_ms();
    }
}

void dn_stop_query(PGcancel *handle) {
    Request *request = handle ? calloc(1, sizeof *request) : NULL;
    if (!request) {
        PQfreeCancel(handle);
        return;
    }
    atomic_init(&request->owners, 2);
    request->handle = handle;
    request->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (request->fd >= 0 && dn_thread_start(NULL, run, request)) {
        wait_until_done(request->fd);
    } else {
        atomic_store(&request->owners, 1);
    }
    release(request);
}
