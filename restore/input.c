#include "restore/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/cancel.h"
#include "common/err.h"
#include "dumper/sink/expand.h"
#include "dumper/sink/fd.h"

enum { BLOCK_SIZE = 256 * 1024, MAGIC_SIZE = 16 };

typedef struct Input {
    DnExpander *expander; /* NULL: plain text */
    bool plain_only;
    DnInputFn text;
    void *ctx;
    DnStatus status;
    DnErr *err;
} Input;

/* What is expanded behind a failure is for nobody. */
static void on_text(void *ctx, const char *text, size_t size) {
    Input *input = ctx;
    if (!input->status && size) {
        input->status = input->text(input->ctx, text, size, input->err);
    }
}

/* At least `least` bytes unless the file ends. Returns 0 or an errno value; ECANCELED for the handle. */
static int read_some(int fd, DnCancel *cancel, char *block, size_t least, size_t *got) {
    *got = 0;
    while (*got < least) {
        struct pollfd fds[2] = {{.fd = fd, .events = POLLIN}, {.fd = dn_cancel_fd(cancel), .events = POLLIN}};
        int ready = poll(fds, 2, -1);
        if (dn_cancel_requested(cancel)) {
            return ECANCELED;
        }
        ssize_t n = ready > 0 ? read(fd, block + *got, BLOCK_SIZE - *got) : -1;
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

static DnStatus read_all(Input *input, int fd, const char *path, DnCancel *cancel, char *block) {
    const char *name = path ? path : "standard input";
    size_t size = 0;
    for (bool first = true; !input->status; first = false) {
        int error = read_some(fd, cancel, block, first ? MAGIC_SIZE : 1, &size);
        if (error == ECANCELED) {
            return dn_err(input->err, DN_E_CANCELLED, "cancelled");
        }
        if (error) {
            return dn_fd_err(input->err, error, name, "could not read");
        }
        if (first) {
            input->status = dn_expander_open(block, size, &input->expander, input->err);
        }
        if (input->expander && input->plain_only) {
            (void)dn_err(input->err, DN_E_MISMATCH,
                         "\"%s\" is compressed, and -j has to read it in many places at once", name);
            dn_err_hint(input->err, "Decompress it first, or restore it without -j.");
            return input->err->status;
        }
        if (!size) {
            break;
        }
        if (!input->status && input->expander) {
            input->expander->add(input->expander, block, size, on_text, input);
        } else {
            on_text(input, block, size);
        }
    }
    return input->status;
}

static DnStatus read_input(Input *input, const char *path, int fd, DnCancel *cancel) {
    int file = path ? dn_fd_open(AT_FDCWD, path, O_RDONLY) : fd;
    if (file < 0) {
        return dn_fd_err(input->err, errno, path, "could not read file");
    }
    char *block = malloc(BLOCK_SIZE);
    DnStatus status = block ? read_all(input, file, path, cancel, block) : dn_err_nomem(input->err);
    dn_expander_free(input->expander);
    free(block);
    if (path) {
        dn_fd_close(file);
    }
    return status;
}

DnStatus dn_input_read(const char *path, int fd, DnCancel *cancel, DnInputFn text, void *ctx, DnErr *err) {
    return read_input(&(Input){.text = text, .ctx = ctx, .err = err}, path, fd, cancel);
}

DnStatus dn_input_read_plain(const char *path, DnCancel *cancel, DnInputFn text, void *ctx, DnErr *err) {
    return read_input(&(Input){.plain_only = true, .text = text, .ctx = ctx, .err = err}, path, -1, cancel);
}
