/*
 * staged.h - one file that appears whole or not at all.
 *
 * The bytes go into a file without a name in the folder of the destination (O_TMPFILE), so that nothing
 * can stay behind even after SIGKILL or a power cut. Where the file system or a missing /proc doesn't
 * allow that, it has a hidden name ".dumpnative-RANDOM.tmp" from the beginning. Its mode is 0600,
 * whatever the umask says, unless the usual mode is asked for. Life: open, write, sync, publish, sync_folder;
 * undo brings back what was there before publish; close ends it from any point. A zero-initialised DnStaged
 * is closed.
 */
#ifndef DN_DUMPER_SINK_STAGED_H
#define DN_DUMPER_SINK_STAGED_H

#include <stdbool.h>
#include <stddef.h>

#include "include/dumpnative.h"

enum { DN_STAGED_NAME_SIZE = 40 };

typedef struct DnStaged {
    char *path; /* owned */
    int folder;
    int fd;
    char temp[DN_STAGED_NAME_SIZE];    /* the hidden name that the file has now, or "" */
    char earlier[DN_STAGED_NAME_SIZE]; /* the hidden name of the file that was replaced, or "" */
    bool published;
    bool no_sync; /* set after open: the system writes when it likes */
} DnStaged;

typedef enum DnStagedMode {
    DN_STAGED_PRIVATE,   /* 0600 */
    DN_STAGED_USUAL_MODE /* that of the file which is replaced, or what the umask leaves of 0666 */
} DnStagedMode;

/* `path` has no symbolic link at its end (see target.h). Whatever would make publish fail and can be
   known now fails now. */
DN_MUST_USE DnStatus dn_staged_open(const char *path, DnStagedMode mode, DnStaged *staged, DnErr *err);
DN_MUST_USE DnStatus dn_staged_write(DnStaged *staged, const void *bytes, size_t size, DnErr *err);
/* Puts the bytes onto the medium. */
DN_MUST_USE DnStatus dn_staged_sync(DnStaged *staged, DnErr *err);
/* Waits a little while another dump publishes into this folder, so that two dumps to one path can't mix
   their pairs of files. Held until close; goes on without where locks are not to be had. */
void dn_staged_lock(DnStaged *staged);
/* Gives the file its name. An earlier file of that name is kept under a hidden one until close; on
   failure it is back already. */
DN_MUST_USE DnStatus dn_staged_publish(DnStaged *staged, DnErr *err);
/* Makes the names durable. */
DN_MUST_USE DnStatus dn_staged_sync_folder(DnStaged *staged, DnErr *err);
/* After a failure: puts back what publish replaced, or removes what it made. When even that fails, the
   earlier file stays under its hidden name and err's hint tells it. */
void dn_staged_undo(DnStaged *staged, DnErr *err);
/* Removes whatever has a hidden name, and frees. */
void dn_staged_close(DnStaged *staged);

#endif
