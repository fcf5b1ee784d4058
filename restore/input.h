/*
 * input.h - the plain text of a dump, from a file or a pipe, compressed or not.
 */
#ifndef DN_RESTORE_INPUT_H
#define DN_RESTORE_INPUT_H

#include "dumper/verify.h"

typedef DnStatus (*DnInputFn)(void *ctx, const char *text, size_t size, DnErr *err);

typedef struct DnInput {
    const char *path; /* of a file, which is read by place, as others may read it too; NULL: a pipe */
    int fd;           /* the open file, or the pipe */
    bool plain_only;  /* a compressed file is DN_E_MISMATCH */
    DnCancel *cancel;
    DnInputFn text;
    void *ctx;
    /* Rows that needn't be read, of a file that isn't compressed; may be NULL. Where the text has come to a
       place behind which a line \. stands, `pass` says whether it is passed over: else, and where it is
       small, it comes like all text. */
    const DnProof *proof;
    bool (*pass)(void *ctx, const DnRowsPlace *place);
} DnInput;

/* Reads to the end, or until `text` fails. Waiting at a pipe ends when the cancel handle fires. */
DN_MUST_USE DnStatus dn_input_read(const DnInput *input, DnErr *err);

#endif
