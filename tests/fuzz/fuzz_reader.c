/* The reader of dumps: what it gives, joined, is what it got, in pieces of any size. */
#include "common/err.h"
#include "restore/reader.h"
#include "tests/fuzz/fuzz.h"

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    (void)err;
    dn_buf_add(ctx, item->text, item->size);
    return DN_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnErr err = {0};
    DnBuf joined = {0};
    DnSqlReader *reader = dn_sql_reader_new(on_item, &joined);
    size_t piece = size ? 1 + data[0] % 16 : 1;
    DnStatus status = DN_OK;
    for (size_t i = 0; !status && i < size; i += piece) {
        status = dn_sql_reader_add(reader, (const char *)data + i, size - i < piece ? size - i : piece, &err);
    }
    status = status ? status : dn_sql_reader_end(reader, &err);
    if (!status && (joined.size != size || (size && memcmp(joined.bytes, data, size) != 0))) {
        abort();
    }
    dn_sql_reader_free(reader);
    dn_buf_deinit(&joined);
    return 0;
}
