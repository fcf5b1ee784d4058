/* What pg_class.reloptions and pg_proc.proconfig say: whatever it is, it stays within its statement. */
#include "common/pgarray.h"
#include "sqlgen/settings.h"
#include "sqlgen/statement.h"
#include "tests/fuzz/fuzz.h"

/* Nothing that has a name has an empty one: only that is refused. */
static void check(DnBuf *sql, const DnSpelling *spelling, bool named) {
    DnFault fault;
    size_t marked = sql->size;
    bool whole = dn_statements_seal(sql, spelling->std_strings, "UTF8", &fault);
    must(whole == named && (whole ? sql->size + 1 == marked : *fault.what));
    dn_buf_clear(sql);
}

static bool is_named(const char *option) {
    return option && *option && *option != '=';
}

/* The first byte tells how the dump spells. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (!size) {
        return 0;
    }
    const DnSpelling spelling = {
        .quote_all = data[0] & 1, .std_strings = data[0] & 2, .major = 12 + (data[0] >> 2) % 7};
    char *text = fuzz_text(data + 1, size - 1);
    DnArena arena = {0};
    DnBuf sql = {0};
    const char **options;
    int count = dn_pgarray_split(&arena, text, &options);
    bool named = true;
    for (int i = 0; i < count; i++) {
        const char *setting = options[i] ? options[i] : "";
        named = named && is_named(setting);
        dn_buf_str(&sql, "ALTER FUNCTION f()");
        dn_setting(&sql, &spelling, " SET ", setting);
        dn_end(&sql);
        check(&sql, &spelling, is_named(setting) || !strchr(setting, '='));
    }
    dn_buf_str(&sql, "ALTER TABLE t SET (");
    dn_reloptions(&sql, &spelling, text, "toast.");
    dn_end_with(&sql, ")");
    check(&sql, &spelling, named);
    dn_buf_deinit(&sql);
    dn_arena_deinit(&arena);
    free(text);
    return 0;
}
