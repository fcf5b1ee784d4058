/*
 * file.h - a destination that is a file.
 *
 * A regular file, or one that does not exist yet, is replaced as a whole, with its companions beside it: the
 * digest PATH.sha256, and PATH.manifest.json where there is something to say. At the end of a symbolic link
 * it is the link's target that is replaced; the companions still stand beside PATH. Pipes, devices and
 * /dev/stdout are written straight and have none; so is a file that is appended to.
 *
 * Publishing has this order: companions and data are complete and flushed under no name (see staged.h); the
 * companions get their names, then the data, then the folder is flushed. So PATH is never seen without them.
 * - An error in any of these steps is undone: each name is again what it was before.
 * - A SIGKILL or power cut between the renames leaves the earlier PATH, unharmed, beside a new companion
 *   (or that alone): these do not verify, which says so loudly; nothing was reported as done.
 * - Only while an earlier file is being replaced do hidden names exist, from rename to flushed folder.
 * SIGKILL in these milliseconds may leave them; where there are no hard links (FAT), the earlier file then
 * has only its hidden name.
 */
#ifndef DN_DUMPER_SINK_FILE_H
#define DN_DUMPER_SINK_FILE_H

#include <stdbool.h>

#include "dumper/sink/sink.h"

/* Behind the path of the dump. */
#define DN_MANIFEST_SUFFIX ".manifest.json"

typedef DnStatus (*DnFileTextFn)(void *ctx, const char *text, size_t size, DnErr *err);

typedef struct DnFileOptions {
    bool no_digest; /* no companions; PATH's mode is an earlier file's, or what the umask leaves of 0666 */
    /* Gives the manifest's text to `write` in pieces, once all is known; NULL = no manifest. */
    DnStatus (*manifest)(void *ctx, const DnSinkSummary *summary, DnFileTextFn write, void *write_ctx,
                         DnErr *err);
    void *manifest_ctx;
    bool no_sync; /* leave it to the system when the bytes reach the disk */
    bool append;  /* write straight, to the end of the file that is there, or of a new one */
} DnFileOptions;

DN_MUST_USE DnStatus dn_file_sink_open(const char *path, const DnFileOptions *options, DnSink **out,
                                       DnErr *err);

#endif
