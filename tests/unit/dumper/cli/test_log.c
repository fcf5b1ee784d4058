/* Messages: escaping, prefixes, colour. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dumper/cli/log.h"

static const CliLog plain_log = {.program = "dumpnative", .version = "9.9"};
static const CliLog json_log = {.program = "dumpnative", .version = "9.9", .json = true};

static void expect_text(CliText *text, const char *wanted) {
    assert_string_equal(cli_text_get(text), wanted);
    cli_text_deinit(text);
}

static void test_json_strings(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\""},
        {"plain", "\"plain\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"l1\nl2\tx\r\x01\x1b", "\"l1\\nl2\\tx\\u000d\\u0001\\u001b\""},
        {"\x7f", "\"\\u007f\""},
        {"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "\"caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\""},
        {"bad\xff", "\"bad\xef\xbf\xbd\""},
        {"cut\xe2\x82", "\"cut\xef\xbf\xbd\xef\xbf\xbd\""},
        {"over\xc0\xaf", "\"over\xef\xbf\xbd\xef\xbf\xbd\""},
        {"\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""}, /* a surrogate */
        {"\xc2\x9b", "\"\\u009b\""},                                  /* CSI in one character */
        {"\xe2\x80\xae", "\"\\u202e\""},                              /* right-to-left override */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CliText text = {0};
        cli_text_json(&text, cases[i][0]);
        expect_text(&text, cases[i][1]);
    }
    CliText text = {0};
    cli_text_json(&text, NULL);
    expect_text(&text, "null");
}

static void test_plain_text_is_harmless(void **state) {
    (void)state;
    CliText text = {0};
    cli_text_plain(&text, "a\nb\tc\x1b[31m\x07\xc2\x9b\xe2\x80\xae\xff\xc3\xa9");
    expect_text(&text, "a b c?[31m???\xef\xbf\xbd\xc3\xa9");
}

static void test_events_in_text(void **state) {
    (void)state;
    CliText text = {0};
    cli_log_format_event(&text, &plain_log,
                         &(DnEvent){.kind = DN_EVENT_WARNING, .text = "odd\nthing", .hint = "mend it"});
    expect_text(&text, "dumpnative: warning: odd thing\ndumpnative: hint: mend it\n");
    cli_log_format_event(&text, &plain_log, &(DnEvent){.kind = DN_EVENT_OMISSION, .text = "cast x"});
    expect_text(&text, "dumpnative: left out: cast x\n");
    cli_log_format_event(&text, &plain_log, &(DnEvent){.kind = DN_EVENT_NOTICE, .text = "hello"});
    expect_text(&text, "dumpnative: notice: hello\n");
}

static void test_steps_need_verbose(void **state) {
    (void)state;
    CliLog verbose = plain_log;
    verbose.verbose = true;
    const DnEvent step = {.kind = DN_EVENT_STEP, .text = "reading schemas"};
    const DnEvent start = {
        .kind = DN_EVENT_START, .database = "shop", .server_version = "15.8", .tables = 1200};
    const DnEvent table = {
        .kind = DN_EVENT_TABLE_DONE, .object = "public.t", .table = 2, .tables = 3, .rows = 1, .bytes = 2048};
    CliText text = {0};
    cli_log_format_event(&text, &plain_log, &step);
    cli_log_format_event(&text, &plain_log, &start);
    cli_log_format_event(&text, &plain_log, &table);
    expect_text(&text, "");
    cli_log_format_event(&text, &json_log, &step);
    expect_text(&text, "");
    cli_log_format_event(&text, &verbose, &step);
    cli_log_format_event(&text, &verbose, &start);
    cli_log_format_event(&text, &verbose, &table);
    expect_text(&text, "dumpnative: reading schemas\n"
                       "dumpnative: connected to database \"shop\", server version 15.8; "
                       "tables with rows to dump: 1,200\n"
                       "dumpnative: table 2 of 3, public.t: 1 row, 2.0 KiB\n");
}

static void test_errors(void **state) {
    (void)state;
    DnErr err = {.status = DN_E_QUERY,
                 .sqlstate = "42501",
                 .object = "public.users",
                 .message = "permission denied",
                 .hint = "GRANT it"};
    CliText text = {0};
    cli_log_format_error(&text, &plain_log, &err);
    expect_text(&text, "dumpnative: error: permission denied\n"
                       "dumpnative: detail: concerns public.users\n"
                       "dumpnative: hint: GRANT it\n");
    CliLog verbose = plain_log;
    verbose.verbose = true;
    (void)memcpy(err.message, "permission denied on public.users", 34);
    err.hint[0] = '\0';
    cli_log_format_error(&text, &verbose, &err);
    expect_text(&text, "dumpnative: error: permission denied on public.users\n"
                       "dumpnative: detail: SQLSTATE 42501\n");
    CliLog colored = plain_log;
    colored.color = true;
    cli_log_format_error(&text, &colored, &(DnErr){.message = "no"});
    expect_text(&text, "dumpnative: \033[01;31merror:\033[0m no\n");
}

