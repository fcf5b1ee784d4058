/*
 * default.h - the expressions of column defaults.
 */
#ifndef DN_SQLGEN_DEFAULT_H
#define DN_SQLGEN_DEFAULT_H

#include "sqlgen/entry.h"

/* What stands after DEFAULT, or in the parentheses of a generated column. */
void dn_default_expression(DnBuf *buf, const DnRender *render, const DnDefault *d);

#endif
