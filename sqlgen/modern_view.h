/*
 * modern_view.h - the query of a view as 16 and newer servers spell it.
 */
#ifndef DN_SQLGEN_MODERN_VIEW_H
#define DN_SQLGEN_MODERN_VIEW_H

#include "common/buf.h"

/*
 * Appends the statement. Until 15 the server put the table's name before each column of a view: to it each
 * view read at least three tables, two of them the rows that a rule calls OLD and NEW. Since 16 it leaves the
 * name out where the outermost query reads just one table.
 */
void dn_modern_view(DnBuf *sql, const char *text, size_t size, bool standard_strings);

#endif
