/*
 * modern_array.h - array constructors as a server spells them once it has read its own spelling.
 */
#ifndef DN_SQLGEN_MODERN_ARRAY_H
#define DN_SQLGEN_MODERN_ARRAY_H

#include "common/buf.h"

/*
 * Appends the text. Of `a IN ('x', 'y')`, with a varchar, the server makes a cast of the whole array,
 * (ARRAY['x'::varchar, 'y'::varchar])::text[]; where it reads that again, as in a restore, it casts each
 * element (PostgreSQL 12 to 18). Both are brought to the latter.
 */
void dn_modern_arrays(DnBuf *sql, const char *text, size_t size, bool standard_strings);

#endif
