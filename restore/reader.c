/*
 * reader.c - the states of the text, byte by byte, as psql's lexer has them (psqlscan.l).
 *
 * A piece is scanned in place; what belongs to an unfinished item is kept in `text`. No state looks ahead.
 */
#include "restore/reader.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"

typedef enum State {
    BETWEEN,       /* outside of all that follows */
    WORD,          /* an identifier or keyword */
    NUMBER,        /* digits, and what sticks to them */
    STRING,        /* '...', escapes as `escapes` says */
    STRING_ESCAPE, /* behind its backslash */
    QUOTED,        /* "..." */
    DASH,          /* the first - of a comment, perhaps */
    LINE_COMMENT,
    SLASH, /* the first character of a comment, perhaps */
    BLOCK_COMMENT,
    BLOCK_STAR,  /* behind a * in it */
    BLOCK_SLASH, /* behind a / in it */
    DOLLAR_TAG,  /* behind the first $ */
    DOLLAR_BODY,
    META,      /* a meta-command */
    COPY_LINE, /* behind the semicolon of a COPY FROM stdin */
    ROWS       /* its rows */
} State;

/* What a string that has ended means for one that follows: '...' goes on behind a line end. */
typedef enum Continuation { NO_STRING, JUST_ENDED, ENDED_ON_THIS_LINE, ENDED_EARLIER } Continuation;

struct DnSqlReader {
    DnSqlItemFn item;
    void *ctx;
    State state;
    DnBuf text;          /* of the item that is not whole yet */
    uint64_t line;       /* of the next byte */
    uint64_t start_line; /* of the item */
    size_t offset;       /* of the next byte in the item */
    size_t start;        /* of the item behind blanks and comments */
    bool begun;          /* `start` is known */
    bool line_start;     /* in rows: the next byte begins a line */
    bool standard_strings;
    /* strings */
    bool escapes;
    Continuation continuation;
    /* comments and dollar quotes */
    unsigned comment_depth;
    DnBuf tag; /* with both of its $ */
    size_t matched;
    /* words */
    char word[DN_SQL_WORD_SIZE];
    size_t word_size; /* the whole word's, which may be longer */
    char words[DN_SQL_WORDS][DN_SQL_WORD_SIZE];
    size_t word_count;
    char last_word[DN_SQL_WORD_SIZE];
    bool from_stdin;
    /* what a semicolon stands in */
    size_t parens;
    unsigned begins; /* BEGIN ATOMIC, and CASE within */
};

DnSqlReader *dn_sql_reader_new(DnSqlItemFn item, void *ctx) {
    DnSqlReader *reader = calloc(1, sizeof *reader);
    if (reader) {
        reader->item = item;
        reader->ctx = ctx;
        reader->line = 1;
        reader->standard_strings = true;
    }
    return reader;
}

void dn_sql_reader_free(DnSqlReader *reader) {
    if (reader) {
        dn_buf_deinit(&reader->text);
        dn_buf_deinit(&reader->tag);
        free(reader);
    }
}

void dn_sql_reader_standard_strings(DnSqlReader *reader, bool on) {
    reader->standard_strings = on;
}

/* ---- Characters ------------------------------------------------------------------ */

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Bytes of other characters than ASCII's are letters to the server. */
static bool begins_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool ends_line(char c) {
    return c == '\n' || c == '\r';
}

/* ---- Items ----------------------------------------------------------------------- */

/* SET [SESSION | LOCAL] standard_conforming_strings {= | TO} VALUE: the last word is the value, whether in
   quotes or not. */
