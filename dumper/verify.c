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
#include "common/clock.h"
#include "common/err.h"
#include "dumper/manifest/check.h"
#include "dumper/sink/digest.h"
#include "dumper/sink/expand.h"
#include "dumper/sink/fd.h"
#include "dumper/sink/file.h"
#include "dumper/sink/hasher.h"
#include "dumper/sink/tail.h"
#include "dumper/verify.h"

/* The digest's line holds at most a name of 255 bytes, each of which may be escaped. */
enum { BLOCK_SIZE = 256 * 1024, DIGEST_MOST = 4 * 1024 };

enum { NOT_REGULAR = -1 };

static const double SECONDS_BETWEEN = 0.1; /* two events of progress */

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
        (void)dn_fd_err(err, error, path, what);
        if (error == EISDIR) {
            dn_err_hint(err,
                        "this is a folder: give the name of a file in it; of an archive of pg_dump -Fd make "
                        "SQL with: pg_restore -f NEW.sql FOLDER");
        }
        return err->status;
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

struct DnVerify {
    const char *path;
    int fd;
    struct stat begin; /* of it */
    bool needs_digest;
    char expected[65]; /* "" = there is no digest */
    DnHasher *hasher;
    DnTail tail;
    bool broken; /* it is compressed, and says itself that it is damaged */
    DnManifest manifest;
    DnManifestCheck check; /* without a manifest: of none */
    DN_VEC(DnRowsPlace) places;
    DnEventFn event; /* or NULL */
    void *event_ctx;
    uint64_t bytes, total_bytes; /* read so far, and of the file */
    double begun, told;
};

static void add_text(void *ctx, const char *text, size_t size) {
    DnVerify *verify = ctx;
    dn_tail_add(&verify->tail, text, size);
    if (verify->check.manifest) {
        dn_manifest_check_add(&verify->check, text, size);
    }
}

/* Of a compressed dump it is the plain text that matters. */
static void add_plain(DnVerify *verify, DnExpander *expander, const char *block, size_t size) {
    if (expander) {
        expander->add(expander, block, size, add_text, verify);
    } else {
        add_text(verify, block, size);
    }
}

static void tell_progress(DnVerify *verify, size_t size) {
    verify->bytes += size;
    double now = verify->event ? dn_now() : 0;
    if (verify->event && now - verify->told >= SECONDS_BETWEEN) {
        const DnEvent event = {.kind = DN_EVENT_PROGRESS,
                               .object = verify->path,
                               .bytes = verify->bytes,
                               .total_bytes = verify->total_bytes,
                               .seconds = now - verify->begun};
        verify->told = now;
        verify->event(verify->event_ctx, &event);
    }
}

/* A block is hashed while it is looked at, and while the next one is read. */
static DnStatus read_blocks(DnVerify *verify, char *blocks, DnExpander **expander, DnCancel *cancel,
                            DnErr *err) {
    DnStatus status = DN_OK;
    size_t size = BLOCK_SIZE;
    for (size_t i = 0; !status && size == BLOCK_SIZE; i++) {
        char *block = blocks + i % 2 * BLOCK_SIZE;
        if (dn_cancel_requested(cancel)) {
            return dn_err(err, DN_E_CANCELLED, "cancelled while reading \"%s\"", verify->path);
        }
        int error = dn_fd_read(verify->fd, block, BLOCK_SIZE, &size);
        if (error) {
            return dn_fd_err(err, error, verify->path, "could not read file");
        }
        dn_hasher_give(verify->hasher, block, size);
        if (i == 0 && (status = dn_expander_open(block, size, expander, err)) != DN_OK) {
            dn_err_object(err, "%s", verify->path);
        }
        if (!status) {
            add_plain(verify, *expander, block, size);
            tell_progress(verify, size);
        }
    }
    return status;
}

static DnStatus read_dump(DnVerify *verify, DnCancel *cancel, DnDigest *digest, DnErr *err) {
    DnExpander *expander = NULL;
    char *blocks = malloc((size_t)2 * BLOCK_SIZE);
    if (!blocks) {
        return dn_err_nomem(err);
    }
    verify->hasher = dn_hasher_start(err);
    DnStatus status = verify->hasher ? read_blocks(verify, blocks, &expander, cancel, err) : err->status;
    status = status ? status : dn_hasher_end(verify->hasher, digest, err);
    dn_hasher_free(verify->hasher); /* before the blocks */
    verify->hasher = NULL;
    verify->broken = !dn_expander_is_whole(expander);
    dn_expander_free(expander);
    free(blocks);
    return status;
}

static bool is_there(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 || errno != ENOENT;
}

static DnStatus find_places(DnVerify *verify, DnErr *err) {
    DnArena *arena = &verify->manifest.arena;
    for (size_t i = 0; i < verify->manifest.tables.count; i++) {
        const DnManifestTable *table = &verify->manifest.tables.items[i];
        if (dn_manifest_check_sees(table)) {
            const DnRowsPlace place = {.offset = table->offset, .bytes = table->bytes, .rows = table->rows};
            DN_PUSH(arena, &verify->places, place);
        }
    }
    return dn_arena_failed(arena) ? dn_err_nomem(err) : DN_OK;
}

