/*
 * manifest.h - what a dump holds, in figures: FILE.manifest.json, and the same of a live database.
 *
 * The file is JSON. Offsets and lengths are bytes of the plain text, from its beginning; a checksum is XXH3
 * with 128 bits (see common/sum.h).
 *
 *     format          2; checksums of definitions meant another thing in 1
 *     tool, server_version, database, encoding
 *     snapshot        time: when the transaction began (UTC); lsn: how far the server's log was then
 *     options         those of the dump that shape it, by their names in DnDumpOptions; defaults are left out
 *     file            bytes and sha256 of what is stored
 *     plain           bytes
 *     sections        name, offset, bytes, checksum: pre-data with the header, data, post-data with all else
 *     tables          schema, name, offset and bytes of the rows, how many they are, and the sum of their
 *                     checksums (null for INSERTs): the same whatever the order of the rows
 *     objects         type, schema and name as in the headers of the text; checksum of the definition as
 * servers of the newest version spell it (sqlgen/modern.h)
 */
#ifndef DN_DUMPER_MANIFEST_MANIFEST_H
#define DN_DUMPER_MANIFEST_MANIFEST_H

#include "common/buf.h"
#include "common/sum.h"
#include "common/vec.h"

enum { DN_MANIFEST_FORMAT = 2 };

typedef enum DnSpan { DN_SPAN_PRE_DATA, DN_SPAN_DATA, DN_SPAN_POST_DATA, DN_SPAN_COUNT } DnSpan;

extern const char *const dn_span_names[DN_SPAN_COUNT];

typedef struct DnManifestSection {
    uint64_t offset, bytes;
    DnSum sum;
} DnManifestSection;

/* The rows of a table; or the bytes of large objects, for which schema is "", and which have no rows. */
typedef struct DnManifestTable {
    const char *schema, *name;
    uint64_t offset, bytes, rows;
    DnSum sum;
    bool has_sum;
} DnManifestTable;

typedef struct DnManifestObject {
    const char *type, *schema, *name; /* schema may be "" */
    DnSum sum;
} DnManifestObject;

/* The privileges on the schema public are recorded twice: the second time, as an object of this type, without
   what PUBLIC may create there. It counts where one server is older than 15, and the other isn't
   (sqlgen/modern.h). */
#define DN_MANIFEST_PUBLIC     "SCHEMA public"
#define DN_MANIFEST_PUBLIC_ACL "ACL but for CREATE"

/* A zero-initialised one is empty. Names are UTF-8; bytes that aren't are spelled \xNN. */
typedef struct DnManifest {
    DnArena arena;
    const char *tool, *server_version, *database, *encoding;
    const char *snapshot_time, *snapshot_lsn; /* "" = not known */
    const char *options;                      /* JSON, an object */
    uint64_t plain_bytes;
    uint64_t stored_bytes;
    char sha256[65]; /* of what is stored */
    DnManifestSection sections[DN_SPAN_COUNT];
    DN_VEC(DnManifestTable) tables; /* in the order of the dump, and so of their offsets */
    DN_VEC(DnManifestObject) objects;
} DnManifest;

/* PATH.manifest.json; returns owned, NULL when out of memory. */
char *dn_manifest_path(const char *path);

typedef DnStatus (*DnManifestWriteFn)(void *ctx, const char *text, size_t size, DnErr *err);

/* Writes the JSON, in pieces of some 64 KiB. */
DN_MUST_USE DnStatus dn_manifest_write(const DnManifest *manifest, DnManifestWriteFn write, void *ctx,
                                       DnErr *err);
/* Reads a file. DN_E_IO when it can't be read, DN_E_MISMATCH when it is no manifest of this format.
   `manifest` is to be deinitialised in any case. */
DN_MUST_USE DnStatus dn_manifest_read(const char *path, DnManifest *manifest, DnErr *err);
void dn_manifest_deinit(DnManifest *manifest);
/* The server's major version; 0 where it isn't told. */
int dn_manifest_major(const DnManifest *manifest);

/* The options of a dump as JSON, as far as they shape it; patterns are those of `lists`, by DnFilterList. */
void dn_manifest_options_write(DnBuf *json, const DnDumpOptions *options, const char *const *const *lists);
/* The other way: sets what the manifest tells; what it points to lives in the manifest's arena. DN_E_MISMATCH
   for an option that this version does not know. */
DN_MUST_USE DnStatus dn_manifest_options_read(DnManifest *manifest, DnDumpOptions *options, DnErr *err);

/* Text as a JSON string. */
void dn_manifest_string(DnBuf *json, const char *text);
/* A copy in which what is no UTF-8 is spelled \xNN. */
const char *dn_manifest_name(DnManifest *manifest, const char *name);

/* ---- Comparing ------------------------------------------------------------------- */

/* What is between two manifests: `object` is "TABLE public.t", "rows of public.t", ... */
typedef void (*DnDifferenceFn)(void *ctx, const char *object, const char *difference);

typedef struct DnSides {
    const char *here, *there; /* what the two are called: "the dump", "the database" */
} DnSides;

/* Calls `tell` for each difference in objects and rows; returns how many. Sorts both manifests' lists. Stops
   nothing: out of memory is told by the arenas. */
uint64_t dn_manifest_compare(DnManifest *here, DnManifest *there, const DnSides *sides, DnDifferenceFn tell,
                             void *ctx);

#endif
