/*
 * verify.c - dn_verify(): is a dump still what it was when it was published, and is it whole?
 *
 * The file is read once, in large blocks, through the hash; only its last bytes are kept, for the closing
 * comment. Where there is a manifest, sections and rows are held against it on the way.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/cancel.h"
#include "common/err.h"
#include "dumper/manifest/check.h"
#include "dumper/sink/digest.h"
#include "dumper/sink/expand.h"
#include "dumper/sink/fd.h"
#include "dumper/sink/file.h"
#include "dumper/sink/hash.h"
#include "dumper/sink/tail.h"
#include "dumper/verify.h"

/* The digest's line holds at most a name of 255 bytes, each of which may be escaped. */
enum { BLOCK_SIZE = 256 * 1024, DIGEST_MOST = 4 * 1024 };

enum { NOT_REGULAR = -1 };

/* Never waits at a pipe: what is not a regular file is no dump that could be read again.
   Returns 0, an errno value, or NOT_REGULAR. */
static int open_regular(const char *path, int *fd) {
    struct stat st;
    *fd = dn_fd_open(AT_FDCWD, path, O_RDONLY | O_NONBLOCK);
    if (*fd < 0) {
        return errno;
    }
    int error = fstat(*fd, &st) != 0 ? errno : S_ISDIR(st.st_mode) ? EISDIR : 0;
    return error || S_ISREG(st.st_mode) ? error : NOT_REGULAR;
}

static DnStatus unreadable(int error, const char *path, const char *what, DnErr *err) {
    if (error != NOT_REGULAR) {
        return dn_fd_err(err, error, path, what);
    }
    (void)dn_err(err, DN_E_IO, "%s \"%s\": it is not a regular file", what, path);
    dn_err_object(err, "%s", path);
    return err->status;
}

static DnStatus read_digest(const char *dump, const char *path, char sha256[65], DnErr *err) {
    static const char what[] = "could not read the digest";
    char text[DIGEST_MOST];
    size_t size = 0;
    int fd = 0;
    int error = open_regular(path, &fd);
    error = error ? error : dn_fd_read(fd, text, sizeof text, &size);
    dn_fd_close(fd);
    if (error) {
        (void)unreadable(error, path, what, err);
        if (error == ENOENT) {
            dn_err_hint(err,
                        "keep the digest beside the dump; if you know by other means that the dump is good, "
                        "make one with: sha256sum \"%s\" > \"%s\"",
                        dn_digest_name(dump), dn_digest_name(path));
        }
        return err->status;
    }
    if (size == sizeof text || !dn_digest_parse(text, size, sha256)) {
        (void)dn_err(err, DN_E_MISMATCH, "the digest \"%s\" is malformed: it is not one line of sha256sum",
                     path);
        dn_err_object(err, "%s", path);
        dn_err_hint(err, "get the digest that was written with the dump, or dump again");
        return err->status;
    }
    return DN_OK;
}

/* What is learned of a dump while it is read. */
typedef struct Reading {
    DnHash *hash;
    DnTail tail;
    DnManifest manifest;
    DnManifestCheck check; /* without a manifest: of none */
} Reading;

static void add_text(void *ctx, const char *text, size_t size) {
    Reading *reading = ctx;
    dn_tail_add(&reading->tail, text, size);
    if (reading->check.manifest) {
        dn_manifest_check_add(&reading->check, text, size);
    }
}

/* Of a compressed dump it is the plain text that matters. */
static void add_plain(Reading *reading, DnExpander *expander, const char *block, size_t size) {
    if (expander) {
        expander->add(expander, block, size, add_text, reading);
    } else {
        add_text(reading, block, size);
    }
}

static DnStatus read_blocks(int fd, const char *path, DnCancel *cancel, Reading *reading, DnErr *err) {
    DnStatus status = DN_OK;
    size_t size = BLOCK_SIZE;
    DnExpander *expander = NULL;
    char *block = malloc(BLOCK_SIZE);
    if (!block) {
        return dn_err_nomem(err);
    }
    for (bool first = true; !status && size == BLOCK_SIZE; first = false) {
        if (dn_cancel_requested(cancel)) {
            status = dn_err(err, DN_E_CANCELLED, "cancelled while reading \"%s\"", path);
            break;
        }
        int error = dn_fd_read(fd, block, BLOCK_SIZE, &size);
        status = error ? dn_fd_err(err, error, path, "could not read file")
                       : dn_hash_add(reading->hash, block, size, err);
        if (!status && first) {
            status = dn_expander_open(block, size, &expander, err);
        }
        if (!status) {
            add_plain(reading, expander, block, size);
        }
    }
    dn_expander_free(expander);
    free(block);
    return status;
}

static DnStatus read_dump(int fd, const char *path, DnCancel *cancel, Reading *reading, DnDigest *digest,
                          DnErr *err) {
    reading->hash = dn_hash_new(err);
    if (!reading->hash) {
        return err->status;
    }
    DnStatus status = read_blocks(fd, path, cancel, reading, err);
    return status ? status : dn_hash_end(reading->hash, digest, err);
}

