/* The progress line: widths, human numbers, estimates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "dumper/cli/progress.h"

static const CliProgressView busy = {.object = "public.bookings",
                                     .table = 3,
                                     .tables = 12,
                                     .rows = 1234567,
                                     .bytes = 47395635,
                                     .rate = 12897484,
                                     .left = 72,
                                     .percent = 41};

static void expect_text(CliText *text, const char *wanted) {
    assert_string_equal(cli_text_get(text), wanted);
    cli_text_deinit(text);
}

static void expect_line(const CliProgressView *view, size_t columns, const char *wanted) {
    CliText text = {0};
    cli_progress_format(&text, view, columns);
    assert_true(cli_text_columns(cli_text_get(&text)) <= columns);
    expect_text(&text, wanted);
}

static void test_line_and_its_cuts(void **state) {
    (void)state;
    expect_line(&busy, 100,
                "41%  table 3 of 12  public.bookings  1,234,567 rows  45.2 MiB  12.3 MiB/s  1:12 left");
    expect_line(&busy, 79, "41%  table 3 of 12  public.bookings  45.2 MiB  12.3 MiB/s  1:12 left");
    expect_line(&busy, 60, "41%  table 3 of 12  public.bookings  45.2 MiB  1:12 left");
    expect_line(&busy, 45, "41%  table 3 of 12  public.book...  1:12 left");
    expect_line(&busy, 32, "41%  public.bookings  1:12 left");
    expect_line(&busy, 17, "41%  public.bo...");
    expect_line(&busy, 8, "41%  ...");
}

static void test_no_width_is_overrun(void **state) {
    (void)state;
    CliProgressView view = busy;
    view.object = "public.\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x83\x86\xe3\x83\xbc e\xcc\x81t\xc3\xa9";
    for (size_t columns = 0; columns < 120; columns++) {
        CliText text = {0};
        cli_progress_format(&text, &view, columns);
        assert_true(cli_text_columns(cli_text_get(&text)) <= columns);
        assert_null(strstr(cli_text_get(&text), "\xef\xbf\xbd")); /* no character was cut in two */
        cli_text_deinit(&text);
    }
}

static void test_what_is_unknown_is_not_shown(void **state) {
    (void)state;
    CliProgressView view = {.object = "public.t",
                            .table = 1,
                            .tables = 1,
                            .rows = 1,
                            .bytes = 10,
                            .rate = -1,
                            .left = -1,
                            .percent = -1};
    expect_line(&view, 79, "table 1 of 1  public.t  1 row  10 B");
    view.object = NULL;
    expect_line(&view, 79, "table 1 of 1  1 row  10 B");
}

static void test_steps(void **state) {
    (void)state;
    expect_line(&(CliProgressView){.object = "reading the catalog"}, 79, "reading the catalog");
    expect_line(&(CliProgressView){.object = "reading the catalog"}, 12, "reading t...");
}

static void test_hostile_names(void **state) {
    (void)state;
    CliProgressView view = busy;
    view.object = "a\r\nb\x1b[2J\xff";
    expect_line(&view, 62, "41%  table 3 of 12  a? b?[2J\xef\xbf\xbd  45.2 MiB  12.3 MiB/s  1:12 left");
}

static void test_bytes(void **state) {
    (void)state;
    static const struct {
        double bytes;
        const char *wanted;
    } cases[] = {
        {0, "0 B"},          {999, "999 B"},          {1023, "1023 B"},     {1024, "1.0 KiB"},
        {1536, "1.5 KiB"},   {1048570, "1.0 MiB"},    {1048576, "1.0 MiB"}, {1073741824, "1.0 GiB"},
        {1.5e12, "1.4 TiB"}, {1.8e19, "15987.2 PiB"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CliText text = {0};
        cli_format_bytes(&text, cases[i].bytes);
        expect_text(&text, cases[i].wanted);
    }
}

static void test_counts_and_durations(void **state) {
    (void)state;
    CliText text = {0};
    cli_format_count(&text, 0);
    cli_text_str(&text, " ");
    cli_format_count(&text, 999);
    cli_text_str(&text, " ");
    cli_format_count(&text, 1000);
    cli_text_str(&text, " ");
    cli_format_count(&text, UINT64_MAX);
    expect_text(&text, "0 999 1,000 18,446,744,073,709,551,615");
    static const struct {
        double seconds;
        const char *wanted;
    } cases[] = {{-1, "0:00"}, {6.6, "0:07"}, {754, "12:34"}, {3723, "1:02:03"}, {1e300, "99:59:59"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cli_format_duration(&text, cases[i].seconds);
        expect_text(&text, cases[i].wanted);
    }
}

static DnEvent flowing(double seconds, uint64_t rows, uint64_t bytes) {
    return (DnEvent){.kind = DN_EVENT_PROGRESS,
                     .tables = 2,
                     .table = 1,
                     .rows = rows,
                     .bytes = bytes,
                     .total_rows = 1000,
                     .total_bytes = 100000,
                     .seconds = seconds};
}

static void test_estimates(void **state) {
    (void)state;
    CliProgress progress;
    CliProgressView view;
    cli_progress_init(&progress, CLI_PROGRESS_OFF, -1, "dumpnative");
    DnEvent event = flowing(5, 0, 0);
    cli_progress_measure(&progress, &event, &view);
    assert_int_equal(view.percent, 0);
    assert_true(view.left < 0 && view.rate < 0);
    event = flowing(15, 250, 25000); /* a quarter in ten seconds since the rows began */
    cli_progress_measure(&progress, &event, &view);
    assert_int_equal(view.percent, 25);
    assert_true(view.left > 29.9 && view.left < 30.1);
    assert_true(view.rate > 2499 && view.rate < 2501);
    event = flowing(25, 5000, 500000); /* estimates were far too small */
    cli_progress_measure(&progress, &event, &view);
    assert_int_equal(view.percent, 99);
    assert_true(view.left < 0);
    event.total_rows = event.total_bytes = 0;
    cli_progress_measure(&progress, &event, &view);
    assert_int_equal(view.percent, -1);
    event.total_rows = 10000; /* one estimate is enough */
    cli_progress_measure(&progress, &event, &view);
    assert_int_equal(view.percent, 50);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_and_its_cuts),
        cmocka_unit_test(test_no_width_is_overrun),
        cmocka_unit_test(test_what_is_unknown_is_not_shown),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_counts_and_durations),
        cmocka_unit_test(test_estimates),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
