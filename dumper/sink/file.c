#include "dumper/sink/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "common/err.h"
#include "dumper/sink/digest.h"
#include "dumper/sink/fd.h"
#include "dumper/sink/staged.h"
#include "dumper/sink/target.h"

/* ---- A file that is replaced ------------------------------------------------------ */

typedef enum Companion { DIGEST, MANIFEST, COMPANIONS } Companion;

static const char *const suffixes[COMPANIONS] = {
    [DIGEST] = DN_DIGEST_SUFFIX, [MANIFEST] = DN_MANIFEST_SUFFIX};
static const char *const names[COMPANIONS] = {[DIGEST] = "digest", [MANIFEST] = "manifest"};

typedef struct ReplaceSink {
    DnSink sink;
    DnStaged data;
    DnStaged beside[COMPANIONS]; /* without a path: not wanted */
    char *path;                  /* as the user gave it: its last part is the name that the digest tells */
    DnFileOptions options;
} ReplaceSink;

static void replace_free(ReplaceSink *self) {
    dn_staged_close(&self->data);
    for (int i = 0; i < COMPANIONS; i++) {
        dn_staged_close(&self->beside[i]);
    }
    free(self->path);
    free(self);
}

static DnStatus replace_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    return dn_staged_write(&((ReplaceSink *)sink)->data, bytes, size, err);
}

static DnStatus write_digest(ReplaceSink *self, const DnSinkSummary *summary, DnErr *err) {
    DnBuf line = {0};
    dn_digest_render(&line, summary->stored.sha256, dn_digest_name(self->path));
    DnStatus status = dn_buf_failed(&line)
                          ? dn_err_nomem(err)
                          : dn_staged_write(&self->beside[DIGEST], dn_buf_text(&line), line.size, err);
    dn_buf_deinit(&line);
    return status;
}

static DnStatus write_text(void *ctx, const char *text, size_t size, DnErr *err) {
    return dn_staged_write(ctx, text, size, err);
}

static DnStatus write_companion(ReplaceSink *self, Companion which, const DnSinkSummary *summary,
                                DnErr *err) {
    DnStaged *staged = &self->beside[which];
    DnStatus status = which == DIGEST ? write_digest(self, summary, err)
                                      : self->options.manifest(self->options.manifest_ctx, summary,
                                                               write_text, staged, err);
    return status ? status : dn_staged_sync(staged, err);
}

/* See file.h for the reasons of this order. */
static DnStatus publish(ReplaceSink *self, DnErr *err) {
    DnStaged *all[COMPANIONS + 1];
    size_t count = 0;
    for (int i = 0; i < COMPANIONS; i++) {
        if (self->beside[i].path) {
            all[count++] = &self->beside[i];
        }
    }
    all[count++] = &self->data;

    DnStatus status = DN_OK;
    dn_staged_lock(&self->data);
    for (size_t i = 0; !status && i < count; i++) {
        status = dn_staged_publish(all[i], err);
    }
    for (size_t i = count; !status && i-- > 0;) {
        status = dn_staged_sync_folder(all[i], err);
    }
    for (size_t i = count; status && i-- > 0;) {
        dn_staged_undo(all[i], err);
    }
    return status;
}

static DnStatus replace_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    ReplaceSink *self = (ReplaceSink *)sink;
    DnStatus status = dn_staged_sync(&self->data, err);
    for (Companion i = DIGEST; !status && i < COMPANIONS; i++) {
        status = self->beside[i].path ? write_companion(self, i, summary, err) : DN_OK;
    }
    status = status ? status : publish(self, err);
    replace_free(self);
    return status;
}

static void replace_abort(DnSink *sink) {
    replace_free((ReplaceSink *)sink);
}

static const DnSinkOps replace_ops = {
    .write = replace_write, .finish = replace_finish, .abort = replace_abort};

static DnStatus open_companion_at(ReplaceSink *self, Companion which, const char *path, DnErr *err) {
    DnTarget target = {0};
    DnStatus status = dn_target_find(path, &target, err);
    if (!status && target.kind != DN_TARGET_REPLACE) {
        status = dn_err(err, DN_E_IO, "the %s \"%s\" would have to replace something that is not a file",
                        names[which], path);
        dn_err_object(err, "%s", path);
    }
    if (status) {
        dn_err_hint(err, "the %s is written beside the dump: remove \"%s\", or choose another path with -f",
                    names[which], dn_digest_name(path));
    } else {
        status = dn_staged_open(target.path, DN_STAGED_PRIVATE, &self->beside[which], err);
        self->beside[which].no_sync = self->options.no_sync;
    }
    free(target.path);
    return status;
}

