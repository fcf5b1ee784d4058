/*
 * The cancel handle: seen by whoever looks and by whoever polls, asked for from a signal handler or a thread.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "common/cancel.h"

static int readable(const DnCancel *cancel, int timeout) {
    struct pollfd fd = {.fd = dn_cancel_fd(cancel), .events = POLLIN};
    return poll(&fd, 1, timeout);
}

static void null_is_never_requested(void **state) {
    (void)state;
    assert_false(dn_cancel_requested(NULL));
    assert_int_equal(dn_cancel_fd(NULL), -1);
    assert_int_equal(readable(NULL, 0), 0);
    dn_cancel_request(NULL);
    dn_cancel_free(NULL);
}

static void request_stays(void **state) {
    (void)state;
    DnCancel *cancel = dn_cancel_new();
    assert_non_null(cancel);
    assert_false(dn_cancel_requested(cancel));
    assert_int_equal(readable(cancel, 0), 0);
    for (int i = 0; i < 3; i++) {
        dn_cancel_request(cancel);
        assert_true(dn_cancel_requested(cancel));
        assert_int_equal(readable(cancel, 0), 1);
    }
    dn_cancel_free(cancel);
}

static void handles_are_apart(void **state) {
    (void)state;
    DnCancel *one = dn_cancel_new();
    DnCancel *other = dn_cancel_new();
    dn_cancel_request(one);
    assert_false(dn_cancel_requested(other));
    assert_int_equal(readable(other, 0), 0);
    dn_cancel_free(one);
    dn_cancel_free(other);
}

static void descriptor_is_private_and_never_blocks(void **state) {
    (void)state;
    DnCancel *cancel = dn_cancel_new();
    assert_true(fcntl(dn_cancel_fd(cancel), F_GETFD) & FD_CLOEXEC);
    assert_true(fcntl(dn_cancel_fd(cancel), F_GETFL) & O_NONBLOCK);
    dn_cancel_free(cancel);
}

static DnCancel *in_handler;

static void on_signal(int signal_number) {
    (void)signal_number;
    dn_cancel_request(in_handler);
}

static void request_from_a_signal_handler(void **state) {
    (void)state;
    struct sigaction before;
    in_handler = dn_cancel_new();
    assert_int_equal(sigaction(SIGUSR1, &(struct sigaction){.sa_handler = on_signal}, &before), 0);
    errno = EXDEV;
    assert_int_equal(raise(SIGUSR1), 0);
    assert_int_equal(errno, EXDEV);
    assert_true(dn_cancel_requested(in_handler));
    assert_int_equal(readable(in_handler, 0), 1);
    assert_int_equal(sigaction(SIGUSR1, &before, NULL), 0);
    dn_cancel_free(in_handler);
}

static void *request_from_thread(void *cancel) {
    dn_cancel_request(cancel);
    return NULL;
}

static void request_wakes_a_poll(void **state) {
    (void)state;
    pthread_t thread;
    DnCancel *cancel = dn_cancel_new();
    assert_int_equal(pthread_create(&thread, NULL, request_from_thread, cancel), 0);
    assert_int_equal(readable(cancel, 10 * 1000), 1);
    assert_true(dn_cancel_requested(cancel));
    assert_int_equal(pthread_join(thread, NULL), 0);
    dn_cancel_free(cancel);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(null_is_never_requested),
        cmocka_unit_test(request_stays),
        cmocka_unit_test(handles_are_apart),
        cmocka_unit_test(descriptor_is_private_and_never_blocks),
        cmocka_unit_test(request_from_a_signal_handler),
        cmocka_unit_test(request_wakes_a_poll),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
