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
    bool ended; /* a member has */
    bool over;  /* and no other follows */
    unsigned char out[OUT_SIZE];
} Gunzip;

/* What follows the last member and is none itself does not count: tapes and the like fill up with zeros. */
static void add(DnExpander *expander, const char *bytes, size_t size, DnTextFn text, void *ctx) {
    Gunzip *self = (Gunzip *)expander;
    z_stream *stream = &self->stream;
    stream->next_in = (unsigned char *)(uintptr_t)bytes; /* zlib's pointer is not const */
    stream->avail_in = (uInt)size;
    while (!expander->damaged && !self->over) {
        stream->next_out = self->out;
        stream->avail_out = OUT_SIZE;
        int state = inflate(stream, Z_NO_FLUSH);
        bool member = stream->total_out > 0;
        text(ctx, (const char *)self->out, OUT_SIZE - stream->avail_out);
        if (state == Z_STREAM_END) {
            self->ended = true;
            state = inflateReset(stream);
        }
        bool failed = state != Z_OK && state != Z_BUF_ERROR;
        self->over = failed && self->ended && !member;
        expander->damaged = failed && !self->over;
        /* zlib keeps a byte of what begins to look like a member */
        expander->inside = !self->over && stream->total_in > (self->ended ? 1 : 0);
        if (!stream->avail_in && stream->avail_out) {
            return;
        }
    }
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
