/*
 * constraint.h - the comments of constraints that stand inside CREATE TABLE.
 */
#ifndef DN_SQLGEN_CONSTRAINT_H
#define DN_SQLGEN_CONSTRAINT_H

#include "sqlgen/entry.h"

/* COMMENT ON CONSTRAINT for each CHECK that the table's own CREATE TABLE holds; goes after the table. */
void dn_render_check_comments(const DnRender *render, const DnRelation *table, DnEntries *entries);

#endif
