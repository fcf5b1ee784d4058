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

/* Sets `sql` to the text, the statements of an entry of that type ("VIEW"), as a server of the newest version
   would spell it. */
void dn_modern_text(DnBuf *sql, const DnModel *model, const char *desc, const char *text, size_t size);
/* Appends the text, such as "TABLE z.t", whose names are quoted where they have to be, with one spelling of
   these: names that are keywords to some versions only are without quotes. */
void dn_modern_names(DnBuf *sql, const char *text, size_t size);

/*
 * Appends the privileges on the schema public, as its entry has them, but for what PUBLIC may create there:
 * until 14 each new database grants that, and since 15 none, so that the entries tell it as a change to one
 * or the other. "" where nothing else was changed.
 */
void dn_modern_public_acl(DnBuf *sql, const char *text, size_t size);

#endif
