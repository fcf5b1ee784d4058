/*
 * privileges.h - GRANT and REVOKE for default privileges, which name no object.
 */
#ifndef DN_SQLGEN_PRIVILEGES_H
#define DN_SQLGEN_PRIVILEGES_H

#include "sqlgen/entry.h"

/* The statements that lead from what is built in to these default privileges, each begun with `prefix`
   ("ALTER DEFAULT PRIVILEGES FOR ROLE r "). */
void dn_default_privileges_build(DnBuf *sql, const DnRender *render, const DnDefaultAcl *defaults,
                                 const char *prefix);

#endif