/* Behind the time stamp: {"time":"2025-01-01T00:00:00.000Z", */
static void expect_json(CliText *text, const char *wanted) {
    const char *got = cli_text_get(text);
    assert_memory_equal(got, "{\"time\":\"2", 10);
    const char *rest = strstr(got, "Z\",");
    assert_non_null(rest);
    assert_string_equal(rest + 3, wanted);
    cli_text_deinit(text);
}

static void test_events_in_json(void **state) {
    (void)state;
    CliText text = {0};
    cli_log_format_event(&text, &json_log,
                         &(DnEvent){.kind = DN_EVENT_START,
                                    .database = "sh\"op",
                                    .server_version = "15.8",
                                    .tables = 3,
                                    .total_rows = 4});
    expect_json(&text, "\"event\":\"start\",\"version\":\"9.9\",\"database\":\"sh\\\"op\","
                       "\"server_version\":\"15.8\",\"tables\":3,\"total_rows\":4,\"total_bytes\":0}\n");
    cli_log_format_event(&text, &json_log,
                         &(DnEvent){.kind = DN_EVENT_TABLE_DONE,
                                    .object = "public.t",
                                    .table = 1,
                                    .tables = 3,
                                    .rows = 5,
                                    .bytes = 60});
    expect_json(&text, "\"event\":\"table\",\"object\":\"public.t\",\"table\":1,\"tables\":3,\"rows\":5,"
                       "\"bytes\":60}\n");
    cli_log_format_event(&text, &json_log, &(DnEvent){.kind = DN_EVENT_OMISSION, .text = "two\nlines"});
    expect_json(
        &text,
        "\"event\":\"omission\",\"text\":\"two\\nlines\",\"object\":null,\"detail\":null,\"hint\":null}\n");
    cli_log_format_error(&text, &json_log, &(DnErr){.message = "no", .sqlstate = "57014"});
    expect_json(
        &text,
        "\"event\":\"error\",\"message\":\"no\",\"sqlstate\":\"57014\",\"object\":null,\"hint\":null}\n");
}

static void test_finished(void **state) {
    (void)state;
    const DnDumpResult result = {
        .bytes = 1536, .rows = 1234, .tables = 1, .omissions = 2, .seconds = 1.26, .sha256 = "00ff"};
    CliText text = {0};
    cli_log_format_finished(&text, &plain_log, &result, "out.sql", false);
    expect_text(&text, "");
    cli_log_format_finished(&text, &plain_log, &result, "out.sql", true);
    expect_text(&text, "dumpnative: wrote out.sql: 1.5 KiB, 1,234 rows in 1 table, 1.3 s, sha256 00ff\n");
    cli_log_format_finished(&text, &json_log, &result, NULL, false);
    expect_json(&text, "\"event\":\"finished\",\"file\":null,\"bytes\":1536,\"rows\":1234,\"tables\":1,"
                       "\"omissions\":2,\"seconds\":1.260,\"sha256\":\"00ff\"}\n");
}

static void test_color(void **state) {
    (void)state;
    assert_true(cli_color_wanted(true, NULL, NULL, "xterm"));
    assert_true(cli_color_wanted(true, "", "auto", "xterm"));
    assert_false(cli_color_wanted(false, NULL, NULL, "xterm"));
    assert_false(cli_color_wanted(true, NULL, NULL, "dumb"));
    assert_false(cli_color_wanted(true, NULL, NULL, NULL));
    assert_false(cli_color_wanted(true, NULL, "never", "xterm"));
    assert_true(cli_color_wanted(false, NULL, "always", NULL));
    assert_false(cli_color_wanted(true, "1", NULL, "xterm"));
    assert_false(cli_color_wanted(true, "1", "always", "xterm"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json_strings),   cmocka_unit_test(test_plain_text_is_harmless),
        cmocka_unit_test(test_events_in_text), cmocka_unit_test(test_steps_need_verbose),
        cmocka_unit_test(test_errors),         cmocka_unit_test(test_events_in_json),
        cmocka_unit_test(test_finished),       cmocka_unit_test(test_color),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
