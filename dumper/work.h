/*
 * work.h - a job in the hands of a reader: its text on the way into the flow.
 */
#ifndef DN_DUMPER_WORK_H
#define DN_DUMPER_WORK_H

#include "dumper/flow.h"

typedef struct DnWork {
    DnFlow *flow;
    long job;
    DnBlock *block; /* being filled, or NULL */
    bool handed_in; /* something of this job */
} DnWork;

/* These are false or NULL when the flow has ended, which is not an error of this reader: it ends too. */

/* Where to put text, at least `least` bytes of it; *size is how much there is. */
char *dn_work_room(DnWork *work, size_t least, size_t *size);
/* So much of the room was used, and so many rows end in it. */
void dn_work_use(DnWork *work, size_t size, uint64_t rows);
/* Text from elsewhere. */
bool dn_work_add(DnWork *work, const char *text, size_t size, uint64_t rows);
bool dn_work_end_piece(DnWork *work);

/* Gives all that is there to the writer. */
void dn_work_hand_in(DnWork *work);
/* What a reader returns that ends because all do. */
DnStatus dn_work_ended(DnErr *err);

#endif
