/*
 * needs.h - what a dump needs of its target, and what must not be there yet: found in one scan of the file,
 * and asked for in one round trip, so that all of it is known before anything is changed.
 */
#ifndef DN_RESTORE_NEEDS_H
#define DN_RESTORE_NEEDS_H

#include "common/map.h"
#include "common/vec.h"
#include "restore/drops.h"
#include "restore/run.h"
#include "restore/schema_notes.h"
#include "restore/selected.h"
#include "restore/text_check.h"

typedef enum DnNeedKind {
    DN_NEED_ROLE,
    DN_NEED_EXTENSION,
    DN_NEED_TABLESPACE,
    DN_NEED_COLLATION, /* of the system: "schema, a line end, name", as those below */
    DN_NEED_SCHEMA,
    DN_NEED_RELATION,  /* of options->only_tables: that a foreign key refers to */
    DN_NEED_NO_SCHEMA, /* it is created, so it must not be there */
    DN_NEED_NO_RELATION,
    DN_NEED_NO_TYPE,
    DN_NEED_NO_DATABASE,
    DN_NEED_COUNT
} DnNeedKind;

typedef struct DnNeeds {
    DnArena arena;
    DN_VEC(const char *) names[DN_NEED_COUNT];
    const DnRestoreOptions *options; /* what they leave out isn't needed; set by the caller */
    const DnSelected *selected;      /* the part that is restored, NULL = all of it; likewise */
    DnMap seen;                      /* by kind and name */
    bool drops;                      /* it drops what is in its way (--clean) */
    int source_major;                /* of the server that was dumped; 0 = it doesn't tell */
    DnDrops clean;                   /* of options->clean; nothing when the dump drops itself */
    DnSchemaNotes schemas;           /* of options->schema_map */
    const char *encoding;            /* SET client_encoding; NULL = the dump doesn't tell */
    DnTextCheck text;
    const DnProof *proof; /* the file, and where rows may be passed over; set by the caller */
    bool passed_rows;     /* some were: their characters are not in `text` */
    uint64_t statements, tables;
    DnRun look; /* without a session: refuses what no restore takes */
} DnNeeds;

/* Scans the file of the options. Deinit in any case. */
DN_MUST_USE DnStatus dn_needs_read(DnNeeds *needs, DnErr *err);
/* Takes note of one statement or COPY. */
void dn_needs_take(DnNeeds *needs, const DnSqlItem *item);
/* Takes note of all of the text, and of each item. DN_E_MISMATCH for one that is refused: look.h. */
void dn_needs_text(DnNeeds *needs, const DnSqlReader *reader, const char *text, size_t size);
DN_MUST_USE DnStatus dn_needs_item(DnNeeds *needs, const DnSqlItem *item, DnErr *err);
/* All of the dump was seen. DN_E_MISMATCH when it ends too early, or options->schema_map doesn't fit it. */
DN_MUST_USE DnStatus dn_needs_end(DnNeeds *needs, DnErr *err);
/* Asks the target, tells each problem as a warning, and fails with DN_E_MISMATCH when there is one, unless
   options->go_on. What is in the way doesn't count for a restore that is resumed. */
DN_MUST_USE DnStatus dn_needs_check(const DnNeeds *needs, DnRun *run, DnErr *err);
/* The part of it that is about characters, and damage that shows in them; adds to *problems. */
DN_MUST_USE DnStatus dn_needs_check_encoding(const DnNeeds *needs, DnRun *run, size_t *problems, DnErr *err);
/* Tells, as a warning, which text of functions options->schema_map leaves as it is. */
void dn_needs_tell_texts(const DnSchemaNotes *schemas, const DnRun *run);
void dn_needs_deinit(DnNeeds *needs);

#endif
