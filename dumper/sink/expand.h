/*
 * expand.h - what compress.h does, undone: the plain text of a file that is read block by block.
 *
 * Made for looking at a dump again. Where it is damaged the text merely ends; so it may where only the
 * method's own checksum, behind the text, tells of it: ask dn_expander_is_whole() then.
 */
#ifndef DN_DUMPER_SINK_EXPAND_H
#define DN_DUMPER_SINK_EXPAND_H

#include <stdbool.h>
#include <stddef.h>

#include "include/dumpnative.h"

typedef struct DnExpander DnExpander;

/* Gets some of the plain text. */
typedef void (*DnTextFn)(void *ctx, const char *text, size_t size);

/* The first member of each method's own struct. */
struct DnExpander {
    void (*add)(DnExpander *expander, const char *bytes, size_t size, DnTextFn text, void *ctx);
    void (*free)(DnExpander *expander);
    bool damaged; /* `add` does nothing any more */
    bool inside;  /* of a member or frame that has not ended yet */
};

/* Looks at the file's first bytes, 8 of them where it has as many; *out is NULL for what is not compressed,
   else owned. DN_E_USAGE when this build lacks the method, DN_E_MISMATCH for what is known not to be plain
   SQL. */
DN_MUST_USE DnStatus dn_expander_open(const char *bytes, size_t size, DnExpander **out, DnErr *err);
/* All that was added is sound, and ends where it should. Takes NULL, of which it is true. */
bool dn_expander_is_whole(const DnExpander *expander);
/* Takes NULL. */
void dn_expander_free(DnExpander *expander);

/* The methods'; NULL when out of memory. */
DnExpander *dn_gzip_expander_new(void);
DnExpander *dn_zstd_expander_new(void);
DnExpander *dn_lz4_expander_new(void);

#endif
