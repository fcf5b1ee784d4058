/*
 * pattern.h - psql's name patterns, turned into regular expressions for the server.
 *
 * Outside of double quotes letters are folded to lower case, * means any characters, ? one character, and a
 * dot separates schema from name; other regular-expression syntax is kept. Inside double quotes everything
 * stands for itself. (psql's documentation, "Patterns")
 */
#ifndef DN_COMMON_PATTERN_H
#define DN_COMMON_PATTERN_H

#include "common/buf.h"

typedef struct DnPattern {
    DnBuf database; /* literal text of the part before the second-last dot; empty when absent */
    DnBuf schema;   /* "^(...)$", empty when the pattern has no schema part */
    DnBuf name;     /* "^(...)$" */
    bool has_database;
    int dots;
} DnPattern;

/* False when the pattern has more than three parts. Deinit in any case. */
bool dn_pattern_parse(DnPattern *pattern, const char *text);
void dn_pattern_deinit(DnPattern *pattern);

#endif
