/* event_trigger.h - event triggers. */
#ifndef DN_CATALOG_MODEL_EVENT_TRIGGER_H
#define DN_CATALOG_MODEL_EVENT_TRIGGER_H

#include "catalog/model/object.h"

typedef struct DnEventTrigger {
    DnObject object;
    const char *event;    /* ddl_command_start, ... */
    const char *tags;     /* "'CREATE TABLE', 'DROP TABLE'" or NULL */
    const char *function; /* qualified */
    char enabled;         /* O, D, R, A */
} DnEventTrigger;

#endif
