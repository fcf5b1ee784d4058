/*
 * binary_types.h - which rows COPY can carry in its binary form from any version of the server to any other.
 */
#ifndef DN_DUMPER_BINARY_TYPES_H
#define DN_DUMPER_BINARY_TYPES_H

#include "catalog/model/model.h"

/* Whether all columns that COPY gives are of built-in types whose binary form has no OID of this database in
   it, and is the same from 12 to the newest version. */
bool dn_binary_types(const DnRelation *table);

#endif
