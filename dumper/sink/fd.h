/*
 * fd.h - system calls on files, completed: interrupted ones are repeated, short ones continued.
 *
 * No descriptor that is opened here is 0, 1 or 2, or survives exec. So 0 stands for "none" in structs,
 * and a process that was started with its standard error closed can't print into a dump.
 */
#ifndef DN_DUMPER_SINK_FD_H
#define DN_DUMPER_SINK_FD_H

#include <stddef.h>
#include <sys/types.h>

#include "include/dumpnative.h"

/* A descriptor, or -1 with errno. What O_CREAT or O_TMPFILE make gets mode 0600 less the umask. */
int dn_fd_open(int folder, const char *name, int flags);
/* The same for files that it may make, with the mode that these get, less the umask. */
int dn_fd_create(int folder, const char *name, int flags, mode_t mode);
/* Takes 0 and -1. Keeps errno. */
void dn_fd_close(int fd);
/* These return 0 or an errno value. */
/* A reader that is gone is EPIPE, too long a file EFBIG: no signal ends the process. */
int dn_fd_write(int fd, const void *bytes, size_t size);
int dn_fd_sync(int fd);
/* Up to `size` bytes; *got is less only at the end of the file. */
int dn_fd_read(int fd, void *bytes, size_t size, size_t *got);

/* dn_err_errno() and what to do about this errno value. */
DnStatus dn_fd_err(DnErr *err, int error, const char *path, const char *what);

#endif
