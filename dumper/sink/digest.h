/*
 * digest.h - the file that stands beside a dump: one line as sha256sum writes it and `sha256sum -c` reads it.
 */
#ifndef DN_DUMPER_SINK_DIGEST_H
#define DN_DUMPER_SINK_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

/* Behind the path of the dump. */
#define DN_DIGEST_SUFFIX ".sha256"

/* The last part of a path; "" when it ends with a slash. Borrowed from `path`. */
const char *dn_digest_name(const char *path);
/* PATH.sha256; returns owned, NULL when out of memory. */
char *dn_digest_path(const char *path);
/* Appends the line for the file `name`. */
void dn_digest_render(DnBuf *buf, const char *sha256, const char *name);
/* Takes the digest, in lower case, out of a file's text; false when it is not one such line.
   The name in it may be any: a dump may be renamed together with its digest. */
bool dn_digest_parse(const char *text, size_t size, char sha256[65]);

#endif
