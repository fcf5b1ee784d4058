#include "dumper/pg/remember.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_BYTES = 64 * 1024, MOST_PATH = 4096 };

/* ---- Reading --------------------------------------------------------------------- */

static bool is_ours(int fd) {
    struct stat file;
    return fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid() &&
           !(file.st_mode & (S_IWGRP | S_IWOTH)) && file.st_size <= MOST_BYTES;
}

/* What can't be read is empty. */
static void read_file(const char *path, DnBuf *text) {
    char piece[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        return;
    }
    ssize_t size = is_ours(fd) ? 1 : 0;
    while (size > 0 && text->size <= MOST_BYTES) {
        size = read(fd, piece, sizeof piece);
        if (size > 0) {
            dn_buf_add(text, piece, (size_t)size);
        }
    }
    if (size < 0) {
        dn_buf_clear(text);
    }
    (void)close(fd);
}

bool dn_remember_find(const char *path, const char *host, const char *port,
                      char address[DN_LAST_ADDRESS_SIZE]) {
    DnBuf text = {0};
    read_file(path, &text);
    bool found =
        !dn_buf_failed(&text) && dn_last_address_find(dn_buf_text(&text), text.size, host, port, address);
    dn_buf_deinit(&text);
    return found;
}

/* ---- Writing --------------------------------------------------------------------- */

static bool write_all(int fd, const DnBuf *text) {
    size_t done = 0;
    while (done < text->size) {
        ssize_t size = write(fd, dn_buf_text(text) + done, text->size - done);
        if (size > 0) {
            done += (size_t)size;
        } else if (size == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* The folder of the path, and the one that holds it: ~/.cache/dumpnative. */
static void make_folders(const char *path) {
    char folder[MOST_PATH];
    (void)snprintf(folder, sizeof folder, "%s", path);
    char *last = strrchr(folder, '/');
    if (!last || last == folder) {
        return;
    }
    *last = '\0';
    char *before = strrchr(folder, '/');
    if (before && before != folder) {
        *before = '\0';
        (void)mkdir(folder, S_IRWXU);
        *before = '/';
    }
    (void)mkdir(folder, S_IRWXU);
}

static int create(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
}

/* Whoever writes at the same time replaces the file as a whole as well: the last one's text stays. */
static void replace(const char *path, const DnBuf *text) {
    char draft[MOST_PATH];
    if (snprintf(draft, sizeof draft, "%s.%ld", path, (long)getpid()) >= (int)sizeof draft) {
        return;
    }
    int fd = create(draft);
    if (fd < 0 && errno == ENOENT) {
        make_folders(path);
        fd = create(draft);
    }
    if (fd < 0) {
        return;
    }
    bool written = write_all(fd, text);
    written = close(fd) == 0 && written;
    if (!written || rename(draft, path) != 0) {
        (void)unlink(draft);
    }
}

void dn_remember_put(const char *path, const char *host, const char *port, const char *address) {
    char known[DN_LAST_ADDRESS_SIZE];
    DnBuf before = {0};
    DnBuf after = {0};
    read_file(path, &before);
    const char *text = dn_buf_text(&before);
    bool same = dn_last_address_find(text, before.size, host, port, known) && strcmp(known, address) == 0;
    if (!same && dn_last_address_put(text, before.size, host, port, address, &after) &&
        !dn_buf_failed(&before) && !dn_buf_failed(&after)) {
        replace(path, &after);
    }
    dn_buf_deinit(&before);
    dn_buf_deinit(&after);
}
