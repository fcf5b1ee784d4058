#include "dumper/sink/target.h"

#include <errno.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/err.h"
#include "dumper/sink/fd.h"

/* As many links as the kernel follows. */
enum { MOST_LINKS = 40 };

char *dn_target_folder(const char *path) {
    const char *slash = strrchr(path, '/');
    if (!slash) {
        return strdup(".");
    }
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* /dev/stdout, /dev/fd/N and /proc/self/fd/N stand for an open descriptor. The name that readlink tells
   for them is not what the user asked to have replaced, even where it is that of a regular file. */
static bool on_proc(const char *path) {
    struct statfs fs;
    char *folder = dn_target_folder(path);
    bool proc = folder && statfs(folder, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
    free(folder);
    return proc;
}

/* The path that a link holds, seen from where the link is; owned, NULL with errno. */
static char *follow(const char *link) {
    char text[PATH_MAX];
    ssize_t got = readlink(link, text, sizeof text);
    if (got < 0 || (size_t)got == sizeof text) {
        errno = got < 0 ? errno : ENAMETOOLONG;
        return NULL;
    }
    size_t size = (size_t)got;
    const char *slash = strrchr(link, '/');
    size_t prefix = size && *text != '/' && slash ? (size_t)(slash - link) + 1 : 0;
    char *path = malloc(prefix + size + 1);
    if (path) {
        memcpy(path, link, prefix);
        memcpy(path + prefix, text, size);
        path[prefix + size] = '\0';
    }
    return path;
}

/* One look at *path: 0 when `kind` is settled, an errno value, or -1 after a link was followed. */
static int step(char **path, DnTargetKind *kind) {
    struct stat st;
    if (on_proc(*path)) {
        *kind = DN_TARGET_STRAIGHT;
        return 0;
    }
    if (lstat(*path, &st) != 0) {
        size_t size = strlen(*path);
        bool folder_asked = size && (*path)[size - 1] == '/';
        *kind = DN_TARGET_REPLACE;
        /* An empty path is not a file that could be made; for others the folder tells. */
        return errno == ENOENT && size ? (folder_asked ? EISDIR : 0) : errno;
    }
    if (S_ISDIR(st.st_mode)) {
        return EISDIR;
    }
    if (!S_ISLNK(st.st_mode)) {
        *kind = S_ISREG(st.st_mode) ? DN_TARGET_REPLACE : DN_TARGET_STRAIGHT;
        return 0;
    }
    char *next = follow(*path);
    if (!next) {
        return errno;
    }
    free(*path);
    *path = next;
    return -1;
}

DnStatus dn_target_find(const char *path, DnTarget *target, DnErr *err) {
    char *current = strdup(path);
    int error = -1;
    for (int links = 0; current && error < 0; links++) {
        error = links > MOST_LINKS ? ELOOP : step(&current, &target->kind);
    }
    if (!current || error == ENOMEM) {
        free(current);
        return dn_err_nomem(err);
    }
    if (error) {
        free(current);
        return dn_fd_err(err, error, path, "could not write to file");
    }
    target->path = current;
    return DN_OK;
}
