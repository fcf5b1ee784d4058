/*
 * inject.c - a library to preload that lets the n-th call of a kind fail, once.
 *
 * INJECT=KIND:N, or KIND:0 to only count; at the end of the process INJECT_LOG gets the number of calls.
 *   memory    malloc, calloc, realloc, and what the C library itself asks for through strdup and the like
 *   write     write: no room (ENOSPC); short: write takes one byte; eintr: write is interrupted
 *   sync      fsync and fdatasync (EIO)
 *   open      open, openat (EMFILE)
 *   name      linkat, renameat, unlinkat, fchmod, fstat and the like (EIO)
 *   socket    socket, connect, send, recv (ECONNRESET and others); poll: poll is interrupted
 *   thread    pthread_create (EAGAIN), eventfd (EMFILE)
 *
 * Calls are counted from the beginning of main(): before it, the loader's own would be hit.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

static char kind[16];
static long fail_at;
static atomic_long calls;
static atomic_bool armed;

static bool fails(const char *of) {
    if (!atomic_load(&armed) || strcmp(kind, of) != 0) {
        return false;
    }
    return atomic_fetch_add(&calls, 1) + 1 == fail_at;
}

static void report(void) {
    const char *path = getenv("INJECT_LOG");
    atomic_store(&armed, false);
    FILE *log = path ? fopen(path, "w") : NULL;
    if (log) {
        (void)fprintf(log, "%ld\n", atomic_load(&calls));
        (void)fclose(log);
    }
}

typedef int (*MainFn)(int, char **, char **);
typedef int (*StartFn)(MainFn, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

int __libc_start_main(MainFn, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);

int __libc_start_main(MainFn begin, int argc, char **argv, void (*init)(void), void (*fini)(void),
                      void (*rtld_fini)(void), void *stack_end) {
    const char *what = getenv("INJECT");
    StartFn start = (StartFn)dlsym(RTLD_NEXT, "__libc_start_main");
    const char *colon = what ? strchr(what, ':') : NULL;
    if (colon && (size_t)(colon - what) < sizeof kind) {
        memcpy(kind, what, (size_t)(colon - what));
        fail_at = strtol(colon + 1, NULL, 10);
        (void)atexit(report);
        atomic_store(&armed, true);
    }
    return start(begin, argc, argv, init, fini, rtld_fini, stack_end);
}

/* ---- Memory ---------------------------------------------------------------------- */

void *malloc(size_t size) {
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size) {
    if (fails("memory")) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(old, size);
}

/* ---- System calls ---------------------------------------------------------------- */

#define NEXT(name) ((__typeof__(&(name)))dlsym(RTLD_NEXT, #name))
#define FAIL(of, code)                                                                                       \
    do {                                                                                                     \
        if (fails(of)) {                                                                                     \
            errno = (code);                                                                                  \
            return -1;                                                                                       \
        }                                                                                                    \
    } while (0)

static bool is_file(int fd) {
    struct stat file;
    return NEXT(fstat)(fd, &file) == 0 && S_ISREG(file.st_mode);
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (is_file(fd)) {
        FAIL("write", ENOSPC);
        FAIL("eintr", EINTR);
        if (size > 1 && fails("short")) {
            size = 1;
        }
    }
    return NEXT(write)(fd, bytes, size);
}

int fsync(int fd) {
    FAIL("sync", EIO);
    return NEXT(fsync)(fd);
}

int fdatasync(int fd) {
    FAIL("sync", EIO);
    return NEXT(fdatasync)(fd);
}

static mode_t mode_of(int flags, va_list rest) {
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    FAIL("open", EMFILE);
    return NEXT(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    FAIL("open", EMFILE);
    return NEXT(openat)(folder, path, flags, mode);
}

int linkat(int from, const char *old, int to, const char *name, int flags) {
    FAIL("name", EIO);
    return NEXT(linkat)(from, old, to, name, flags);
}

int renameat(int from, const char *old, int to, const char *name) {
    FAIL("name", EIO);
    return NEXT(renameat)(from, old, to, name);
}

int fstatat(int folder, const char *path, struct stat *file, int flags) {
    FAIL("name", EIO);
    return NEXT(fstatat)(folder, path, file, flags);
}

int fstat(int fd, struct stat *file) {
    FAIL("name", EIO);
    return NEXT(fstat)(fd, file);
}

int lstat(const char *path, struct stat *file) {
    FAIL("name", EIO);
    return NEXT(lstat)(path, file);
}

int fchmod(int fd, mode_t mode) {
    FAIL("name", EIO);
    return NEXT(fchmod)(fd, mode);
}

int socket(int domain, int type, int protocol) {
    FAIL("socket", EMFILE);
    return NEXT(socket)(domain, type, protocol);
}

int connect(int fd, const struct sockaddr *address, socklen_t size) {
    FAIL("socket", ECONNREFUSED);
    return NEXT(connect)(fd, address, size);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
    FAIL("socket", ECONNRESET);
    return NEXT(send)(fd, bytes, size, flags);
}

ssize_t recv(int fd, void *bytes, size_t size, int flags) {
    FAIL("socket", ECONNRESET);
    return NEXT(recv)(fd, bytes, size, flags);
}

int poll(struct pollfd *fds, nfds_t count, int timeout) {
    FAIL("poll", EINTR);
    return NEXT(poll)(fds, count, timeout);
}

int eventfd(unsigned value, int flags) {
    FAIL("thread", EMFILE);
    return NEXT(eventfd)(value, flags);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument) {
    if (fails("thread")) {
        return EAGAIN;
    }
    return NEXT(pthread_create)(thread, attributes, run, argument);
}
