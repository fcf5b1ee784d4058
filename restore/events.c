#include "restore/events.h"

#include <stdlib.h>
#include <string.h>

struct DnEventNote {
    DnEventNote *next;
    DnEvent event;
    char texts[]; /* of the event's strings, one after another */
};

static const char *keep(const char *text, char **next) {
    if (!text) {
        return NULL;
    }
    char *kept = *next;
    size_t size = strlen(text) + 1;
    memcpy(kept, text, size);
    *next += size;
    return kept;
}

static size_t size_of(const char *text) {
    return text ? strlen(text) + 1 : 0;
}

void dn_events_add(void *ctx, const DnEvent *event) {
    DnEvents *events = ctx;
    DnEventNote *note = malloc(sizeof *note + size_of(event->text) + size_of(event->hint) +
                               size_of(event->detail) + size_of(event->object));
    if (!note) {
        return;
    }
    char *next = note->texts;
    *note = (DnEventNote){.event = {.kind = event->kind}};
    note->event.text = keep(event->text, &next);
    note->event.hint = keep(event->hint, &next);
    note->event.detail = keep(event->detail, &next);
    note->event.object = keep(event->object, &next);
    (void)pthread_mutex_lock(&events->mutex);
    *(events->first ? events->last : &events->first) = note;
    events->last = &note->next;
    (void)pthread_mutex_unlock(&events->mutex);
}

void dn_events_tell(DnEvents *events, DnEventFn event, void *ctx) {
    (void)pthread_mutex_lock(&events->mutex);
    DnEventNote *note = events->first;
    events->first = NULL;
    (void)pthread_mutex_unlock(&events->mutex);
    while (note) {
        DnEventNote *next = note->next;
        if (event) {
            event(ctx, &note->event);
        }
        free(note);
        note = next;
    }
}
