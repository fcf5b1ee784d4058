/*
 * dump.h - dn_dump() for those who want no text, but what a manifest tells.
 */
#ifndef DN_DUMPER_DUMP_H
#define DN_DUMPER_DUMP_H

#include "dumper/manifest/manifest.h"

/* Reads as dn_dump() does, and fills the manifest in place of writing the dump anywhere. No file, no hash of
   the text. Where the server is newer than the major version `spelled_as` (0 = any), its definitions are
   those of a dump of that version. `manifest` is to be deinitialised in any case. */
DN_MUST_USE DnStatus dn_dump_record(const DnDumpOptions *options, int spelled_as, DnManifest *manifest,
                                    DnErr *err);
/* Connects as dn_dump() does, only to learn the server's major version. */
DN_MUST_USE DnStatus dn_dump_major(const DnDumpOptions *options, int *major, DnErr *err);

#endif
