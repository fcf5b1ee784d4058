#include "dumper/pg/race_state.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/cancel.h"
#include "common/clock.h"
#include "common/err.h"

/* ---- Telling --------------------------------------------------------------------- */

static const char *family_name(int family) {
    return family == AF_INET6 ? "IPv6" : "IPv4";
}

static void tell(const Race *race, const Runner *runner, const char *what) {
    if (race->how->log) {
        char text[256];
        (void)snprintf(text, sizeof text, "%s (%s) port %s: %s after %lld ms", runner->text,
                       family_name(runner->address.ss_family), race->how->port, what,
                       (long long)(dn_now_ms() - runner->began));
        race->how->log(race->how->log_ctx, text);
    }
}

static void tell_lookup(const Race *race, const Half *half, const char *what) {
    if (race->how->log) {
        char text[512];
        (void)snprintf(text, sizeof text, "looking up %s addresses of \"%s\": %s after %lld ms",
                       family_name(half->family), race->how->host, what,
                       (long long)(dn_now_ms() - half->began));
        race->how->log(race->how->log_ctx, text);
    }
}

/* ---- Names ----------------------------------------------------------------------- */

static bool start_lookup(const Race *race, Half *half) {
    half->again_at = 0;
    half->answered = false;
    half->began = dn_now_ms();
    half->lookup = dn_lookup_start(race->how->host, race->how->port, half->family);
    return half->lookup;
}

static void add_runners(Race *race, const struct addrinfo *list) {
    for (const struct addrinfo *a = list; a && race->count < MAX_RUNNERS; a = a->ai_next) {
        Runner *runner = &race->runners[race->count];
        *runner = (Runner){.size = a->ai_addrlen, .fd = -1};
        memcpy(&runner->address, a->ai_addr, a->ai_addrlen);
        if (getnameinfo(a->ai_addr, a->ai_addrlen, runner->text, sizeof runner->text, NULL, 0,
                        NI_NUMERICHOST) == 0) {
            race->count++;
        }
    }
    if (race->count && !race->first_answer) {
        race->first_answer = dn_now_ms();
    }
}

static void take_answer(Race *race, Half *half) {
    const struct addrinfo *list = NULL;
    if (!half->lookup || !dn_lookup_answer(half->lookup, &half->code, &list)) {
        return;
    }
    half->answered = true;
    if (half->code == 0) {
        add_runners(race, list);
    } else {
        tell_lookup(race, half, gai_strerror(half->code));
    }
    if (half->code == EAI_AGAIN) {
        half->again_at = dn_now_ms() + dn_backoff_ms(half->tries++);
    }
    dn_lookup_end(half->lookup);
    half->lookup = NULL;
}

/* A resolver that fails for now is asked again, unless the other family has addresses already. */
static bool ask_again(Race *race) {
    for (int i = 0; i < 2; i++) {
        Half *half = &race->halves[i];
        if (half->again_at && !race->count && dn_now_ms() >= half->again_at && !start_lookup(race, half)) {
            return false;
        }
    }
    return true;
}

/* ---- Addresses ------------------------------------------------------------------- */

static void fail(const Race *race, Runner *runner, int error) {
    char text[128];
    runner->error = error;
    runner->state = FAILED;
    dn_race_error_text(error, text, sizeof text);
    tell(race, runner, text);
    if (runner->fd >= 0) {
        (void)close(runner->fd);
        runner->fd = -1;
    }
}

static void win(Race *race, Runner *runner) {
    runner->state = WON;
    race->winner = runner;
    tell(race, runner, "reached");
}

