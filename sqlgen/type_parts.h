/*
 * type_parts.h - the statements for the different sorts of types, put together by type.c.
 */
#ifndef DN_SQLGEN_TYPE_PARTS_H
#define DN_SQLGEN_TYPE_PARTS_H

#include "sqlgen/entry.h"

/* Each appends a CREATE statement; `name` is the quoted, qualified name. */
void dn_type_base(DnBuf *sql, const DnRender *render, const DnType *type, const char *name);
void dn_type_domain(DnBuf *sql, const DnRender *render, const DnType *domain, const char *name);

/* COMMENT ON CONSTRAINT ... ON DOMAIN for the constraints that CREATE DOMAIN has brought. */
void dn_domain_constraint_comments(const DnRender *render, const DnType *type, DnEntries *entries);

#endif
