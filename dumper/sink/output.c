#include "dumper/sink/output.h"

#include <stdlib.h>

#include "common/err.h"
#include "dumper/sink/callback.h"
#include "dumper/sink/file.h"
#include "dumper/sink/hash.h"

/* Big enough that system calls don't count (4 KiB writes cost three times the kernel time). What is larger,
   as blocks of rows are, passes by the buffer, in slices that are still in the second-level cache when the
   hash has passed. */
enum { BUFFER_SIZE = 64 * 1024, SLICE_SIZE = 256 * 1024 };

typedef struct Output {
    DnOutput head; /* first: DnOutput is what callers see of this */
    DnSink *chain;
    DnErr failure; /* the first one; sticky */
    bool straight; /* the destination keeps what it gets */
    bool sent;     /* something left the buffer */
    char buffer[];
} Output;

static int discard(void *ctx, const void *bytes, size_t size) {
    (void)ctx;
    (void)bytes;
    (void)size;
    return 0;
}

static DnStatus open_destination(const DnOutputOptions *options, DnSink **chain, DnErr *err) {
    if (options->path) {
        return dn_file_sink_open(options->path, &options->file, chain, err);
    }
    if (options->write) {
        return dn_callback_sink_open(options->write, options->write_ctx, chain, err);
    }
    return dn_err(err, DN_E_USAGE, "neither a path nor a function to write the dump to was given");
}

/* Built from its end. The hash is that of what is stored, which sha256sum can check. */
static DnStatus open_chain(const DnOutputOptions *options, Output *self, DnErr *err) {
    DnSink **chain = &self->chain;
    if (options->discard) {
        return dn_callback_sink_open(discard, NULL, chain, err);
    }
    DnStatus status = open_destination(options, chain, err);
    self->straight = *chain && (*chain)->straight;
    status = status ? status : dn_hash_sink_open(DN_SINK_STORED_HASH, chain, err);
    return status ? status : dn_compress_sink_open(&options->compression, chain, err);
}

DnStatus dn_output_open(const DnOutputOptions *options, DnOutput **out, DnErr *err) {
    *out = NULL;
    Output *self = malloc(sizeof *self + BUFFER_SIZE);
    if (!self) {
        return dn_err_nomem(err);
    }
    *self = (Output){.head = {.next = self->buffer, .end = self->buffer + BUFFER_SIZE}};
    if (open_chain(options, self, err)) {
        dn_output_abort(&self->head);
        return err->status;
    }
    *out = &self->head;
    return DN_OK;
}

/* Leaves no room in the buffer, so that every further write comes here and learns of it. */
static DnStatus fail(Output *self, DnErr *err) {
    self->failure = *err;
    self->head.next = self->head.end;
    return err->status;
}

static DnStatus flush(Output *self, DnErr *err) {
    size_t size = (size_t)(self->head.next - self->buffer);
    if (self->failure.status) {
        *err = self->failure;
        return err->status;
    }
    self->sent = self->sent || size;
    if (size && dn_sink_write(self->chain, self->buffer, size, err)) {
        return fail(self, err);
    }
    self->head.next = self->buffer;
    return DN_OK;
}

DnStatus dn_output_write_full(DnOutput *output, const void *bytes, size_t size, DnErr *err) {
    Output *self = (Output *)output;
    if (!size && !self->failure.status) {
        return DN_OK;
    }
    DnStatus status = flush(self, err);
    while (!status && size >= BUFFER_SIZE) {
        size_t slice = size < SLICE_SIZE ? size : SLICE_SIZE;
        self->sent = true;
        if (dn_sink_write(self->chain, bytes, slice, err)) {
            return fail(self, err);
        }
        bytes = (const char *)bytes + slice;
        size -= slice;
    }
    if (!status && size) {
        memcpy(self->head.next, bytes, size);
        self->head.next += size;
    }
    return status;
}

bool dn_output_is_revocable(const DnOutput *output) {
    const Output *self = (const Output *)output;
    return !self->straight || !self->sent;
}

DnStatus dn_output_finish(DnOutput *output, char sha256[65], uint64_t *bytes, DnErr *err) {
    Output *self = (Output *)output;
    DnSinkSummary summary = {0};
    DnStatus status = flush(self, err);
    if (!status) {
        DnSink *chain = self->chain;
        self->chain = NULL;
        status = dn_sink_finish(chain, &summary, err);
    }
    if (!status) {
        memcpy(sha256, summary.stored.sha256, sizeof summary.stored.sha256);
        *bytes = summary.stored.bytes;
    }
    dn_output_abort(output);
    return status;
}

void dn_output_abort(DnOutput *output) {
    Output *self = (Output *)output;
    if (self) {
        dn_sink_abort(self->chain);
        free(self);
    }
}