static void follow_set(DnSqlReader *reader) {
    static const char name[] = "standard_conforming_strings";
    static const char *const off[] = {"off", "false", "no", "0", "f"};
    if (strcmp(reader->words[0], "set") != 0 ||
        (strcmp(reader->words[1], name) != 0 && strcmp(reader->words[2], name) != 0)) {
        return;
    }
    const char *text = dn_buf_text(&reader->text);
    size_t end = reader->text.size;
    while (end && (is_blank(text[end - 1]) || text[end - 1] == ';' || text[end - 1] == '\'')) {
        end--;
    }
    size_t start = end;
    while (start && (begins_word(text[start - 1]) || is_digit(text[start - 1]))) {
        start--;
    }
    reader->standard_strings = true;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        bool same = end - start == strlen(off[i]);
        for (size_t c = 0; same && start + c < end; c++) {
            same = (text[start + c] | 0x20) == (off[i][c] | 0x20);
        }
        if (same) {
            reader->standard_strings = false;
        }
    }
}

static void begin_item(DnSqlReader *reader) {
    dn_buf_clear(&reader->text);
    reader->offset = reader->start = 0;
    reader->begun = false;
    reader->continuation = NO_STRING;
    reader->word_count = 0;
    memset(reader->words, 0, sizeof reader->words);
    reader->last_word[0] = '\0';
    reader->from_stdin = false;
    reader->parens = 0;
    reader->begins = 0;
}

static DnStatus give(DnSqlReader *reader, DnSqlKind kind, DnErr *err) {
    if (dn_buf_failed(&reader->text) || dn_buf_failed(&reader->tag)) {
        return dn_err_nomem(err);
    }
    DnSqlItem item = {.kind = kind,
                      .text = dn_buf_text(&reader->text),
                      .size = reader->text.size,
                      .start = reader->begun ? reader->start : reader->text.size,
                      .line = reader->begun ? reader->start_line : reader->line};
    memcpy(item.words, reader->words, sizeof item.words);
    if (kind == DN_SQL_STATEMENT && memchr(item.text, '\0', item.size)) {
        return dn_err(err, DN_E_MISMATCH, "the statement at line %llu has a zero byte in it",
                      (unsigned long long)item.line);
    }
    if (kind == DN_SQL_STATEMENT) {
        follow_set(reader);
    }
    DnStatus status = reader->item(reader->ctx, &item, err);
    begin_item(reader);
    return status;
}

/* ---- Words ----------------------------------------------------------------------- */

static bool is_word(const DnSqlReader *reader, const char *word) {
    return reader->word_size == strlen(word) && strcmp(reader->word, word) == 0;
}

/* CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
static bool creates_routine(const DnSqlReader *reader) {
    size_t at = strcmp(reader->words[1], "or") == 0 ? 3 : 1;
    return strcmp(reader->words[0], "create") == 0 &&
           (strcmp(reader->words[at], "function") == 0 || strcmp(reader->words[at], "procedure") == 0);
}

/* A word has ended. Semicolons within BEGIN ATOMIC ... END end no statement, and CASE has an END too. */
static void take_word(DnSqlReader *reader) {
    if (reader->word_count < DN_SQL_WORDS) {
        memcpy(reader->words[reader->word_count++], reader->word, sizeof reader->word);
    }
    if (reader->parens == 0) {
        if (is_word(reader, "atomic") && strcmp(reader->last_word, "begin") == 0 && !reader->begins &&
            creates_routine(reader)) {
            reader->begins = 1;
        } else if (reader->begins && is_word(reader, "case")) {
            reader->begins++;
        } else if (reader->begins && is_word(reader, "end")) {
            reader->begins--;
        }
        if (is_word(reader, "stdin") && strcmp(reader->last_word, "from") == 0 &&
            strcmp(reader->words[0], "copy") == 0) {
            reader->from_stdin = true;
        }
    }
    memcpy(reader->last_word, reader->word, sizeof reader->word);
}

