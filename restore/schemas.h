/*
 * schemas.h - a statement with other names for some of its schemas (--schema-map).
 *
 * A schema is named before a dot, behind SCHEMA, in search_path, and in strings that the server reads as
 * names: 'shop.s'::regclass, setval('shop.s', ...), set_config('search_path', ...), the planner's statistics.
 * Nothing is changed in other strings, which bodies of functions are: dn_schemas_in_strings() finds them.
 */
#ifndef DN_RESTORE_SCHEMAS_H
#define DN_RESTORE_SCHEMAS_H

#include "common/token.h"

/* The other name of a schema, or NULL to leave it. */
typedef const char *(*DnSchemaFn)(void *ctx, const char *name);

/* Appends the statement to `out`, with the other names in double quotes; true when that changed something. */
bool dn_schemas_replace(const char *sql, size_t size, bool standard_strings, DnSchemaFn other, void *ctx,
                        DnBuf *out);
/* Where the text of a function, or an argument of a trigger, has a name for which there is another: appends
   "FUNCTION shop.f(a integer), line 12, 15" and a line end, nothing when there is none. `line` is the
   statement's. */
void dn_schemas_in_strings(const char *sql, size_t size, bool standard_strings, uint64_t line,
                           DnSchemaFn other, void *ctx, DnBuf *out);

#endif
