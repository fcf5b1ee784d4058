/*
 * repair.h - breaks circles of dependencies.
 */
#ifndef DN_CATALOG_MODEL_REPAIR_H
#define DN_CATALOG_MODEL_REPAIR_H

#include "catalog/model/model.h"

/* Takes an edge out of the circle loop[0] -> loop[1] -> ... -> loop[0], each depending on the next, so that
   the dump still restores. False when no repair fits: then one edge is dropped all the same. */
bool dn_repair_loop(DnModel *model, DnObject **loop, size_t count);

#endif
