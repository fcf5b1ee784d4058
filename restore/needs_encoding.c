/* needs_encoding.c - whether the target can hold the dump's text. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "restore/input.h"
#include "restore/needs.h"

enum { MOST_CHARACTERS = 10, PIECE = 4096 };

typedef struct Encodings {
    bool known, same, plain, converted; /* what the server knows of the dump's and the database's */
    char database[64];
} Encodings;

static DnStatus take_encodings(void *ctx, const DnRows *rows, DnErr *err) {
    Encodings *encodings = ctx;
    (void)err;
    if (dn_rows_count(rows)) {
        encodings->known = dn_rows_bool(rows, 0, 0);
        encodings->same = dn_rows_bool(rows, 0, 1);
        encodings->plain = dn_rows_bool(rows, 0, 2);
        encodings->converted = dn_rows_bool(rows, 0, 3);
        (void)snprintf(encodings->database, sizeof encodings->database, "%s", dn_rows_str(rows, 0, 4));
    }
    return DN_OK;
}

static void tell(DnRun *run, size_t *problems, const char *text) {
    run->object[0] = '\0';
    dn_run_tell(run, DN_EVENT_WARNING, text, NULL);
    ++*problems;
}

/* Characters that the database's encoding lacks are found by halves: the server names none of several. */
static DnStatus try_characters(DnRun *run, const char *utf8, size_t size, size_t *found, DnErr *err) {
    DnBuf hex = {0};
    dn_buf_str(&hex, "\\x");
    for (size_t i = 0; i < size; i++) {
        dn_buf_fmt(&hex, "%02x", (unsigned char)utf8[i]);
    }
    const DnRequest convert = {
        .what = "converting the dump's characters",
        .sql = "SELECT pg_catalog.convert($1::pg_catalog.bytea, 'UTF8', pg_catalog.getdatabaseencoding())",
        .param = dn_buf_text(&hex)};
    DnStatus status = dn_buf_failed(&hex) ? dn_err_nomem(err) : dn_conn_batch(run->conn, &convert, 1, err);
    dn_buf_deinit(&hex);
    if (status != DN_E_QUERY || strcmp(err->sqlstate, "22P05") != 0) {
        return status;
    }
    if (dn_conn_recover(run->conn, err) != DN_OK) {
        return err->status;
    }
    size_t half = size / 2;
    while (half && ((unsigned char)utf8[half] & 0xc0) == 0x80) {
        half--;
    }
    if (!half) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "the dump has the character \"%.*s\", which the encoding of the database lacks",
                       (int)size, utf8);
        tell(run, found, text);
        return DN_OK;
    }
    status = try_characters(run, utf8, half, found, err);
    return status || *found >= MOST_CHARACTERS ? status
                                               : try_characters(run, utf8 + half, size - half, found, err);
}

static DnStatus check_characters(const DnTextCheck *check, DnRun *run, size_t *problems, DnErr *err) {
    uint32_t code = 0;
    size_t found = 0;
    DnStatus status = DN_OK;
    DnBuf utf8 = {0};
    while (!status && code < DN_TEXT_CHARACTERS && found < MOST_CHARACTERS) {
        dn_buf_clear(&utf8);
        dn_text_check_characters(check, &code, PIECE, &utf8);
        if (dn_buf_failed(&utf8)) {
            status = dn_err_nomem(err);
        } else if (utf8.size) {
            status = try_characters(run, utf8.bytes, utf8.size, &found, err);
        }
    }
    dn_buf_deinit(&utf8);
    *problems += found;
    return status;
}

static DnStatus check_database(const char *encoding, const DnTextCheck *check, DnRun *run, size_t *problems,
                               DnErr *err) {
    Encodings encodings = {0};
    const DnRequest ask = {
        .what = "looking for the database's encoding",
        .sql =
            "SELECT e >= 0, e = encoding, 0 IN (e, encoding), EXISTS (SELECT FROM pg_catalog.pg_conversion "
            "WHERE condefault AND conforencoding = e AND contoencoding = encoding), "
            "pg_catalog.pg_encoding_to_char(encoding) "
            "FROM pg_catalog.pg_database, pg_catalog.pg_char_to_encoding($1) e "
            "WHERE datname = pg_catalog.current_database()",
        .param = encoding,
        .rows = take_encodings,
        .ctx = &encodings};
    DnStatus status = dn_conn_batch(run->conn, &ask, 1, err);
    if (status || encodings.same) {
        return status;
    }
    if (!encodings.known || (!encodings.plain && !encodings.converted)) {
        char text[256];
        (void)snprintf(
            text, sizeof text,
            encodings.known
                ? "text in the dump's encoding \"%.64s\" can't be converted to the database's, \"%s\""
                : "the server does not know the dump's encoding \"%.64s\"%.0s",
            encoding, encodings.database);
        tell(run, problems, text);
        return DN_OK;
    }
    bool utf8 = strcmp(encoding, "UTF8") == 0;
    return utf8 && !encodings.plain ? check_characters(check, run, problems, err) : DN_OK;
}

static DnStatus check_text(const DnNeeds *needs, const DnTextCheck *check, DnRun *run, size_t *problems,
                           DnErr *err) {
    const char *database = dn_conn_parameter(run->conn, "server_encoding");
    const char *encoding = needs->encoding ? needs->encoding : "";
    bool ascii = strcmp(encoding, "SQL_ASCII") == 0 && database && strcmp(database, "UTF8") == 0;
    char text[256];
    if (check->bad_line && (ascii || strcmp(encoding, "UTF8") == 0)) {
        (void)snprintf(text, sizeof text, "line %" PRIu64 " of the dump is no text in UTF-8%s",
                       check->bad_line, ascii ? ", which the database's text is" : ", as the dump says");
        tell(run, problems, text);
    }
    if (check->bad_row) {
        (void)snprintf(text, sizeof text,
                       "line %" PRIu64 " of the dump: the row has %zu values, and its COPY has %zu columns",
                       check->bad_row, check->found, check->wanted);
        tell(run, problems, text);
    }
    return encoding[0] && !run->options->create ? check_database(encoding, check, run, problems, err) : DN_OK;
}

/* ---- Rows that were passed over ------------------------------------------------------------- */

typedef struct Whole {
    DnTextCheck check;
    uint64_t line;
} Whole;

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    Whole *whole = ctx;
    dn_text_check_add(&whole->check, text, size, whole->line);
    for (const char *end = text + size; (text = memchr(text, '\n', (size_t)(end - text))); text++) {
        whole->line++;
    }
    return whole->check.failed ? dn_err_nomem(err) : DN_OK;
}

static DnStatus read_whole(const DnNeeds *needs, Whole *whole, DnErr *err) {
    const DnInput input = {.path = needs->options->path,
                           .fd = needs->proof->fd,
                           .cancel = needs->options->cancel,
                           .text = on_text,
                           .ctx = whole};
    return dn_input_read(&input, err);
}

/* What was passed over is what a database sent as text in its encoding: only where the target's is another
   one, it matters what characters there are. */
DnStatus dn_needs_check_encoding(const DnNeeds *needs, DnRun *run, size_t *problems, DnErr *err) {
    const char *database = dn_conn_parameter(run->conn, "server_encoding");
    Whole whole = {.line = 1};
    if (!needs->passed_rows || (needs->encoding && database && strcmp(needs->encoding, database) == 0)) {
        return check_text(needs, &needs->text, run, problems, err);
    }
    DnStatus status = read_whole(needs, &whole, err);
    status = status ? status : check_text(needs, &whole.check, run, problems, err);
    dn_text_check_deinit(&whole.check);
    return status;
}
