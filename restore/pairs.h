/*
 * pairs.h - lists of OLD=NEW, as --role-map and --schema-map have them; they end with NULL.
 */
#ifndef DN_RESTORE_PAIRS_H
#define DN_RESTORE_PAIRS_H

#include "include/dumpnative.h"

/* What is behind the = for this name; NULL when it has no pair. `pairs` may be NULL. */
const char *dn_pairs_find(const char *const *pairs, const char *name);
/* DN_E_USAGE when one has no two sides, or two have the same name on the left; `what` is "role", "schema". */
DN_MUST_USE DnStatus dn_pairs_check(const char *const *pairs, const char *what, DnErr *err);

#endif