/* A dump that somebody renamed without its manifest, or that pg_dump wrote, has none. */
static DnStatus read_manifest(DnVerify *verify, DnErr *err) {
    char *manifest = dn_manifest_path(verify->path);
    DnStatus status = DN_OK;
    if (!manifest) {
        return dn_err_nomem(err);
    }
    if (is_there(manifest)) {
        status = dn_manifest_read(manifest, &verify->manifest, err);
        status = status ? status : dn_manifest_check_init(&verify->check, &verify->manifest, err);
        status = status ? status : find_places(verify, err);
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
static DnStatus judge(const DnVerify *verify, const DnDigest *found, const char *where, DnErr *err) {
    const char *path = verify->path;
    bool digest = verify->expected[0] != '\0';
    bool same = !digest || strcmp(found->sha256, verify->expected) == 0;
    bool manifest = verify->check.manifest;
    bool closes = dn_tail_closes(&verify->tail) || (!verify->needs_digest && dn_tail_resets(&verify->tail));
    if (!found->bytes) {
        (void)dn_err(err, DN_E_MISMATCH, "\"%s\" is empty: it is not a dump", path);
        dn_err_hint(err, "dump again, or fetch the file again from where it was copied");
    } else if (dn_tail_is_cluster(&verify->tail)) {
        (void)dn_err(err, DN_E_MISMATCH, "\"%s\" is pg_dumpall's, of a whole cluster", path);
        dn_err_hint(err, "dump each database by itself; roles and tablespaces have to be made before");
    } else if (!closes) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "\"%s\" is truncated: its last words are not pg_dump's closing comment \"%s\"", path,
                     DN_CLOSING);
        dn_err_hint(err, same && digest ? "its digest was made of the truncated file: dump again"
                                        : "fetch the file again from where it was copied, or dump again");
    } else if (!same) {
        judge_digest(path, found, verify->expected, where, err);
    } else if (manifest && (*where || strcmp(verify->manifest.sha256, found->sha256) != 0)) {
        judge_manifest(path, where, err);
    } else if (verify->broken) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "\"%s\" is damaged: its compressed data is not what its checksum says", path);
        dn_err_hint(err, "fetch the file again from where it was copied, or dump again");
    } else {
        return DN_OK;
    }
    dn_err_object(err, "%s", path);
    return err->status;
}

DnProof dn_verify_proof(const DnVerify *verify) {
    return (DnProof){.fd = verify->fd,
                     .proven = verify->expected[0] || verify->check.manifest,
                     .places = verify->places.items,
                     .count = verify->places.count};
}

DnStatus dn_verify_read(DnVerify *verify, DnCancel *cancel, DnVerifyResult *result, DnErr *err) {
    DnDigest found = {0};
    const char *where = "";
    DnStatus status = read_dump(verify, cancel, &found, err);
    if (!status && verify->check.manifest) {
        status = dn_manifest_check_end(&verify->check, &where, err);
    }
    if (!status && result) {
        *result = (DnVerifyResult){.bytes = found.bytes, .has_manifest = verify->check.manifest};
        memcpy(result->sha256, found.sha256, sizeof result->sha256);
    }
    return status ? status : judge(verify, &found, where, err);
}

static DnStatus open_dump(DnVerify *verify, DnErr *err) {
    int error = open_regular(verify->path, &verify->fd);
    error = error || fstat(verify->fd, &verify->begin) == 0 ? error : errno;
    if (error) {
        return unreadable(error, verify->path, "could not read file", err);
    }
    char *digest = dn_digest_path(verify->path);
    if (!digest) {
        return dn_err_nomem(err);
    }
    DnStatus status = DN_OK;
    if (verify->needs_digest || is_there(digest)) {
        status = read_digest(verify->path, digest, verify->expected, err);
    }
    free(digest);
    return status ? status : read_manifest(verify, err);
}

DnStatus dn_verify_open(const char *path, bool needs_digest, DnVerify **verify, DnErr *err) {
    *verify = calloc(1, sizeof **verify);
    if (!*verify) {
        return dn_err_nomem(err);
    }
    **verify = (DnVerify){.path = path, .fd = -1, .needs_digest = needs_digest};
    DnStatus status = open_dump(*verify, err);
    if (status) {
        dn_verify_close(*verify);
        *verify = NULL;
    }
    return status;
}

void dn_verify_close(DnVerify *verify) {
    if (verify) {
        dn_manifest_check_deinit(&verify->check);
        dn_manifest_deinit(&verify->manifest);
        dn_fd_close(verify->fd);
        free(verify);
    }
}

DnStatus dn_verify_unchanged(const DnVerify *verify, DnErr *err) {
    struct stat now;
    const struct stat *begin = &verify->begin;
    if (fstat(verify->fd, &now) == 0 && now.st_size == begin->st_size &&
        now.st_mtim.tv_sec == begin->st_mtim.tv_sec && now.st_mtim.tv_nsec == begin->st_mtim.tv_nsec) {
        return DN_OK;
    }
    (void)dn_err(err, DN_E_MISMATCH, "\"%s\" was written to while it was read", verify->path);
    dn_err_object(err, "%s", verify->path);
    dn_err_hint(err, "Put another dump in its place by renaming it, as dumpnative does.");
    return err->status;
}

static void watch(DnVerify *verify, const DnVerifyOptions *options) {
    verify->event = options->event;
    verify->event_ctx = options->event_ctx;
    verify->begun = dn_now();
    verify->total_bytes = (uint64_t)verify->begin.st_size;
}

DnStatus dn_verify(const DnVerifyOptions *options, DnVerifyResult *result, DnErr *err) {
    DnVerify *verify;
    if (options->size != sizeof *options) {
        return dn_err(err, DN_E_USAGE, "the options are not those of this version of the library");
    }
    if (dn_verify_open(options->path, true, &verify, err) != DN_OK) {
        return err->status;
    }
    watch(verify, options);
    DnStatus status = dn_verify_read(verify, options->cancel, result, err);
    dn_verify_close(verify);
    return status;
}
