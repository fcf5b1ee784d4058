/*
 * definitions.h - text that only the server can spell, of objects of which most can be spelled without it.
 *
 * pg_get_indexdef() and its like cost the server more than all other columns of a catalog's row. So plain
 * indexes and foreign keys are spelled from their columns, defaults that call nextval() from the name of the
 * sequence (sqlgen/). Which of them are not plain is known once types, columns and dependencies are: these
 * are asked for in a round trip of their own, all at once.
 */
#ifndef DN_CATALOG_DEFINITIONS_H
#define DN_CATALOG_DEFINITIONS_H

#include "catalog/fetch.h"

enum { DN_DEFINITION_REQUESTS = 3 };

/* Fills `requests` (DN_DEFINITION_REQUESTS of them), their parameters in `arena`, and returns how many it
   needs: 0 when all is spelled. */
size_t dn_definition_requests(DnCatalog *catalog, DnArena *arena, DnRequest *requests);

#endif
