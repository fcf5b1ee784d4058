/* lz4.c - compression by liblz4, in its frame format. */
#include <lz4frame.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "common/err.h"
#include "dumper/sink/compress.h"
#include "dumper/sink/expand.h"

enum { PART_SIZE = 64 * 1024, EXPANDED_SIZE = 256 * 1024 };

/* ---- The sink -------------------------------------------------------------------- */

typedef struct Lz4Sink {
    DnSink sink;
    LZ4F_cctx *context;
    LZ4F_preferences_t preferences;
    bool begun;
    char *out;
    size_t out_size;
} Lz4Sink;

static void free_sink(Lz4Sink *self) {
    (void)LZ4F_freeCompressionContext(self->context);
    free(self->out);
    free(self);
}

/* `size` is what a function of the library returned: that much was put into `out`, or an error. */
static DnStatus hand_on(Lz4Sink *self, size_t size, DnErr *err) {
    if (LZ4F_isError(size)) {
        return dn_err(err, DN_E_INTERNAL, "could not compress data: %s", LZ4F_getErrorName(size));
    }
    return size ? dn_sink_write(self->sink.next, self->out, size, err) : DN_OK;
}

static DnStatus begin(Lz4Sink *self, DnErr *err) {
    if (self->begun) {
        return DN_OK;
    }
    self->begun = true;
    return hand_on(self, LZ4F_compressBegin(self->context, self->out, self->out_size, &self->preferences),
                   err);
}

static DnStatus lz4_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    Lz4Sink *self = (Lz4Sink *)sink;
    const char *next = bytes;
    DnStatus status = begin(self, err);
    while (status == DN_OK && size) {
        size_t part = size > PART_SIZE ? PART_SIZE : size;
        status = hand_on(
            self, LZ4F_compressUpdate(self->context, self->out, self->out_size, next, part, NULL), err);
        next += part;
        size -= part;
    }
    return status;
}

static DnStatus lz4_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    Lz4Sink *self = (Lz4Sink *)sink;
    DnSink *next = sink->next;
    DnStatus status = begin(self, err);
    if (status == DN_OK) {
        status = hand_on(self, LZ4F_compressEnd(self->context, self->out, self->out_size, NULL), err);
    }
    free_sink(self);
    return dn_sink_finish_next(next, status, summary, err);
}

static void lz4_abort(DnSink *sink) {
    DnSink *next = sink->next;
    free_sink((Lz4Sink *)sink);
    dn_sink_abort(next);
}

static const DnSinkOps lz4_ops = {.write = lz4_write, .finish = lz4_finish, .abort = lz4_abort};

DnStatus dn_lz4_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err) {
    Lz4Sink *self = calloc(1, sizeof *self);
    if (!self || LZ4F_isError(LZ4F_createCompressionContext(&self->context, LZ4F_VERSION))) {
        free(self);
        return dn_err_nomem(err);
    }
    self->preferences.compressionLevel = compression->level;
    self->out_size = LZ4F_compressBound(PART_SIZE, &self->preferences) + LZ4F_HEADER_SIZE_MAX;
    self->out = malloc(self->out_size);
    self->sink = (DnSink){.ops = &lz4_ops, .phase = DN_SINK_COMPRESS};
    DnStatus status = self->out ? dn_sink_link(&self->sink, *chain, err) : dn_err_nomem(err);
    if (status) {
        free_sink(self);
        return status;
    }
    *chain = &self->sink;
    return DN_OK;
}

/* ---- Reading it again ------------------------------------------------------------ */

typedef struct Lz4Expander {
    DnExpander expander;
    LZ4F_dctx *context;
    char out[EXPANDED_SIZE];
} Lz4Expander;

static void add(DnExpander *expander, const char *bytes, size_t size, DnTextFn text, void *ctx) {
    Lz4Expander *self = (Lz4Expander *)expander;
    bool more = true;
    while (more && !expander->damaged) {
        size_t taken = size;
        size_t got = EXPANDED_SIZE;
        size_t state = LZ4F_decompress(self->context, self->out, &got, bytes, &taken, NULL);
        expander->damaged = LZ4F_isError(state);
        expander->inside = state != 0;
        if (!expander->damaged) {
            text(ctx, self->out, got);
            bytes += taken;
            size -= taken;
        }
        more = size || (state && got == EXPANDED_SIZE);
    }
}

static void free_expander(DnExpander *expander) {
    (void)LZ4F_freeDecompressionContext(((Lz4Expander *)expander)->context);
    free(expander);
}

DnExpander *dn_lz4_expander_new(void) {
    Lz4Expander *self = calloc(1, sizeof *self);
    if (!self || LZ4F_isError(LZ4F_createDecompressionContext(&self->context, LZ4F_VERSION))) {
        free(self);
        return NULL;
    }
    self->expander = (DnExpander){.add = add, .free = free_expander};
    return &self->expander;
}
