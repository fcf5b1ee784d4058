#include "common/thread.h"

#include <signal.h>
#include <stddef.h>

static int create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *ctx) {
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(thread, attributes, run, ctx);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

static bool start_detached(void *(*run)(void *), void *ctx) {
    pthread_t thread;
    pthread_attr_t detached;
    if (pthread_attr_init(&detached) != 0) {
        return false;
    }
    (void)pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    int error = create(&thread, &detached, run, ctx);
    (void)pthread_attr_destroy(&detached);
    return error == 0;
}

bool dn_thread_start(pthread_t *thread, void *(*run)(void *ctx), void *ctx) {
    return thread ? create(thread, NULL, run, ctx) == 0 : start_detached(run, ctx);
}