static DnStatus open_companion(ReplaceSink *self, Companion which, DnErr *err) {
    DnBuf path = {0};
    dn_buf_fmt(&path, "%s%s", self->path, suffixes[which]);
    DnStatus status =
        dn_buf_failed(&path) ? dn_err_nomem(err) : open_companion_at(self, which, dn_buf_text(&path), err);
    dn_buf_deinit(&path);
    return status;
}

static DnStatus replace_open(const char *path, const DnFileOptions *options, const DnTarget *target,
                             DnSink **out, DnErr *err) {
    ReplaceSink *self = calloc(1, sizeof *self);
    if (!self || !(self->path = strdup(path))) {
        free(self);
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &replace_ops, .phase = DN_SINK_DESTINATION};
    self->options = *options;
    DnStatus status = dn_staged_open(
        target->path, options->no_digest ? DN_STAGED_USUAL_MODE : DN_STAGED_PRIVATE, &self->data, err);
    self->data.no_sync = options->no_sync;
    if (!status && !options->no_digest) {
        status = open_companion(self, DIGEST, err);
    }
    if (!status && !options->no_digest && options->manifest) {
        status = open_companion(self, MANIFEST, err);
    }
    if (status) {
        replace_free(self);
        return status;
    }
    *out = &self->sink;
    return DN_OK;
}

/* ---- A pipe or device that is written straight ------------------------------------ */

typedef struct StraightSink {
    DnSink sink;
    int fd;
    bool no_sync;
    char *path;
} StraightSink;

static void straight_free(StraightSink *self) {
    dn_fd_close(self->fd);
    free(self->path);
    free(self);
}

static DnStatus straight_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    StraightSink *self = (StraightSink *)sink;
    int error = dn_fd_write(self->fd, bytes, size);
    return error ? dn_fd_err(err, error, self->path, "could not write to") : DN_OK;
}

static DnStatus straight_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    StraightSink *self = (StraightSink *)sink;
    (void)summary;
    /* Most of these can't be flushed, and say EINVAL; a disk behind the name can, and may fail. */
    int error = self->no_sync ? 0 : dn_fd_sync(self->fd);
    DnStatus status = DN_OK;
    if (error && error != EINVAL && error != ENOTSUP && error != EROFS) {
        status = dn_fd_err(err, error, self->path, "could not flush");
    }
    straight_free(self);
    return status;
}

static void straight_abort(DnSink *sink) {
    straight_free((StraightSink *)sink);
}

static const DnSinkOps straight_ops = {
    .write = straight_write, .finish = straight_finish, .abort = straight_abort};

static DnStatus straight_open(const char *path, const DnFileOptions *options, DnSink **out, DnErr *err) {
    StraightSink *self = calloc(1, sizeof *self);
    if (!self || !(self->path = strdup(path))) {
        free(self);
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &straight_ops, .phase = DN_SINK_DESTINATION, .straight = true};
    /* /dev/stdout may be a regular file that the shell opened with >>: append, never truncate. */
    self->fd = dn_fd_create(AT_FDCWD, path, O_WRONLY | O_APPEND | (options->append ? O_CREAT : 0), 0666);
    self->no_sync = options->no_sync;
    if (self->fd < 0) {
        (void)dn_fd_err(err, errno, path, options->append ? "could not create file" : "could not open");
        straight_free(self);
        return err->status;
    }
    *out = &self->sink;
    return DN_OK;
}

DnStatus dn_file_sink_open(const char *path, const DnFileOptions *options, DnSink **out, DnErr *err) {
    DnTarget target = {0};
    DnStatus status = dn_target_find(path, &target, err);
    if (status) {
        return status;
    }
    bool replace = target.kind == DN_TARGET_REPLACE && !options->append;
    status =
        replace ? replace_open(path, options, &target, out, err) : straight_open(path, options, out, err);
    free(target.path);
    return status;
}
