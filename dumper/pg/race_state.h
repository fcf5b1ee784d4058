/*
 * race_state.h - what race.c knows of a race, for those that tell of it.
 */
#ifndef DN_DUMPER_PG_RACE_STATE_H
#define DN_DUMPER_PG_RACE_STATE_H

#include <sys/socket.h>

#include "dumper/pg/lookup.h"
#include "dumper/pg/race.h"

enum { MAX_RUNNERS = 32 };

/* One family's addresses. */
typedef struct Half {
    int family;
    DnLookup *lookup; /* under way, or NULL */
    bool answered;
    int code; /* of the last answer */
    unsigned tries;
    int64_t began;
    int64_t again_at; /* when to ask again; 0 = not */
} Half;

typedef enum RunnerState { WAITING, RUNNING, FAILED, WON } RunnerState;

typedef struct Runner {
    struct sockaddr_storage address;
    socklen_t size;
    RunnerState state;
    int fd;
    int error; /* errno; 0 = no answer in time */
    int64_t began;
    char text[DN_RACE_ADDRESS_SIZE];
} Runner;

typedef struct Race {
    const DnRaceOptions *how;
    Half halves[2]; /* the preferred one first */
    Runner runners[MAX_RUNNERS];
    size_t count;
    int last_family;
    int64_t last_start;
    int64_t first_answer; /* when the first addresses came; 0 = none yet */
    const Runner *winner;
} Race;

/* The system's words for an errno; 0 = no answer. */
void dn_race_error_text(int error, char *text, size_t size);
/* No name was found: says why. True when nobody answered. */
bool dn_race_describe_lookups(const Race *race, DnErr *err);
/* No address answered: says what each did, and what to do. */
void dn_race_describe_addresses(const Race *race, DnRaceLoss *loss, DnErr *err);

#endif
