#include "dumper/sink/digest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEX_SIZE = 64 };

const char *dn_digest_name(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *dn_digest_path(const char *path) {
    size_t size = strlen(path) + sizeof DN_DIGEST_SUFFIX;
    char *digest = malloc(size);
    if (digest) {
        (void)snprintf(digest, size, "%s%s", path, DN_DIGEST_SUFFIX);
    }
    return digest;
}

/* What sha256sum (coreutils 9) escapes; such a line begins with a backslash. */
static const char *escape_of(char c) {
    switch (c) {
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    default:
        return NULL;
    }
}

void dn_digest_render(DnBuf *buf, const char *sha256, const char *name) {
    if (strpbrk(name, "\\\n\r")) {
        dn_buf_char(buf, '\\');
    }
    dn_buf_str(buf, sha256);
    dn_buf_str(buf, "  ");
    for (const char *p = name; *p; p++) {
        const char *escape = escape_of(*p);
        if (escape) {
            dn_buf_str(buf, escape);
        } else {
            dn_buf_char(buf, *p);
        }
    }
    dn_buf_char(buf, '\n');
}

/* NUL for what is no hex digit. */
static char lower_hex(char c) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = memchr(digits, c, sizeof digits - 1);
    if (!found) {
        return '\0';
    }
    return digits[(found - digits) % 16];
}

bool dn_digest_parse(const char *text, size_t size, char sha256[65]) {
    if (size && *text == '\\') {
        text++;
        size--;
    }
    /* "HEX  NAME", or "HEX *NAME" as sha256sum --binary has it. */
    if (size < HEX_SIZE + 3 || text[HEX_SIZE] != ' ' ||
        (text[HEX_SIZE + 1] != ' ' && text[HEX_SIZE + 1] != '*')) {
        return false;
    }
    const char *end = memchr(text, '\n', size);
    if (memchr(text, '\0', size) || (end && end != text + size - 1)) {
        return false;
    }
    for (size_t i = 0; i < HEX_SIZE; i++) {
        sha256[i] = lower_hex(text[i]);
        if (!sha256[i]) {
            return false;
        }
    }
    sha256[HEX_SIZE] = '\0';
    return true;
}
