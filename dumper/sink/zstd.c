/* zstd.c - compression by libzstd, on as many threads as there are processors where the library has
   threads. */
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>
#include <zstd.h>

#include "common/err.h"
#include "dumper/sink/compress.h"
#include "dumper/sink/expand.h"

enum { OUT_SIZE = 256 * 1024, MOST_WORKERS = 16 };

/* ---- The sink -------------------------------------------------------------------- */

typedef struct ZstdSink {
    DnSink sink;
    ZSTD_CCtx *context;
    char out[OUT_SIZE];
} ZstdSink;

static void free_sink(ZstdSink *self) {
    (void)ZSTD_freeCCtx(self->context);
    free(self);
}

/* Hands on what there is until all input is taken or, with ZSTD_e_end, all output is out. */
static DnStatus run(ZstdSink *self, ZSTD_inBuffer *in, ZSTD_EndDirective directive, DnErr *err) {
    DnStatus status = DN_OK;
    size_t left = 0;
    do {
        ZSTD_outBuffer out = {.dst = self->out, .size = OUT_SIZE};
        left = ZSTD_compressStream2(self->context, &out, in, directive);
        if (ZSTD_isError(left)) {
            return dn_err(err, DN_E_INTERNAL, "could not compress data: %s", ZSTD_getErrorName(left));
        }
        status = out.pos ? dn_sink_write(self->sink.next, self->out, out.pos, err) : DN_OK;
    } while (status == DN_OK && (directive == ZSTD_e_end ? left : in->pos < in->size));
    return status;
}

static DnStatus zstd_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    ZSTD_inBuffer in = {.src = bytes, .size = size};
    return run((ZstdSink *)sink, &in, ZSTD_e_continue, err);
}

static DnStatus zstd_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    DnSink *next = sink->next;
    ZSTD_inBuffer in = {0};
    DnStatus status = run((ZstdSink *)sink, &in, ZSTD_e_end, err);
    free_sink((ZstdSink *)sink);
    return dn_sink_finish_next(next, status, summary, err);
}

static void zstd_abort(DnSink *sink) {
    DnSink *next = sink->next;
    free_sink((ZstdSink *)sink);
    dn_sink_abort(next);
}

static const DnSinkOps zstd_ops = {.write = zstd_write, .finish = zstd_finish, .abort = zstd_abort};

/* One thread more than ours is of no use where there is one processor. */
static int usual_workers(void) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    return processors < 2 ? 0 : processors > MOST_WORKERS ? MOST_WORKERS : (int)processors;
}

static DnStatus set(ZSTD_CCtx *context, ZSTD_cParameter parameter, int value, const char *name, DnErr *err) {
    size_t result = ZSTD_CCtx_setParameter(context, parameter, value);
    return ZSTD_isError(result) ? dn_err(err, DN_E_USAGE, "could not set compression %s to %d: %s", name,
                                         value, ZSTD_getErrorName(result))
                                : DN_OK;
}

/* Level 3, which is the default, as it suits rows as text: they repeat in long matches, so a plain hash of
   seven bytes, in a table that stays in a processor's cache, finds in half of the time what the library's own
   choice does, and the files are no larger. Small jobs, since the threads' memory and caches hold several. */
enum { TUNED_LEVEL = 3 };
static const struct {
    ZSTD_cParameter parameter;
    int value;
} tuned[] = {{ZSTD_c_windowLog, 22},
             {ZSTD_c_strategy, ZSTD_fast},
             {ZSTD_c_hashLog, 16},
             {ZSTD_c_minMatch, 7},
             {ZSTD_c_jobSize, 3 * 1024 * 1024}};

/* Not worth an error: a library without threads refuses the size of their jobs. */
static void tune(ZSTD_CCtx *context) {
    for (size_t i = 0; i < sizeof tuned / sizeof *tuned; i++) {
        (void)ZSTD_CCtx_setParameter(context, tuned[i].parameter, tuned[i].value);
    }
}

static DnStatus configure(ZSTD_CCtx *context, const DnCompression *compression, DnErr *err) {
    DnStatus status = set(context, ZSTD_c_compressionLevel, compression->level, "level", err);
    if (status == DN_OK && compression->long_distance) {
        status = set(context, ZSTD_c_enableLongDistanceMatching, 1, "option long", err);
    }
    if (status == DN_OK && compression->has_workers) {
        status = set(context, ZSTD_c_nbWorkers, compression->workers, "workers", err);
    } else if (status == DN_OK) {
        (void)ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, usual_workers()); /* it may lack threads */
    }
    if (compression->level == TUNED_LEVEL && !compression->long_distance) {
        tune(context);
    }
    return status;
}

DnStatus dn_zstd_sink_open(const DnCompression *compression, DnSink **chain, DnErr *err) {
    ZstdSink *self = calloc(1, sizeof *self);
    if (!self || !(self->context = ZSTD_createCCtx())) {
        free(self);
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &zstd_ops, .phase = DN_SINK_COMPRESS};
    if (configure(self->context, compression, err) || dn_sink_link(&self->sink, *chain, err)) {
        free_sink(self);
        return err->status;
    }
    *chain = &self->sink;
    return DN_OK;
}

/* ---- Reading it again ------------------------------------------------------------ */

typedef struct ZstdExpander {
    DnExpander expander;
    ZSTD_DCtx *context;
    char out[OUT_SIZE];
} ZstdExpander;

static void add(DnExpander *expander, const char *bytes, size_t size, DnTextFn text, void *ctx) {
    ZstdExpander *self = (ZstdExpander *)expander;
    ZSTD_inBuffer in = {.src = bytes, .size = size};
    ZSTD_outBuffer out;
    bool more = true;
    while (more && !expander->damaged) {
        out = (ZSTD_outBuffer){.dst = self->out, .size = OUT_SIZE};
        size_t state = ZSTD_decompressStream(self->context, &out, &in);
        text(ctx, self->out, out.pos);
        expander->damaged = ZSTD_isError(state);
        expander->inside = state != 0;
        more = in.pos < in.size || (state && out.pos == out.size);
    }
}

static void free_expander(DnExpander *expander) {
    (void)ZSTD_freeDCtx(((ZstdExpander *)expander)->context);
    free(expander);
}

DnExpander *dn_zstd_expander_new(void) {
    ZstdExpander *self = calloc(1, sizeof *self);
    if (!self || !(self->context = ZSTD_createDCtx())) {
        free(self);
        return NULL;
    }
    self->expander = (DnExpander){.add = add, .free = free_expander};
    return &self->expander;
}
