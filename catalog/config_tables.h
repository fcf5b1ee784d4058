/*
 * config_tables.h - tables that an extension made but whose rows belong to the user
 * (pg_extension_config_dump()).
 */
#ifndef DN_CATALOG_CONFIG_TABLES_H
#define DN_CATALOG_CONFIG_TABLES_H

#include "catalog/fetch.h"

/* Marks those whose rows go into the dump; once extensions and relations are known. */
void dn_mark_config_tables(DnCatalog *catalog);

#endif
