#include "common/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { OBJECT_SHOWN = 512 };

/* A text that was cut to fit may end in the middle of a character. */
static void trim_cut_character(char *text, size_t size) {
    size_t lead = size;
    while (lead && ((unsigned char)text[lead - 1] & 0xC0) == 0x80) {
        lead--;
    }
    if (lead && (unsigned char)text[lead - 1] >= 0xC0) {
        unsigned char first = (unsigned char)text[lead - 1];
        size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
        if (size - (lead - 1) < length) {
            text[lead - 1] = '\0';
        }
    }
}

/* What the server or the file system names must not break the line that reports it. */
static void flatten(char *text) {
    trim_cut_character(text, strlen(text));
    for (char *p = text; *p; p++) {
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            *p = ' ';
        }
    }
    for (size_t n = strlen(text); n && text[n - 1] == ' '; n--) {
        text[n - 1] = '\0';
    }
}

DnStatus dn_err(DnErr *err, DnStatus status, const char *format, ...) {
    /* The arguments may be the old message: adding context to it is what upper layers do. */
    DnErr fresh = {.status = status};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(fresh.message, sizeof fresh.message, format, args);
    va_end(args);
    flatten(fresh.message);
    *err = fresh;
    return status;
}

DnStatus dn_err_nomem(DnErr *err) {
    return dn_err(err, DN_E_NOMEM, "out of memory");
}

DnStatus dn_err_errno(DnErr *err, int error, const char *object, const char *what) {
    /* Of a path too long for the message, the end tells more; the reason must not be lost behind it. */
    const char *shown = object;
    size_t size = strlen(object);
    if (size > OBJECT_SHOWN) {
        shown += size - OBJECT_SHOWN;
        while (((unsigned char)*shown & 0xC0) == 0x80) {
            shown++;
        }
    }
    char reason[128];
    /* The XSI strerror_r, as _POSIX_C_SOURCE asks for it. */
    if (strerror_r(error, reason, sizeof reason) != 0) {
        (void)snprintf(reason, sizeof reason, "error %d", error);
    }
    (void)dn_err(err, DN_E_IO, "%s \"%s%s\": %s", what, shown == object ? "" : "...", shown, reason);
    dn_err_object(err, "%s", object);
    return DN_E_IO;
}

void dn_err_hint(DnErr *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->hint, sizeof err->hint, format, args);
    va_end(args);
    flatten(err->hint);
}

void dn_err_object(DnErr *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->object, sizeof err->object, format, args);
    va_end(args);
    flatten(err->object);
}

static void copy_lines(char *out, size_t size, const char *text) {
    (void)snprintf(out, size, "%s", text ? text : "");
    size_t length = strlen(out);
    trim_cut_character(out, length);
    for (length = strlen(out); length && out[length - 1] == '\n'; length--) {
        out[length - 1] = '\0';
    }
}

void dn_err_server(DnErr *err, const char *text) {
    copy_lines(err->server, sizeof err->server, text);
}

void dn_err_query(DnErr *err, const char *text) {
    copy_lines(err->query, sizeof err->query, text);
}

void dn_err_sqlstate(DnErr *err, const char *sqlstate) {
    (void)snprintf(err->sqlstate, sizeof err->sqlstate, "%s", sqlstate ? sqlstate : "");
}
