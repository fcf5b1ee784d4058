/* The reader of dumps: what it gives, joined, is what it got, in pieces of any size; and where rows are
   passed over, all else is the same. */
#include "common/err.h"
#include "restore/reader.h"
#include "tests/fuzz/fuzz.h"

typedef struct Seen {
    DnBuf joined;
    DnBuf others;        /* kinds and lines of what is no rows */
    size_t rows, behind; /* where the first COPY's rows begin and end */
    uint64_t lines;      /* of these */
    bool ended;
} Seen;

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    Seen *seen = ctx;
    (void)err;
    if (item->kind != DN_SQL_ROWS) {
        dn_buf_fmt(&seen->others, "%d %llu %zu\n", (int)item->kind, (unsigned long long)item->line,
                   item->size);
        seen->ended = seen->ended || (item->kind == DN_SQL_ROWS_END && seen->behind);
    } else if (!seen->ended) {
        seen->rows = seen->behind ? seen->rows : seen->joined.size;
        seen->behind = seen->joined.size + item->size;
        for (size_t i = 0; i < item->size; i++) {
            seen->lines += item->text[i] == '\n';
        }
    }
    dn_buf_add(&seen->joined, item->text, item->size);
    return DN_OK;
}

static void pass_rows(const Seen *all, const char *text, size_t size) {
    DnErr err = {0};
    Seen seen = {0};
    DnSqlReader *reader = dn_sql_reader_new(on_item, &seen);
    must(dn_sql_reader_add(reader, text, all->rows, &err) == DN_OK);
    must(dn_sql_reader_pass_rows(reader, all->lines));
    must(dn_sql_reader_add(reader, text + all->behind, size - all->behind, &err) == DN_OK);
    must(dn_sql_reader_end(reader, &err) == DN_OK);
    must(seen.others.size == all->others.size &&
         memcmp(seen.others.bytes, all->others.bytes, seen.others.size) == 0);
    dn_sql_reader_free(reader);
    dn_buf_deinit(&seen.joined);
    dn_buf_deinit(&seen.others);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnErr err = {0};
    Seen seen = {0};
    const char *text = (const char *)data;
    DnSqlReader *reader = dn_sql_reader_new(on_item, &seen);
    size_t piece = size ? 1 + data[0] % 16 : 1;
    DnStatus status = DN_OK;
    for (size_t i = 0; !status && i < size; i += piece) {
        status = dn_sql_reader_add(reader, text + i, size - i < piece ? size - i : piece, &err);
    }
    status = status ? status : dn_sql_reader_end(reader, &err);
    must(status || (seen.joined.size == size && (!size || memcmp(seen.joined.bytes, data, size) == 0)));
    if (!status && seen.ended) {
        pass_rows(&seen, text, size);
    }
    dn_sql_reader_free(reader);
    dn_buf_deinit(&seen.joined);
    dn_buf_deinit(&seen.others);
    return 0;
}
