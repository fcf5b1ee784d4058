/*
 * relation.h - what the renderers of tables and views share.
 */
#ifndef DN_SQLGEN_RELATION_H
#define DN_SQLGEN_RELATION_H

#include "sqlgen/entry.h"

/* COMMENT ON <desc> and on each column that has one. */
void dn_render_relation_comments(const DnRender *render, const DnRelation *relation, const char *desc,
                                 DnEntries *entries);
/* GRANT and REVOKE on the relation, then on its columns. */
void dn_render_relation_acls(const DnRender *render, const DnRelation *relation, DnEntries *entries);

/* SECURITY LABEL on the relation and on its columns: one entry. */
void dn_render_relation_labels(const DnRender *render, const DnRelation *relation, const char *desc,
                               DnEntries *entries);

#endif
