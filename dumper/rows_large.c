#include <string.h>

#include "common/err.h"
#include "dumper/rows.h"
#include "sqlgen/large_object.h"

/* The one that is being written. */
typedef struct LargeObject {
    const DnRender *render;
    DnBuf text;
    char oid[16]; /* "" before the first */
} LargeObject;

/* "oid<tab>hexadecimal digits<newline>"; false for anything else. */
static bool write_piece(LargeObject *large, const char *row, size_t size) {
    static const char digits[] = "0123456789abcdef";
    const char *tab = memchr(row, '\t', size);
    size_t oid_size = tab ? (size_t)(tab - row) : 0;
    if (!oid_size || oid_size >= sizeof large->oid || strspn(row, "0123456789") != oid_size) {
        return false;
    }
    const char *hex = tab + 1;
    size_t hex_size = size - oid_size - 2;
    if (strspn(hex, digits) != hex_size || hex_size > (size_t)2 * DN_LARGE_OBJECT_PIECE) {
        return false;
    }
    if (strlen(large->oid) != oid_size || memcmp(large->oid, row, oid_size) != 0) {
        if (large->oid[0]) {
            dn_large_object_close(&large->text);
        }
        memcpy(large->oid, row, oid_size);
        large->oid[oid_size] = '\0';
        dn_large_object_open(&large->text, row, oid_size);
    }
    if (hex_size) {
        dn_large_object_write(&large->text, large->render, hex, hex_size);
    }
    return true;
}

/* `row` is what the server sent, or "". */
static DnStatus hand_on(LargeObject *large, DnWork *work, const char *row, size_t size, DnErr *err) {
    if (dn_buf_failed(&large->text)) {
        return dn_err_nomem(err);
    }
    const char *text = dn_buf_text(&large->text);
    bool added = size ? dn_work_add_for(work, text, large->text.size, row, size)
                      : dn_work_add(work, text, large->text.size, 0);
    dn_buf_clear(&large->text);
    return added ? DN_OK : dn_work_ended(work, err);
}

static DnStatus copy_pieces(DnConn *conn, LargeObject *large, DnWork *work, DnErr *err) {
    DnStatus status = dn_conn_copy_begin(conn, err);
    while (status == DN_OK) {
        const char *row;
        size_t size;
        status = dn_conn_copy_row(conn, &row, &size, err);
        if (status != DN_OK || !row) {
            break;
        }
        if (!write_piece(large, row, size)) {
            return dn_err(err, DN_E_PROTOCOL, "the server sent something else than pieces of large objects");
        }
        status = hand_on(large, work, row, size, err);
    }
    if (status == DN_OK && large->oid[0]) {
        dn_large_object_close(&large->text);
        status = hand_on(large, work, "", 0, err);
    }
    return status;
}

/* Which one it was stands at the end of the server's message, in whatever language that is. */
static void set_large_object(DnErr *err) {
    size_t end = strcspn(err->server, "\n");
    size_t start = end;
    while (start && err->server[start - 1] >= '0' && err->server[start - 1] <= '9') {
        start--;
    }
    if (start == end) {
        return;
    }
    DnErr inner = *err;
    dn_err_object(err, "large object %.*s", (int)(end - start), inner.server + start);
    if (strcmp(err->sqlstate, "42501") == 0) {
        DnBuf server = {0};
        dn_buf_fmt(&server, "could not open %s: %s", err->object, inner.server);
        dn_err_server(err, dn_buf_text(&server));
        dn_buf_deinit(&server);
        dn_err_hint(err,
                    "Grant the missing privilege to the role that dumps, dump as a superuser, or leave out "
                    "large objects with -B.");
    }
}

DnStatus dn_rows_take_large(DnConn *conn, const DnRender *render, DnWork *work, DnErr *err) {
    LargeObject large = {.render = render};
    DnStatus status = copy_pieces(conn, &large, work, err);
    if (status != DN_OK) {
        set_large_object(err);
    }
    dn_buf_deinit(&large.text);
    return status;
}
