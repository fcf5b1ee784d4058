/*
 * inherit.h - what a child table's columns get from its parents, and so need not say themselves.
 */
#ifndef DN_CATALOG_INHERIT_H
#define DN_CATALOG_INHERIT_H

#include "catalog/model/model.h"

/* Once columns and defaults of all interesting relations are known: marks NOT NULLs that are inherited,
   writes DEFAULT NULL where a child dropped its parent's default, and leaves out generation expressions
   that the parent brings. */
void dn_inherit_columns(DnModel *model);

#endif
