/*
 * restore.c - dn_restore(): a plain SQL dump, statement by statement, into a database.
 *
 * What is read is not trusted more than psql's \restrict would: psql's own commands are refused. In one
 * transaction the dump's BEGIN and COMMIT, which pg_dump writes around large objects, are passed over: the
 * COMMIT would end ours in the middle.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/cancel.h"
#include "common/err.h"
#include "dumper/pg/conn.h"
#include "dumper/sink/tail.h"
#include "dumper/verify.h"
#include "restore/input.h"
#include "restore/reader.h"

enum { KEY_SIZE = 256, OBJECT_SIZE = 256 };

typedef struct Restore {
    const DnRestoreOptions *options;
    DnConn *conn;
    DnSqlReader *reader;
    DnTail tail;
    DnRestoreResult result;
    char key[KEY_SIZE];       /* of \restrict; "" = not restricted */
    char object[OBJECT_SIZE]; /* that pg_dump's comment names before its statements */
    bool in_rows;             /* the server takes them; else they are passed over */
    uint64_t copy_line, rows_line;
    DnErr refused; /* the first refusal, with go_on */
} Restore;

/* ---- Telling --------------------------------------------------------------------- */

static void tell(Restore *restore, DnEventKind kind, const char *text, const DnErr *err) {
    if (restore->options->event) {
        const DnEvent event = {.kind = kind,
                               .text = text,
                               .hint = err && err->hint[0] ? err->hint : NULL,
                               .object = restore->object[0] ? restore->object : NULL};
        restore->options->event(restore->options->event_ctx, &event);
    }
}

static void on_notice(void *ctx, const char *text) {
    tell(ctx, DN_EVENT_NOTICE, text, NULL);
}

static const char *name_of(const Restore *restore) {
    return restore->options->path ? restore->options->path : "standard input";
}

/* The value behind "; KEY: " of a header comment's line; empty when it has none. */
static void header_field(const char *line, size_t size, const char *key, const char **value, size_t *length) {
    *value = "";
    *length = 0;
    for (size_t i = 0; i + strlen(key) <= size; i++) {
        if (strncmp(line + i, key, strlen(key)) == 0) {
            *value = line + i + strlen(key);
            const char *end = strstr(*value, "; ");
            size_t left = size - i - strlen(key);
            *length = end && (size_t)(end - *value) < left ? (size_t)(end - *value) : left;
            return;
        }
    }
}

/* "-- Name: orders; Type: TABLE; Schema: shop; Owner: me", or "-- Data for Name: ..." */
static void note_header(Restore *restore, const char *line, size_t size) {
    const char *name, *type, *schema;
    size_t name_size, type_size, schema_size;
    header_field(line, size, "Name: ", &name, &name_size);
    header_field(line, size, "; Type: ", &type, &type_size);
    header_field(line, size, "; Schema: ", &schema, &schema_size);
    bool in_schema = schema_size && !(schema_size == 1 && schema[0] == '-');
    (void)snprintf(restore->object, sizeof restore->object, "%.*s %.*s%s%.*s", (int)type_size, type,
                   in_schema ? (int)schema_size : 0, schema, in_schema ? "." : "", (int)name_size, name);
    tell(restore, DN_EVENT_STEP, restore->object, NULL);
}

/* The last header in the comments before a statement. */
static void note_object(Restore *restore, const DnSqlItem *item) {
    const char *found = NULL;
    size_t found_size = 0;
    for (size_t i = 0; i < item->start;) {
        const char *line = item->text + i;
        const char *end = memchr(line, '\n', item->start - i);
        size_t size = end ? (size_t)(end - line) : item->start - i;
        if (strncmp(line, "-- Name: ", 9) == 0 || strncmp(line, "-- Data for Name: ", 18) == 0) {
            found = line;
            found_size = size;
        }
        i += size + 1;
    }
    if (found) {
        note_header(restore, found, found_size);
    }
}

