#include "dumper/sink/gzip.h"

#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "common/err.h"

enum { OUT_SIZE = 64 * 1024, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

typedef struct GzipSink {
    DnSink sink;
    z_stream stream;
    unsigned char out[OUT_SIZE];
} GzipSink;

static void free_sink(GzipSink *self) {
    (void)deflateEnd(&self->stream);
    free(self);
}

/* Hands on what deflate() gives, until it wants more input or, with Z_FINISH, is at its end. */
static DnStatus run(GzipSink *self, int flush, DnErr *err) {
    int state = Z_OK;
    DnStatus status = DN_OK;
    do {
        self->stream.next_out = self->out;
        self->stream.avail_out = OUT_SIZE;
        state = deflate(&self->stream, flush);
        if (state == Z_STREAM_ERROR) {
            return dn_err(err, DN_E_INTERNAL, "could not compress data: zlib is in a wrong state");
        }
        size_t size = OUT_SIZE - self->stream.avail_out;
        status = size ? dn_sink_write(self->sink.next, self->out, size, err) : DN_OK;
    } while (status == DN_OK && (flush == Z_FINISH ? state != Z_STREAM_END : self->stream.avail_out == 0));
    return status;
}

static DnStatus gzip_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    GzipSink *self = (GzipSink *)sink;
    const unsigned char *next = bytes;
    DnStatus status = DN_OK;
    while (status == DN_OK && size) {
        uInt part = size > OUT_SIZE ? OUT_SIZE : (uInt)size;
        self->stream.next_in = (unsigned char *)(uintptr_t)next; /* zlib's pointer is not const */
        self->stream.avail_in = part;
        status = run(self, Z_NO_FLUSH, err);
        next += part;
        size -= part;
    }
    return status;
}

static DnStatus gzip_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    GzipSink *self = (GzipSink *)sink;
    DnSink *next = sink->next;
    self->stream.next_in = NULL;
    self->stream.avail_in = 0;
    DnStatus status = run(self, Z_FINISH, err);
    free_sink(self);
    if (status) {
        dn_sink_abort(next);
        return status;
    }
    return dn_sink_finish(next, summary, err);
}

static void gzip_abort(DnSink *sink) {
    DnSink *next = sink->next;
    free_sink((GzipSink *)sink);
    dn_sink_abort(next);
}

static const DnSinkOps gzip_ops = {.write = gzip_write, .finish = gzip_finish, .abort = gzip_abort};

DnStatus dn_gzip_sink_open(int level, DnSink **chain, DnErr *err) {
    GzipSink *self = calloc(1, sizeof *self);
    if (!self || deflateInit2(&self->stream, level, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                              Z_DEFAULT_STRATEGY) != Z_OK) {
        free(self);
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &gzip_ops, .phase = DN_SINK_COMPRESS};
    if (dn_sink_link(&self->sink, *chain, err)) {
        free_sink(self);
        return err->status;
    }
    *chain = &self->sink;
    return DN_OK;
}
