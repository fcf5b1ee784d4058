/*
 * record.h - writes down what goes into a dump, while it goes by.
 *
 * Each byte of the plain text passes dn_recorder_text() once, in order; the other functions say what the
 * bytes to come, or the last ones, are. All of them take a NULL recorder, which writes nothing down. Out of
 * memory is told by dn_recorder_end().
 */
#ifndef DN_DUMPER_MANIFEST_RECORD_H
#define DN_DUMPER_MANIFEST_RECORD_H

#include "dumper/manifest/manifest.h"
#include "sqlgen/entry.h"

typedef struct DnRecorder {
    DnManifest *manifest;
    const DnModel *model;
    DnSumStream *stream; /* of the span in work */
    DnSpan span;
    uint64_t at; /* how much has passed */
    DnBuf scratch;
} DnRecorder;

/* Borrows the manifest. */
DN_MUST_USE DnStatus dn_recorder_init(DnRecorder *recorder, DnManifest *manifest, DnErr *err);
void dn_recorder_deinit(DnRecorder *recorder);

/* Who, and of what; called once, before all that follows. Borrows the model. `options` is JSON. */
void dn_recorder_head(DnRecorder *recorder, const char *tool, const DnModel *model, const char *options);
/* What comes now belongs to this section: DN_PRE_DATA, ... A section that is over does not come back. */
void dn_recorder_section(DnRecorder *recorder, unsigned section);
void dn_recorder_text(DnRecorder *recorder, const void *bytes, size_t size);
/* An entry that is not data. */
void dn_recorder_object(DnRecorder *recorder, const DnEntry *entry);
/* The rows of a data entry come now; `has_sum` says whether their sum will be known. */
void dn_recorder_rows_begin(DnRecorder *recorder, const DnEntry *entry, bool has_sum);
void dn_recorder_rows_end(DnRecorder *recorder, uint64_t rows, DnSum sum);
/* All has passed. */
DN_MUST_USE DnStatus dn_recorder_end(DnRecorder *recorder, DnErr *err);

#endif
