/*
 * sql_scan.h - what stands where in SQL text, as psql's lexer (psqlscan.l) takes it.
 *
 * The text comes in pieces of any size and is scanned in place. Scanning stops at marks: where a statement
 * begins and ends, and at what has no place in text that is meant to be statements only. A zero-initialised
 * DnSqlScan begins outside of everything, with standard_conforming_strings off: set `standard_strings`.
 */
#ifndef DN_COMMON_SQL_SCAN_H
#define DN_COMMON_SQL_SCAN_H

#include "common/buf.h"

typedef enum DnSqlMark {
    DN_SQL_NO_MARK,   /* the text is used up */
    DN_SQL_BEGINS,    /* the next byte is a statement's first, or the backslash of a meta-command */
    DN_SQL_ENDS,      /* the last byte was the semicolon of a statement */
    DN_SQL_BACKSLASH, /* it was a backslash outside of quotes */
    DN_SQL_ZERO,      /* it was a zero byte outside of quotes */
    DN_SQL_COMMENT,   /* a comment began within a statement */
    DN_SQL_UNOPENED,  /* it was a closing parenthesis that nothing opened */
    DN_SQL_VARIABLE,  /* psql may put the value of a variable there */
    DN_SQL_UNCLEAR    /* versions of psql differ in where the next quotes begin */
} DnSqlMark;

enum { DN_SQL_WORDS = 6, DN_SQL_WORD_SIZE = 32 };

typedef enum DnSqlState {
    DN_SQL_BETWEEN, /* outside of all that follows */
    DN_SQL_WORD,    /* an identifier or keyword */
    DN_SQL_NUMBER,  /* digits, and what sticks to them */
    DN_SQL_STRING,  /* '...', escapes as `escapes` says */
    DN_SQL_QUOTED,  /* "..." */
    DN_SQL_DASH,    /* the first - of a comment, perhaps */
    DN_SQL_LINE_COMMENT,
    DN_SQL_SLASH, /* the first character of a comment, perhaps */
    DN_SQL_BLOCK_COMMENT,
    DN_SQL_COLON,      /* behind the first : */
    DN_SQL_DOLLAR_TAG, /* behind the first $ */
    DN_SQL_DOLLAR_BODY
} DnSqlState;

typedef struct DnSqlScan {
    bool only_ends;        /* of words no more is wanted than what tells where statements end */
    bool standard_strings; /* whether '...' takes a backslash as it is; may be set between two statements */
    DnSqlState state;
    bool begun; /* a statement has */
    /* The statement's first words outside of quotes, in lower case, shortened; "" when there are fewer. */
    char words[DN_SQL_WORDS][DN_SQL_WORD_SIZE];
    size_t word_count;
    bool from_stdin; /* it is COPY ... FROM stdin */
    /* What a semicolon may stand in. */
    size_t parens, brackets;
    unsigned begins; /* BEGIN ATOMIC, and CASE within */
    /* The rest is the scanner's own. */
    bool words_done; /* the next ones tell nothing */
    char word[DN_SQL_WORD_SIZE], last_word[DN_SQL_WORD_SIZE];
    size_t word_size; /* the whole word's, which may be longer */
    char prefix;      /* what has just ended and may belong to a string: one of e, b, x, n, u, & */
    bool escapes, behind_backslash;
    int continuation;
    unsigned comment_depth;
    char comment_byte; /* the one before, where it may be half of a comment's mark */
    DnBuf tag;         /* of a dollar quote, with both of its $ */
    size_t matched;
} DnSqlScan;

/* Scans up to the next mark, or all of it; returns how many bytes are behind it now. */
size_t dn_sql_scan(DnSqlScan *scan, const char *text, size_t size, DnSqlMark *mark) DN_MUST_USE;
/* Forgets the statement: called where one has ended. */
void dn_sql_scan_next(DnSqlScan *scan);
/* Whether text may end here: neither in a statement nor in a block comment. */
bool dn_sql_scan_is_over(const DnSqlScan *scan);
bool dn_sql_scan_failed(const DnSqlScan *scan);
void dn_sql_scan_deinit(DnSqlScan *scan);

#endif
