/*
 * binary.h - where rows end in what COPY ... WITH (FORMAT binary) sends.
 *
 * As in text, a message is a row; but the first one begins with a header, and the last one is a trailer.
 * Whether a piece that fills all the room is the end of its row only the row itself can tell.
 */
#ifndef DN_DUMPER_PG_BINARY_H
#define DN_DUMPER_PG_BINARY_H

#include <stdbool.h>
#include <stddef.h>

/* Zero-initialise for each COPY. */
typedef struct DnBinary {
    bool began;   /* the header has passed */
    bool counted; /* of the row in work, how many fields there are */
    unsigned fields, have;
    size_t skip;
    unsigned char head[4];
} DnBinary;

/* Takes a piece of a message, which got `room`. *row is where a row, or the rest of one, begins in it: at its
   end when it has none. *goes_on: before, whether the piece goes on with a row; then, whether the next one
   does. False when it is none of that; nor is a first piece with room for less than the header, 19 bytes. */
bool dn_binary_take(DnBinary *binary, const char *piece, size_t size, size_t room, const char **row,
                    bool *goes_on);

#endif
