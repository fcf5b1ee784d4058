/*
 * rewrite.h - what options change in a dump's statements before they run: owners and privileges left out,
 * roles and schemas by other names. Names are changed as tokens; strings and function bodies stay what they
 * are.
 */
#ifndef DN_RESTORE_REWRITE_H
#define DN_RESTORE_REWRITE_H

#include "restore/reader.h"

/* Whether the options leave the statement out (options->no_owner, no_privileges). */
bool dn_rewrite_skips(const DnRestoreOptions *options, const DnSqlItem *item);
/* The statement to run: that of the item, or with options->role_map or schema_map one that is put into
   `changed`, which is the caller's. NULL when memory is out. */
const char *dn_rewrite(const DnRestoreOptions *options, const DnSqlItem *item, DnBuf *changed);
/* The same for options->schema_map alone, of a statement or a mere name with its schema. */
const char *dn_rewrite_text(const DnRestoreOptions *options, const char *sql, bool standard_strings,
                            DnBuf *changed);

#endif
