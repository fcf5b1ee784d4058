/*
 * modern.h - definitions that the server itself spells, brought to the spelling of the newest servers.
 *
 * Checksums are made of it, so that a definition has the same one whichever version's server told it. Nothing
 * that could mean something else is treated as the same: what is changed here is what a newer server would
 * have written in its place.
 */
#ifndef DN_SQLGEN_MODERN_H
#define DN_SQLGEN_MODERN_H

#include "catalog/model/model.h"
#include "common/buf.h"

/* Sets `sql` to the text, a statement or a tag of an entry of that type ("VIEW"), as a server of the newest
   version would spell it. */
void dn_modern_text(DnBuf *sql, const DnModel *model, const char *desc, const char *text, size_t size);

#endif
