/*
 * events.h - what threads have to tell, kept until the thread that made the call tells it.
 */
#ifndef DN_RESTORE_EVENTS_H
#define DN_RESTORE_EVENTS_H

#include <pthread.h>

#include "include/dumpnative.h"

typedef struct DnEventNote DnEventNote;

/* Zero-initialise, but for the mutex. */
typedef struct DnEvents {
    pthread_mutex_t mutex;
    DnEventNote *first, **last;
} DnEvents;

/* A DnEventFn for the threads; `ctx` is the DnEvents. What memory is too short for is dropped. */
void dn_events_add(void *ctx, const DnEvent *event);
/* Tells what there is, in its order. */
void dn_events_tell(DnEvents *events, DnEventFn event, void *ctx);

#endif
