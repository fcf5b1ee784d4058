/*
 * sql_scan.c - the states of SQL text.
 *
 * No state looks ahead further than the piece that it has. Most text is words and blanks, so these have a
 * loop of their own (sql_words.c).
 */
#include "common/sql_words.h"

#include <string.h>

/* What a string that has ended means for one that follows: '...' goes on behind a line end. */
enum { NO_STRING, JUST_ENDED, ENDED_ON_THIS_LINE, ENDED_EARLIER };

/* ---- Statements ------------------------------------------------------------------ */

void dn_sql_scan_next(DnSqlScan *scan) {
    scan->begun = scan->from_stdin = scan->words_done = false;
    scan->continuation = NO_STRING;
    scan->prefix = '\0';
    for (size_t i = 0; i < scan->word_count; i++) {
        scan->words[i][0] = '\0';
    }
    scan->word_count = 0;
    scan->last_word[0] = '\0';
    scan->parens = scan->brackets = 0;
    scan->begins = 0;
}

bool dn_sql_scan_is_over(const DnSqlScan *scan) {
    return !scan->begun && (scan->state == DN_SQL_BETWEEN || scan->state == DN_SQL_LINE_COMMENT);
}

bool dn_sql_scan_failed(const DnSqlScan *scan) {
    return dn_buf_failed(&scan->tag);
}

void dn_sql_scan_deinit(DnSqlScan *scan) {
    dn_buf_deinit(&scan->tag);
}

/* Before the first byte of a statement; false when that was told already. */
static bool begins_now(DnSqlScan *scan, DnSqlMark *mark) {
    if (scan->begun) {
        return false;
    }
    scan->begun = true;
    *mark = DN_SQL_BEGINS;
    return true;
}

/* ---- Quotes ---------------------------------------------------------------------- */

/* A string that goes on with another one is as that was. */
static void begin_string(DnSqlScan *scan, int before, char prefix) {
    if (before != JUST_ENDED && before != ENDED_EARLIER) {
        scan->escapes =
            prefix == 'e' || (prefix != 'b' && prefix != 'x' && prefix != '&' && !scan->standard_strings);
    }
    scan->behind_backslash = false;
    scan->state = DN_SQL_STRING;
}

static size_t in_string(DnSqlScan *scan, const char *text, size_t size) {
    size_t n = 0;
    if (!scan->escapes) {
        const char *end = memchr(text, '\'', size);
        n = end ? (size_t)(end - text) : size;
    }
    for (; n < size && (scan->behind_backslash || text[n] != '\''); n++) {
        scan->behind_backslash = scan->escapes && !scan->behind_backslash && text[n] == '\\';
    }
    if (n < size) {
        scan->state = DN_SQL_BETWEEN;
        scan->continuation = JUST_ENDED;
        n++;
    }
    return n;
}

static size_t in_quoted(DnSqlScan *scan, const char *text, size_t size) {
    const char *end = memchr(text, '"', size);
    if (end) {
        scan->state = DN_SQL_BETWEEN;
    }
    return end ? (size_t)(end - text) + 1 : size;
}

/* Behind a dollar: a parameter's number, or the rest of a tag, or neither. */
static size_t in_dollar_tag(DnSqlScan *scan, const char *text, DnSqlMark *mark) {
    char class = dn_sql_class(*text);
    if (class == '$') {
        dn_buf_char(&scan->tag, '$');
        scan->matched = 0;
        scan->state = DN_SQL_DOLLAR_BODY;
        return 1;
    }
    if (class == 'a' || (class == '0' && scan->tag.size > 1)) {
        dn_buf_char(&scan->tag, *text);
        return 1;
    }
    if (class == '0') {
        scan->state = DN_SQL_NUMBER;
        return 1;
    }
    *mark = DN_SQL_UNCLEAR;
    scan->state = DN_SQL_BETWEEN;
    if (scan->tag.size > 1) { /* a lone dollar, and a word behind it */
        scan->word_size = 0;
        dn_sql_add_to_word(scan, scan->tag.bytes + 1, scan->tag.size - 1);
        scan->state = DN_SQL_WORD;
    }
    return 0;
}

