#include "restore/input.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/cancel.h"
#include "common/err.h"
#include "dumper/sink/expand.h"
#include "dumper/sink/fd.h"

/* Fewer rows are read faster than passed over. */
enum { BLOCK_SIZE = 256 * 1024, MAGIC_SIZE = 16, PASSED_LEAST = 64 * 1024 };

typedef struct Reading {
    const DnInput *input;
    DnExpander *expander; /* NULL: plain text */
    uint64_t at;          /* in the file */
    size_t place;         /* the next of input->proof */
    DnStatus status;
    DnErr *err;
} Reading;

/* What is expanded behind a failure is for nobody. */
static void on_text(void *ctx, const char *text, size_t size) {
    Reading *reading = ctx;
    if (!reading->status && size) {
        reading->status = reading->input->text(reading->input->ctx, text, size, reading->err);
    }
}

static ssize_t read_part(const Reading *reading, char *block, size_t size, size_t behind) {
    const DnInput *input = reading->input;
    return input->path ? pread(input->fd, block, size, (off_t)(reading->at + behind))
                       : read(input->fd, block, size);
}

/* At least `least` bytes unless the file ends. Returns 0 or an errno value; ECANCELED for the handle. */
static int read_some(const Reading *reading, char *block, size_t least, size_t most, size_t *got) {
    DnCancel *cancel = reading->input->cancel;
    *got = 0;
    while (*got < least) {
        struct pollfd fds[2] = {{.fd = reading->input->fd, .events = POLLIN},
                                {.fd = dn_cancel_fd(cancel), .events = POLLIN}};
        int ready = poll(fds, 2, -1);
        if (dn_cancel_requested(cancel)) {
            return ECANCELED;
        }
        ssize_t n = ready > 0 ? read_part(reading, block + *got, most - *got, *got) : -1;
        if (n == 0) {
            break;
        }
        if (n < 0 && errno != EINTR && errno != EAGAIN) {
            return errno;
        }
        *got += n > 0 ? (size_t)n : 0;
    }
    return 0;
}

/* ---- Rows that needn't be read -------------------------------------------------------------- */

static bool rows_end_behind(int fd, const DnRowsPlace *place) {
    static const char mark[] = "\n\\.\n";
    char text[sizeof mark - 1];
    off_t at = (off_t)(place->offset + place->bytes) - 1;
    return pread(fd, text, sizeof text, at) == (ssize_t)sizeof text && memcmp(text, mark, sizeof text) == 0;
}

/* Passes over what needn't be read; returns how much may be until the next place. */
static size_t text_before_rows(Reading *reading) {
    const DnInput *input = reading->input;
    for (; input->proof && reading->place < input->proof->count; reading->place++) {
        const DnRowsPlace *place = &input->proof->places[reading->place];
        if (place->bytes < PASSED_LEAST || place->offset < reading->at) {
            continue;
        }
        if (place->offset > reading->at) {
            uint64_t size = place->offset - reading->at;
            return size < BLOCK_SIZE ? (size_t)size : BLOCK_SIZE;
        }
        if (rows_end_behind(input->fd, place) && input->pass(input->ctx, place)) {
            reading->at += place->bytes;
        }
    }
    return BLOCK_SIZE;
}

/* ---- Reading -------------------------------------------------------------------------------- */

static DnStatus begin(Reading *reading, const char *name, const char *block, size_t size) {
    DnStatus status = dn_expander_open(block, size, &reading->expander, reading->err);
    if (status) {
        dn_err_object(reading->err, "%s", name);
    }
    if (reading->expander && reading->input->plain_only) {
        status = dn_err(reading->err, DN_E_MISMATCH,
                        "\"%s\" is compressed, and -j has to read it in many places at once", name);
        dn_err_hint(reading->err, "Decompress it first, or restore it without -j.");
    }
    return status;
}

/* A block, or for `size` 0 the end. */
static void take_block(Reading *reading, const char *name, const char *block, size_t size) {
    DnExpander *expander = reading->expander;
    if (!reading->status && expander && size) {
        expander->add(expander, block, size, on_text, reading);
    } else {
        on_text(reading, block, size);
    }
    if (!reading->status && (size ? expander && expander->damaged : !dn_expander_is_whole(expander))) {
        reading->status = dn_err(reading->err, DN_E_MISMATCH,
                                 "%s is damaged: its compressed data is broken, or cut off", name);
        dn_err_hint(reading->err, "Fetch it again from where it was copied, or dump again.");
    }
}

static DnStatus read_all(Reading *reading, char *block) {
    const char *name = reading->input->path ? reading->input->path : "standard input";
    size_t size = 0;
    for (bool first = true; !reading->status; first = false) {
        size_t most = first ? MAGIC_SIZE : reading->expander ? BLOCK_SIZE : text_before_rows(reading);
        int error = read_some(reading, block, first ? MAGIC_SIZE : 1, most, &size);
        if (error == ECANCELED) {
            return dn_err(reading->err, DN_E_CANCELLED, "cancelled");
        }
        if (error) {
            return dn_fd_err(reading->err, error, name, "could not read");
        }
        if (first) {
            reading->status = begin(reading, name, block, size);
        }
        take_block(reading, name, block, size);
        if (!size) {
            break;
        }
        reading->at += size;
    }
    return reading->status;
}

DnStatus dn_input_read(const DnInput *input, DnErr *err) {
    Reading reading = {.input = input, .err = err};
    char *block = malloc(BLOCK_SIZE);
    DnStatus status = block ? read_all(&reading, block) : dn_err_nomem(err);
    dn_expander_free(reading.expander);
    free(block);
    return status;
}
