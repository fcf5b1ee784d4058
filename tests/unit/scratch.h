/*
 * scratch.h - a folder of a test's own, and files in it. For unit tests; asserts where it can't do its job.
 */
#ifndef DN_TESTS_UNIT_SCRATCH_H
#define DN_TESTS_UNIT_SCRATCH_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct Scratch {
    char folder[64];
    size_t fds; /* open before the test */
} Scratch;

typedef struct Text {
    char *bytes; /* owned, NUL-terminated */
    size_t size;
} Text;

/* Entries of a folder, hidden ones too. */
static inline size_t scratch_count(const char *folder) {
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir)) {
        count++;
    }
    (void)closedir(dir);
    return count - 2;
}

static inline int scratch_open(void **state) {
    static Scratch scratch;
    scratch.fds = scratch_count("/proc/self/fd");
    (void)snprintf(scratch.folder, sizeof scratch.folder, "/tmp/dn-unit-XXXXXX");
    *state = &scratch;
    return mkdtemp(scratch.folder) ? 0 : -1;
}

static inline int scratch_unlink(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* Also tells a leaked file descriptor. */
static inline int scratch_close(void **state) {
    const Scratch *scratch = *state;
    (void)nftw(scratch->folder, scratch_unlink, 8, FTW_DEPTH | FTW_PHYS);
    return scratch_count("/proc/self/fd") == scratch->fds ? 0 : -1;
}

/* The path of `name` in the scratch folder. One of four buffers, in turn. */
static inline const char *at(void **state, const char *name) {
    static char paths[4][512];
    static size_t turn;
    char *path = paths[turn++ % 4];
    const Scratch *scratch = *state;
    assert_true(snprintf(path, sizeof paths[0], "%s/%s", scratch->folder, name) < (int)sizeof paths[0]);
    return path;
}

static inline void put_bytes(const char *path, const void *bytes, size_t size) {
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static inline void put(const char *path, const char *text) {
    put_bytes(path, text, strlen(text));
}

static inline Text get(const char *path) {
    Text text = {0};
    struct stat st;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_int_equal(fstat(fileno(file), &st), 0);
    text.size = (size_t)st.st_size;
    text.bytes = calloc(1, text.size + 1);
    assert_non_null(text.bytes);
    assert_int_equal(fread(text.bytes, 1, text.size, file), text.size);
    (void)fclose(file);
    return text;
}

static inline bool holds(const char *path, const char *expected) {
    Text text = get(path);
    bool same = strcmp(text.bytes, expected) == 0;
    free(text.bytes);
    return same;
}

static inline bool exists(const char *path) {
    struct stat st;
    return lstat(path, &st) == 0;
}

static inline unsigned mode_of(const char *path) {
    struct stat st;
    assert_int_equal(lstat(path, &st), 0);
    return (unsigned)st.st_mode & 07777;
}

/* Asks sha256sum itself, from within `folder`. */
static inline bool sha256sum_accepts(const char *folder, const char *digest) {
    int outcome = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (chdir(folder) == 0) {
            (void)execlp("sha256sum", "sha256sum", "--strict", "--status", "-c", "--", digest, (char *)NULL);
        }
        _exit(127);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    return WIFEXITED(outcome) && WEXITSTATUS(outcome) == 0;
}

#endif