/* A $ stands at both ends of the tag and nowhere within. */
static size_t in_dollar_body(DnSqlScan *scan, const char *text, size_t size) {
    size_t n = 0;
    while (n < size && scan->matched < scan->tag.size) {
        if (!scan->matched) {
            const char *dollar = memchr(text + n, '$', size - n);
            n = dollar ? (size_t)(dollar - text) + 1 : size;
            scan->matched = dollar != NULL;
        } else if (text[n] == scan->tag.bytes[scan->matched]) {
            scan->matched++;
            n++;
        } else {
            scan->matched = 0; /* the byte may be the next tag's first */
        }
    }
    if (scan->matched == scan->tag.size) {
        scan->state = DN_SQL_BETWEEN;
    }
    return n;
}

/* ---- Blanks and comments --------------------------------------------------------- */

static bool ends_line(char c) {
    return c == '\n' || c == '\r';
}

static void blank(DnSqlScan *scan, char c, int before) {
    scan->continuation = before == NO_STRING || before == ENDED_EARLIER ? before
                         : ends_line(c)                                 ? ENDED_EARLIER
                                                                        : ENDED_ON_THIS_LINE;
}

static size_t in_line_comment(DnSqlScan *scan, const char *text, size_t size) {
    const char *feed = memchr(text, '\n', size);
    size_t n = feed ? (size_t)(feed - text) : size;
    const char *carriage = memchr(text, '\r', n);
    n = carriage ? (size_t)(carriage - text) : n;
    if (n < size) {
        scan->state = DN_SQL_BETWEEN;
        blank(scan, text[n++], scan->continuation);
    }
    return n;
}

/* Comments nest. */
static size_t in_block_comment(DnSqlScan *scan, const char *text) {
    char c = *text;
    if (scan->comment_byte == '*' && c == '/') {
        scan->comment_depth--;
        scan->state = scan->comment_depth ? DN_SQL_BLOCK_COMMENT : DN_SQL_BETWEEN;
        c = '\0';
    } else if (scan->comment_byte == '/' && c == '*') {
        scan->comment_depth++;
        c = '\0';
    }
    scan->comment_byte = c;
    return 1;
}

/* Behind a - or /, which begins a comment or is an operator. */
static size_t in_operator(DnSqlScan *scan, const char *text, DnSqlMark *mark) {
    bool line = scan->state == DN_SQL_DASH && *text == '-';
    bool block = scan->state == DN_SQL_SLASH && *text == '*';
    if (!line) { /* which may stand between parts of a string */
        scan->continuation = NO_STRING;
    }
    if (line || block) {
        scan->state = line ? DN_SQL_LINE_COMMENT : DN_SQL_BLOCK_COMMENT;
        scan->comment_depth = 1;
        scan->comment_byte = '\0';
        *mark = scan->begun ? DN_SQL_COMMENT : DN_SQL_NO_MARK;
        return 1;
    }
    scan->state = DN_SQL_BETWEEN;
    scan->last_word[0] = '\0';
    (void)begins_now(scan, mark);
    return 0;
}

/* ---- psql's variables ------------------------------------------------------------ */

/* The length of a name in quotes that psql would look up; 0 = none. */
static size_t quoted_name(const char *text, size_t size) {
    size_t n = 1;
    while (n < size && dn_sql_in_word(text[n])) {
        n++;
    }
    return n < size && text[n] == *text ? n - 1 : 0;
}

/* psql has values for names of capitals (HOST, LAST_ERROR_MESSAGE); others are a user's to set. */
static bool is_psqls(const char *name, size_t size) {
    size_t capitals = 0;
    while (capitals < size && dn_sql_in_word(name[capitals]) &&
           !(name[capitals] >= 'a' && name[capitals] <= 'z')) {
        capitals++;
    }
    return capitals == size && size >= sizeof "HOST" - 1;
}

/* Where a bound of an array's slice is a column, the server's text has such a place, too, in brackets. */
static bool is_variable(const DnSqlScan *scan, const char *text, size_t size) {
    size_t quoted = *text == '\'' || *text == '"' ? quoted_name(text, size) : 0;
    if (*text == '{' || !scan->brackets) {
        return *text == '{' || quoted || dn_sql_in_word(*text);
    }
    return quoted ? *text == '\'' || is_psqls(text + 1, quoted) : *text >= 'A' && *text <= 'Z';
}

static size_t in_colon(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    scan->state = DN_SQL_BETWEEN;
    if (*text == ':' || *text == '=') {
        return 1;
    }
    if (is_variable(scan, text, size)) {
        *mark = DN_SQL_VARIABLE;
    }
    return 0;
}

/* ---- Between --------------------------------------------------------------------- */

