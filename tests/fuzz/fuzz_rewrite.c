/* What changes statements of a dump, and reads what they are about: with other names for schemas nothing else
   changes, and with the names turned back it is the statement again. */
#include "common/token.h"
#include "restore/drops.h"
#include "restore/part.h"
#include "restore/rewrite.h"
#include "restore/schema_notes.h"
#include "restore/subject.h"
#include "restore/text_check.h"
#include "tests/fuzz/fuzz.h"

static const char *const there[] = {"a=fuzz 1", "b=fuzz2", NULL};
static const char *const back[] = {"fuzz 1=a", "fuzz2=b", NULL};

/* The names that the tokens stand for, and all else as it is spelled. */
static void tokens_of(const char *sql, bool standard_strings, DnBuf *out) {
    DnTokens tokens = dn_tokens(sql, strlen(sql), standard_strings);
    DnToken token;
    while ((token = dn_token_next(&tokens)).kind != DN_TOKEN_END) {
        if (dn_token_is_name(token)) {
            dn_token_name(token, out);
        } else if (token.kind != DN_TOKEN_STRING) { /* names in strings get quotes */
            dn_buf_add(out, token.text, token.size);
        }
        dn_buf_char(out, '\n');
    }
}

static void check_rewriting(const DnSqlItem *item) {
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    DnBuf changed = {0};
    DnBuf again = {0};
    DnBuf before = {0};
    DnBuf after = {0};
    options.schema_map = there;
    const char *sql = dn_rewrite(&options, item, &changed);
    options.schema_map = back;
    sql = dn_rewrite_text(&options, sql, item->standard_strings, &again);
    tokens_of(item->text + item->start, item->standard_strings, &before);
    tokens_of(sql, item->standard_strings, &after);
    must(before.size == after.size && memcmp(dn_buf_text(&before), dn_buf_text(&after), after.size) == 0);
    dn_buf_deinit(&changed);
    dn_buf_deinit(&again);
    dn_buf_deinit(&before);
    dn_buf_deinit(&after);
}

static void check_statement(const DnSqlItem *item) {
    static const char *const roles[] = {"a=b", "b=a", NULL};
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    DnSchemaNotes notes;
    DnSubject subject;
    DnDrops drops = {0};
    DnBuf changed = {0};
    DnPart part;
    DnErr err;
    if (!strstr(item->text, "fuzz")) {
        check_rewriting(item);
    }
    options.no_owner = options.no_privileges = true;
    options.role_map = roles;
    (void)dn_rewrite_skips(&options, item);
    must(dn_rewrite(&options, item, &changed));
    dn_buf_deinit(&changed);
    dn_part_find(&part, item);
    dn_part_deinit(&part);
    dn_drops_take(&drops, item->text + item->start);
    dn_drops_deinit(&drops);
    must(dn_subject_find(&subject, item, &err) == DN_OK);
    dn_subject_deinit(&subject);
    dn_schema_notes_init(&notes, there);
    dn_schema_notes_take(&notes, item);
    dn_schema_notes_deinit(&notes);
}

static DnStatus on_item(void *ctx, const DnSqlItem *item, DnErr *err) {
    (void)err;
    dn_text_check_item(ctx, item);
    if (item->kind == DN_SQL_STATEMENT || item->kind == DN_SQL_COPY) {
        check_statement(item);
    }
    return DN_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    DnTextCheck check = {0};
    DnErr err;
    DnSqlReader *reader = dn_sql_reader_new(on_item, &check);
    dn_text_check_add(&check, (const char *)data, size, 1);
    DnStatus status = dn_sql_reader_add(reader, (const char *)data, size, &err);
    status = status ? status : dn_sql_reader_end(reader, &err);
    (void)status;
    dn_sql_reader_free(reader);
    dn_text_check_deinit(&check);
    return 0;
}
