/*
 * privileges.h - GRANT and REVOKE for default privileges, which name no object.
 */
#ifndef DN_SQLGEN_PRIVILEGES_H
#define DN_SQLGEN_PRIVILEGES_H

#include "sqlgen/entry.h"

/* The statements that lead from acl->base to acl->current, each begun with `prefix`
   ("ALTER DEFAULT PRIVILEGES FOR ROLE r "); `objects` is TABLES, SEQUENCES, ... */
void dn_default_privileges_build(DnBuf *sql, const DnRender *render, const char *objects, const char *owner,
                                 const char *prefix, const DnAcl *acl);

#endif
