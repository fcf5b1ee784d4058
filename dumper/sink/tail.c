#include "dumper/sink/tail.h"

#include <string.h>

void dn_tail_add(DnTail *tail, const char *bytes, size_t size) {
    if (size >= DN_TAIL_SIZE) {
        memcpy(tail->bytes, bytes + size - DN_TAIL_SIZE, DN_TAIL_SIZE);
        tail->size = DN_TAIL_SIZE;
        return;
    }
    size_t keep = tail->size < DN_TAIL_SIZE - size ? tail->size : DN_TAIL_SIZE - size;
    memmove(tail->bytes, tail->bytes + tail->size - keep, keep);
    memcpy(tail->bytes + keep, bytes, size);
    tail->size = keep + size;
}

typedef struct Line {
    const char *text;
    size_t size;
} Line;

/* Takes the last line off text[0..*size), which has to end with a newline. A carriage return before it does
   not count: a file that was converted on its way is whole, and it is the digest that tells of the change. */
static bool last_line(const char *text, size_t *size, Line *line) {
    if (!*size || text[*size - 1] != '\n') {
        return false;
    }
    size_t end = *size - 1;
    size_t start = end;
    while (start && text[start - 1] != '\n') {
        start--;
    }
    *size = start;
    line->text = text + start;
    line->size = end > start && text[end - 1] == '\r' ? end - start - 1 : end - start;
    return true;
}

static bool line_is(const Line *line, const char *text) {
    return line->size == strlen(text) && memcmp(line->text, text, line->size) == 0;
}

static bool line_begins(const Line *line, const char *text) {
    return line->size >= strlen(text) && memcmp(line->text, text, strlen(text)) == 0;
}

/* From the end: empty lines, perhaps one \unrestrict, then the three lines of the comment. */
static bool closes_with(const DnTail *tail, const char *words) {
    size_t size = tail->size;
    Line line;
    bool unrestrict = false;
    do {
        if (!last_line(tail->bytes, &size, &line)) {
            return false;
        }
        if (!unrestrict && line_begins(&line, "\\unrestrict ")) {
            unrestrict = true;
            line.size = 0;
        }
    } while (!line.size);
    return line_is(&line, "--") && last_line(tail->bytes, &size, &line) && line_is(&line, words) &&
           last_line(tail->bytes, &size, &line) && line_is(&line, "--");
}

bool dn_tail_closes(const DnTail *tail) {
    return closes_with(tail, DN_CLOSING);
}

bool dn_tail_is_cluster(const DnTail *tail) {
    return closes_with(tail, "-- PostgreSQL database cluster dump complete");
}

bool dn_tail_resets(const DnTail *tail) {
    size_t size = tail->size;
    Line line;
    return last_line(tail->bytes, &size, &line) && line_is(&line, "RESET ALL;");
}