/* Puts the place in the dump before the message. */
static DnStatus place(Restore *restore, uint64_t line, uint64_t row_line, DnErr *err) {
    DnErr placed;
    if (row_line) {
        (void)dn_err(&placed, err->status, "%s, line %llu, of the COPY at line %llu: %s", name_of(restore),
                     (unsigned long long)row_line, (unsigned long long)line, err->message);
    } else {
        (void)dn_err(&placed, err->status, "%s, line %llu: %s", name_of(restore), (unsigned long long)line,
                     err->message);
    }
    memcpy(err->message, placed.message, sizeof err->message);
    if (restore->object[0]) {
        dn_err_object(err, "%s", restore->object);
    }
    return err->status;
}

/* A statement failed: the end, or a warning. */
static DnStatus refuse(Restore *restore, uint64_t line, uint64_t row_line, DnErr *err) {
    if (err->status == DN_E_CANCELLED) {
        return err->status;
    }
    (void)place(restore, line, row_line, err);
    restore->result.failed++;
    if (!restore->options->go_on || err->status != DN_E_QUERY || !dn_conn_alive(restore->conn)) {
        return err->status;
    }
    if (!restore->refused.status) {
        restore->refused = *err;
    }
    tell(restore, DN_EVENT_WARNING, err->message, err);
    *err = (DnErr){0};
    return DN_OK;
}

/* ---- Meta-commands --------------------------------------------------------------- */

static void split_meta(const DnSqlItem *item, char *name, size_t name_size, char *argument,
                       size_t argument_size) {
    const char *text = item->text + item->start + 1;
    size_t length = strcspn(text, " \t\r\n");
    const char *rest = text + length + strspn(text + length, " \t");
    (void)snprintf(name, name_size, "%.*s", (int)(length < name_size ? length : name_size - 1), text);
    (void)snprintf(argument, argument_size, "%.*s", (int)strcspn(rest, " \t\r\n"), rest);
}

static DnStatus meta(Restore *restore, const DnSqlItem *item, DnErr *err) {
    char name[64];
    char argument[KEY_SIZE];
    split_meta(item, name, sizeof name, argument, sizeof argument);
    if (strcmp(name, "restrict") == 0 && argument[0] && !restore->key[0]) {
        memcpy(restore->key, argument, sizeof argument);
        return DN_OK;
    }
    if (strcmp(name, "unrestrict") == 0 && restore->key[0] && strcmp(argument, restore->key) == 0) {
        restore->key[0] = '\0';
        return DN_OK;
    }
    bool known = strcmp(name, "restrict") == 0 || strcmp(name, "unrestrict") == 0;
    bool connects = strcmp(name, "connect") == 0 || strcmp(name, "c") == 0;
    (void)dn_err(err, DN_E_MISMATCH, "psql's meta-command \\%s %s", name,
                 known             ? "does not fit what came before it"
                 : restore->key[0] ? "is refused behind \\restrict"
                                   : "is refused");
    if (connects) {
        dn_err_hint(err, "The dump was made with --create: make the database, and dump without it.");
    } else {
        dn_err_hint(err, "No dump has it: look at where the file comes from.");
    }
    return place(restore, item->line, 0, err);
}

/* ---- Statements ------------------------------------------------------------------ */

static bool starts_with(const DnSqlItem *item, const char *first, const char *second) {
    return strcmp(item->words[0], first) == 0 && (!second || strcmp(item->words[1], second) == 0);
}

/* In one transaction: *skip for the dump's own BEGIN and COMMIT; what would end ours otherwise is refused. */
static DnStatus check_transaction(Restore *restore, const DnSqlItem *item, bool *skip, DnErr *err) {
    if (restore->options->no_transaction) {
        return DN_OK;
    }
    *skip = starts_with(item, "begin", NULL) || starts_with(item, "start", "transaction") ||
            (starts_with(item, "commit", NULL) && !starts_with(item, "commit", "prepared")) ||
            starts_with(item, "end", NULL);
    bool savepoint = strcmp(item->words[1], "to") == 0 || strcmp(item->words[2], "to") == 0;
    if (starts_with(item, "prepare", "transaction") || starts_with(item, "abort", NULL) ||
        (starts_with(item, "rollback", NULL) && !savepoint)) {
        (void)dn_err(err, DN_E_MISMATCH, "%s would end the one transaction", item->words[0]);
        dn_err_hint(err, "Use --no-transaction if the file is meant to have it.");
        return place(restore, item->line, 0, err);
    }
    return DN_OK;
}

