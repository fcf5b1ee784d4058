/*
 * schema_notes.h - whether --schema-map fits a dump: what of it the dump has, and what would run into each
 * other.
 */
#ifndef DN_RESTORE_SCHEMA_NOTES_H
#define DN_RESTORE_SCHEMA_NOTES_H

#include "common/buf.h"
#include "common/map.h"
#include "restore/reader.h"

typedef struct DnSchemaNotes {
    const char *const *pairs; /* of options->schema_map; NULL = none, and nothing to do */
    DnArena arena;
    DnMap own, made; /* schemas that the dump puts something into; those it creates */
    bool *used;      /* by pair: the dump names it */
    DnBuf texts;     /* what dn_schemas_in_strings() has found */
} DnSchemaNotes;

/* DN_E_USAGE when the pairs make no sense by themselves. */
DN_MUST_USE DnStatus dn_schema_notes_check_pairs(const char *const *pairs, DnErr *err);
/* DnSchemaFn for a list of pairs. */
const char *dn_schema_notes_other(void *ctx, const char *name);

void dn_schema_notes_init(DnSchemaNotes *notes, const char *const *pairs);
void dn_schema_notes_deinit(DnSchemaNotes *notes);
/* Takes note of a statement or COPY, as the dump has it. */
void dn_schema_notes_take(DnSchemaNotes *notes, const DnSqlItem *item);
/* All of the dump was seen: DN_E_MISMATCH when it has no such schema, or the other name is taken in it. */
DN_MUST_USE DnStatus dn_schema_notes_check(const DnSchemaNotes *notes, DnErr *err);
/* Whether that of the pair is to be there already, since the dump has the schema and doesn't create it. */
bool dn_schema_notes_needs(const DnSchemaNotes *notes, size_t pair);

#endif
