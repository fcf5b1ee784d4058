/*
 * sum.h - checksums of contents, by XXH3 with 128 bits: quick enough to take on the way of each row.
 *
 * They find what has changed by accident. They are no proof against somebody who means to deceive: that is
 * what SHA-256 of the file is for.
 */
#ifndef DN_COMMON_SUM_H
#define DN_COMMON_SUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DN_SUM_TEXT_SIZE = 33 };

typedef struct DnSum {
    uint64_t high, low;
} DnSum;

DnSum dn_sum_of(const void *bytes, size_t size);
bool dn_sum_equal(DnSum a, DnSum b);
/* 32 lower-case hex digits. */
void dn_sum_text(DnSum sum, char text[DN_SUM_TEXT_SIZE]);
/* False when it is not 32 hex digits. */
bool dn_sum_parse(const char *text, DnSum *sum);

/* Of rows, whatever their order: the sum of their checksums modulo 2^128, which finds a row that is there
   twice as well as one that is missing. A row is its line of COPY, with the line end. */
void dn_sum_add_row(DnSum *sum, const char *row, size_t size);
void dn_sum_merge(DnSum *sum, DnSum other);
/* Takes rows out again that were merged before. */
void dn_sum_remove(DnSum *sum, DnSum other);

/* The same checksum as dn_sum_of(), of bytes that come in pieces. */
typedef struct DnSumStream DnSumStream;

/* Returns owned, NULL when out of memory. */
DnSumStream *dn_sum_stream_new(void);
/* Takes NULL. */
void dn_sum_stream_free(DnSumStream *stream);
void dn_sum_stream_add(DnSumStream *stream, const void *bytes, size_t size);
/* What was added since the beginning or the last call of this. */
DnSum dn_sum_stream_take(DnSumStream *stream);

#endif
