/*
 * complete.h - what the model needs once all queries are answered: objects that stand for data, and what the
 * selected objects cannot do without.
 */
#ifndef DN_CATALOG_COMPLETE_H
#define DN_CATALOG_COMPLETE_H

#include "catalog/fetch.h"

/* Adds TABLE_DATA, SEQUENCE_SET and MATVIEW_REFRESH objects, section boundaries, and their dependencies. */
void dn_complete_data(DnCatalog *catalog);
/* Marks extensions, their schemas, and foreign servers outside the selection that dumped objects need, and
   warns of other objects that they need and that are not in the dump. */
void dn_complete_needed(DnCatalog *catalog);

#endif
