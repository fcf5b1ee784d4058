/* The door for the text of statements: in what it lets pass the reader finds as many statements as were
   marked, and nothing else. */
#include "common/err.h"
#include "restore/reader.h"
#include "sqlgen/statement.h"
#include "tests/fuzz/fuzz.h"

typedef struct Found {
    size_t statements;
    bool other;
    bool copies; /* a COPY FROM stdin: then rows come */
} Found;

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    Found *found = ctx;
    (void)err;
    found->statements += item->kind == DN_SQL_STATEMENT;
    found->copies = found->copies || strcmp(item->words[0], "copy") == 0;
    found->other = found->other || (item->kind != DN_SQL_STATEMENT && item->kind != DN_SQL_REST);
    return DN_OK;
}

/* A zero byte of the input stands for the end of a statement. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnBuf sql = {0};
    DnFault fault;
    DnErr err = {0};
    Found found = {0};
    size_t marks = 0;
    for (size_t i = 0; i < size; i++) {
        if (data[i]) {
            dn_buf_char(&sql, (char)data[i]);
        } else {
            dn_end(&sql);
            marks++;
        }
    }
    if (dn_statements_seal(&sql, true, "UTF8", &fault)) {
        DnSqlReader *reader = dn_sql_reader_new(on_item, &found);
        DnStatus status = dn_sql_reader_add(reader, dn_buf_text(&sql), sql.size, &err);
        found.copies = found.copies || (status && strstr(err.message, "COPY"));
        status = status ? status : dn_sql_reader_end(reader, &err);
        found.copies = found.copies || (status && strstr(err.message, "rows"));
        if (!found.copies && (status || found.other || found.statements != marks)) {
            abort();
        }
        dn_sql_reader_free(reader);
    }
    dn_buf_deinit(&sql);
    return 0;
}
