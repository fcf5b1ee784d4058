#include "dumper/cli/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REPLACEMENT 0xFFFDU

typedef struct Range {
    uint32_t first;
    uint32_t last;
} Range;

/* Format characters that reorder or hide text: a hostile name could make a line read as another one. */
static const Range hidden_ranges[] = {
    {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB},
};

/* Coarse on purpose: the locale's wcwidth() isn't there without setlocale(), and a column too many
   or too few in a rare script only shortens a name. */
static const Range combining_ranges[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x064B, 0x065F}, {0x0E34, 0x0E3A},
    {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F},
};

static const Range wide_ranges[] = {
    {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xAC00, 0xD7A3},
    {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
    {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF}, {0x1F900, 0x1FAFF}, {0x20000, 0x3FFFD},
};

#define IN_RANGES(code, ranges) in_ranges((code), (ranges), sizeof(ranges) / sizeof *(ranges))

static bool in_ranges(uint32_t code, const Range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool reserve(CliText *text, size_t more) {
    if (text->failed || more > SIZE_MAX / 4 || text->size > SIZE_MAX / 4) {
        text->failed = true;
        return false;
    }
    size_t need = text->size + more + 1;
    if (need <= text->capacity) {
        return true;
    }
    size_t capacity = need < 256 ? 256 : need * 2;
    char *bytes = realloc(text->bytes, capacity);
    if (!bytes) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->capacity = capacity;
    return true;
}

void cli_text_add(CliText *text, const char *bytes, size_t size) {
    if (size > 0 && reserve(text, size)) {
        memcpy(text->bytes + text->size, bytes, size);
        text->size += size;
        text->bytes[text->size] = '\0';
    }
}

void cli_text_str(CliText *text, const char *string) {
    if (string) {
        cli_text_add(text, string, strlen(string));
    }
}

void cli_text_fmt(CliText *text, const char *format, ...) {
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0) {
        text->failed = true;
    } else if (reserve(text, (size_t)length)) {
        (void)vsnprintf(text->bytes + text->size, (size_t)length + 1, format, again);
        text->size += (size_t)length;
    }
    va_end(again);
}

const char *cli_text_get(const CliText *text) {
    return text->bytes ? text->bytes : "";
}

void cli_text_deinit(CliText *text) {
    free(text->bytes);
    *text = (CliText){0};
}

int cli_text_write(const CliText *text, int fd) {
    size_t done = 0;
    while (done < text->size) {
        ssize_t n = write(fd, text->bytes + done, text->size - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

size_t cli_utf8_next(const char *string, uint32_t *code) {
    const unsigned char *s = (const unsigned char *)string;
    *code = REPLACEMENT;
    if (s[0] < 0x80) {
        *code = s[0];
        return 1;
    }
    size_t length = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s[0] < 0xC2 || s[0] > 0xF4) {
        return 1;
    }
    uint32_t value = s[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((s[i] & 0xC0) != 0x80) { /* stops at the NUL as well */
            return 1;
        }
        value = value << 6 | (s[i] & 0x3FU);
    }
    if (value < smallest[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) {
        return 1;
    }
    *code = value;
    return length;
}

/* One character made harmless: what to show, its size, and the columns that it takes. */
static size_t harmless(const char *string, const char **shown, size_t *size, size_t *columns) {
    uint32_t code = 0;
    size_t length = cli_utf8_next(string, &code);
    *shown = string;
    *size = length;
    *columns = 1;
    if (code == '\n' || code == '\t') {
        *shown = " ";
    } else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || IN_RANGES(code, hidden_ranges)) {
        *shown = "?";
        *size = 1;
    } else if (code == REPLACEMENT) {
        *shown = "\xEF\xBF\xBD";
        *size = 3;
    } else if (IN_RANGES(code, combining_ranges)) {
        *columns = 0;
    } else if (IN_RANGES(code, wide_ranges)) {
        *columns = 2;
    }
    return length;
}

void cli_text_plain(CliText *text, const char *string) {
    cli_text_cut(text, string, SIZE_MAX);
}

size_t cli_text_columns(const char *string) {
    size_t sum = 0;
    while (*string) {
        const char *shown;
        size_t size;
        size_t columns;
        string += harmless(string, &shown, &size, &columns);
        sum += columns;
    }
    return sum;
}

void cli_text_cut(CliText *text, const char *string, size_t columns) {
    static const char dots[] = "...";
    size_t tail = 0;
    size_t room = columns;
    if (columns != SIZE_MAX && cli_text_columns(string) > columns) {
        tail = columns < 3 ? columns : 3;
        room = columns - tail;
    }
    while (*string) {
        const char *shown;
        size_t size;
        size_t width;
        string += harmless(string, &shown, &size, &width);
        if (width > room) {
            break;
        }
        room -= width;
        cli_text_add(text, shown, size);
    }
    cli_text_add(text, dots, tail);
}

void cli_text_json(CliText *text, const char *string) {
    if (!string) {
        cli_text_str(text, "null");
        return;
    }
    cli_text_str(text, "\"");
    while (*string) {
        uint32_t code = 0;
        size_t length = cli_utf8_next(string, &code);
        if (code == '"' || code == '\\') {
            cli_text_fmt(text, "\\%c", (int)code);
        } else if (code == '\n') {
            cli_text_str(text, "\\n");
        } else if (code == '\t') {
            cli_text_str(text, "\\t");
        } else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || IN_RANGES(code, hidden_ranges)) {
            /* a log is read on terminals too, so nothing that acts there stays bare */
            cli_text_fmt(text, "\\u%04x", (unsigned)code);
        } else if (code == REPLACEMENT) {
            cli_text_str(text, "\xEF\xBF\xBD");
        } else {
            cli_text_add(text, string, length);
        }
        string += length;
    }
    cli_text_str(text, "\"");
}
