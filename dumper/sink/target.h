/*
 * target.h - what a path leads to, and with that how it can be written.
 */
#ifndef DN_DUMPER_SINK_TARGET_H
#define DN_DUMPER_SINK_TARGET_H

#include "include/dumpnative.h"

typedef enum DnTargetKind {
    DN_TARGET_REPLACE, /* a regular file, or nothing yet: write beside it, then rename */
    DN_TARGET_STRAIGHT /* a pipe, a device, /dev/stdout: can't be replaced, write into it */
} DnTargetKind;

typedef struct DnTarget {
    DnTargetKind kind;
    char *path; /* owned: the path after the last symbolic link */
} DnTarget;

/* Fails when the path is a folder, or can't be looked at. The file itself need not exist. */
DN_MUST_USE DnStatus dn_target_find(const char *path, DnTarget *target, DnErr *err);
/* The folder that holds `path`; returns owned, NULL when out of memory. */
char *dn_target_folder(const char *path);

#endif
