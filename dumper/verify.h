/*
 * verify.h - dn_verify() for a file that may have no digest beside it.
 */
#ifndef DN_DUMPER_VERIFY_H
#define DN_DUMPER_VERIFY_H

#include "include/dumpnative.h"

/* As dn_verify(); without `needs_digest`, a PATH.sha256 that is not there is no error. */
DN_MUST_USE DnStatus dn_verify_dump(const char *path, bool needs_digest, DnCancel *cancel,
                                    DnVerifyResult *result, DnErr *err);
/* Whether there is a digest or a manifest beside the file. */
bool dn_verify_can(const char *path);

#endif
