#include "dumper/pg/lookup.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/thread.h"

struct DnLookup {
    atomic_int owners; /* who asked, and the thread: the last one frees */
    atomic_bool answered;
    int fd;
    int family;
    int code;
    struct addrinfo *list;
    char *host, *port;
};

static void release(DnLookup *lookup) {
    if (atomic_fetch_sub(&lookup->owners, 1) > 1) {
        return;
    }
    if (lookup->list) {
        freeaddrinfo(lookup->list);
    }
    if (lookup->fd >= 0) {
        (void)close(lookup->fd);
    }
    free(lookup->host);
    free(lookup->port);
    free(lookup);
}

static void *run(void *argument) {
    DnLookup *lookup = argument;
    const struct addrinfo wanted = {
        .ai_family = lookup->family, .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    const uint64_t one = 1;
    lookup->code = getaddrinfo(lookup->host, lookup->port, &wanted, &lookup->list);
    if (lookup->code != 0) {
        lookup->list = NULL;
    }
    atomic_store(&lookup->answered, true);
    ssize_t written = write(lookup->fd, &one, sizeof one); /* the counter is far from full */
    (void)written;
    release(lookup);
    return NULL;
}

DnLookup *dn_lookup_start(const char *host, const char *port, int family) {
    DnLookup *lookup = calloc(1, sizeof *lookup);
    if (!lookup) {
        return NULL;
    }
    atomic_init(&lookup->owners, 2);
    atomic_init(&lookup->answered, false);
    lookup->family = family;
    lookup->host = strdup(host);
    lookup->port = strdup(port);
    lookup->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (lookup->host && lookup->port && lookup->fd >= 0 && dn_thread_start(NULL, run, lookup)) {
        return lookup;
    }
    atomic_store(&lookup->owners, 1);
    release(lookup);
    return NULL;
}

int dn_lookup_fd(const DnLookup *lookup) {
    return lookup->fd;
}

bool dn_lookup_answer(DnLookup *lookup, int *code, const struct addrinfo **list) {
    if (!atomic_load(&lookup->answered)) {
        return false;
    }
    *code = lookup->code;
    *list = lookup->list;
    return true;
}

void dn_lookup_end(DnLookup *lookup) {
    if (lookup) {
        release(lookup);
    }
}
