/* gunzip.c - what gzip.c made, read again. A file may have more than one member. */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

#include "dumper/sink/expand.h"

enum { OUT_SIZE = 256 * 1024, GZIP_WINDOW = 15 + 16 };

typedef struct Gunzip {
    DnExpander expander;
    z_stream stream;
    bool damaged;
    unsigned char out[OUT_SIZE];
} Gunzip;

static void add(DnExpander *expander, const char *bytes, size_t size, DnTextFn text, void *ctx) {
    Gunzip *self = (Gunzip *)expander;
    z_stream *stream = &self->stream;
    stream->next_in = (unsigned char *)(uintptr_t)bytes; /* zlib's pointer is not const */
    stream->avail_in = (uInt)size;
    do {
        stream->next_out = self->out;
        stream->avail_out = OUT_SIZE;
        int state = self->damaged ? Z_DATA_ERROR : inflate(stream, Z_NO_FLUSH);
        text(ctx, (const char *)self->out, OUT_SIZE - stream->avail_out);
        if (state == Z_STREAM_END) {
            state = inflateReset(stream);
        }
        self->damaged = state != Z_OK && state != Z_BUF_ERROR;
    } while (!self->damaged && (stream->avail_in || !stream->avail_out));
}

static void free_expander(DnExpander *expander) {
    (void)inflateEnd(&((Gunzip *)expander)->stream);
    free(expander);
}

DnExpander *dn_gzip_expander_new(void) {
    Gunzip *self = calloc(1, sizeof *self);
    if (self && inflateInit2(&self->stream, GZIP_WINDOW) != Z_OK) {
        free(self);
        return NULL;
    }
    if (self) {
        self->expander = (DnExpander){.add = add, .free = free_expander};
    }
    return self ? &self->expander : NULL;
}
