/* Rows of COPY: whatever messages the server sends, and however they fit into the room, what is taken is
   whole lines of whole messages, none of which ends the data for psql; and rows that are as they should be
   are taken. */
#include "common/err.h"
#include "dumper/pg/internal.h"
#include "tests/fuzz/fuzz.h"

static struct { const char *at, *end; /* the messages, a zero byte between them */ } left;

/* These stand in for libpq's own. A message without a byte is not there yet, to libpq. */
static size_t message_size(void) {
    while (left.at < left.end && !*left.at) {
        left.at++;
    }
    const char *zero = left.at < left.end ? memchr(left.at, '\0', (size_t)(left.end - left.at)) : NULL;
    return (size_t)((zero ? zero : left.end) - left.at);
}

int PQgetlineAsync(PGconn *pg, char *buffer, int size) {
    size_t there = message_size();
    size_t taken = there < (size_t)size ? there : (size_t)size;
    (void)pg;
    if (!there) {
        return -1;
    }
    memcpy(buffer, left.at, taken);
    left.at += taken;
    return (int)taken;
}

int PQgetCopyData(PGconn *pg, char **buffer, int async) {
    size_t there = message_size();
    (void)pg;
    (void)async;
    if (!there) {
        return -1;
    }
    *buffer = malloc(there + 1);
    must(*buffer);
    memcpy(*buffer, left.at, there);
    (*buffer)[there] = '\0';
    left.at += there;
    return (int)there;
}

int PQisBusy(PGconn *pg) {
    (void)pg;
    return 0;
}

PGresult *PQgetResult(PGconn *pg) {
    (void)pg;
    return NULL;
}

ExecStatusType PQresultStatus(const PGresult *result) {
    (void)result;
    return PGRES_COMMAND_OK;
}

/* Each message one line, and not the one that ends the data. */
static bool all_rows(const char *text, size_t size, uint64_t *rows) {
    bool good = true;
    left.at = text;
    left.end = text + size;
    *rows = 0;
    for (size_t there; (there = message_size()) > 0; left.at += there) {
        good = good && memchr(left.at, '\n', there) == left.at + there - 1 &&
               !(there == 3 && memcmp(left.at, "\\.\n", 3) == 0);
        ++*rows;
    }
    return good;
}

static void must_be_lines(const DnBuf *text) {
    const char *end = text->bytes + text->size;
    for (const char *line = text->bytes; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        must(newline && !(newline - line == 2 && memcmp(line, "\\.", 2) == 0));
        line = newline + 1;
    }
}

/* In pieces that fit into `room`. */
static void check_pieces(const char *text, size_t size, size_t room, bool good, uint64_t rows) {
    char bytes[256 + DN_COPY_LEAST_ROOM];
    DnConn conn = {0};
    DnBuf taken = {0};
    DnCopied copied = {.sums = true};
    DnErr err = {0};
    DnStatus status = DN_OK;
    uint64_t counted = 0;
    left.at = text;
    left.end = text + size;
    while (status == DN_OK && !copied.ended) {
        status = dn_conn_copy_rows(&conn, bytes, room, &copied, &err);
        dn_buf_add(&taken, bytes, copied.size);
        counted += copied.rows;
    }
    must(!good || (status == DN_OK && counted == rows));
    must(status == DN_OK || err.status == DN_E_PROTOCOL);
    if (status == DN_OK && taken.size) {
        must_be_lines(&taken);
    }
    dn_buf_deinit(&taken);
    dn_buf_deinit(&conn.line);
}

static void check_whole(const char *text, size_t size, bool good) {
    DnConn conn = {0};
    DnErr err = {0};
    DnStatus status = DN_OK;
    const char *row = "";
    size_t length;
    left.at = text;
    left.end = text + size;
    while (status == DN_OK && row) {
        status = dn_conn_copy_row(&conn, &row, &length, &err);
    }
    must(good == (status == DN_OK));
    PQfreemem(conn.row);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *text = (const char *)data + 1;
    uint64_t rows;
    if (!size) {
        return 0;
    }
    bool good = all_rows(text, size - 1, &rows);
    check_pieces(text, size - 1, (size_t)data[0] + DN_COPY_LEAST_ROOM, good, rows);
    check_whole(text, size - 1, good);
    return 0;
}
