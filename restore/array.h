/*
 * array.h - PostgreSQL's text form of an array of texts.
 */
#ifndef DN_RESTORE_ARRAY_H
#define DN_RESTORE_ARRAY_H

#include "common/buf.h"

/* Appends {"a","b\"c"}. */
void dn_array_of(const char *const *items, size_t count, DnBuf *array);

#endif
