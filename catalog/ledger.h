/*
 * ledger.h - what the ledger does not know: nothing of it goes missing in silence.
 *
 * ledger.def lists the columns of all catalogs, values.def the letters that some of them hold. A server newer
 * than DN_NEWEST_MAJOR may have more: its new catalogs and columns are looked up in the first round trip, and
 * in the second counted are the rows where they hold something. Letters are checked on servers of any
 * version.
 */
#ifndef DN_CATALOG_LEDGER_H
#define DN_CATALOG_LEDGER_H

#include "catalog/fetch.h"

/* A test builds a program that believes in an older one. */
#ifndef DN_NEWEST_MAJOR
#define DN_NEWEST_MAJOR 18
#endif

/* First round trip, newer servers only: fills DnCatalog.unknown. */
extern const DnFetch dn_fetch_unknown_columns;
/* Makes the request that counts what DnCatalog.unknown holds, its text in `arena`. False when there is
   nothing to ask, or no memory (the arena has failed). */
bool dn_ledger_request(DnCatalog *catalog, DnArena *arena, DnRequest *request);

/* Last of all: makes the request that names objects with letters that values.def does not have, its text in
   `arena`. */
void dn_ledger_letters(DnCatalog *catalog, DnArena *arena, DnRequest *request);

#endif
