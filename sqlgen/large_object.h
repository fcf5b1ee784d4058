/*
 * large_object.h - large objects: the statement that reads their bytes, and the calls that write them.
 */
#ifndef DN_SQLGEN_LARGE_OBJECT_H
#define DN_SQLGEN_LARGE_OBJECT_H

#include "sqlgen/entry.h"

/* "COPY (...) TO stdout;\n": rows of a large object's OID and some of its bytes in hexadecimal, at most
   DN_LARGE_OBJECT_PIECE of them a row, in order of OID and position; an empty one has one row without
   bytes. */
void dn_large_objects_out(DnBuf *sql, const DnLargeObjectData *data);
/* As many as pg_dump gives to one call of lowrite(). */
enum { DN_LARGE_OBJECT_PIECE = 16384 };

/* What goes around the pieces of one large object, and around each of them. */
void dn_large_object_open(DnBuf *sql, const char *oid, size_t oid_size);
void dn_large_object_write(DnBuf *sql, const DnRender *render, const char *hex, size_t size);
void dn_large_object_close(DnBuf *sql);

#endif
