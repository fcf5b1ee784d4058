#include "dumper/sink/gzip.h"

#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "common/err.h"

enum { OUT_SIZE = 64 * 1024, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8, LOWEST = 1, HIGHEST = 9 };

/* ---- The words ------------------------------------------------------------------- */

static bool is_method(const char *text, size_t size, const char *name) {
    return size == strlen(name) && strncasecmp(text, name, size) == 0;
}

static bool parse_level(const char *text, int *level) {
    char *end;
    long number = strtol(text, &end, 10);
    *level = number > HIGHEST || number < INT_MIN ? INT_MAX : (int)number;
    return end != text && *end == '\0';
}

static DnStatus invalid(DnErr *err, const char *why, const char *detail) {
    return dn_err(err, DN_E_USAGE, "invalid compression specification: %s%s", why, detail);
}

static DnStatus check_level(int level, DnErr *err) {
    return level >= LOWEST && level <= HIGHEST
               ? DN_OK
               : invalid(err, "compression algorithm \"gzip\" expects a compression level between 1 and 9",
                         " (default at -1)");
}

static DnStatus parse_detail(const char *detail, int *level, DnErr *err) {
    if (!*detail) {
        return invalid(err, "found empty string where a compression option was expected", "");
    }
    if (!parse_level(strncmp(detail, "level=", 6) == 0 ? detail + 6 : detail, level)) {
        (void)invalid(err, "unrecognized compression option: ", "");
        return dn_err(err, DN_E_USAGE, "%s \"%.*s\"", err->message, (int)strcspn(detail, ",="), detail);
    }
    return check_level(*level, err);
}

DnStatus dn_gzip_parse(const char *text, int *level, DnErr *err) {
    *level = DN_GZIP_NONE;
    if (!text || (parse_level(text, level) && *level == DN_GZIP_NONE)) {
        return DN_OK;
    }
    if (*level != DN_GZIP_NONE && parse_level(text, level)) {
        return check_level(*level, err);
    }
    size_t size = strcspn(text, ":");
    const char *detail = text[size] ? text + size + 1 : NULL;
    *level = DN_GZIP_NONE;
    if (is_method(text, size, "none")) {
        return detail ? invalid(err, "compression algorithm \"none\" does not accept a compression level", "")
                      : DN_OK;
    }
    if (is_method(text, size, "lz4") || is_method(text, size, "zstd")) {
        return dn_err(err, DN_E_USAGE, "this build does not support compression with %.*s", (int)size, text);
    }
    if (!is_method(text, size, "gzip")) {
        return dn_err(err, DN_E_USAGE, "unrecognized compression algorithm: \"%.*s\"", (int)size, text);
    }
    *level = DN_GZIP_DEFAULT;
    return detail ? parse_detail(detail, level, err) : DN_OK;
}

/* ---- The sink -------------------------------------------------------------------- */

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
