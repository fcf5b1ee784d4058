#include "dumper/pg/binary.h"

#include <stdint.h>
#include <string.h>

enum { SIGNATURE = 11, HEADER = SIGNATURE + 8 }; /* flags, and the length of an extension that nobody has */

/* Whether the row ends where the piece does. */
static bool walk(DnBinary *b, const char *piece, size_t size) {
    for (const char *end = piece + size; piece < end;) {
        if (b->skip) {
            size_t part = b->skip < (size_t)(end - piece) ? b->skip : (size_t)(end - piece);
            b->skip -= part;
            piece += part;
            continue;
        }
        b->head[b->have++] = (unsigned char)*piece++;
        if (!b->counted && b->have == 2) {
            b->fields = (unsigned)b->head[0] << 8 | b->head[1];
            b->counted = true;
            b->have = 0;
        } else if (b->have == 4) {
            uint32_t length = (uint32_t)b->head[0] << 24 | (uint32_t)b->head[1] << 16 |
                              (uint32_t)b->head[2] << 8 | b->head[3];
            b->skip = length == UINT32_MAX ? 0 : length; /* that is NULL */
            b->fields--;
            b->have = 0;
        }
    }
    return b->counted && !b->fields && !b->have && !b->skip;
}

static bool is_trailer(const char *row, size_t size) {
    return size == 2 && (unsigned char)row[0] == 0xff && (unsigned char)row[1] == 0xff;
}

bool dn_binary_take(DnBinary *binary, const char *piece, size_t size, size_t room, const char **row,
                    bool *goes_on) {
    static const char signature[SIGNATURE] = "PGCOPY\n\377\r\n";
    size_t header = binary->began ? 0 : HEADER;
    if (size < header || (header && memcmp(piece, signature, SIGNATURE) != 0)) {
        return false;
    }
    binary->began = true;
    *row = piece + header;
    size_t left = size - header;
    if (!*goes_on && is_trailer(*row, left)) {
        *row += left;
        left = 0;
    }
    if (!*goes_on) {
        *binary = (DnBinary){.began = true};
    }
    *goes_on = left && size == room && !walk(binary, *row, left);
    return true;
}
