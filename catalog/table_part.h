/*
 * table_part.h - what the objects that hang on a table take from it.
 */
#ifndef DN_CATALOG_TABLE_PART_H
#define DN_CATALOG_TABLE_PART_H

#include "catalog/model/model.h"

/* Indexes, constraints, triggers and rules have no owner of their own, and are dumped as their table is. */
static inline void dn_follow_table(DnObject *object, const DnRelation *table) {
    object->owner = table->object.owner;
    object->dump = table->object.dump;
}

static inline bool dn_table_defined(const DnRelation *table) {
    return table && (table->object.dump & DN_PART_DEFINITION);
}

#endif
