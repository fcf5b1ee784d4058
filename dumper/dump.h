/*
 * dump.h - dn_dump() for those who want no text, but what a manifest tells.
 */
#ifndef DN_DUMPER_DUMP_H
#define DN_DUMPER_DUMP_H

#include "dumper/manifest/manifest.h"

/* Reads as dn_dump() does, and fills the manifest in place of writing the dump anywhere. No file, no hash of
   the text. `manifest` is to be deinitialised in any case. */
DN_MUST_USE DnStatus dn_dump_record(const DnDumpOptions *options, DnManifest *manifest, DnErr *err);

#endif
