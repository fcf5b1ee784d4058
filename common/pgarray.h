/*
 * pgarray.h - reads PostgreSQL's text form of one-dimensional arrays: {a,"b \"c\"",NULL}.
 */
#ifndef DN_COMMON_PGARRAY_H
#define DN_COMMON_PGARRAY_H

#include "common/arena.h"

/* The number of elements; *items (in `arena`) holds a string each, NULL for a NULL element.
   -1 when the text is not such an array, or out of memory. NULL text counts as an empty array. */
int dn_pgarray_split(DnArena *arena, const char *text, const char ***items);

#endif
