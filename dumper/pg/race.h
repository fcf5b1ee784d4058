/*
 * race.h - finds the address of a host that answers first: all its addresses, tried with a staggered start.
 *
 * After RFC 8305 ("happy eyeballs"): both families are looked up at the same time; the addresses take turns
 * by family; the next one starts when the one before has failed or has not answered within 250 ms. So an
 * address or a family that swallows all packets costs a quarter of a second and not a time-out. An attempt is
 * a bare TCP connection, closed again: PostgreSQL's log doesn't mention those that end before their first
 * byte.
 */
#ifndef DN_DUMPER_PG_RACE_H
#define DN_DUMPER_PG_RACE_H

#include <stddef.h>
#include <stdint.h>

#include "include/dumpnative.h"

enum {
    DN_RACE_STAGGER_MS = 250, /* RFC 8305, section 5: Connection Attempt Delay */
    DN_RACE_RESOLVE_MS = 50,  /* section 3: Resolution Delay, how long the preferred family is waited for */
    DN_RACE_ADDRESS_SIZE = 80 /* of an address as text, with the name of an interface */
};

typedef struct DnRaceOptions {
    const char *host; /* a name, or an address */
    const char *port; /* a number */
    DnPrefer prefer;
    int64_t deadline; /* dn_now_ms() */
    DnCancel *cancel, *stop;
    void (*log)(void *ctx, const char *text); /* each attempt; may be NULL */
    void *log_ctx;
} DnRaceOptions;

/* What is to be known of a race that nobody won. */
typedef struct DnRaceLoss {
    bool may_pass;   /* to try again makes sense: refused or reset, so the server may be about to start */
    bool only_ipv6;  /* the host has addresses of that family alone */
    bool unresolved; /* no resolver answered */
} DnRaceLoss;

/* The winner's address as text. Otherwise DN_E_CONNECT, and *loss is filled. */
DnStatus dn_race(const DnRaceOptions *how, char address[DN_RACE_ADDRESS_SIZE], DnRaceLoss *loss,
                 DnErr *err) DN_MUST_USE;

#endif
