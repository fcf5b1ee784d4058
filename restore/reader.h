/*
 * reader.h - splits the text of a plain SQL dump into statements, rows of COPY, and psql's meta-commands.
 *
 * The text comes in pieces of any size. Each item goes to a function as soon as it is whole, with the blanks
 * and comments before it: joined, the items are the text. Memory is that of the largest statement; rows pass
 * through in pieces. Nothing here knows a server, so rows belong to a COPY by what it says (FROM stdin), not
 * by what became of it: those of a refused one are never mistaken for SQL.
 */
#ifndef DN_RESTORE_READER_H
#define DN_RESTORE_READER_H

#include "common/sql_scan.h"

typedef enum DnSqlKind {
    DN_SQL_STATEMENT, /* with its semicolon */
    DN_SQL_COPY,      /* COPY ... FROM stdin, to the end of its line; its rows come next */
    DN_SQL_ROWS,      /* some of the rows; a piece may end in the middle of a line */
    DN_SQL_ROWS_END,  /* the line \. */
    DN_SQL_META,      /* a psql meta-command, to the end of its line */
    DN_SQL_REST       /* blanks and comments at the end */
} DnSqlKind;

typedef struct DnSqlItem {
    DnSqlKind kind;
    const char *text; /* NUL-terminated, but for rows; borrowed until the function returns */
    size_t size;
    size_t start;          /* where blanks and comments end */
    uint64_t line;         /* of `start`, counted from 1 */
    bool standard_strings; /* whether '...' takes a backslash as it is */
    /* A statement's first words outside of quotes, in lower case, shortened; "" when there are fewer. */
    char words[DN_SQL_WORDS][DN_SQL_WORD_SIZE];
} DnSqlItem;

typedef DnStatus (*DnSqlItemFn)(void *ctx, const DnSqlItem *item, DnErr *err);

typedef struct DnSqlReader DnSqlReader;

/* Returns owned, NULL when out of memory. */
DnSqlReader *dn_sql_reader_new(DnSqlItemFn item, void *ctx);
/* Takes NULL. */
void dn_sql_reader_free(DnSqlReader *reader);
/* Fails as soon as `item` does, or with DN_E_MISMATCH on what is no dump: no call may follow then. */
DN_MUST_USE DnStatus dn_sql_reader_add(DnSqlReader *reader, const char *text, size_t size, DnErr *err);
/* The text is over; DN_E_MISMATCH where that is in the middle of something. */
DN_MUST_USE DnStatus dn_sql_reader_end(DnSqlReader *reader, DnErr *err);
/* Passes over so many lines of rows, which come no way. False, and nothing, where the next byte doesn't begin
   a row of a COPY. */
bool dn_sql_reader_pass_rows(DnSqlReader *reader, uint64_t lines);
/* The number of the line that the next byte is in; and where a text begins further down in its file. */
uint64_t dn_sql_reader_line(const DnSqlReader *reader);
void dn_sql_reader_start_at(DnSqlReader *reader, uint64_t line);
/* Whether '...' takes a backslash as it is. True at the beginning; the reader follows SET, and whoever has a
   server's word for it may say so here. May be called by the item function. */
void dn_sql_reader_standard_strings(DnSqlReader *reader, bool on);

/* The length of a statement without the semicolon and the blanks that it ends with. */
size_t dn_sql_open_size(const char *statement);

#endif
