/*
 * check.h - holds the plain text of a dump against its manifest, while it goes by.
 */
#ifndef DN_DUMPER_MANIFEST_CHECK_H
#define DN_DUMPER_MANIFEST_CHECK_H

#include "dumper/manifest/manifest.h"

typedef struct DnManifestCheck {
    const DnManifest *manifest;
    DnSumStream *stream; /* of the section in work */
    DnBuf line;          /* the beginning of a row whose end has not come yet */
    DnBuf bad, bad_rows; /* what was found to differ */
    uint64_t at;         /* how much has passed */
    uint64_t rows;       /* of the table in work */
    DnSum sum;           /* of these */
    bool mark;           /* one of these is the line \., which ends rows */
    size_t table;        /* the first that is not over */
    int span;            /* the section in work */
} DnManifestCheck;

/* Whether the table's rows are looked at: large objects are statements, which their section tells of, and so
   are rows that are INSERTs. */
bool dn_manifest_check_sees(const DnManifestTable *table);
/* Borrows the manifest, whose tables are in the order of their offsets. */
DN_MUST_USE DnStatus dn_manifest_check_init(DnManifestCheck *check, const DnManifest *manifest, DnErr *err);
void dn_manifest_check_add(DnManifestCheck *check, const char *text, size_t size);
/* The text is over: what of it is not what the manifest tells, such as "the section data, rows of public.t",
   or
   "". Borrowed until deinit. */
DN_MUST_USE DnStatus dn_manifest_check_end(DnManifestCheck *check, const char **bad, DnErr *err);
/* Takes a zero-initialised one. */
void dn_manifest_check_deinit(DnManifestCheck *check);

#endif
