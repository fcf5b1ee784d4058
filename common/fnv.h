/*
 * fnv.h - FNV-1a with 64 bits: a hash of texts that is short to write down, and the same on each machine.
 *
 * It is no proof of anything: who wants another text with the same hash finds one.
 */
#ifndef DN_COMMON_FNV_H
#define DN_COMMON_FNV_H

#include <stddef.h>
#include <stdint.h>

/* Of no bytes. */
#define DN_FNV_NONE UINT64_C(0xCBF29CE484222325)

/* That of what `hash` is of, and then these bytes. */
static inline uint64_t dn_fnv_add(uint64_t hash, const void *bytes, size_t size) {
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ byte[i]) * UINT64_C(0x100000001B3);
    }
    return hash;
}

#endif
