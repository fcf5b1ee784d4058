/* large_object.h - large objects: what is known of them, and their bytes. */
#ifndef DN_CATALOG_MODEL_LARGE_OBJECT_H
#define DN_CATALOG_MODEL_LARGE_OBJECT_H

#include "catalog/model/object.h"

/*
 * What is created by one entry: until 16 one large object, since 17 those that have owner and privileges in
 * common. Its name is the OID, or "first..last". A member carries the comment and the labels; in a group it
 * is found by its address alone, not in the model's list of objects.
 */
typedef struct DnLargeObjects {
    DnObject object;
    DN_VEC(DnObject *) members; /* by ascending OID */
} DnLargeObjects;

/* The bytes. */
typedef struct DnLargeObjectData {
    DnObject object;             /* name = the group's, or BLOBS */
    const DnLargeObjects *group; /* NULL until 16: all large objects, unless some can't be read */
} DnLargeObjectData;

#endif
