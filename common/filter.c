#include "common/filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/buf.h"
#include "common/err.h"

/* Where the patterns of a kind go; -1: there is no such option. */
static const struct {
    const char *word;
    const char *what; /* in errors */
    int include, exclude;
} kinds[] = {
    {"schema", "schema", DN_FILTER_SCHEMAS, DN_FILTER_NO_SCHEMAS},
    {"table", "table", DN_FILTER_TABLES, DN_FILTER_NO_TABLES},
    {"table_and_children", "table and children", DN_FILTER_TABLE_TREES, DN_FILTER_NO_TABLE_TREES},
    {"table_data", "table data", -1, DN_FILTER_NO_DATA},
    {"table_data_and_children", "table data and children", -1, DN_FILTER_NO_DATA_TREES},
    {"extension", "extension", DN_FILTER_EXTENSIONS, DN_FILTER_NO_EXTENSIONS},
    {"foreign_data", "foreign data", DN_FILTER_FOREIGN_DATA, -1},
    /* What only the files of other programs may hold. */
    {"database", "database", -1, -1},
    {"function", "function", -1, -1},
    {"index", "index", -1, -1},
    {"trigger", "trigger", -1, -1},
};

enum { KIND_COUNT = sizeof kinds / sizeof kinds[0] };

typedef struct Reader {
    const char *next;
    const char *name; /* NULL = standard input */
    int line;
} Reader;

DN_PRINTF(3, 4)
static DnStatus malformed(const Reader *reader, DnErr *err, const char *format, ...) {
    char why[256];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(why, sizeof why, format, args);
    va_end(args);
    if (!reader->name) {
        return dn_err(err, DN_E_USAGE, "invalid format in filter read from standard input on line %d: %s",
                      reader->line, why);
    }
    (void)dn_err(err, DN_E_USAGE, "invalid format in filter read from file \"%s\" on line %d: %s",
                 reader->name, reader->line, why);
    dn_err_object(err, "%s", reader->name);
    return err->status;
}

/* ---- Words ----------------------------------------------------------------------- */

static bool at_line_end(const Reader *reader) {
    return *reader->next == '\0' || *reader->next == '\n';
}

static void skip_blanks(Reader *reader) {
    while (!at_line_end(reader) && isspace((unsigned char)*reader->next)) {
        reader->next++;
    }
}

static void skip_line(Reader *reader) {
    reader->next += strcspn(reader->next, "\n");
    reader->next += *reader->next == '\n';
}

/* The characters up to the next blank; the size is 0 at the end of the line. */
static size_t take_word(Reader *reader, const char **word) {
    skip_blanks(reader);
    *word = reader->next;
    while (!at_line_end(reader) && !isspace((unsigned char)*reader->next)) {
        reader->next++;
    }
    return (size_t)(reader->next - *word);
}

static bool is_word(const char *word, size_t size, const char *wanted) {
    return size == strlen(wanted) && strncasecmp(word, wanted, size) == 0;
}

/* ---- Patterns -------------------------------------------------------------------- */

/* An escape inside of quotes: \n and \\; others stand for nothing. */
static void take_escape(Reader *reader, DnBuf *pattern) {
    char c = *++reader->next;
    if (c == 'n' || c == '\\') {
        dn_buf_char(pattern, c == 'n' ? '\n' : '\\');
    }
    reader->next += c != '\0';
}

/* From one double quote to the next that isn't doubled; line ends in between belong to the name. */
static DnStatus take_quoted(Reader *reader, DnBuf *pattern, DnErr *err) {
    dn_buf_char(pattern, *reader->next++);
    for (;;) {
        char c = *reader->next;
        if (c == '\0') {
            return malformed(reader, err, "unexpected end of file");
        }
        if (c == '\\') {
            take_escape(reader, pattern);
            continue;
        }
        reader->line += c == '\n' && reader->next[1];
        reader->next++;
        if (c == '\r') {
            continue;
        }
        dn_buf_char(pattern, c);
        if (c != '"') {
            continue;
        }
        if (*reader->next != '"') {
            return DN_OK;
        }
        dn_buf_char(pattern, *reader->next++);
    }
}

