/*
 * clock.h - the monotonic clock, and waits between tries of something that may pass.
 */
#ifndef DN_COMMON_CLOCK_H
#define DN_COMMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "include/dumpnative.h"

/* The monotonic clock: seconds, and milliseconds. */
double dn_now(void);
int64_t dn_now_ms(void);
/* A wait before try number `tries` (from 0): a quarter of a second, doubled each time up to four seconds, and
   a quarter more or less by chance. */
int64_t dn_backoff_ms(unsigned tries);
/* Waits; false when one of the handles, which may be NULL, fired meanwhile. */
bool dn_wait_ms(int64_t ms, const DnCancel *cancel, const DnCancel *stop);

#endif
