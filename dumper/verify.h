/*
 * verify.h - dn_verify() in two steps, for whoever wants to use what is beside a dump while it is read; and
 * for a file that may have no digest beside it.
 */
#ifndef DN_DUMPER_VERIFY_H
#define DN_DUMPER_VERIFY_H

#include "include/dumpnative.h"

/* The rows of a table in the plain text of a dump, without the line \. behind them. */
typedef struct DnRowsPlace {
    uint64_t offset, bytes, rows;
} DnRowsPlace;

/* A dump, and what stands beside it. */
typedef struct DnProof {
    int fd;                    /* the one file that is verified, for pread() */
    bool proven;               /* by a digest or a manifest */
    const DnRowsPlace *places; /* as the manifest tells, in the order of the text, not overlapping */
    size_t count;
} DnProof;

typedef struct DnVerify DnVerify;

/* Opens the dump, and reads its digest and its manifest; without `needs_digest`, a PATH.sha256 that is not
   there is no error. Returns owned in *verify, NULL on failure. Borrows `path` until it is closed. */
DN_MUST_USE DnStatus dn_verify_open(const char *path, bool needs_digest, DnVerify **verify, DnErr *err);
/* What it is held against. Nothing of it may be relied on until dn_verify_read() has come to DN_OK: then each
   place holds as many lines, and none of them is "\.". Borrowed until it is closed. */
DnProof dn_verify_proof(const DnVerify *verify);
/* Reads the dump, once, from any thread; as dn_verify(). */
DN_MUST_USE DnStatus dn_verify_read(DnVerify *verify, DnCancel *cancel, DnVerifyResult *result, DnErr *err);
/* DN_E_MISMATCH when the file was written to since it was opened. One that took its name is another file. */
DN_MUST_USE DnStatus dn_verify_unchanged(const DnVerify *verify, DnErr *err);
/* Takes NULL. */
void dn_verify_close(DnVerify *verify);

#endif
