#include "sqlgen/statement.h"

#include <stdlib.h>
#include <string.h>

#include "common/sql_scan.h"

void dn_semicolon(DnBuf *sql) {
    dn_buf_add(sql, "\0;", 2);
}

void dn_end(DnBuf *sql) {
    dn_buf_add(sql, "\0;\n", DN_END_SIZE);
}

void dn_meta(DnBuf *sql) {
    dn_buf_add(sql, "\0\\", 2);
}

void dn_given(DnBuf *sql, const char *text) {
    dn_buf_add(sql, text ? text : "", text ? strlen(text) : 1);
}

void dn_given_statement(DnBuf *sql, const char *text) {
    size_t length = text ? strlen(text) : 1;
    dn_buf_add(sql, text ? text : "", length - (text && length && text[length - 1] == ';'));
}

/* ---- Encodings ------------------------------------------------------------------- */

typedef enum Trail { ALWAYS_TWO, SHIFT_JIS, GB18030, JOHAB } Trail;

/* Encodings in which a byte of ASCII may be the end of a longer character, by all their names without what
   isn't a letter or digit (pg_encname_tbl in encnames.c). psql takes such an end for no sign of its own. */
static const struct {
    const char *name;
    Trail trail;
} wide_encodings[] = {
    {"big5", ALWAYS_TWO},  {"win950", ALWAYS_TWO},    {"windows950", ALWAYS_TWO},
    {"gbk", ALWAYS_TWO},   {"win936", ALWAYS_TWO},    {"windows936", ALWAYS_TWO},
    {"uhc", ALWAYS_TWO},   {"win949", ALWAYS_TWO},    {"windows949", ALWAYS_TWO},
    {"sjis", SHIFT_JIS},   {"shiftjis", SHIFT_JIS},   {"mskanji", SHIFT_JIS},
    {"win932", SHIFT_JIS}, {"windows932", SHIFT_JIS}, {"shiftjis2004", SHIFT_JIS},
    {"gb18030", GB18030},  {"johab", JOHAB},
};

