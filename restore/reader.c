/*
 * reader.c - items out of what the scanner (common/sql_scan.h) finds.
 *
 * A piece is scanned in place; what belongs to an unfinished item is kept in `text`.
 */
#include "restore/reader.h"

#include <stdlib.h>
#include <string.h>

#include "common/err.h"

typedef enum State {
    FIRST, /* where a byte order mark may stand, which psql passes over as well */
    SQL,
    META,      /* behind the backslash of a meta-command */
    COPY_LINE, /* behind the semicolon of a COPY FROM stdin */
    ROWS       /* its rows */
} State;

struct DnSqlReader {
    DnSqlItemFn item;
    void *ctx;
    State state;
    DnSqlScan scan;
    DnBuf text;          /* of the item that is not whole yet */
    uint64_t line;       /* of the next byte */
    uint64_t start_line; /* of the item */
    size_t start;        /* of the item behind blanks and comments */
    bool begun;          /* `start` is known */
    bool line_start;     /* in rows: the next byte begins a line */
};

DnSqlReader *dn_sql_reader_new(DnSqlItemFn item, void *ctx) {
    DnSqlReader *reader = calloc(1, sizeof *reader);
    if (reader) {
        reader->item = item;
        reader->ctx = ctx;
        reader->line = 1;
        reader->scan.standard_strings = true;
    }
    return reader;
}

void dn_sql_reader_free(DnSqlReader *reader) {
    if (reader) {
        dn_buf_deinit(&reader->text);
        dn_sql_scan_deinit(&reader->scan);
        free(reader);
    }
}

void dn_sql_reader_standard_strings(DnSqlReader *reader, bool on) {
    reader->scan.standard_strings = on;
}

uint64_t dn_sql_reader_line(const DnSqlReader *reader) {
    return reader->line;
}

void dn_sql_reader_start_at(DnSqlReader *reader, uint64_t line) {
    reader->line = line;
}

/* ---- Items ----------------------------------------------------------------------- */

