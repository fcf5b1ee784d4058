/*
 * kind.h - lookups in the table of kinds.
 */
#ifndef DN_CATALOG_MODEL_KIND_H
#define DN_CATALOG_MODEL_KIND_H

#include "catalog/model/object.h"

/* What becomes of an object that the selection needs and doesn't have. */
typedef enum DnNeed { DN_NEED_NONE, DN_NEED_ALONG, DN_NEED_TOLD } DnNeed;

int dn_kind_priority(DnKind kind);
/* DN_PRE_DATA, DN_DATA or DN_POST_DATA. */
unsigned dn_kind_section(DnKind kind);
DnNeed dn_kind_need(DnKind kind);
uint32_t dn_kind_class(DnKind kind);
/* The section in which this object is written: its kind's, but for what can be part of another object's
   statement (0: it stands nowhere itself) and for definitions that had to be postponed. */
unsigned dn_object_section(const DnObject *object);
/* "FK_CONSTRAINT", for messages. */
const char *dn_kind_name(DnKind kind);

#endif
