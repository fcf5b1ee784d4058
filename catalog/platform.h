/*
 * platform.h - a server whose database is shared by its user and a platform that runs it: what is the
 * platform's isn't dumped, since the next such server has it already.
 *
 * The platform is described by names alone (DnPlatform), in a table of the caller's. A name that ends in '*'
 * stands for all that begin so.
 */
#ifndef DN_CATALOG_PLATFORM_H
#define DN_CATALOG_PLATFORM_H

#include "catalog/fetch.h"

/* Whether one of the names, a list that ends with NULL (or NULL itself), is or covers `name`. */
bool dn_platform_lists(const char *const *names, const char *name);

/* Takes the platform's schemas out of the selection, unless -n names them, and remembers which of them have
   tables that users put triggers and policies on. Does nothing without a platform. */
void dn_platform_take_schema(DnCatalog *catalog, DnSchema *schema);

/* The parts to dump of a table in such a schema: what users put on it, or nothing. A table of their own won't
   be there when the dump is restored. */
unsigned dn_platform_guests(const DnCatalog *catalog, const DnRelation *table);

/* When all is read: takes out what has no schema, or only sets defaults there, and belongs to a role of the
   platform, and the definitions of its publications; counts them. */
void dn_platform_leave(DnCatalog *catalog);

/* "2 event triggers, 1 publication"; appends nothing where nothing was taken out. */
void dn_platform_describe(const DnCatalog *catalog, DnBuf *text);

#endif
