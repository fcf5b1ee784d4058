/*
 * fuzz.h - what the fuzz targets have in common.
 *
 * A target is fuzz_NAME.c, in which LLVMFuzzerTestOneInput() takes one input and aborts when what must hold
 * doesn't; corpus/NAME holds the inputs to begin with. libFuzzer calls it (`make fuzz`), or corpus.c, with
 * the corpus only (`make test`).
 */
#ifndef DN_TESTS_FUZZ_H
#define DN_TESTS_FUZZ_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds) {
    if (!holds) {
        abort();
    }
}

/* The input up to its first zero byte, and that; owned, of just that size. */
static inline char *fuzz_text(const uint8_t *data, size_t size) {
    const uint8_t *zero = size ? memchr(data, '\0', size) : NULL;
    size_t length = zero ? (size_t)(zero - data) : size;
    char *text = malloc(length + 1);
    must(text);
    if (length) {
        memcpy(text, data, length);
    }
    text[length] = '\0';
    return text;
}

#endif
