/*
 * selection.h - from the patterns of -n, -N, -t, -T and --exclude-table-data to schemas and tables.
 *
 * One query answers all patterns of all options. It must run before the session's search_path is emptied:
 * a table pattern without a schema means tables that the user's search_path shows.
 */
#ifndef DN_CATALOG_SELECTION_H
#define DN_CATALOG_SELECTION_H

#include "catalog/fetch.h"

/* The query's SQL; its $1 is what dn_selection_param() writes. */
extern const char dn_selection_sql[];

/* Writes the patterns as text[]. DN_E_USAGE for a pattern that makes no sense. */
DnStatus dn_selection_param(const DnCatalog *catalog, DnBuf *param, DnErr *err) DN_MUST_USE;
bool dn_selection_has_patterns(const DnSelection *selection);
/* Takes the answer (`ctx` is the DnCatalog). DN_E_NO_MATCH when what had to match did not. */
DnStatus dn_selection_rows(void *ctx, const DnRows *rows, DnErr *err) DN_MUST_USE;

#endif
