#include "common/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/nomem.h"

static void fail(DnBuf *buf) {
    buf->failed = true;
    dn_nomem_note();
}

/* Makes room for `more` bytes and a NUL. */
static bool reserve(DnBuf *buf, size_t more) {
    if (buf->failed || more > SIZE_MAX / 2 - buf->size - 1) {
        fail(buf);
        return false;
    }
    size_t need = buf->size + more + 1;
    if (need <= buf->capacity) {
        return true;
    }
    size_t capacity = buf->capacity ? buf->capacity : 128;
    while (capacity < need) {
        capacity *= 2;
    }
    char *bytes = realloc(buf->bytes, capacity);
    if (!bytes) {
        fail(buf);
        return false;
    }
    buf->bytes = bytes;
    buf->capacity = capacity;
    return true;
}

void dn_buf_add(DnBuf *buf, const void *bytes, size_t size) {
    if (size && reserve(buf, size)) {
        memcpy(buf->bytes + buf->size, bytes, size);
        buf->size += size;
        buf->bytes[buf->size] = '\0';
    }
}

void dn_buf_str(DnBuf *buf, const char *text) {
    if (text) {
        dn_buf_add(buf, text, strlen(text));
    }
}

void dn_buf_char(DnBuf *buf, char c) {
    dn_buf_add(buf, &c, 1);
}

void dn_buf_fmt(DnBuf *buf, const char *format, ...) {
    va_list args;
    va_start(args, format);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (size < 0 || !reserve(buf, (size_t)size)) {
        fail(buf);
        return;
    }
    va_start(args, format);
    (void)vsnprintf(buf->bytes + buf->size, (size_t)size + 1, format, args);
    va_end(args);
    buf->size += (size_t)size;
}

void dn_buf_sep(DnBuf *buf, const char *separator) {
    if (buf->size) {
        dn_buf_str(buf, separator);
    }
}

const char *dn_buf_text(const DnBuf *buf) {
    return buf->bytes ? buf->bytes : "";
}

bool dn_buf_failed(const DnBuf *buf) {
    return buf->failed;
}

void dn_buf_clear(DnBuf *buf) {
    buf->size = 0;
    buf->failed = false;
    if (buf->bytes) {
        buf->bytes[0] = '\0';
    }
}

void dn_buf_deinit(DnBuf *buf) {
    free(buf->bytes);
    *buf = (DnBuf){0};
}
