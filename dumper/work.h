/*
 * work.h - a job in the hands of a reader: its text on the way into the flow.
 *
 * A job can be read again from its beginning. What the flow has of it is then compared and left out; the
 * text goes on where it ended.
 */
#ifndef DN_DUMPER_WORK_H
#define DN_DUMPER_WORK_H

#include "dumper/flow.h"

typedef struct DnWork {
    DnFlow *flow;
    long job;
    DnBlock *block;   /* being filled, or NULL */
    bool repeatable;  /* remember what was handed in */
    DnPrefix given;   /* what the flow has of it: of an earlier reader's, too */
    DnPrefix current; /* what was read this time and is not in the block; short of `given` while it repeats */
    bool differs;     /* from what was read before */
    bool sums;        /* of rows, are wanted */
    DnSum read;       /* of the rows of the piece in work, as read this time, while it repeats */
} DnWork;

/* These are false or NULL when the flow has ended, which is not an error of this reader, or when what is read
   again is not what was read before: see dn_work_ended(). */

/* Where to put text, at least `least` bytes of it; *size is how much there is. */
char *dn_work_room(DnWork *work, size_t least, size_t *size);
/* So much of the room was used, and so many rows, with this sum, end in it. */
bool dn_work_use(DnWork *work, size_t size, uint64_t rows, DnSum sum);
/* Text from elsewhere; `rows` end in it. */
bool dn_work_add(DnWork *work, const char *text, size_t size, uint64_t rows);
/* The same for text that stands for a row which the server sent. */
bool dn_work_add_for(DnWork *work, const char *text, size_t size, const char *row, size_t row_size);
bool dn_work_end_piece(DnWork *work);

/* After the last piece: gives all that is there to the writer. */
bool dn_work_finish(DnWork *work);
/* Forgets what was not handed in yet: the job is about to be read again. */
void dn_work_again(DnWork *work);
/* What a reader returns to whom one of the above was false. */
DnStatus dn_work_ended(const DnWork *work, DnErr *err);

#endif
