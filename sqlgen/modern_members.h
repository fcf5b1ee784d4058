/*
 * modern_members.h - operator classes and families with the members that servers since 14 would give them.
 *
 * Until 13 all that CREATE OPERATOR CLASS names belongs to the class. Since 14 the access method decides:
 * what the class can do without is loose in its family, whichever statement made it.
 */
#ifndef DN_SQLGEN_MODERN_MEMBERS_H
#define DN_SQLGEN_MODERN_MEMBERS_H

#include "catalog/model/model.h"
#include "common/buf.h"

/*
 * Appends what the definition of an operator class or family says, for a checksum: it is no statement.
 * Members are as a server of the newest version has them once the model's dump is restored there, in an order
 * that doesn't depend on OIDs. `scratch` gets what is needed on the way.
 */
void dn_modern_members(DnBuf *sql, DnArena *scratch, const DnModel *model, const DnObject *object);

#endif
