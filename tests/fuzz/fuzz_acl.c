/* Privileges as the server spells them: whatever it sends, GRANT, REVOKE and what goes with them come out. */
#include "common/err.h"
#include "restore/reader.h"
#include "sqlgen/entry.h"
#include "sqlgen/privileges.h"
#include "sqlgen/statement.h"
#include "tests/fuzz/fuzz.h"

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    static const char *const words[] = {"grant", "revoke", "set", "reset"};
    bool known = item->kind == DN_SQL_REST;
    (void)ctx;
    (void)err;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        known = known || (item->kind == DN_SQL_STATEMENT && strcmp(item->words[0], words[i]) == 0);
    }
    must(known);
    return DN_OK;
}

static void check_statements(DnBuf *sql) {
    DnFault fault;
    DnErr err = {0};
    must(dn_statements_seal(sql, true, "UTF8", &fault));
    DnSqlReader *reader = dn_sql_reader_new(on_item, NULL);
    must(dn_sql_reader_add(reader, dn_buf_text(sql), sql->size, &err) == DN_OK);
    must(dn_sql_reader_end(reader, &err) == DN_OK);
    dn_sql_reader_free(reader);
}

static void check(const DnAcl *acl, const char *type, const char *column) {
    DnModel model = {.server_version = 170000, .std_strings = true};
    const DnRender render = {.model = &model, .spelling = {.std_strings = true, .major = 17}};
    const DnSchema schema = {.object = {.kind = DN_KIND_SCHEMA, .name = "public"}};
    const DnObject object = {.kind = DN_KIND_TABLE, .name = "t", .schema = &schema, .owner = "alice"};
    DnEntries entries = {0};
    dn_render_acl(&render, &object, type, "t", column, acl, &entries);
    if (entries.count) {
        check_statements(&entries.items[0].create);
    }
    dn_entries_deinit(&entries);
}

/* Two arrays, with a zero byte between. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char *current = fuzz_text(data, size);
    size_t length = strlen(current);
    bool two = length < size;
    char *base = fuzz_text(data + length + two, size - length - two);
    const DnAcl acl = {.current = current, .standard = "{alice=arwdDxt/alice}", .base = base};
    check(&acl, "TABLE", NULL);
    check(&acl, "TABLE", "c");
    check(&acl, "SCHEMA", NULL);
    free(current);
    free(base);
    return 0;
}
