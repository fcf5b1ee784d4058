#include "common/sql_words.h"

#include <string.h>

/* ---- Bytes ----------------------------------------------------------------------- */

/* Bytes of other characters than ASCII's are letters to the server. The vertical tab counts as blank since 16
   only. */
const char dn_sql_classes[256 + 1] = "z........  v  .."
                                     "................"
                                     " .\".$.&'()...-./"
                                     "0000000000:;...."
                                     ".aaaaaaaaaaaaaaa"
                                     "aaaaaaaaaaa[\\].a"
                                     ".aaaaaaaaaaaaaaa"
                                     "aaaaaaaaaaa....."
                                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

/* Whatever is in a class of its own. */
static const bool is_special[256] = {
    ['\0'] = true, ['\v'] = true, ['"'] = true, ['$'] = true,  ['&'] = true,
    ['\''] = true, ['('] = true,  [')'] = true, ['-'] = true,  ['/'] = true,
    [':'] = true,  [';'] = true,  ['['] = true, ['\\'] = true, [']'] = true,
};

/* A parenthesis, or a cast's sign, is taken as well: 0 where it is neither. */
static size_t take_sign(DnSqlScan *scan, const char *text, size_t size) {
    if (*text == '(' || (*text == ')' && scan->parens)) {
        scan->parens = *text == '(' ? scan->parens + 1 : scan->parens - 1;
        return 1;
    }
    return *text == ':' && size > 1 && text[1] == ':' ? 2 : 0;
}

/* A letter may belong to the quotes behind it, a dollar to the word before; and at the end of the piece a
   word may go on. */
size_t dn_sql_plain(DnSqlScan *scan, const char *text, size_t size) {
    size_t n = 0;
    for (size_t sign = 1; sign && n < size;) {
        while (n < size && !is_special[(unsigned char)text[n]]) {
            n++;
        }
        sign = n < size ? take_sign(scan, text + n, size - n) : 0;
        n += sign;
    }
    char next = n < size ? text[n] : '&';
    if (next == '\'' || next == '"' || next == '$' || next == '&') {
        while (n > 0 && dn_sql_in_word(text[n - 1])) {
            n--;
        }
    }
    return n;
}

/* ---- Words ----------------------------------------------------------------------- */

/* Of DN_SQL_WORD_SIZE bytes at `word`; a call of strcmp() for each would be an eighth of the time. */
#define IS(word, literal) (memcmp(word, literal, sizeof(literal)) == 0)

/* ---- Words ----------------------------------------------------------------------- */

/* CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
static bool creates_routine(const DnSqlScan *scan) {
    size_t at = IS(scan->words[1], "or") ? 3 : 1;
    return IS(scan->words[0], "create") &&
           (IS(scan->words[at], "function") || IS(scan->words[at], "procedure"));
}

/* Of most statements only the first words tell something: to find their ends, whether they create a
   routine. */
static bool words_matter(const DnSqlScan *scan) {
    const char *first = scan->words[0];
    const char *second = scan->words[1];
    if (scan->begins || (!scan->only_ends && scan->word_count < DN_SQL_WORDS)) {
        return true;
    }
    if (*first != 'c') { /* most often */
        return false;
    }
    bool may_create = IS(first, "create") && (!*second || (IS(second, "or") && scan->word_count < 4));
    return may_create || IS(first, "copy") || creates_routine(scan);
}

/* A word has ended. Semicolons within BEGIN ATOMIC ... END end no statement, and CASE has an END too. */
static void take_word(DnSqlScan *scan) {
    if (scan->word_count < DN_SQL_WORDS) {
        memcpy(scan->words[scan->word_count++], scan->word, sizeof scan->word);
    }
    if (scan->parens == 0) {
        if (IS(scan->word, "atomic") && IS(scan->last_word, "begin") && !scan->begins &&
            creates_routine(scan)) {
            scan->begins = 1;
        } else if (scan->begins && IS(scan->word, "case")) {
            scan->begins++;
        } else if (scan->begins && IS(scan->word, "end")) {
            scan->begins--;
        }
        if (IS(scan->word, "stdin") && IS(scan->last_word, "from") && IS(scan->words[0], "copy")) {
            scan->from_stdin = true;
        }
    }
    memcpy(scan->last_word, scan->word, sizeof scan->word);
    scan->words_done = !words_matter(scan);
}

void dn_sql_add_to_word(DnSqlScan *scan, const char *text, size_t size) {
    for (size_t i = 0; i < size && scan->word_size + i + 1 < sizeof scan->word; i++) {
        scan->word[scan->word_size + i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i]);
        scan->word[scan->word_size + i + 1] = '\0';
    }
    scan->word_size += size;
}

/* E'...' has escapes, B'...', X'...' and U&'...' never; a letter that belongs to a string is no word. */
static void end_word(DnSqlScan *scan, char next) {
    char first = scan->word[0];
    scan->state = DN_SQL_BETWEEN;
    scan->prefix = (char)(scan->word_size == 1 &&
                                  ((next == '\'' && strchr("ebxn", first)) || (next == '&' && first == 'u'))
                              ? first
                              : '\0');
    if (!scan->prefix || scan->prefix == 'u') {
        take_word(scan);
    }
}

size_t dn_sql_word(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    size_t n = 0;
    while (n < size && dn_sql_in_word(text[n])) {
        n++;
    }
    dn_sql_add_to_word(scan, text, n);
    if (n < size && text[n] == '$') { /* a part of it, which text of the server's never has */
        dn_sql_add_to_word(scan, "$", 1);
        *mark = DN_SQL_UNCLEAR;
        return n + 1;
    }
    if (n < size) {
        end_word(scan, text[n]);
    }
    return n;
}

size_t dn_sql_number(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) {
    size_t n = 0;
    while (n < size && dn_sql_in_word(text[n])) {
        n++;
    }
    if (n < size) {
        scan->state = DN_SQL_BETWEEN;
        if (text[n] == '\'' || text[n] == '"' || text[n] == '$') {
            *mark = DN_SQL_UNCLEAR; /* up to 14 the letters behind a number were a word of their own */
        }
    }
    return n;
}
