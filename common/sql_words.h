/*
 * sql_words.h - the bytes and words of SQL text, for sql_scan.c alone.
 */
#ifndef DN_COMMON_SQL_WORDS_H
#define DN_COMMON_SQL_WORDS_H

#include "common/sql_scan.h"

/* By byte, outside of quotes: ' ' blank, 'a' letter, '0' digit, 'z' zero byte, '.' any other, else itself. */
extern const char dn_sql_classes[256 + 1];

static inline char dn_sql_class(char c) {
    return dn_sql_classes[(unsigned char)c];
}

static inline bool dn_sql_in_word(char c) {
    char class = dn_sql_class(c);
    return class == 'a' || class == '0';
}

/* How much of the text is blanks, words, numbers, operators and parentheses which mean nothing to what comes
   behind. Only where words don't matter any more, and no string has just ended. */
size_t dn_sql_plain(DnSqlScan *scan, const char *text, size_t size);

void dn_sql_add_to_word(DnSqlScan *scan, const char *text, size_t size);
/* In the states of these names. */
size_t dn_sql_word(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark);
size_t dn_sql_number(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark);

#endif
