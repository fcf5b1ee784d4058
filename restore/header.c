#include "restore/header.h"

#include <string.h>

bool dn_slice_is(DnSlice slice, const char *text) {
    return slice.size == strlen(text) && memcmp(slice.text, text, slice.size) == 0;
}

/* Where `text` stands in the line; its size when it doesn't. */
static size_t find(DnSlice line, size_t from, const char *text) {
    size_t size = strlen(text);
    for (size_t i = from; i + size <= line.size; i++) {
        if (memcmp(line.text + i, text, size) == 0) {
            return i;
        }
    }
    return line.size;
}

/* The value behind `key`, up to the next "; ". */
static DnSlice field(DnSlice line, const char *key) {
    size_t start = find(line, 0, key);
    start = start == line.size ? line.size : start + strlen(key);
    DnSlice value = {line.text + start, find(line, start, "; ") - start};
    return dn_slice_is(value, "-") ? (DnSlice){value.text, 0} : value;
}

static bool is_header(DnSlice line) {
    static const char *const beginnings[] = {"-- Name: ", "-- Data for Name: ", "-- Statistics for Name: "};
    for (size_t i = 0; i < sizeof beginnings / sizeof *beginnings; i++) {
        if (line.size > strlen(beginnings[i]) &&
            memcmp(line.text, beginnings[i], strlen(beginnings[i])) == 0) {
            return true;
        }
    }
    return false;
}

bool dn_header_find(const char *text, size_t size, DnHeader *header) {
    DnSlice found = {NULL, 0};
    for (size_t i = 0; i < size;) {
        const char *end = memchr(text + i, '\n', size - i);
        DnSlice line = {text + i, end ? (size_t)(end - text) - i : size - i};
        found = is_header(line) ? line : found;
        i += line.size + 1;
    }
    if (!found.text) {
        return false;
    }
    *header = (DnHeader){.name = field(found, "Name: "),
                         .type = field(found, "; Type: "),
                         .schema = field(found, "; Schema: "),
                         .owner = field(found, "; Owner: ")};
    return true;
}