static bool is_blank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_in_value(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* SET [SESSION | LOCAL] standard_conforming_strings {= | TO} VALUE: the last word is the value, whether in
   quotes or not. */
static void follow_set(DnSqlReader *reader) {
    static const char name[] = "standard_conforming_strings";
    static const char *const off[] = {"off", "false", "no", "0", "f"};
    if (strcmp(reader->scan.words[0], "set") != 0 ||
        (strcmp(reader->scan.words[1], name) != 0 && strcmp(reader->scan.words[2], name) != 0)) {
        return;
    }
    const char *text = dn_buf_text(&reader->text);
    size_t end = reader->text.size;
    while (end && (is_blank(text[end - 1]) || text[end - 1] == ';' || text[end - 1] == '\'')) {
        end--;
    }
    size_t start = end;
    while (start && is_in_value(text[start - 1])) {
        start--;
    }
    reader->scan.standard_strings = true;
    for (size_t i = 0; i < sizeof off / sizeof *off; i++) {
        bool same = end - start == strlen(off[i]);
        for (size_t c = 0; same && start + c < end; c++) {
            same = (text[start + c] | 0x20) == (off[i][c] | 0x20);
        }
        if (same) {
            reader->scan.standard_strings = false;
        }
    }
}

static DnStatus give(DnSqlReader *reader, DnSqlKind kind, DnErr *err) {
    if (dn_buf_failed(&reader->text) || dn_sql_scan_failed(&reader->scan)) {
        return dn_err_nomem(err);
    }
    DnSqlItem item = {.kind = kind,
                      .text = dn_buf_text(&reader->text),
                      .size = reader->text.size,
                      .start = reader->begun ? reader->start : reader->text.size,
                      .line = reader->begun ? reader->start_line : reader->line,
                      .standard_strings = reader->scan.standard_strings};
    memcpy(item.words, reader->scan.words, sizeof item.words);
    if (kind == DN_SQL_STATEMENT && memchr(item.text, '\0', item.size)) {
        return dn_err(err, DN_E_MISMATCH, "the statement at line %llu has a zero byte in it",
                      (unsigned long long)item.line);
    }
    if (kind == DN_SQL_STATEMENT) {
        follow_set(reader);
    }
    DnStatus status = reader->item(reader->ctx, &item, err);
    dn_buf_clear(&reader->text);
    reader->begun = false;
    dn_sql_scan_next(&reader->scan);
    return status;
}

/* Behind a backslash outside of quotes. */
static DnStatus begin_meta(DnSqlReader *reader, DnErr *err) {
    if (reader->text.size == reader->start + 1) {
        reader->state = META;
        return DN_OK;
    }
    (void)dn_err(err, DN_E_MISMATCH, "line %llu: a psql meta-command in the middle of a statement",
                 (unsigned long long)reader->line);
    dn_err_hint(err, "Statements that pg_dump writes have none: look at what changed the file.");
    return err->status;
}

static void keep(DnSqlReader *reader, const char *text, size_t size) {
    dn_buf_add(&reader->text, text, size);
    for (const char *end = text + size; (text = memchr(text, '\n', (size_t)(end - text))); text++) {
        reader->line++;
    }
}

/* Up to a mark, or the end of the piece. */
static DnStatus add_sql(DnSqlReader *reader, const char *text, size_t size, size_t *used, DnErr *err) {
    DnSqlMark mark;
    *used = dn_sql_scan(&reader->scan, text, size, &mark);
    keep(reader, text, *used);
    switch (mark) {
    case DN_SQL_BEGINS:
        reader->begun = true;
        reader->start = reader->text.size;
        reader->start_line = reader->line;
        return DN_OK;
    case DN_SQL_BACKSLASH:
        return begin_meta(reader, err);
    case DN_SQL_ENDS:
        reader->state = reader->scan.from_stdin ? COPY_LINE : SQL;
        return reader->scan.from_stdin ? DN_OK : give(reader, DN_SQL_STATEMENT, err);
    default:
        return DN_OK;
    }
}

/* A byte of the mark, or what shows that there is none: then those before it are a statement's. */
static DnStatus add_first(DnSqlReader *reader, const char *text, size_t *used, DnErr *err) {
    static const char mark[] = "\xef\xbb\xbf";
    size_t had = reader->text.size;
    DnStatus status = DN_OK;
    *used = had < sizeof mark - 1 && text[0] == mark[had];
    if (*used) {
        keep(reader, text, 1);
        reader->state = mark[had + 1] ? FIRST : SQL;
        return DN_OK;
    }
    reader->state = SQL;
    dn_buf_clear(&reader->text);
    for (size_t i = 0, taken = 0; !status && i < had; i += taken) {
        status = add_sql(reader, mark + i, had - i, &taken, err);
    }
    return status;
}

/* The rest of a line that psql takes as a whole. */
static DnStatus add_line(DnSqlReader *reader, const char *text, size_t size, size_t *used, DnErr *err) {
    const char *end = memchr(text, '\n', size);
    *used = end ? (size_t)(end - text) + 1 : size;
    for (size_t i = 0; reader->state == COPY_LINE && i < *used; i++) {
        if (!is_blank(text[i])) {
            return dn_err(err, DN_E_MISMATCH, "line %llu: something follows COPY on its line",
                          (unsigned long long)reader->line);
        }
    }
    keep(reader, text, *used);
    if (!end) {
        return DN_OK;
    }
    bool copy = reader->state == COPY_LINE;
    reader->state = copy ? ROWS : SQL;
    reader->line_start = true;
    return give(reader, copy ? DN_SQL_COPY : DN_SQL_META, err);
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
        reader->state = SQL;
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

bool dn_sql_reader_pass_rows(DnSqlReader *reader, uint64_t lines) {
    bool at_row = reader->state == ROWS && reader->line_start && !reader->text.size;
    reader->line += at_row ? lines : 0;
    return at_row;
}

DnStatus dn_sql_reader_add(DnSqlReader *reader, const char *text, size_t size, DnErr *err) {
    DnStatus status = DN_OK;
    while (!status && size) {
        size_t used = 0;
        status = reader->state == ROWS    ? add_rows(reader, text, size, &used, err)
                 : reader->state == SQL   ? add_sql(reader, text, size, &used, err)
                 : reader->state == FIRST ? add_first(reader, text, &used, err)
                                          : add_line(reader, text, size, &used, err);
        text += used;
        size -= used;
    }
    return status;
}

DnStatus dn_sql_reader_end(DnSqlReader *reader, DnErr *err) {
    if (reader->state == META) { /* the last line without its line end, here and below */
        reader->state = SQL;
        return give(reader, DN_SQL_META, err);
    }
    if (reader->state == ROWS && reader->text.size > 1) {
        reader->begun = true;
        reader->start_line = reader->line;
        reader->state = SQL;
        return give(reader, DN_SQL_ROWS_END, err);
    }
    if (reader->state == FIRST) {
        reader->state = SQL;
    }
    if (reader->state != SQL || !dn_sql_scan_is_over(&reader->scan)) {
        bool comment = reader->scan.state == DN_SQL_BLOCK_COMMENT;
        (void)dn_err(err, DN_E_MISMATCH, "the dump ends in the middle of %s, at line %llu",
                     reader->state == ROWS ? "a table's rows"
                     : comment             ? "a comment"
                                           : "a statement",
                     (unsigned long long)reader->line);
        dn_err_hint(err, "Fetch the file again from where it was copied, or dump again.");
        return err->status;
    }
    return reader->text.size ? give(reader, DN_SQL_REST, err) : DN_OK;
}

size_t dn_sql_open_size(const char *statement) {
    size_t size = strlen(statement);
    while (size && strchr("; \t\r\n", statement[size - 1])) {
        size--;
    }
    return size;
}
