/*
 * prefix.h - what of a job was handed to the writer: how much, and a digest that knows it again.
 *
 * A job whose connection was lost is read again over another one. What the writer has must not come twice,
 * and the rest only fits if the beginning is the same, so both are compared. The digest is no protection
 * against somebody who means harm (the server could have sent anything the first time): it is fast.
 */
#ifndef DN_DUMPER_PREFIX_H
#define DN_DUMPER_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/sum.h"

enum { DN_PREFIX_LANES = 4 };

/* Zero-initialised, it stands for nothing. */
typedef struct DnPrefix {
    uint64_t bytes, rows, pieces; /* pieces: that ended */
    DnSum sum;                    /* of the rows of the piece that has not ended */
    uint64_t lanes[DN_PREFIX_LANES];
    unsigned char tail[DN_PREFIX_LANES * sizeof(uint64_t)]; /* bytes that don't fill all lanes yet */
} DnPrefix;

/* The same bytes give the same digest, whatever the parts in which they come. */
void dn_prefix_add(DnPrefix *prefix, const char *bytes, size_t size, uint64_t rows);
void dn_prefix_end_piece(DnPrefix *prefix);
bool dn_prefix_is_same(const DnPrefix *a, const DnPrefix *b);
/* Whether `a` is shorter, in bytes or pieces. */
bool dn_prefix_is_short_of(const DnPrefix *a, const DnPrefix *b);

#endif
