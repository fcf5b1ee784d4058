#include "dumper/sink/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/err.h"

int dn_fd_open(int folder, const char *name, int flags) {
    return dn_fd_create(folder, name, flags, S_IRUSR | S_IWUSR);
}

int dn_fd_create(int folder, const char *name, int flags, mode_t mode) {
    int fd;
    do {
        fd = openat(folder, name, flags | O_CLOEXEC | O_NOCTTY, mode);
    } while (fd < 0 && errno == EINTR);
    if (fd >= 0 && fd <= STDERR_FILENO) {
        int higher = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
        int kept = errno;
        (void)close(fd);
        errno = kept;
        return higher;
    }
    return fd;
}

void dn_fd_close(int fd) {
    if (fd > 0) {
        int kept = errno;
        (void)close(fd);
        errno = kept;
    }
}

static int write_whole(int fd, const char *bytes, size_t size) {
    while (size) {
        ssize_t done = write(fd, bytes, size);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return done ? errno : EIO;
        }
        bytes += done;
        size -= (size_t)done;
    }
    return 0;
}

/* These two signals come to the thread that writes, and end the process by default. How the process takes
   them is not ours to change: they are held back for this thread only, and only our own is eaten. */
int dn_fd_write(int fd, const void *bytes, size_t size) {
    sigset_t held;
    sigset_t before;
    sigset_t pending;
    (void)sigemptyset(&pending);
    (void)sigpending(&pending);
    (void)sigemptyset(&held);
    (void)sigaddset(&held, SIGPIPE);
    (void)sigaddset(&held, SIGXFSZ);
    int error = pthread_sigmask(SIG_BLOCK, &held, &before);
    if (error) {
        return error;
    }
    error = write_whole(fd, bytes, size);
    int raised = error == EPIPE ? SIGPIPE : error == EFBIG ? SIGXFSZ : 0;
    if (raised && sigismember(&pending, raised) == 0) {
        const struct timespec at_once = {0};
        (void)sigemptyset(&held);
        (void)sigaddset(&held, raised);
        while (sigtimedwait(&held, NULL, &at_once) < 0 && errno == EINTR) {
        }
    }
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

int dn_fd_sync(int fd) {
    while (fsync(fd) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

int dn_fd_read(int fd, void *bytes, size_t size, size_t *got) {
    char *next = bytes;
    *got = 0;
    while (*got < size) {
        ssize_t done = read(fd, next + *got, size - *got);
        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done <= 0) {
            return done ? errno : 0;
        }
        *got += (size_t)done;
    }
    return 0;
}

static const struct {
    int error;
    const char *hint;
} remedies[] = {
    {ENOSPC, "free space on the file system, or choose another path with -f"},
    {EDQUOT, "the disk quota is used up: free some of it, or choose another path with -f"},
    {EFBIG, "raise the limit on file sizes (ulimit -f), or choose a file system that takes larger files"},
    {EIO, "the device reports an error: look at the kernel's log, and use another disk"},
    {EPIPE, "the program that reads the output ended early: see why, then dump again"},
    {EACCES, "get permission for this file and its folder, or choose another path"},
    {EPERM, "get permission for this file and its folder, or choose another path"},
    {EROFS, "the file system is mounted read-only: choose another path"},
    {ENOENT, "check the spelling; the folder has to exist already"},
    {ENOTDIR, "a part of the path is a file, not a folder: check the spelling"},
    {EISDIR, "this is a folder: give the name of a file in it"},
    {ENAMETOOLONG, "choose a shorter name; it must leave room for .sha256 behind it"},
    {ELOOP, "the symbolic links lead in a circle: choose another path"},
    {EMFILE, "raise the limit on open files (ulimit -n)"},
    {ENFILE, "the machine has too many open files: close some programs"},
    {ESTALE, "the file server lost the file: check the mount, then try again"},
};

DnStatus dn_fd_err(DnErr *err, int error, const char *path, const char *what) {
    DnStatus status = dn_err_errno(err, error, path, what);
    for (size_t i = 0; i < sizeof remedies / sizeof *remedies; i++) {
        if (remedies[i].error == error) {
            dn_err_hint(err, "%s", remedies[i].hint);
        }
    }
    return status;
}
