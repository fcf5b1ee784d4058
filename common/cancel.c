#include "common/cancel.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct DnCancel {
    atomic_bool requested;
    int fd;
};

/* A signal handler may only touch atomics that need no lock. */
_Static_assert(ATOMIC_BOOL_LOCK_FREE == 2, "dn_cancel_request() has to be async-signal-safe");

DnCancel *dn_cancel_new(void) {
    DnCancel *cancel = malloc(sizeof *cancel);
    if (!cancel) {
        return NULL;
    }
    cancel->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (cancel->fd < 0) {
        free(cancel);
        return NULL;
    }
    atomic_init(&cancel->requested, false);
    return cancel;
}

void dn_cancel_request(DnCancel *cancel) {
    const uint64_t one = 1;
    int kept = errno;
    if (!cancel) {
        return;
    }
    atomic_store(&cancel->requested, true);
    /* Can only fail when the counter is full, and then it is readable already. */
    ssize_t written = write(cancel->fd, &one, sizeof one);
    (void)written;
    errno = kept;
}

bool dn_cancel_requested(const DnCancel *cancel) {
    return cancel && atomic_load(&cancel->requested);
}

int dn_cancel_fd(const DnCancel *cancel) {
    return cancel ? cancel->fd : -1;
}

void dn_cancel_free(DnCancel *cancel) {
    if (cancel) {
        (void)close(cancel->fd);
        free(cancel);
    }
}
