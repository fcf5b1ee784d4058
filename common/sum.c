#include "common/sum.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Compiled in rather than linked: a call costs as much as a short row. */
#define XXH_INLINE_ALL
#include <xxhash.h>

static DnSum sum_from(XXH128_hash_t hash) {
    return (DnSum){.high = hash.high64, .low = hash.low64};
}

DnSum dn_sum_of(const void *bytes, size_t size) {
    return sum_from(XXH3_128bits(bytes, size));
}

bool dn_sum_equal(DnSum a, DnSum b) {
    return a.high == b.high && a.low == b.low;
}

void dn_sum_text(DnSum sum, char text[DN_SUM_TEXT_SIZE]) {
    (void)snprintf(text, DN_SUM_TEXT_SIZE, "%016" PRIx64 "%016" PRIx64, sum.high, sum.low);
}

bool dn_sum_parse(const char *text, DnSum *sum) {
    char half[DN_SUM_TEXT_SIZE / 2 + 1] = "";
    if (strlen(text) != DN_SUM_TEXT_SIZE - 1 || strspn(text, "0123456789abcdef") != DN_SUM_TEXT_SIZE - 1) {
        return false;
    }
    memcpy(half, text, sizeof half - 1);
    sum->high = strtoull(half, NULL, 16);
    memcpy(half, text + sizeof half - 1, sizeof half - 1);
    sum->low = strtoull(half, NULL, 16);
    return true;
}

void dn_sum_merge(DnSum *sum, DnSum other) {
    sum->low += other.low;
    sum->high += other.high + (sum->low < other.low);
}

void dn_sum_remove(DnSum *sum, DnSum other) {
    sum->high -= other.high + (sum->low < other.low);
    sum->low -= other.low;
}

void dn_sum_add_row(DnSum *sum, const char *row, size_t size) {
    dn_sum_merge(sum, dn_sum_of(row, size));
}

/* A DnSumStream is an XXH3_state_t, which callers need not see. */
static XXH3_state_t *state_of(DnSumStream *stream) {
    return (XXH3_state_t *)(void *)stream;
}

DnSumStream *dn_sum_stream_new(void) {
    XXH3_state_t *state = XXH3_createState(); /* it needs more alignment than malloc gives */
    if (state) {
        (void)XXH3_128bits_reset(state);
    }
    return (DnSumStream *)(void *)state;
}

void dn_sum_stream_free(DnSumStream *stream) {
    (void)XXH3_freeState(state_of(stream));
}

void dn_sum_stream_add(DnSumStream *stream, const void *bytes, size_t size) {
    (void)XXH3_128bits_update(state_of(stream), bytes, size);
}

DnSum dn_sum_stream_take(DnSumStream *stream) {
    XXH3_state_t *state = state_of(stream);
    DnSum sum = sum_from(XXH3_128bits_digest(state));
    (void)XXH3_128bits_reset(state);
    return sum;
}
