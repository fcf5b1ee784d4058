#include "dumper/prefix.h"

#include <string.h>

enum { STRIPE = sizeof((DnPrefix *)0)->tail };

/* An odd constant with as many ones as zeros: the product's upper half depends on all bits. */
static const uint64_t factor = 0x9E6C63D0876A9A47u;

static uint64_t mix(uint64_t lane, uint64_t word) {
    lane = (lane ^ word) * factor;
    return lane ^ lane >> 29;
}

static void add_stripe(DnPrefix *prefix, const unsigned char *bytes) {
    for (size_t i = 0; i < DN_PREFIX_LANES; i++) {
        uint64_t word;
        memcpy(&word, bytes + i * sizeof word, sizeof word);
        /* without the sum, a lane of zeros would stay what it is */
        prefix->lanes[i] = mix(prefix->lanes[i] + factor, word);
    }
}

void dn_prefix_add(DnPrefix *prefix, const char *bytes, size_t size, uint64_t rows) {
    size_t used = (size_t)(prefix->bytes % STRIPE);
    prefix->bytes += size;
    prefix->rows += rows;
    while (size) {
        if (!used && size >= STRIPE) {
            add_stripe(prefix, (const unsigned char *)bytes);
            bytes += STRIPE;
            size -= STRIPE;
            continue;
        }
        size_t part = size < STRIPE - used ? size : STRIPE - used;
        memcpy(prefix->tail + used, bytes, part);
        bytes += part;
        size -= part;
        used = (used + part) % STRIPE;
        if (!used) {
            add_stripe(prefix, prefix->tail);
            memset(prefix->tail, 0, sizeof prefix->tail);
        }
    }
}

void dn_prefix_end_piece(DnPrefix *prefix) {
    prefix->lanes[0] = mix(prefix->lanes[0], prefix->bytes);
    prefix->sum = (DnSum){0};
    prefix->pieces++;
}

bool dn_prefix_is_same(const DnPrefix *a, const DnPrefix *b) {
    return a->bytes == b->bytes && a->rows == b->rows && a->pieces == b->pieces &&
           memcmp(a->lanes, b->lanes, sizeof a->lanes) == 0 && memcmp(a->tail, b->tail, sizeof a->tail) == 0;
}

bool dn_prefix_is_short_of(const DnPrefix *a, const DnPrefix *b) {
    return a->bytes < b->bytes || a->pieces < b->pieces;
}
