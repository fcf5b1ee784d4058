/*
 * by_name.h - the order of objects by kind, schema and name, before dependencies have their say.
 */
#ifndef DN_CATALOG_MODEL_BY_NAME_H
#define DN_CATALOG_MODEL_BY_NAME_H

#include "catalog/model/model.h"

/* Compares two objects by kind, schema, name and what else tells them apart. */
int dn_compare_objects(const DnModel *model, const DnObject *a, const DnObject *b);

/* Fills `list` with all objects of the model in that order; false without memory for it. */
bool dn_sort_by_name(const DnModel *model, DnArena *scratch, DnObject **list);

#endif
