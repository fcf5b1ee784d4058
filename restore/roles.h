/*
 * roles.h - where a statement names roles: OWNER TO, GRANT, REVOKE, ALTER DEFAULT PRIVILEGES, AUTHORIZATION,
 * policies, user mappings. What stands in strings and function bodies is none.
 */
#ifndef DN_RESTORE_ROLES_H
#define DN_RESTORE_ROLES_H

#include "common/token.h"

typedef enum DnRoleUse {
    DN_ROLE_OWNER, /* ALTER ... OWNER TO, CREATE SCHEMA ... AUTHORIZATION */
    DN_ROLE_GRANT, /* GRANT, REVOKE, ALTER DEFAULT PRIVILEGES */
    DN_ROLE_OTHER  /* the session's user, policies, user mappings */
} DnRoleUse;

/* Gets each role's token, a WORD or QUOTED, or the STRING of SET SESSION AUTHORIZATION 'name'. PUBLIC,
   CURRENT_USER and their like are no roles. */
typedef void (*DnRoleFn)(void *ctx, DnToken token, DnRoleUse use);

void dn_roles_find(const char *statement, size_t size, bool standard_strings, DnRoleFn role, void *ctx);

#endif
