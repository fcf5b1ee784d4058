/*
 * quote.h - identifiers and literals; the only place where names and values become SQL.
 */
#ifndef DN_SQLGEN_QUOTE_H
#define DN_SQLGEN_QUOTE_H

#include "common/buf.h"

/* How text is spelled in this dump. */
typedef struct DnSpelling {
    bool quote_all;   /* --quote-all-identifiers */
    bool std_strings; /* standard_conforming_strings */
    int major;        /* the server's major version: reserved words grew with it */
} DnSpelling;

/* An identifier, quoted where PostgreSQL's reserved words or characters ask for it (as fmtId()). */
void dn_ident(DnBuf *buf, const DnSpelling *spelling, const char *name);
/* schema.name; just name when schema is NULL. */
void dn_qualified(DnBuf *buf, const DnSpelling *spelling, const char *schema, const char *name);
/* A string literal: '...' with quotes doubled (and backslashes when the dump's strings treat them). */
void dn_literal(DnBuf *buf, const DnSpelling *spelling, const char *text);
/* $$...$$ with a tag that does not occur in the text; `prefix` goes into the tag ("" or "function"...). */
void dn_dollar(DnBuf *buf, const char *text, const char *prefix);
/* dn_dollar's choice for function bodies: a literal when the text holds neither ' nor \, else $$ quoting. */
void dn_literal_or_dollar(DnBuf *buf, const DnSpelling *spelling, const char *text);
/* Text for a "-- comment" line: newlines and carriage returns become spaces; NULL becomes `empty`. */
void dn_comment_text(DnBuf *buf, const char *text, const char *empty);
/* Turns reloptions array text {a=1,b=x y} into "a=1, b='x y'", each name with `prefix` before it. */
void dn_reloptions(DnBuf *buf, const DnSpelling *spelling, const char *array, const char *prefix);

#endif
