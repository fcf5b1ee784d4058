#include "restore/recode.h"

#include <string.h>

#include "common/err.h"

static DnStatus take_text(void *ctx, const DnRows *rows, DnErr *err) {
    DnBuf *text = ctx;
    (void)err;
    dn_buf_clear(text);
    dn_buf_str(text, dn_rows_str(rows, 0, 0));
    return DN_OK;
}

static bool is_ascii(const DnBuf *text) {
    for (size_t i = 0; i < text->size; i++) {
        if ((unsigned char)text->bytes[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

DnStatus dn_recode(DnRun *run, const char *encoding, DnBuf *text, DnErr *err) {
    const char *session = dn_conn_parameter(run->conn, "client_encoding");
    if (dn_buf_failed(text)) {
        return dn_err_nomem(err);
    }
    if (!encoding || (session && strcmp(encoding, session) == 0) || is_ascii(text)) {
        return DN_OK;
    }
    DnBuf param = {0};
    dn_buf_fmt(&param, "%s\n\\x", encoding);
    for (size_t i = 0; i < text->size; i++) {
        dn_buf_fmt(&param, "%02x", (unsigned char)text->bytes[i]);
    }
    const DnRequest request = {.what = "reading the dump's names in its encoding",
                               .sql = "SELECT pg_catalog.convert_from(pg_catalog.split_part($1, E'\\n', "
                                      "2)::pg_catalog.bytea, pg_catalog.split_part($1, E'\\n', 1))",
                               .param = dn_buf_text(&param),
                               .rows = take_text,
                               .ctx = text};
    DnStatus status = dn_buf_failed(&param) ? dn_err_nomem(err) : dn_conn_batch(run->conn, &request, 1, err);
    dn_buf_deinit(&param);
    return !status && dn_buf_failed(text) ? dn_err_nomem(err) : status;
}
