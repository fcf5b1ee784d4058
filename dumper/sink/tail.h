/*
 * tail.h - the last bytes of a dump's plain text, and whether they are those of a whole one.
 */
#ifndef DN_DUMPER_SINK_TAIL_H
#define DN_DUMPER_SINK_TAIL_H

#include <stdbool.h>
#include <stddef.h>

#define DN_CLOSING "-- PostgreSQL database dump complete"

/* Enough for the closing comment, a \unrestrict line and empty lines. */
enum { DN_TAIL_SIZE = 8 * 1024 };

/* Zero-initialise. */
typedef struct DnTail {
    char bytes[DN_TAIL_SIZE];
    size_t size;
} DnTail;

void dn_tail_add(DnTail *tail, const char *bytes, size_t size);
bool dn_tail_closes(const DnTail *tail);
/* It is what pg_dumpall writes. */
bool dn_tail_is_cluster(const DnTail *tail);
/* The last line is RESET ALL: so ends what `supabase db dump` writes, which takes comments out. */
bool dn_tail_resets(const DnTail *tail);

#endif