/* In these, a byte that looks like a quote or a backslash may be the second half of a character. */
static DnStatus check_encoding(Restore *restore, const DnSqlItem *item, DnErr *err) {
    static const char *const unsafe[] = {"SJIS", "BIG5", "GBK", "UHC", "GB18030", "JOHAB", "SHIFT_JIS_2004"};
    const char *encoding = dn_conn_parameter(restore->conn, "client_encoding");
    for (size_t i = 0; encoding && i < sizeof unsafe / sizeof *unsafe; i++) {
        if (strcmp(encoding, unsafe[i]) == 0) {
            (void)dn_err(err, DN_E_MISMATCH, "dumps in the encoding %s can't be read", encoding);
            dn_err_hint(err, "Dump again with -E UTF8: the server converts to the database's own encoding.");
            return place(restore, item->line, 0, err);
        }
    }
    return DN_OK;
}

static DnStatus statement(Restore *restore, const DnSqlItem *item, DnErr *err) {
    bool wants_rows = false;
    bool skip = false;
    note_object(restore, item);
    DnStatus status = check_transaction(restore, item, &skip, err);
    restore->in_rows = false;
    restore->copy_line = item->line;
    restore->rows_line = 0;
    if (status || skip) {
        return status;
    }
    /* from the statement itself on, as the server shows and logs it */
    if (dn_conn_execute(restore->conn, item->text + item->start, &wants_rows, err) != DN_OK) {
        return refuse(restore, item->line, 0, err);
    }
    if (wants_rows != (item->kind == DN_SQL_COPY)) {
        (void)dn_err(err, DN_E_PROTOCOL, "the server %s for rows where the dump has %s",
                     wants_rows ? "asks" : "does not ask", wants_rows ? "none" : "some");
        return place(restore, item->line, 0, err);
    }
    restore->in_rows = wants_rows;
    restore->result.statements++;
    const char *strings = dn_conn_parameter(restore->conn, "standard_conforming_strings");
    dn_sql_reader_standard_strings(restore->reader, !strings || strcmp(strings, "off") != 0);
    return check_encoding(restore, item, err);
}

static DnStatus rows_end(Restore *restore, DnErr *err) {
    uint64_t count = 0;
    if (!restore->in_rows) {
        return DN_OK;
    }
    restore->in_rows = false;
    if (dn_conn_end_rows(restore->conn, &count, err) != DN_OK) {
        uint64_t row_line = count && restore->rows_line ? restore->rows_line + count - 1 : 0;
        return refuse(restore, restore->copy_line, row_line, err);
    }
    restore->result.rows += count;
    restore->result.tables++;
    return DN_OK;
}

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    Restore *restore = ctx;
    if (dn_cancel_requested(restore->options->cancel)) {
        return dn_err(err, DN_E_CANCELLED, "cancelled");
    }
    switch (item->kind) {
    case DN_SQL_STATEMENT:
    case DN_SQL_COPY:
        return statement(restore, item, err);
    case DN_SQL_ROWS:
        restore->rows_line = restore->rows_line ? restore->rows_line : item->line;
        return restore->in_rows ? dn_conn_put_rows(restore->conn, item->text, item->size, err) : DN_OK;
    case DN_SQL_ROWS_END:
        return rows_end(restore, err);
    case DN_SQL_META:
        return meta(restore, item, err);
    default:
        return DN_OK;
    }
}

static DnStatus on_text(void *ctx, const char *text, size_t size, DnErr *err) {
    Restore *restore = ctx;
    dn_tail_add(&restore->tail, text, size);
    return dn_sql_reader_add(restore->reader, text, size, err);
}

/* ---- The whole ------------------------------------------------------------------- */

