/*
 * view_text.h - the text of a view, as CREATE VIEW and CREATE OR REPLACE VIEW have it.
 */
#ifndef DN_SQLGEN_VIEW_TEXT_H
#define DN_SQLGEN_VIEW_TEXT_H

#include "sqlgen/entry.h"

/* "public.v WITH (options) AS\n SELECT ...\n  WITH LOCAL CHECK OPTION;\n". */
void dn_view_text(DnBuf *buf, const DnRender *render, const DnRelation *view);
/* "public.v AS\nSELECT\n    NULL::integer AS id, ...;\n": the same columns, without need of anything but
   their types. For views that need each other in a circle. */
void dn_view_shell_text(DnBuf *buf, const DnRender *render, const DnRelation *view);

#endif
