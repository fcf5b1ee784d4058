/*
 * table_part.h - what the renderers of indexes, constraints, triggers, rules and policies share.
 */
#ifndef DN_SQLGEN_TABLE_PART_H
#define DN_SQLGEN_TABLE_PART_H

#include "sqlgen/entry.h"

/* "CREATE" goes into a dump of this object: its flags ask for it. (Data-only dumps render nothing of it.) */
static inline bool dn_part_defined(const DnObject *object) {
    return (object->dump & DN_PART_DEFINITION) != 0;
}

/* An entry tagged "<owner's name> <name>": names of constraints, triggers and the like are unique only
   within the table or domain that they belong to. */
DnEntry *dn_part_entry(DnEntries *entries, const DnObject *object, const DnObject *belongs_to,
                       const char *desc);

/* "TABLE public.t" or "FOREIGN TABLE public.t", with "ONLY " before the name when asked for. */
void dn_part_table(DnBuf *buf, const DnRender *render, const DnRelation *table, bool only);

/* COMMENT ON <type> <name> ON <belongs_to>, where the flags ask for it. `on` is "ON" or "ON DOMAIN". */
void dn_part_comment(const DnRender *render, const DnObject *object, const char *type, const char *on,
                     const DnObject *belongs_to, DnEntries *entries);

/* What ALTER says to bring a trigger, or an event trigger, into that state (tgenabled, evtenabled). */
const char *dn_part_state(char enabled);

/* " WITH (a=1, b='x y')" of reloptions as text[] output; nothing when there are none. */
void dn_part_options(DnBuf *buf, const DnRender *render, const char *options);

/* ALTER <type> <name> DEPENDS ON EXTENSION, for each. 17's puts the newline
   before the statement, not behind it. */
void dn_part_extensions(DnBuf *buf, const DnRender *render, const DnObject *object, const char *type,
                        const char *name);

#endif