static void start(Race *race, Runner *runner) {
    race->last_family = runner->address.ss_family;
    race->last_start = runner->began = dn_now_ms();
    runner->state = RUNNING;
    runner->fd = socket(runner->address.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool open = runner->fd >= 0;
    int error =
        open && connect(runner->fd, (const struct sockaddr *)&runner->address, runner->size) == 0 ? 0 : errno;
    if (!error) {
        win(race, runner);
    } else if (error != EINPROGRESS) {
        fail(race, runner, error);
    }
}

/* The families take turns, the preferred one begins. */
static Runner *next_runner(Race *race) {
    int wanted =
        race->last_family == race->halves[0].family ? race->halves[1].family : race->halves[0].family;
    Runner *other = NULL;
    for (size_t i = 0; i < race->count; i++) {
        Runner *runner = &race->runners[i];
        if (runner->state == WAITING && runner->address.ss_family == wanted) {
            return runner;
        }
        if (runner->state == WAITING && !other) {
            other = runner;
        }
    }
    return other;
}

static size_t count_in(const Race *race, RunnerState state) {
    size_t count = 0;
    for (size_t i = 0; i < race->count; i++) {
        count += race->runners[i].state == state;
    }
    return count;
}

/* When the next address starts; 0 = none is waiting. */
static int64_t next_start(const Race *race) {
    if (!count_in(race, WAITING)) {
        return 0;
    }
    if (!race->last_start) {
        /* Not before the preferred family had its moment to come. */
        return race->halves[0].answered ? race->first_answer : race->first_answer + DN_RACE_RESOLVE_MS;
    }
    return count_in(race, RUNNING) ? race->last_start + DN_RACE_STAGGER_MS : race->last_start;
}

static void start_due(Race *race) {
    for (int64_t at; !race->winner && (at = next_start(race)) && dn_now_ms() >= at;) {
        start(race, next_runner(race));
    }
}

static void look_at(Race *race, Runner *runner, const struct pollfd *fd) {
    int error = 0;
    socklen_t size = sizeof error;
    if (!fd->revents || race->winner) {
        return;
    }
    if (getsockopt(runner->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
        error = errno;
    }
    if (error) {
        fail(race, runner, error);
    } else {
        win(race, runner);
    }
}

/* ---- The race -------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b) {
    return b && b < a ? b : a;
}

static int time_left(const Race *race) {
    int64_t at = earlier(race->how->deadline, next_start(race));
    for (int i = 0; i < 2 && !race->count; i++) {
        at = earlier(at, race->halves[i].again_at);
    }
    int64_t left = at - dn_now_ms();
    return left < 0 ? 0 : left > 3600000 ? 3600000 : (int)left;
}

/* Waits until something happens, and looks what. */
static void wait_and_look(Race *race) {
    struct pollfd fds[MAX_RUNNERS + 4] = {{.fd = dn_cancel_fd(race->how->cancel), .events = POLLIN},
                                          {.fd = dn_cancel_fd(race->how->stop), .events = POLLIN}};
    Runner *runners[MAX_RUNNERS];
    nfds_t count = 2;
    size_t running = 0;
    for (int i = 0; i < 2; i++) {
        const DnLookup *lookup = race->halves[i].lookup;
        fds[count++] = (struct pollfd){.fd = lookup ? dn_lookup_fd(lookup) : -1, .events = POLLIN};
    }
    for (size_t i = 0; i < race->count; i++) {
        if (race->runners[i].state == RUNNING) {
            runners[running++] = &race->runners[i];
            fds[count++] = (struct pollfd){.fd = race->runners[i].fd, .events = POLLOUT};
        }
    }
    if (poll(fds, count, time_left(race)) <= 0) {
        return;
    }
    for (size_t i = 0; i < running; i++) {
        look_at(race, runners[i], &fds[4 + i]);
    }
    take_answer(race, &race->halves[0]);
    take_answer(race, &race->halves[1]);
}

static bool is_over(const Race *race) {
    if (race->winner || dn_now_ms() >= race->how->deadline) {
        return true;
    }
    if (count_in(race, WAITING) || count_in(race, RUNNING)) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        if (race->halves[i].lookup || (race->halves[i].again_at && !race->count)) {
            return false;
        }
    }
    return true;
}

/* ---- What it came to ------------------------------------------------------------- */

static DnStatus result_of(Race *race, char *address, DnRaceLoss *loss, DnErr *err) {
    if (dn_cancel_requested(race->how->cancel) || dn_cancel_requested(race->how->stop)) {
        return dn_err(err, DN_E_CANCELLED, "cancelled while connecting");
    }
    if (race->winner) {
        memcpy(address, race->winner->text, DN_RACE_ADDRESS_SIZE);
        return DN_OK;
    }
    for (size_t i = 0; i < race->count; i++) {
        if (race->runners[i].state == RUNNING) {
            fail(race, &race->runners[i], 0);
        }
    }
    if (race->count) {
        dn_race_describe_addresses(race, loss, err);
    } else {
        loss->unresolved = dn_race_describe_lookups(race, err);
    }
    return err->status;
}

static void clean_up(Race *race) {
    for (size_t i = 0; i < race->count; i++) {
        if (race->runners[i].fd >= 0) {
            (void)close(race->runners[i].fd);
        }
    }
    dn_lookup_end(race->halves[0].lookup);
    dn_lookup_end(race->halves[1].lookup);
}

DnStatus dn_race(const DnRaceOptions *how, char address[DN_RACE_ADDRESS_SIZE], DnRaceLoss *loss, DnErr *err) {
    bool ipv6_first = how->prefer == DN_PREFER_IPV6;
    Race race = {
        .how = how,
        .halves = {{.family = ipv6_first ? AF_INET6 : AF_INET}, {.family = ipv6_first ? AF_INET : AF_INET6}}};
    *loss = (DnRaceLoss){0};
    bool going = start_lookup(&race, &race.halves[0]) && start_lookup(&race, &race.halves[1]);
    while (going && !is_over(&race) && !dn_cancel_requested(how->cancel) && !dn_cancel_requested(how->stop)) {
        going = ask_again(&race);
        start_due(&race);
        if (going && !is_over(&race)) {
            wait_and_look(&race);
        }
    }
    DnStatus status = going ? result_of(&race, address, loss, err) : dn_err_nomem(err);
    clean_up(&race);
    return status;
}
