/* The scanner of SQL: text in one piece, where much is passed over at once, has the same marks as text byte
   by byte, where nothing can be; whether words are wanted or not. */
#include "common/sql_scan.h"
#include "tests/fuzz/fuzz.h"

enum { MOST_MARKS = 512 };

typedef struct Seen {
    struct {
        DnSqlMark mark;
        size_t at;
        char words[DN_SQL_WORDS][DN_SQL_WORD_SIZE];
        bool from_stdin;
    } marks[MOST_MARKS];
    size_t count;
    DnSqlScan end;
} Seen;

static void scan_in(Seen *seen, const char *text, size_t size, size_t piece, bool only_ends) {
    DnSqlScan scan = {.standard_strings = true, .only_ends = only_ends};
    seen->count = 0;
    for (size_t at = 0; at < size;) {
        DnSqlMark mark;
        at += dn_sql_scan(&scan, text + at, piece < size - at ? piece : size - at, &mark);
        if (mark && seen->count < MOST_MARKS) {
            seen->marks[seen->count].mark = mark;
            seen->marks[seen->count].at = at;
            seen->marks[seen->count].from_stdin = scan.from_stdin;
            memcpy(seen->marks[seen->count++].words, scan.words, sizeof scan.words);
        }
        if (mark == DN_SQL_ENDS) {
            dn_sql_scan_next(&scan);
        }
    }
    seen->end = scan;
    dn_sql_scan_deinit(&scan);
}

static void must_equal(const Seen *a, const Seen *b, bool words) {
    must(a->count == b->count && a->end.begun == b->end.begun && a->end.state == b->end.state);
    must(a->end.parens == b->end.parens && a->end.brackets == b->end.brackets);
    must(a->end.begins == b->end.begins);
    must(a->end.state != DN_SQL_BLOCK_COMMENT || a->end.comment_depth == b->end.comment_depth);
    for (size_t i = 0; i < a->count; i++) {
        must(a->marks[i].mark == b->marks[i].mark && a->marks[i].at == b->marks[i].at);
        for (size_t w = 0; words && w < DN_SQL_WORDS; w++) {
            must(strcmp(a->marks[i].words[w], b->marks[i].words[w]) == 0);
        }
        must(!words || a->marks[i].from_stdin == b->marks[i].from_stdin);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static Seen whole, slow, ends;
    /* A variable's name is looked for in what there is of the piece: only casts are left. */
    char *text = malloc(size + 1);
    must(text);
    memcpy(text, data, size);
    text[size] = '\0';
    for (char *colon = text; (colon = memchr(colon, ':', size - (size_t)(colon - text)));) {
        bool cast = colon[1] == ':';
        *colon = cast ? ':' : ',';
        colon += cast ? 2 : 1;
    }
    scan_in(&whole, text, size, size, false);
    scan_in(&slow, text, size, 1, false);
    must_equal(&whole, &slow, true);
    scan_in(&ends, text, size, size, true);
    must_equal(&ends, &slow, false);
    scan_in(&ends, text, size, 1, true);
    must_equal(&ends, &slow, false);
    free(text);
    return 0;
}
