#include "common/clock.h"

#include <poll.h>
#include <time.h>

#include "common/cancel.h"

double dn_now(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int64_t dn_now_ms(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t dn_backoff_ms(unsigned tries) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t wait = (int64_t)250 << (tries < 4 ? tries : 4);
    int64_t chance = now.tv_nsec / 1000 % 1000; /* who fails together should not come back together */
    return wait * 3 / 4 + wait * chance / 2000;
}

bool dn_wait_ms(int64_t ms, const DnCancel *cancel, const DnCancel *stop) {
    struct pollfd fds[] = {{.fd = dn_cancel_fd(cancel), .events = POLLIN},
                           {.fd = dn_cancel_fd(stop), .events = POLLIN}};
    int64_t end = dn_now_ms() + ms;
    for (int64_t left = ms; left > 0; left = end - dn_now_ms()) {
        if (poll(fds, sizeof fds / sizeof *fds, (int)left) > 0) {
            return false;
        }
    }
    return true;
}
