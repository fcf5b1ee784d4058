/*
 * header.h - the comment that pg_dump, and we, write before each object:
 *
 *     -- Name: orders; Type: TABLE; Schema: shop; Owner: me; Tablespace: fast
 *     -- Data for Name: orders; Type: TABLE DATA; Schema: shop; Owner: me
 *
 * It is a comment: what it says is good for telling people and for an order of work, never for what is run.
 */
#ifndef DN_RESTORE_HEADER_H
#define DN_RESTORE_HEADER_H

#include <stdbool.h>
#include <stddef.h>

/* A part of a text; no NUL behind it. */
typedef struct DnSlice {
    const char *text;
    size_t size;
} DnSlice;

typedef struct DnHeader {
    DnSlice name, type, schema, owner; /* within the comment; empty where it has none, as for "-" */
} DnHeader;

bool dn_slice_is(DnSlice slice, const char *text);
/* The last header in text[0, size), comments and blanks before a statement. */
bool dn_header_find(const char *text, size_t size, DnHeader *header);

#endif
