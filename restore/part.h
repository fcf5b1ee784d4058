/*
 * part.h - which table, view or sequence a statement is a part of: its definition, its rows, an index, a
 * trigger, who owns it, ... It is told by the statement's words, not by the comment before it.
 *
 * Relations are "schema, a line end, name", with "" for a schema that isn't told.
 */
#ifndef DN_RESTORE_PART_H
#define DN_RESTORE_PART_H

#include "restore/reader.h"

typedef struct DnPart {
    bool session;   /* SET and its like, BEGIN, COMMIT: about no object, but needed by those behind it */
    bool defines;   /* it makes the relation, or has rows of it */
    DnBuf relation; /* that it is a part of; "" = none */
    DnBuf other;    /* a second one, without which it makes no sense; "" = none */
    DnBuf made;     /* index, constraint, statistics or sequence that `relation` has by it; "" = none */
    bool made_sequence;
} DnPart;

/* Out of memory is told by the buffers. Deinit in any case. */
void dn_part_find(DnPart *part, const DnSqlItem *item);
bool dn_part_failed(const DnPart *part);
void dn_part_deinit(DnPart *part);

#endif