static bool is_there(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 || errno != ENOENT;
}

bool dn_verify_can(const char *path) {
    char *digest = dn_digest_path(path);
    char *manifest = dn_manifest_path(path);
    bool can = (digest && is_there(digest)) || (manifest && is_there(manifest));
    free(digest);
    free(manifest);
    return can;
}

/* A dump that somebody renamed without its manifest, or that pg_dump wrote, has none. */
static DnStatus read_manifest(const char *path, Reading *reading, DnErr *err) {
    char *manifest = dn_manifest_path(path);
    DnStatus status = DN_OK;
    if (!manifest) {
        return dn_err_nomem(err);
    }
    if (is_there(manifest)) {
        status = dn_manifest_read(manifest, &reading->manifest, err);
        status = status ? status : dn_manifest_check_init(&reading->check, &reading->manifest, err);
    }
    free(manifest);
    return status;
}

static void judge_digest(const char *path, const DnDigest *found, const char *expected, const char *where,
                         DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "\"%s\" was changed: its SHA-256 is %s, the digest says %s%s%s", path,
                 found->sha256, expected, *where ? "; what differs: " : "", where);
    dn_err_hint(err, "don't restore it: fetch the file and its digest again, or dump again");
}

/* The digest is right, or there is none. */
static void judge_manifest(const char *path, const char *where, DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "\"%s\" is not what its manifest tells: what differs: %s", path,
                 *where ? where : "the stored bytes");
    dn_err_hint(err,
                "the file or the manifest was changed or replaced: fetch both again, or dump again; without "
                "\"%s" DN_MANIFEST_SUFFIX "\" the file is held against its digest alone",
                dn_digest_name(path));
}

/* The most telling reason first: what is cut off has another hash too. */
static DnStatus judge(const char *path, const Reading *reading, const DnDigest *found, const char *expected,
                      bool closes, const char *where, DnErr *err) {
    bool digest = expected[0] != '\0';
    bool same = !digest || strcmp(found->sha256, expected) == 0;
    bool manifest = reading->check.manifest;
    if (!found->bytes) {
        (void)dn_err(err, DN_E_MISMATCH, "\"%s\" is empty: it is not a dump", path);
        dn_err_hint(err, "dump again, or fetch the file again from where it was copied");
    } else if (!closes) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "\"%s\" is truncated: its last words are not pg_dump's closing comment \"%s\"", path,
                     DN_CLOSING);
        dn_err_hint(err, same && digest ? "its digest was made of the truncated file: dump again"
                                        : "fetch the file again from where it was copied, or dump again");
    } else if (!same) {
        judge_digest(path, found, expected, where, err);
    } else if (manifest && (*where || strcmp(reading->manifest.sha256, found->sha256) != 0)) {
        judge_manifest(path, where, err);
    } else {
        return DN_OK;
    }
    dn_err_object(err, "%s", path);
    return err->status;
}

static DnStatus verify_open(int fd, const char *path, bool needs_digest, const char *expected,
                            DnCancel *cancel, Reading *reading, DnVerifyResult *result, DnErr *err) {
    DnDigest found = {0};
    const char *where = "";
    DnStatus status = read_manifest(path, reading, err);
    status = status ? status : read_dump(fd, path, cancel, reading, &found, err);
    if (!status && reading->check.manifest) {
        status = dn_manifest_check_end(&reading->check, &where, err);
    }
    if (!status && result) {
        *result = (DnVerifyResult){.bytes = found.bytes, .has_manifest = reading->check.manifest};
        memcpy(result->sha256, found.sha256, sizeof result->sha256);
    }
    bool closes = dn_tail_closes(&reading->tail) || (!needs_digest && dn_tail_resets(&reading->tail));
    return status ? status : judge(path, reading, &found, expected, closes, where, err);
}

DnStatus dn_verify_dump(const char *path, bool needs_digest, DnCancel *cancel, DnVerifyResult *result,
                        DnErr *err) {
    char expected[65] = "";
    Reading reading = {0};
    int fd = 0;
    char *digest_path = dn_digest_path(path);
    if (!digest_path) {
        return dn_err_nomem(err);
    }
    int error = open_regular(path, &fd);
    DnStatus status = error ? unreadable(error, path, "could not read file", err) : DN_OK;
    if (!status && (needs_digest || is_there(digest_path))) {
        status = read_digest(path, digest_path, expected, err);
    }
    status = status ? status : verify_open(fd, path, needs_digest, expected, cancel, &reading, result, err);
    dn_hash_free(reading.hash);
    dn_manifest_check_deinit(&reading.check);
    dn_manifest_deinit(&reading.manifest);
    dn_fd_close(fd);
    free(digest_path);
    return status;
}

DnStatus dn_verify(const char *path, DnCancel *cancel, DnVerifyResult *result, DnErr *err) {
    return dn_verify_dump(path, true, cancel, result, err);
}
