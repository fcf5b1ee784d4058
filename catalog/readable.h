/*
 * readable.h - rows that we may not read: found with the catalog, before any time is spent on rows.
 *
 * Asked in the queries that read relations and large objects, for superusers nothing. pg_dump's face doesn't
 * ask: it fails where the server refuses.
 */
#ifndef DN_CATALOG_READABLE_H
#define DN_CATALOG_READABLE_H

#include "catalog/fetch.h"

#define DN_SUPERUSER "(SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)"
/* Of the relation c, a DnUnreadable; NULL where it can be read. */
#define DN_UNREADABLE                                                                                        \
    "CASE WHEN " DN_SUPERUSER " OR c.relkind NOT IN ('r', 'p', 'S', 'f') THEN NULL "                         \
    "WHEN NOT pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE') THEN 's' "                            \
    "WHEN NOT pg_catalog.has_table_privilege(c.oid, 'SELECT') THEN 't' "                                     \
    "WHEN c.relrowsecurity AND pg_catalog.row_security_active(c.oid) THEN 'p' END"
/* Whether the large object m can be read. */
#define DN_LARGE_OBJECT_READABLE                                                                             \
    "COALESCE(" DN_SUPERUSER                                                                                 \
    ", false) OR pg_catalog.current_setting('lo_compat_privileges')::pg_catalog.bool "                       \
    "OR pg_catalog.pg_has_role(m.lomowner, 'USAGE') OR EXISTS (SELECT 1 "                                    \
    "FROM pg_catalog.aclexplode(m.lomacl) e WHERE e.privilege_type = 'SELECT' "                              \
    "AND (e.grantee = 0 OR pg_catalog.pg_has_role(e.grantee, 'USAGE')))"

/* Finds extensions without their files on the server. */
extern const DnFetch dn_fetch_missing_extensions;
/* Warns of those that are dumped. */
void dn_readable_tell_missing(DnCatalog *catalog);

/* Whether the table's rows, or the sequence's value, can be read; takes a note where they can't. `rows`: they
   are to be dumped, and not only the definition. */
bool dn_readable(DnCatalog *catalog, const DnRelation *relation, bool rows);
/* The same for large objects, `count` of them from `first`. */
void dn_readable_large_objects(DnCatalog *catalog, const char *first, size_t count);
/* Fails if there were notes, unless such rows are to be skipped: then each is an omission already. */
DnStatus dn_readable_check(DnCatalog *catalog, DnErr *err) DN_MUST_USE;

#endif