/* What ends a word, opens or closes. */
static void other(DnSqlScan *scan, char c, DnSqlMark *mark) {
    if (c == '(') {
        scan->parens++;
    } else if (c == ')' && scan->parens) {
        scan->parens--;
    } else if (c == ')') {
        *mark = DN_SQL_UNOPENED;
    } else if (c == '[') {
        scan->brackets++;
    } else if (c == ']' && scan->brackets) {
        scan->brackets--;
    } else if (c == ':') {
        scan->state = DN_SQL_COLON;
    } else if (c == ';' && !scan->parens && !scan->begins) {
        *mark = DN_SQL_ENDS;
    } else if (c == '\\') {
        *mark = DN_SQL_BACKSLASH;
    } else if (c == '\v') {
        *mark = DN_SQL_UNCLEAR;
    }
}

/* The first byte of something. */
static size_t begin(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    int before = scan->continuation;
    char prefix = scan->prefix;
    char class = dn_sql_class(*text);
    scan->continuation = NO_STRING;
    scan->prefix = (char)(prefix == 'u' && *text == '&' ? '&' : '\0');
    if (class == '-' || class == '/') {
        scan->state = class == '-' ? DN_SQL_DASH : DN_SQL_SLASH;
        scan->continuation = before;
        return 1;
    }
    if (class == 'z') {
        *mark = DN_SQL_ZERO;
        return 1;
    }
    if (begins_now(scan, mark)) {
        return 0;
    }
    if (class == 'a') {
        scan->word_size = 0;
        scan->state = DN_SQL_WORD;
        return dn_sql_word(scan, text, size, mark);
    }
    scan->last_word[0] = '\0';
    if (class == '\'') {
        begin_string(scan, before, prefix);
    } else if (class == '"') {
        scan->state = DN_SQL_QUOTED;
    } else if (class == '$') {
        dn_buf_clear(&scan->tag);
        dn_buf_char(&scan->tag, '$');
        scan->state = DN_SQL_DOLLAR_TAG;
    } else if (class == '0') {
        scan->state = DN_SQL_NUMBER;
    } else {
        other(scan, *text, mark);
    }
    return 1;
}

/* Lines of comments and empty lines: the headers of a dump are half of its definitions. */
static size_t headers(const char *text, size_t size) {
    size_t n = 0;
    while (n + 1 < size && text[n] == '-' && text[n + 1] == '-') {
        const char *feed = memchr(text + n, '\n', size - n);
        if (!feed || memchr(text + n, '\r', (size_t)(feed - text) - n)) {
            break;
        }
        n = (size_t)(feed - text) + 1;
        while (n < size && text[n] == '\n') {
            n++;
        }
    }
    return n;
}

/* What can be passed over at once. */
static size_t plain(DnSqlScan *scan, const char *text, size_t size) {
    if (scan->continuation != NO_STRING || scan->prefix) {
        return 0;
    }
    return scan->words_done ? dn_sql_plain(scan, text, size) : scan->begun ? 0 : headers(text, size);
}

static size_t between(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    size_t n = plain(scan, text, size);
    if (n) {
        return n;
    }
    while (n < size && dn_sql_class(text[n]) == ' ') {
        if (scan->continuation != NO_STRING) {
            blank(scan, text[n], scan->continuation);
        }
        scan->prefix = '\0';
        n++;
    }
    return n < size ? n + begin(scan, text + n, size - n, mark) : n;
}

static size_t step(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    switch (scan->state) {
    case DN_SQL_WORD:
        return dn_sql_word(scan, text, size, mark);
    case DN_SQL_NUMBER:
        return dn_sql_number(scan, text, size, mark);
    case DN_SQL_STRING:
        return in_string(scan, text, size);
    case DN_SQL_QUOTED:
        return in_quoted(scan, text, size);
    case DN_SQL_LINE_COMMENT:
        return in_line_comment(scan, text, size);
    case DN_SQL_BLOCK_COMMENT:
        return in_block_comment(scan, text);
    case DN_SQL_DASH:
    case DN_SQL_SLASH:
        return in_operator(scan, text, mark);
    case DN_SQL_COLON:
        return in_colon(scan, text, size, mark);
    case DN_SQL_DOLLAR_TAG:
        return in_dollar_tag(scan, text, mark);
    case DN_SQL_DOLLAR_BODY:
        return in_dollar_body(scan, text, size);
    default:
        return between(scan, text, size, mark);
    }
}

size_t dn_sql_scan(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    size_t used = 0;
    *mark = DN_SQL_NO_MARK;
    while (used < size && !*mark) {
        used += step(scan, text + used, size - used, mark);
    }
    return used;
}
