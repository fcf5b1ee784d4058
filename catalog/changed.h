/*
 * changed.h - what other sessions changed between our snapshot and the end of reading.
 *
 * Rows of the catalogs come from the snapshot, but what the server spells (format_type(), pg_get_indexdef()
 * and the like) and the rows of tables that were truncated or rewritten are of the present. Where a change
 * came in between, what was read fits no moment at all. A row of a catalog that a later transaction replaced
 * tells by its xmax, even to an old snapshot.
 */
#ifndef DN_CATALOG_CHANGED_H
#define DN_CATALOG_CHANGED_H

#include "catalog/fetch.h"

/* Asks which tables this session has locked before its snapshot: nothing could change them since. */
DnRequest dn_changed_held(DnCatalog *catalog);
/* Asks, after all else, which objects of the model were changed since the snapshot. The text is the
   arena's. */
DnRequest dn_changed_request(DnCatalog *catalog, DnArena *arena);
/* The first of them by which what was read may be wrong; NULL when there is none. */
const DnObject *dn_changed_object(const DnCatalog *catalog);
/* "relation", "function": what to call an object of that catalog. */
const char *dn_changed_noun(uint32_t classoid);

#endif
