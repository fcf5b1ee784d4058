/*
 * position.h - in a query, whether a.b is schema.name or table.column, as far as that can be told from where
 * it stands.
 *
 * PostgreSQL spells the queries of views, rules, policies and SQL functions itself, with parentheses around
 * joins and their conditions: so a relation stands behind FROM, JOIN, INTO and their like, or behind a comma
 * of a list that one of these has begun; a type behind "::"; and what has an argument list is a function.
 */
#ifndef DN_RESTORE_POSITION_H
#define DN_RESTORE_POSITION_H

#include "common/token.h"

typedef struct DnPosition {
    bool query;   /* a query has begun: before it everything with a dot has a schema */
    DnBuf levels; /* of parentheses: flags of each */
    DnToken last, before_last;
} DnPosition;

/* To be told of each token, in its turn. */
void dn_position_add(DnPosition *position, DnToken token);
/* Whether a relation, type or operator may come next; a function is told by what comes behind it. */
bool dn_position_is_object(const DnPosition *position);
void dn_position_deinit(DnPosition *position);

#endif
