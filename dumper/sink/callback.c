#include "dumper/sink/callback.h"

#include <stdlib.h>

#include "common/err.h"
#include "dumper/sink/fd.h"

typedef struct CallbackSink {
    DnSink sink;
    DnWriteFn write;
    void *ctx;
} CallbackSink;

static DnStatus callback_write(DnSink *sink, const void *bytes, size_t size, DnErr *err) {
    CallbackSink *self = (CallbackSink *)sink;
    int error = self->write(self->ctx, bytes, size);
    return error ? dn_fd_err(err, error, "output", "could not write to the") : DN_OK;
}

static DnStatus callback_finish(DnSink *sink, DnSinkSummary *summary, DnErr *err) {
    (void)summary;
    (void)err;
    free(sink);
    return DN_OK;
}

static void callback_abort(DnSink *sink) {
    free(sink);
}

static const DnSinkOps callback_ops = {
    .write = callback_write, .finish = callback_finish, .abort = callback_abort};

DnStatus dn_callback_sink_open(DnWriteFn write, void *ctx, DnSink **out, DnErr *err) {
    CallbackSink *self = calloc(1, sizeof *self);
    if (!self) {
        return dn_err_nomem(err);
    }
    self->sink = (DnSink){.ops = &callback_ops, .phase = DN_SINK_DESTINATION, .straight = true};
    self->write = write;
    self->ctx = ctx;
    *out = &self->sink;
    return DN_OK;
}
