/*
 * load.h - reads the catalog into the model, in two round trips.
 */
#ifndef DN_CATALOG_LOAD_H
#define DN_CATALOG_LOAD_H

#include "catalog/fetch.h"
#include "catalog/helper.h"

/*
 * The first round trip: the requests in `before` (BEGIN and the like), patterns, `settings`, then schemas,
 * extensions and relations, from which follows what is to be dumped.
 */
DnStatus dn_catalog_load_relations(DnCatalog *catalog, DnConn *conn, const DnRequest *before,
                                   size_t before_count, const DnRequest *settings, size_t settings_count,
                                   DnErr *err) DN_MUST_USE;

/* The second: the requests in `before` (LOCK TABLE), then all the rest, with help where `helper` isn't NULL.
   The model is complete afterwards, but not ordered. The server may still be at work. */
DnStatus dn_catalog_load_rest(DnCatalog *catalog, DnConn *conn, DnHelper *helper, const DnRequest *before,
                              size_t before_count, DnErr *err) DN_MUST_USE;

/* Takes the last answer: dn_changed_object() knows afterwards what other sessions did meanwhile. */
DnStatus dn_catalog_end(DnCatalog *catalog, DnConn *conn, DnErr *err) DN_MUST_USE;

#endif
