#include "dumper/cli/signals.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

/* All that end a process by default and that someone may send to stop it. */
static const struct {
    int number;
    const char *name;
} stopping[] = {
    {SIGINT, "SIGINT"},   {SIGTERM, "SIGTERM"}, {SIGHUP, "SIGHUP"},   {SIGQUIT, "SIGQUIT"},
    {SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"}, {SIGXCPU, "SIGXCPU"},
};

#define STOPPING_COUNT (sizeof stopping / sizeof *stopping)

static DnCancel *volatile running;
static volatile sig_atomic_t received;
static volatile time_t received_at;

static time_t now(void) {
    struct timespec t = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* Only async-signal-safe calls in here. */
static void on_stop(int number) {
    int saved = errno;
    if (!received) {
        received = number;
        received_at = now();
    } else if (now() > received_at + 1) {
        /* Not sooner: timeout(1), npm and others deliver one signal twice, to us and to our group. */
        (void)sigaction(number, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
        (void)raise(number);
    }
    if (running) {
        dn_cancel_request(running);
    }
    (void)alarm(1);
    errno = saved;
}

/* A signal that comes just before a blocking call doesn't interrupt that call; the next tick does. */
static void on_tick(int number) {
    int saved = errno;
    (void)number;
    if (!received) { /* not our tick: someone stops us with SIGALRM */
        on_stop(SIGALRM);
    }
    if (running) {
        dn_cancel_request(running);
    }
    (void)alarm(1);
    errno = saved;
}

/* No SA_RESTART: a write to a reader that sleeps has to come back. */
static void handle(int number, void (*handler)(int)) {
    struct sigaction old;
    if (sigaction(number, NULL, &old) == 0 && old.sa_handler == SIG_IGN && handler != SIG_IGN) {
        return;
    }
    struct sigaction action = {.sa_handler = handler};
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < STOPPING_COUNT; i++) {
        (void)sigaddset(&action.sa_mask, stopping[i].number);
    }
    (void)sigaddset(&action.sa_mask, SIGALRM);
    (void)sigaction(number, &action, NULL);
}

DnCancel *cli_signals_install(void) {
    running = dn_cancel_new();
    if (!running) {
        return NULL;
    }
    for (size_t i = 0; i < STOPPING_COUNT; i++) {
        handle(stopping[i].number, on_stop);
    }
    handle(SIGALRM, on_tick);
    handle(SIGPIPE, SIG_IGN);
    handle(SIGXFSZ, SIG_IGN);
    return running;
}

int cli_signals_received(void) {
    return received;
}

void cli_signals_reset(void) {
    DnCancel *cancel = running;
    running = NULL;
    (void)alarm(0);
    for (size_t i = 0; i < STOPPING_COUNT; i++) {
        handle(stopping[i].number, SIG_DFL);
    }
    handle(SIGALRM, SIG_DFL);
    dn_cancel_free(cancel);
}

int cli_signals_die(int number) {
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, number);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
    (void)raise(number);
    return 128 + number;
}

const char *cli_signal_name(int number) {
    for (size_t i = 0; i < STOPPING_COUNT; i++) {
        if (stopping[i].number == number) {
            return stopping[i].name;
        }
    }
    return number == SIGALRM ? "SIGALRM" : "a signal";
}
