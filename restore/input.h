/*
 * input.h - the plain text of a dump, from a file or a pipe, compressed or not.
 */
#ifndef DN_RESTORE_INPUT_H
#define DN_RESTORE_INPUT_H

#include <stddef.h>

#include "include/dumpnative.h"

typedef DnStatus (*DnInputFn)(void *ctx, const char *text, size_t size, DnErr *err);

/* Reads `path`, or `fd` when that is NULL, to its end, or until `text` fails. Waiting at a pipe ends when the
   cancel handle fires. */
DN_MUST_USE DnStatus dn_input_read(const char *path, int fd, DnCancel *cancel, DnInputFn text, void *ctx,
                                   DnErr *err);

/* The same of a file that is not compressed, else DN_E_MISMATCH. */
DN_MUST_USE DnStatus dn_input_read_plain(const char *path, DnCancel *cancel, DnInputFn text, void *ctx,
                                         DnErr *err);

#endif
