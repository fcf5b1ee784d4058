#define _GNU_SOURCE /* O_TMPFILE, O_PATH */
#include "dumper/sink/staged.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/err.h"
#include "dumper/sink/digest.h"
#include "dumper/sink/fd.h"
#include "dumper/sink/target.h"

enum { LOCK_TRIES = 100, LOCK_PAUSE_NS = 20 * 1000 * 1000 };

static const char *name_of(const DnStaged *staged) {
    return dn_digest_name(staged->path);
}

/* 64 random bits: that the name is taken is an error, not a case. */
static int make_name(char name[DN_STAGED_NAME_SIZE]) {
    uint64_t bits = 0;
    ssize_t got;
    do {
        got = getrandom(&bits, sizeof bits, 0);
    } while (got < 0 && errno == EINTR);
    if (got != (ssize_t)sizeof bits) {
        return got < 0 ? errno : EIO;
    }
    (void)snprintf(name, DN_STAGED_NAME_SIZE, ".dumpnative-%016" PRIx64 ".tmp", bits);
    return 0;
}

static void proc_name(int fd, char name[DN_STAGED_NAME_SIZE]) {
    (void)snprintf(name, DN_STAGED_NAME_SIZE, "/proc/self/fd/%d", fd);
}

/* A file without a name is of use only if /proc can give it one later. */
static int open_nameless(DnStaged *staged, mode_t mode) {
    struct stat by_fd;
    struct stat by_proc;
    char proc[DN_STAGED_NAME_SIZE];
    int fd = dn_fd_create(staged->folder, ".", O_TMPFILE | O_WRONLY, mode);
    if (fd < 0) {
        return -1;
    }
    proc_name(fd, proc);
    if (fstat(fd, &by_fd) == 0 && stat(proc, &by_proc) == 0 && by_fd.st_ino == by_proc.st_ino &&
        by_fd.st_dev == by_proc.st_dev) {
        return fd;
    }
    dn_fd_close(fd);
    return -1;
}

static int open_named(DnStaged *staged, mode_t mode) {
    int error = make_name(staged->temp);
    int fd = error ? -1 : dn_fd_create(staged->folder, staged->temp, O_CREAT | O_EXCL | O_WRONLY, mode);
    if (fd < 0) {
        errno = error ? error : errno;
        staged->temp[0] = '\0';
    }
    return fd;
}

/* The umask can only have taken bits away. File systems without modes refuse a change of our own file;
   there the mount's options rule, and nothing that we do can be stricter. */
static int change_mode(int fd, mode_t mode) {
    if (fchmod(fd, mode) == 0 || errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS) {
        return 0;
    }
    return errno;
}

/* rename() will refuse this too, but only after the whole dump was read. */
static int check_replaceable(const DnStaged *staged) {
    struct stat folder;
    struct stat file;
    if (fstatat(staged->folder, name_of(staged), &file, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? 0 : errno;
    }
    if (S_ISDIR(file.st_mode)) {
        return EISDIR;
    }
    if (fstat(staged->folder, &folder) != 0) {
        return errno;
    }
    uid_t user = geteuid();
    bool sticky = (folder.st_mode & S_ISVTX) && user && folder.st_uid != user;
    return sticky && file.st_uid != user ? EPERM : 0;
}

static DnStatus open_folder(DnStaged *staged, DnErr *err) {
    DnStatus status = DN_OK;
    char *folder = dn_target_folder(staged->path);
    if (!folder) {
        return dn_err_nomem(err);
    }
    staged->folder = dn_fd_open(AT_FDCWD, folder, O_RDONLY | O_DIRECTORY);
    if (staged->folder < 0 && errno == EACCES) {
        /* One may be allowed to make files in a folder but not to list it. */
        staged->folder = dn_fd_open(AT_FDCWD, folder, O_PATH | O_DIRECTORY);
    }
    if (staged->folder < 0) {
        status = dn_fd_err(err, errno, folder, "could not open folder");
    }
    free(folder);
    return status;
}

enum { PRIVATE = S_IRUSR | S_IWUSR, PUBLIC = PRIVATE | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH };

static int open_file(DnStaged *staged, DnStagedMode mode) {
    struct stat earlier;
    mode_t wanted = mode == DN_STAGED_PRIVATE ? PRIVATE : PUBLIC;
    staged->fd = open_nameless(staged, wanted);
    if (staged->fd < 0) {
        staged->fd = open_named(staged, wanted);
    }
    if (staged->fd < 0) {
        return errno;
    }
    if (mode == DN_STAGED_PRIVATE) {
        return change_mode(staged->fd, PRIVATE);
    }
    bool replaces = fstatat(staged->folder, name_of(staged), &earlier, AT_SYMLINK_NOFOLLOW) == 0;
    return replaces ? change_mode(staged->fd, earlier.st_mode & PUBLIC) : 0;
}

DnStatus dn_staged_open(const char *path, DnStagedMode mode, DnStaged *staged, DnErr *err) {
    *staged = (DnStaged){.path = strdup(path)};
    if (!staged->path) {
        return dn_err_nomem(err);
    }
    if (open_folder(staged, err)) {
        dn_staged_close(staged);
        return err->status;
    }
    int error = check_replaceable(staged);
    if (!error) {
        error = open_file(staged, mode);
    }
    if (error) {
        (void)dn_fd_err(err, error, path, "could not create file");
        dn_staged_close(staged);
        return err->status;
    }
    return DN_OK;
}

DnStatus dn_staged_write(DnStaged *staged, const void *bytes, size_t size, DnErr *err) {
    int error = dn_fd_write(staged->fd, bytes, size);
    return error ? dn_fd_err(err, error, staged->path, "could not write to file") : DN_OK;
}

DnStatus dn_staged_sync(DnStaged *staged, DnErr *err) {
    int error = staged->no_sync ? 0 : dn_fd_sync(staged->fd);
    return error ? dn_fd_err(err, error, staged->path, "could not flush to disk file") : DN_OK;
}

void dn_staged_lock(DnStaged *staged) {
    const struct timespec pause = {.tv_nsec = LOCK_PAUSE_NS};
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (flock(staged->folder, LOCK_EX | LOCK_NB) == 0 || (errno != EWOULDBLOCK && errno != EINTR)) {
            return;
        }
        (void)nanosleep(&pause, NULL);
    }
}