static DnStatus open_target(Restore *restore, DnErr *err) {
    const DnRestoreOptions *options = restore->options;
    const DnConnOptions connection = {.dbname = options->dbname,
                                      .host = options->host,
                                      .port = options->port,
                                      .user = options->user,
                                      .password = options->password,
                                      .program = options->program ? options->program : "dumpnative",
                                      .cancel = options->cancel,
                                      .notice = on_notice,
                                      .notice_ctx = restore};
    const DnRequest role = {.what = "setting the role",
                            .sql = "SELECT pg_catalog.set_config('role', $1, false)",
                            .param = options->role};
    bool rows = false;
    DnStatus status = dn_conn_open(&connection, &restore->conn, err);
    if (!status && options->role) {
        status = dn_conn_batch(restore->conn, &role, 1, err);
    }
    return status || options->no_transaction ? status : dn_conn_execute(restore->conn, "BEGIN", &rows, err);
}

/* A pipe can be checked only now. */
static DnStatus check_end(const Restore *restore, DnErr *err) {
    if (!dn_tail_closes(&restore->tail) && !dn_tail_resets(&restore->tail)) {
        (void)dn_err(err, DN_E_MISMATCH,
                     "%s is truncated: its last words are not pg_dump's closing comment \"%s\"",
                     name_of(restore), DN_CLOSING);
        dn_err_hint(err, restore->options->no_transaction ? "What came before it is in the database."
                                                          : "Nothing was changed.");
        return err->status;
    }
    if (restore->key[0]) {
        return dn_err(err, DN_E_MISMATCH, "%s has a \\restrict without its \\unrestrict", name_of(restore));
    }
    return DN_OK;
}

static DnStatus commit(Restore *restore, DnErr *err) {
    bool rows = false;
    if (restore->options->no_transaction) {
        return DN_OK;
    }
    if (!dn_conn_in_transaction(restore->conn)) {
        return dn_err(err, DN_E_INTERNAL, "the transaction is over before its COMMIT");
    }
    DnStatus status = dn_conn_execute(restore->conn, "COMMIT", &rows, err);
    if (status == DN_E_CONNECT || status == DN_E_CANCELLED) {
        dn_err_hint(err, "That was during COMMIT: look into the database whether the restore is there.");
    }
    return status;
}

static DnStatus run(Restore *restore, DnErr *err) {
    const DnRestoreOptions *options = restore->options;
    DnStatus status =
        options->path ? dn_verify_dump(options->path, false, options->cancel, NULL, err) : DN_OK;
    restore->reader = status ? NULL : dn_sql_reader_new(on_item, restore);
    if (!status && !restore->reader) {
        return dn_err_nomem(err);
    }
    status = status ? status : open_target(restore, err);
    status =
        status ? status : dn_input_read(options->path, options->fd, options->cancel, on_text, restore, err);
    status = status ? status : dn_sql_reader_end(restore->reader, err);
    status = status ? status : check_end(restore, err);
    return status ? status : commit(restore, err);
}

static double seconds_now(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

DnStatus dn_restore(const DnRestoreOptions *options, DnRestoreResult *result, DnErr *err) {
    if (options->size != sizeof *options) {
        return dn_err(err, DN_E_USAGE, "the options are not those of this version of the library");
    }
    if (options->go_on && !options->no_transaction) {
        return dn_err(err, DN_E_USAGE, "a transaction can't go on behind an error");
    }
    Restore restore = {.options = options};
    double begun = seconds_now();
    *err = (DnErr){0};
    DnStatus status = run(&restore, err);
    dn_conn_close(restore.conn);
    dn_sql_reader_free(restore.reader);
    restore.result.seconds = seconds_now() - begun;
    if (!status && restore.result.failed) {
        status = dn_err(err, DN_E_QUERY, "%llu of the dump's statements failed; the first: %s",
                        (unsigned long long)restore.result.failed, restore.refused.message);
        dn_err_object(err, "%s", restore.refused.object);
        dn_err_sqlstate(err, restore.refused.sqlstate);
    }
    if (result) {
        *result = restore.result;
    }
    return status;
}
