/*
 * token.h - the tokens of one statement, for those who look into it or change names in it.
 *
 * The statement is known to be whole: what is not closed ends with the text.
 */
#ifndef DN_COMMON_TOKEN_H
#define DN_COMMON_TOKEN_H

#include "common/buf.h"

typedef enum DnTokenKind {
    DN_TOKEN_END,
    DN_TOKEN_WORD,   /* a keyword or a name without quotes */
    DN_TOKEN_QUOTED, /* "a name" */
    DN_TOKEN_STRING, /* '...', E'...', $tag$...$tag$ */
    DN_TOKEN_OTHER   /* a number, or one character */
} DnTokenKind;

typedef struct DnToken {
    DnTokenKind kind;
    const char *text; /* within the statement */
    size_t size;
} DnToken;

typedef struct DnTokens {
    const char *next, *end;
    bool standard_strings; /* whether '...' takes a backslash as it is */
} DnTokens;

DnTokens dn_tokens(const char *text, size_t size, bool standard_strings);
/* The next one behind blanks and comments; DN_TOKEN_END again and again at the end. */
DnToken dn_token_next(DnTokens *tokens);
/* The same without taking it. */
DnToken dn_token_peek(const DnTokens *tokens);
/* Takes the next one if it is this keyword, given in lower case. */
bool dn_token_take(DnTokens *tokens, const char *keyword);
/* Takes the next one if it is this character. */
bool dn_token_take_char(DnTokens *tokens, char c);
bool dn_token_is(DnToken token, const char *keyword);
bool dn_token_is_char(DnToken token, char c);
/* 1 for ( and [, -1 for ) and ], else 0. */
int dn_token_nesting(DnToken token);
bool dn_token_is_name(DnToken token);
/* Appends the name that a WORD or QUOTED stands for. */
void dn_token_name(DnToken token, DnBuf *name);
/* Appends the text between quotes, which are doubled within. */
void dn_token_quote(DnBuf *sql, const char *text, char quote);
/* Appends what comes from *done to the token, then `text` between quotes in its stead; *done is behind it
   then. Quotes that touch others would be doubled ones: blanks keep them apart. The statement ends with a
   NUL. */
void dn_token_put(DnBuf *sql, const char **done, DnToken token, const char *text, char quote);
/* Takes NAME or SCHEMA.NAME; both are replaced, `schema` by "" where there is none. False, and nothing taken
   that matters, where no name comes next. */
bool dn_token_take_name(DnTokens *tokens, DnBuf *schema, DnBuf *name);
/* Sets what a relation is known by: the schema or "", a line end, the name. */
void dn_token_key(DnBuf *key, const DnBuf *schema, const DnBuf *name);
/* The key of the name that comes next; false, and the key as it was, where none does. */
bool dn_token_take_key(DnTokens *tokens, DnBuf *key);
/* Goes behind the next such keyword outside of parentheses; false, and at the end, where there is none. */
bool dn_token_find(DnTokens *tokens, const char *keyword);

#endif