/* Blanks between words count as one, and as none beside the marks that part names. */
static DnStatus take_pattern(Reader *reader, DnBuf *pattern, DnErr *err) {
    bool after_mark = true;
    bool blank = false;
    skip_blanks(reader);
    if (at_line_end(reader) || *reader->next == '#') {
        return malformed(reader, err, "missing object name pattern");
    }
    for (; !at_line_end(reader) && *reader->next != '#'; skip_blanks(reader)) {
        char c = *reader->next;
        bool mark = strchr(",.()", c) != NULL;
        if (blank && !after_mark && !mark) {
            dn_buf_char(pattern, ' ');
        }
        if (c == '"') {
            DnStatus status = take_quoted(reader, pattern, err);
            if (status != DN_OK) {
                return status;
            }
        } else {
            dn_buf_str(pattern, c == ',' ? ", " : "");
            if (c != ',') {
                dn_buf_char(pattern, c);
            }
            reader->next++;
        }
        after_mark = mark;
        blank = isspace((unsigned char)*reader->next) != 0;
    }
    return dn_buf_failed(pattern) ? dn_err_nomem(err) : DN_OK;
}

/* ---- Lines ----------------------------------------------------------------------- */

/* The command and the kind: `list` becomes where the pattern goes. */
static DnStatus take_head(Reader *reader, int *list, DnErr *err) {
    const char *word;
    size_t size = take_word(reader, &word);
    bool include = is_word(word, size, "include");
    if (!include && !is_word(word, size, "exclude")) {
        return malformed(reader, err, "invalid filter command (expected \"include\" or \"exclude\")");
    }
    size = take_word(reader, &word);
    if (size == 0) {
        return malformed(reader, err, "missing filter object type");
    }
    for (int i = 0; i < KIND_COUNT; i++) {
        if (is_word(word, size, kinds[i].word)) {
            *list = include ? kinds[i].include : kinds[i].exclude;
            if (*list < 0) {
                /* A line without a pattern is the greater mistake. */
                skip_blanks(reader);
                return at_line_end(reader) ? malformed(reader, err, "missing object name pattern")
                                           : malformed(reader, err, "%s filter for \"%s\" is not allowed",
                                                       include ? "include" : "exclude", kinds[i].what);
            }
            return DN_OK;
        }
    }
    return malformed(reader, err, "unsupported filter object type: \"%.*s\"", (int)size, word);
}

static DnStatus take_line(DnFilter *filter, Reader *reader, DnErr *err) {
    int list = 0;
    DnBuf pattern = {0};
    DnStatus status = DN_OK;
    skip_blanks(reader);
    if (!at_line_end(reader) && *reader->next != '#') {
        status = take_head(reader, &list, err);
        status = status ? status : take_pattern(reader, &pattern, err);
        if (!status) {
            const char *one[] = {dn_buf_text(&pattern), NULL};
            dn_filter_add(filter, (DnFilterList)list, one);
        }
    }
    dn_buf_deinit(&pattern);
    return status;
}

DnStatus dn_filter_parse(DnFilter *filter, const char *name, const char *text, DnErr *err) {
    Reader reader = {.next = text, .name = name};
    DnStatus status = DN_OK;
    while (status == DN_OK && *reader.next) {
        reader.line++;
        status = take_line(filter, &reader, err);
        skip_line(&reader);
    }
    return status == DN_OK && dn_arena_failed(&filter->arena) ? dn_err_nomem(err) : status;
}

/* ---- Files and lists ------------------------------------------------------------- */

DnStatus dn_filter_load(DnFilter *filter, const char *path, DnErr *err) {
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "r");
    if (!file) {
        return dn_err_errno(err, errno, path, "could not open filter file");
    }
    DnBuf text = {0};
    char block[4096];
    size_t size;
    while ((size = fread(block, 1, sizeof block, file)) > 0) {
        dn_buf_add(&text, block, size);
    }
    DnStatus status =
        ferror(file) ? dn_err_errno(err, errno, path, "could not read from filter file") : DN_OK;
    if (!is_stdin) {
        (void)fclose(file);
    }
    if (status == DN_OK) {
        status = dn_buf_failed(&text)
                     ? dn_err_nomem(err)
                     : dn_filter_parse(filter, is_stdin ? NULL : path, dn_buf_text(&text), err);
    }
    dn_buf_deinit(&text);
    return status;
}

void dn_filter_add(DnFilter *filter, DnFilterList list, const char *const *patterns) {
    for (size_t i = 0; patterns && patterns[i]; i++) {
        const char *copy = dn_arena_str(&filter->arena, patterns[i]);
        if (copy) {
            DN_PUSH(&filter->arena, &filter->lists[list], copy);
        }
    }
}

const char *const *dn_filter_list(DnFilter *filter, DnFilterList list) {
    size_t count = filter->lists[list].count;
    if (!count) {
        return NULL;
    }
    const char **items = DN_NEW_ARRAY(&filter->arena, const char *, count + 1);
    if (items) {
        memcpy(items, filter->lists[list].items, count * sizeof *items);
        items[count] = NULL;
    }
    return items;
}

void dn_filter_deinit(DnFilter *filter) {
    dn_arena_deinit(&filter->arena);
    *filter = (DnFilter){0};
}