/* A hard link keeps the name in place all the while. File systems without them, and kernels that forbid
   links to the files of others (protected_hardlinks), leave only the move. */
static int set_earlier_aside(DnStaged *staged) {
    struct stat file;
    char aside[DN_STAGED_NAME_SIZE];
    if (fstatat(staged->folder, name_of(staged), &file, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? 0 : errno;
    }
    int error = S_ISDIR(file.st_mode) ? EISDIR : make_name(aside);
    if (error) {
        return error;
    }
    if (linkat(staged->folder, name_of(staged), staged->folder, aside, 0) != 0 &&
        renameat(staged->folder, name_of(staged), staged->folder, aside) != 0) {
        return errno;
    }
    memcpy(staged->earlier, aside, sizeof aside);
    return 0;
}

static int link_as(const DnStaged *staged, const char *name) {
    char proc[DN_STAGED_NAME_SIZE];
    proc_name(staged->fd, proc);
    return linkat(AT_FDCWD, proc, staged->folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

static int give_name(DnStaged *staged) {
    if (!staged->temp[0]) {
        /* Where there is nothing to replace, one call does it all and no hidden name is ever seen. */
        int error = staged->earlier[0] ? EEXIST : link_as(staged, name_of(staged));
        if (error != EEXIST) {
            return error;
        }
        char temp[DN_STAGED_NAME_SIZE];
        error = make_name(temp);
        error = error ? error : link_as(staged, temp);
        if (error) {
            return error;
        }
        memcpy(staged->temp, temp, sizeof temp);
    }
    if (renameat(staged->folder, staged->temp, staged->folder, name_of(staged)) != 0) {
        return errno;
    }
    staged->temp[0] = '\0';
    return 0;
}

void dn_staged_undo(DnStaged *staged, DnErr *err) {
    if (staged->earlier[0]) {
        if (renameat(staged->folder, staged->earlier, staged->folder, name_of(staged)) == 0) {
            /* rename() does nothing between two links to one file, which is so before our own rename. */
            (void)unlinkat(staged->folder, staged->earlier, 0);
        } else {
            dn_err_hint(err, "the earlier \"%s\" could not be put back; it is kept in the same folder as %s",
                        name_of(staged), staged->earlier);
        }
        staged->earlier[0] = '\0';
    } else if (staged->published) {
        (void)unlinkat(staged->folder, name_of(staged), 0);
    }
    staged->published = false;
    (void)dn_fd_sync(staged->folder);
}

DnStatus dn_staged_publish(DnStaged *staged, DnErr *err) {
    int error = set_earlier_aside(staged);
    error = error ? error : give_name(staged);
    staged->published = !error;
    if (error) {
        (void)dn_fd_err(err, error, staged->path, "could not give its name to file");
        dn_staged_undo(staged, err);
        return err->status;
    }
    return DN_OK;
}

DnStatus dn_staged_sync_folder(DnStaged *staged, DnErr *err) {
    int error = staged->no_sync ? 0 : dn_fd_sync(staged->folder);
    /* Folders that can't be flushed: opened by O_PATH, or on a file system that has no such call.
       PostgreSQL itself lets these pass. */
    if (!error || error == EBADF || error == EINVAL) {
        return DN_OK;
    }
    return dn_fd_err(err, error, staged->path, "could not flush to disk the folder of file");
}

void dn_staged_close(DnStaged *staged) {
    if (staged->temp[0]) {
        (void)unlinkat(staged->folder, staged->temp, 0);
    }
    if (staged->earlier[0]) {
        (void)unlinkat(staged->folder, staged->earlier, 0);
    }
    dn_fd_close(staged->fd);
    dn_fd_close(staged->folder);
    free(staged->path);
    *staged = (DnStaged){0};
}
