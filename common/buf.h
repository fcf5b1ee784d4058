/*
 * buf.h - a growing byte buffer for SQL text.
 *
 * A zero-initialised DnBuf is ready. `bytes` is always NUL-terminated once something was added; read it
 * through dn_buf_text() to be safe for empty ones. Failure is sticky: append freely, check dn_buf_failed()
 * once before use.
 */
#ifndef DN_COMMON_BUF_H
#define DN_COMMON_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "include/dumpnative.h"

typedef struct DnBuf {
    char *bytes;
    size_t size;
    size_t capacity;
    bool failed;
} DnBuf;

void dn_buf_add(DnBuf *buf, const void *bytes, size_t size);
/* Appends a string; NULL appends nothing. */
void dn_buf_str(DnBuf *buf, const char *text);
void dn_buf_char(DnBuf *buf, char c);
void dn_buf_fmt(DnBuf *buf, const char *format, ...) DN_PRINTF(2, 3);
/* Appends `separator` unless the buffer is empty: for lists built in a buffer of their own. */
void dn_buf_sep(DnBuf *buf, const char *separator);
/* The text so far, "" when empty. Borrowed until the next append. */
const char *dn_buf_text(const DnBuf *buf);
bool dn_buf_failed(const DnBuf *buf);
void dn_buf_clear(DnBuf *buf);
void dn_buf_deinit(DnBuf *buf);

#endif
