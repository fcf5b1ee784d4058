#define _GNU_SOURCE /* pthread_getattr_np() */
/* Threads that take no signals. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/thread.h"

static void *find_mask(void *ctx) {
    (void)pthread_sigmask(SIG_SETMASK, NULL, ctx);
    return NULL;
}

static void thread_takes_no_signals(void **state) {
    (void)state;
    sigset_t mask;
    sigset_t own;
    pthread_t thread;
    (void)sigemptyset(&mask);
    assert_true(dn_thread_start(&thread, find_mask, &mask));
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(sigismember(&mask, SIGINT), 1);
    assert_int_equal(sigismember(&mask, SIGALRM), 1);
    assert_int_equal(pthread_sigmask(SIG_SETMASK, NULL, &own), 0);
    assert_int_equal(sigismember(&own, SIGINT), 0);
}

typedef struct Meeting {
    pthread_barrier_t barrier;
    int detached;
} Meeting;

static void *find_detached(void *ctx) {
    Meeting *meeting = ctx;
    pthread_attr_t attributes;
    if (pthread_getattr_np(pthread_self(), &attributes) == 0) {
        (void)pthread_attr_getdetachstate(&attributes, &meeting->detached);
        (void)pthread_attr_destroy(&attributes);
    }
    (void)pthread_barrier_wait(&meeting->barrier);
    return NULL;
}

static void nobody_waits_for_a_thread_without_handle(void **state) {
    (void)state;
    Meeting meeting = {.detached = PTHREAD_CREATE_JOINABLE};
    assert_int_equal(pthread_barrier_init(&meeting.barrier, NULL, 2), 0);
    assert_true(dn_thread_start(NULL, find_detached, &meeting));
    (void)pthread_barrier_wait(&meeting.barrier);
    assert_int_equal(meeting.detached, PTHREAD_CREATE_DETACHED);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thread_takes_no_signals),
        cmocka_unit_test(nobody_waits_for_a_thread_without_handle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