static void add_to_word(DnSqlReader *reader, char c) {
    if (reader->word_size + 1 < sizeof reader->word) {
        reader->word[reader->word_size] = (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
        reader->word[reader->word_size + 1] = '\0';
    }
    reader->word_size++;
}

/* ---- Bytes ----------------------------------------------------------------------- */

/* E'...' has escapes, B'...' and X'...' never; others as the setting says. One that goes on with a string
   before it is as that was. */
static void begin_string(DnSqlReader *reader, Continuation before, char prefix) {
    if (before != JUST_ENDED && before != ENDED_EARLIER) {
        reader->escapes = prefix == 'e' || (prefix != 'b' && prefix != 'x' && !reader->standard_strings);
    }
    reader->state = STRING;
}

static void begin_word(DnSqlReader *reader, char c) {
    reader->word_size = 0;
    add_to_word(reader, c);
    reader->state = WORD;
}

static void begin_dollar(DnSqlReader *reader) {
    dn_buf_clear(&reader->tag);
    dn_buf_char(&reader->tag, '$');
    reader->state = DOLLAR_TAG;
}

static void note_start(DnSqlReader *reader) {
    if (!reader->begun) {
        reader->begun = true;
        reader->start = reader->offset;
        reader->start_line = reader->line;
    }
}

static void blank(DnSqlReader *reader, char c, Continuation before) {
    reader->state = BETWEEN;
    reader->continuation = before == NO_STRING || before == ENDED_EARLIER ? before
                           : ends_line(c)                                 ? ENDED_EARLIER
                                                                          : ENDED_ON_THIS_LINE;
}

/* Any other character than those that begin something. */
static DnStatus other(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    reader->state = BETWEEN;
    reader->last_word[0] = '\0';
    if (c == '\\' && reader->begun) {
        (void)dn_err(err, DN_E_MISMATCH, "line %llu: a psql meta-command in the middle of a statement",
                     (unsigned long long)reader->line);
        dn_err_hint(err, "Statements that pg_dump writes have none: look at what changed the file.");
        return err->status;
    }
    note_start(reader);
    if (c == '\\') {
        reader->state = META;
    } else if (c == ';') {
        *whole = reader->parens == 0 && reader->begins == 0;
    } else if (c == '(') {
        reader->parens++;
    } else if (c == ')' && reader->parens) {
        reader->parens--;
    }
    return DN_OK;
}

static DnStatus between(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    Continuation before = reader->continuation;
    reader->continuation = NO_STRING;
    if (is_blank(c)) {
        blank(reader, c, before);
        return DN_OK;
    }
    if (c == '-' || c == '/') { /* perhaps a comment, which may stand between parts of a string */
        reader->state = c == '-' ? DASH : SLASH;
        reader->continuation = before;
        return DN_OK;
    }
    if (!begins_word(c) && !is_digit(c) && !strchr("'\"$", c)) {
        return other(reader, c, whole, err);
    }
    note_start(reader);
    if (begins_word(c)) {
        begin_word(reader, c);
        return DN_OK;
    }
    reader->last_word[0] = '\0';
    if (c == '\'') {
        begin_string(reader, before, 0);
    } else if (c == '"') {
        reader->state = QUOTED;
    } else if (c == '$') {
        begin_dollar(reader);
    } else {
        reader->state = NUMBER;
    }
    return DN_OK;
}

static DnStatus in_word(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    if (begins_word(c) || is_digit(c) || c == '$') {
        add_to_word(reader, c);
        return DN_OK;
    }
    if (c == '\'' && reader->word_size == 1 && strchr("ebxn", reader->word[0])) {
        begin_string(reader, NO_STRING, reader->word[0]);
        return DN_OK;
    }
    take_word(reader);
    return between(reader, c, whole, err);
}

static DnStatus in_dollar_tag(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    if (c == '$') {
        dn_buf_char(&reader->tag, c);
        reader->matched = 0;
        reader->state = DOLLAR_BODY;
    } else if (begins_word(c) || (is_digit(c) && reader->tag.size > 1)) {
        dn_buf_char(&reader->tag, c);
    } else if (is_digit(c)) {
        reader->state = NUMBER; /* $1, a parameter */
    } else {
        return between(reader, c, whole, err);
    }
    return dn_buf_failed(&reader->tag) ? dn_err_nomem(err) : DN_OK;
}

/* A $ stands at both ends of the tag and nowhere within. */
static void in_dollar_body(DnSqlReader *reader, char c) {
    if (c == reader->tag.bytes[reader->matched]) {
        reader->matched++;
    } else {
        reader->matched = c == '$';
    }
    if (reader->matched == reader->tag.size) {
        reader->state = BETWEEN;
    }
}

static void in_string(DnSqlReader *reader, char c) {
    if (reader->state == STRING_ESCAPE) {
        reader->state = STRING;
    } else if (c == '\\' && reader->escapes) {
        reader->state = STRING_ESCAPE;
    } else if (c == '\'') {
        reader->state = BETWEEN;
        reader->continuation = JUST_ENDED;
    }
}

/* Comments nest. */
static void in_comment(DnSqlReader *reader, char c) {
    if (reader->state == BLOCK_STAR && c == '/') {
        reader->comment_depth--;
        reader->state = reader->comment_depth ? BLOCK_COMMENT : BETWEEN;
    } else if (reader->state == BLOCK_SLASH && c == '*') {
        reader->comment_depth++;
        reader->state = BLOCK_COMMENT;
    } else {
        reader->state = c == '*' ? BLOCK_STAR : c == '/' ? BLOCK_SLASH : BLOCK_COMMENT;
    }
}

/* Behind a - or /, which begins a comment or is an operator. */
static DnStatus in_operator(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    if (reader->state == DASH && c == '-') {
        reader->state = LINE_COMMENT; /* the continuation is kept */
        return DN_OK;
    }
    reader->continuation = NO_STRING;
    if (reader->state == SLASH && c == '*') {
        reader->comment_depth = 1;
        reader->state = BLOCK_COMMENT;
        return DN_OK;
    }
    reader->state = BETWEEN;
    reader->last_word[0] = '\0';
    note_start(reader);
    return between(reader, c, whole, err);
}

/* One byte outside of rows; *whole when the item ends with it. */
static DnStatus step(DnSqlReader *reader, char c, bool *whole, DnErr *err) {
    switch (reader->state) {
    case BETWEEN:
        return between(reader, c, whole, err);
    case WORD:
        return in_word(reader, c, whole, err);
    case NUMBER:
        return begins_word(c) || is_digit(c) ? DN_OK : between(reader, c, whole, err);
    case DOLLAR_TAG:
        return in_dollar_tag(reader, c, whole, err);
    case DASH:
    case SLASH:
        return in_operator(reader, c, whole, err);
    case STRING:
    case STRING_ESCAPE:
        in_string(reader, c);
        return DN_OK;
    case QUOTED:
        reader->state = c == '"' ? BETWEEN : QUOTED;
        return DN_OK;
    case LINE_COMMENT:
        if (ends_line(c)) {
            blank(reader, c, reader->continuation);
        }
        return DN_OK;
    case DOLLAR_BODY:
        in_dollar_body(reader, c);
        return DN_OK;
    case META:
        *whole = c == '\n';
        return DN_OK;
    case COPY_LINE:
        *whole = c == '\n';
        return is_blank(c) ? DN_OK
                           : dn_err(err, DN_E_MISMATCH, "line %llu: something follows COPY on its line",
                                    (unsigned long long)reader->line);
    default:
        in_comment(reader, c);
        return DN_OK;
    }
}

/* The item's last byte is in `text`. */
static DnStatus end_item(DnSqlReader *reader, DnErr *err) {
    State state = reader->state;
    if (state == BETWEEN && reader->from_stdin) {
        reader->state = COPY_LINE;
        return DN_OK;
    }
    reader->state = state == COPY_LINE ? ROWS : BETWEEN;
    reader->line_start = true;
    return give(reader,
                state == COPY_LINE ? DN_SQL_COPY
                : state == META    ? DN_SQL_META
                                   : DN_SQL_STATEMENT,
                err);
}

/* Up to the end of an item, or of the piece. */
static DnStatus add_sql(DnSqlReader *reader, const char *text, size_t size, size_t *used, DnErr *err) {
    DnStatus status = DN_OK;
    bool whole = false;
    size_t i = 0;
    while (!status && !whole && i < size) {
        status = step(reader, text[i], &whole, err);
        reader->offset++;
        /* the end of a COPY's or a meta-command's line counts once the item was given */
        reader->line += text[i] == '\n';
        i++;
    }
    dn_buf_add(&reader->text, text, i);
    *used = i;
    return !status && whole ? end_item(reader, err) : status;
}

/* ---- Rows ------------------------------------------------------------------------ */

static DnStatus give_rows(DnSqlReader *reader, const char *text, size_t size, uint64_t line, DnErr *err) {
    const DnSqlItem item = {.kind = DN_SQL_ROWS, .text = text, .size = size, .line = line};
    return size ? reader->item(reader->ctx, &item, err) : DN_OK;
}

static bool begins(const char *whole, const DnBuf *part) {
    return part->size <= strlen(whole) && memcmp(whole, dn_buf_text(part), part->size) == 0;
}

/* The first bytes of a line that may be the last: kept in `text` until they are, or can't be. */
static DnStatus add_to_mark(DnSqlReader *reader, char c, DnErr *err) {
    dn_buf_char(&reader->text, c);
    if (dn_buf_failed(&reader->text)) {
        return dn_err_nomem(err);
    }
    if (begins("\\.\n", &reader->text) || begins("\\.\r\n", &reader->text)) {
        if (c != '\n') {
            return DN_OK;
        }
        reader->begun = true;
        reader->start_line = reader->line++;
        reader->state = BETWEEN;
        return give(reader, DN_SQL_ROWS_END, err);
    }
    DnStatus status = give_rows(reader, reader->text.bytes, reader->text.size, reader->line, err);
    dn_buf_clear(&reader->text);
    reader->line_start = c == '\n';
    reader->line += c == '\n';
    return status;
}

/* Whether the line at text[0] has to be looked at byte by byte. */
static bool may_be_mark(const char *text, size_t size) {
    return text[0] == '\\' && (size < 2 || text[1] == '.');
}

static DnStatus add_rows(DnSqlReader *reader, const char *text, size_t size, size_t *used, DnErr *err) {
    uint64_t line = reader->line;
    size_t i = 0;
    if (reader->text.size || (reader->line_start && may_be_mark(text, size))) {
        *used = 1;
        return add_to_mark(reader, text[0], err);
    }
    while (i < size && !(reader->line_start && may_be_mark(text + i, size - i))) {
        const char *end = memchr(text + i, '\n', size - i);
        reader->line_start = end != NULL;
        reader->line += end != NULL;
        i = end ? (size_t)(end - text) + 1 : size;
    }
    *used = i;
    return give_rows(reader, text, i, line, err);
}

DnStatus dn_sql_reader_add(DnSqlReader *reader, const char *text, size_t size, DnErr *err) {
    DnStatus status = DN_OK;
    while (!status && size) {
        size_t used = 0;
        status = reader->state == ROWS ? add_rows(reader, text, size, &used, err)
                                       : add_sql(reader, text, size, &used, err);
        text += used;
        size -= used;
    }
    return status;
}

DnStatus dn_sql_reader_end(DnSqlReader *reader, DnErr *err) {
    if (reader->state == META) {
        return end_item(reader, err);
    }
    if (reader->state == ROWS && reader->text.size > 1) { /* the last line without its line end */
        reader->begun = true;
        reader->start_line = reader->line;
        reader->state = BETWEEN;
        return give(reader, DN_SQL_ROWS_END, err);
    }
    bool comment = reader->state >= BLOCK_COMMENT && reader->state <= BLOCK_SLASH;
    if (reader->begun || reader->state == ROWS || comment || reader->state == DASH ||
        reader->state == SLASH) {
        (void)dn_err(err, DN_E_MISMATCH, "the dump ends in the middle of %s, at line %llu",
                     reader->state == ROWS ? "a table's rows"
                     : comment             ? "a comment"
                                           : "a statement",
                     (unsigned long long)reader->line);
        dn_err_hint(err, "Fetch the file again from where it was copied, or dump again.");
        return err->status;
    }
    reader->state = BETWEEN;
    return reader->text.size ? give(reader, DN_SQL_REST, err) : DN_OK;
}
