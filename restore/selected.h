/*
 * selected.h - the part of a dump that --only-table asks for: tables, views and sequences whose names match,
 * each with all that is a part of it (part.h), and the sequences that its columns own.
 *
 * Patterns are [SCHEMA.]NAME with * and ? as wildcards; letters are lower case outside of double quotes, and
 * nothing is a wildcard within them. What else a table needs (its schema, types, functions) is no part of it.
 */
#ifndef DN_RESTORE_SELECTED_H
#define DN_RESTORE_SELECTED_H

#include "common/map.h"
#include "dumper/verify.h"
#include "restore/reader.h"

typedef struct DnSelected {
    DnArena arena;
    const char *const *patterns; /* end with NULL */
    DnMap owners;                /* of what belongs to another relation: selected.c */
    bool *matched;               /* by pattern */
} DnSelected;

/* Reads the file once, of which `proof` tells. DN_E_NO_MATCH when a pattern fits nothing in it. Deinit in any
   case. */
DN_MUST_USE DnStatus dn_selected_read(DnSelected *selected, const DnRestoreOptions *options,
                                      const DnProof *proof, DnErr *err);
void dn_selected_deinit(DnSelected *selected);
/* Whether the statement is to be run; true for NULL. *failed is set when memory is out. */
bool dn_selected_has(const DnSelected *selected, const DnSqlItem *item, bool *failed);
/* Whether the relation, "schema, a line end, name", is. */
bool dn_selected_has_relation(const DnSelected *selected, const char *relation);

/* Whether the pattern fits. */
bool dn_selected_fits(const char *pattern, const char *schema, const char *name);

#endif