static bool is_named(const char *encoding, const char *name) {
    for (const char *p = encoding; *p; p++) {
        char c = (char)(*p >= 'A' && *p <= 'Z' ? *p | 0x20 : *p);
        if (((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) && c != *name++) {
            return false;
        }
    }
    return !*name;
}

static size_t length_of(Trail trail, unsigned char first, unsigned char second) {
    if (first < 0x80) {
        return 1;
    }
    switch (trail) {
    case SHIFT_JIS:
        return first >= 0xa1 && first <= 0xdf ? 1 : 2;
    case GB18030:
        return second >= '0' && second <= '9' ? 4 : 2;
    case JOHAB:
        return first == 0x8f ? 3 : 2;
    default:
        return 2;
    }
}

/* Makes the later bytes of characters letters, as psql does before it looks. A quote or the like is no such
   byte in any of these encodings, but one that a broken character swallows when psql looks and not when we
   do. */
static bool mask(char *text, size_t size, Trail trail, DnFault *fault) {
    for (size_t i = 0; i < size;) {
        size_t length =
            length_of(trail, (unsigned char)text[i], (unsigned char)(i + 1 < size ? text[i + 1] : 0));
        for (size_t end = i++ + length; i < end; i++) {
            if (i >= size || (unsigned char)text[i] < '0') {
                *fault = (DnFault){"a broken character", i - 1};
                return false;
            }
            text[i] = (char)0xff;
        }
    }
    return true;
}

/* ---- Marks ----------------------------------------------------------------------- */

static const char *const oddities[] = {
    [DN_SQL_ENDS] = "a semicolon outside of quotes",
    [DN_SQL_BACKSLASH] = "a backslash outside of quotes",
    [DN_SQL_COMMENT] = "a comment in a statement",
    [DN_SQL_UNOPENED] = "a closing parenthesis too many",
    [DN_SQL_VARIABLE] = "a variable of psql's",
    [DN_SQL_UNCLEAR] = "letters, digits or signs that run into each other",
};

static const char *what_is_open(const DnSqlScan *scan) {
    switch (scan->state) {
    case DN_SQL_STRING:
    case DN_SQL_QUOTED:
    case DN_SQL_DOLLAR_BODY:
        return "quotes that don't end";
    case DN_SQL_BLOCK_COMMENT:
    case DN_SQL_LINE_COMMENT:
        return "a comment that doesn't end";
    default:
        return scan->parens     ? "a parenthesis that isn't closed"
               : scan->brackets ? "a bracket that isn't closed"
               : scan->begins   ? "a BEGIN without its END"
                                : NULL;
    }
}

/* Behind a mark at text[at - 1]: how much of the text it is for; 0 when it doesn't belong there. */
static size_t take_mark(DnSqlScan *scan, const char *text, size_t size, size_t at) {
    bool inside = scan->parens || scan->brackets || scan->begins;
    if (at < size && text[at] == ';' && scan->begun && !inside) {
        dn_sql_scan_next(scan);
        return 1;
    }
    if (at < size && text[at] == '\\' && !scan->begun) {
        const char *end = memchr(text + at, '\n', size - at);
        return end ? (size_t)(end - text) - at : size - at;
    }
    return 0;
}

/* Reads it all; `marks` is how many zero bytes stand where they may. */
static void look(DnSqlScan *scan, const char *text, size_t size, size_t *marks, DnFault *fault) {
    for (size_t at = 0; at < size && !fault->what;) {
        DnSqlMark mark;
        at += dn_sql_scan(scan, text + at, size - at, &mark);
        if (mark == DN_SQL_ZERO) {
            size_t taken = take_mark(scan, text, size, at);
            const char *open = what_is_open(scan);
            *fault = (DnFault){taken ? NULL : open ? open : "nothing where it must have something", at};
            at += taken;
            ++*marks;
        } else {
            *fault = (DnFault){oddities[mark], at};
        }
    }
    if (!fault->what && !dn_sql_scan_is_over(scan)) {
        const char *open = what_is_open(scan);
        *fault = (DnFault){open ? open : "a statement that doesn't end", size};
    }
}

static size_t count_zeros(const char *text, size_t size, size_t *first) {
    size_t count = 0;
    *first = size;
    for (const char *p = text; (p = memchr(p, '\0', size - (size_t)(p - text))); p++) {
        *first = count++ ? *first : (size_t)(p - text);
    }
    return count;
}

/* Takes out the zero bytes, of which the first is at `to`. */
static void unmark(DnBuf *text, size_t to) {
    for (size_t from = to; from < text->size;) {
        from++;
        const char *zero = memchr(text->bytes + from, '\0', text->size - from);
        size_t run = zero ? (size_t)(zero - text->bytes) - from : text->size - from;
        memmove(text->bytes + to, text->bytes + from, run);
        to += run;
        from += run;
    }
    text->size = to;
    text->bytes[to] = '\0';
}

bool dn_statements_seal(DnBuf *text, bool standard_strings, const char *encoding, DnFault *fault) {
    DnSqlScan scan = {.only_ends = true, .standard_strings = standard_strings};
    DnBuf masked = {0};
    const char *read = dn_buf_text(text);
    size_t marks = 0;
    *fault = (DnFault){0};
    for (size_t i = 0; i < sizeof wide_encodings / sizeof *wide_encodings; i++) {
        if (is_named(encoding, wide_encodings[i].name)) {
            dn_buf_add(&masked, text->bytes, text->size);
            text->failed = text->failed || dn_buf_failed(&masked);
            if (text->failed || !mask(masked.bytes, masked.size, wide_encodings[i].trail, fault)) {
                break;
            }
            read = masked.bytes;
        }
    }
    if (!fault->what && !text->failed) {
        look(&scan, read, text->size, &marks, fault);
    }
    size_t first = 0;
    if (!fault->what && !text->failed && count_zeros(read, text->size, &first) != marks) {
        *fault = (DnFault){"the end of a statement within quotes", first};
    }
    text->failed = text->failed || dn_sql_scan_failed(&scan);
    dn_sql_scan_deinit(&scan);
    dn_buf_deinit(&masked);
    bool whole = !fault->what && !text->failed;
    if (whole && marks) {
        unmark(text, first);
    }
    return whole;
}
