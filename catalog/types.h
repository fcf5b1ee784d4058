/*
 * types.h - what is to be said about types that no statement makes.
 */
#ifndef DN_CATALOG_TYPES_H
#define DN_CATALOG_TYPES_H

#include "catalog/fetch.h"

/* Pseudo-types such as anyelement are the server's own. Where they, or privileges on them, would be dumped,
   pg_dump warns of each that it leaves out, in the order of the dump; so dn_order_objects() must have run. */
void dn_types_warn(const DnCatalog *catalog);

#endif
