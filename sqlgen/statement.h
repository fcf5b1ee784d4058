/*
 * statement.h - where our statements end, and the proof that none else got between them.
 *
 * Much of a dump is text that the server spells: definitions, types, defaults, numbers. It goes into
 * statements as it comes, and a server that isn't what it seems could put anything there. So renderers don't
 * write semicolons: they end a statement with dn_end(), which marks its semicolon with a zero byte, the one
 * byte that no value of the server's can hold. Before the text leaves, dn_statements_seal() reads it as psql
 * will and takes the marks away. Where a statement ends without a mark, or a mark stands in what psql takes
 * for quotes, the text is refused; no renderer can forget to have its text looked at, since the statements of
 * one that writes its own semicolons are refused as well.
 *
 * What is within a statement is the server's word, and runs with the restorer's rights as any definition may.
 */
#ifndef DN_SQLGEN_STATEMENT_H
#define DN_SQLGEN_STATEMENT_H

#include "common/buf.h"

/* A mark and the semicolon. */
void dn_semicolon(DnBuf *sql);
/* These and a line end. */
void dn_end(DnBuf *sql);
enum { DN_END_SIZE = 3 };
/* The rest of a statement as a format and its arguments, then its end. */
#define dn_end_with(sql, ...) (dn_buf_fmt((sql), __VA_ARGS__), dn_end(sql))
/* The backslash of a psql meta-command that goes to the end of its line. */
void dn_meta(DnBuf *sql);

/* Text that every server gives. NULL, or a mark that belongs nowhere, has the statement refused. */
void dn_given(DnBuf *sql, const char *text);
/* The same without the semicolon that it may end with. */
void dn_given_statement(DnBuf *sql, const char *text);

typedef struct DnFault {
    const char *what; /* NULL = none */
    size_t at;        /* in the text */
} DnFault;

/*
 * Takes the marks away when the text is whole statements, meta-commands of ours and comments between them, as
 * psql takes it where client_encoding is `encoding`. Otherwise the text stays as it is and `fault` tells why.
 */
bool dn_statements_seal(DnBuf *text, bool standard_strings, const char *encoding, DnFault *fault);

#endif
