#include "sqlgen/statistics_data.h"

#include "tests/unit/sqlgen/render.h"

static DnModel model;

static const char *value_of(void *ctx, size_t column) {
    return ((const char *const *)ctx)[column];
}

/* What two rows of a relation become. */
static const char *calls(const DnRender *render, const DnStatisticsData *statistics, const char **one,
                         const char **two) {
    static DnBuf sql;
    dn_buf_clear(&sql);
    dn_statistics_row(&sql, render, statistics, true, value_of, one);
    if (two) {
        dn_statistics_row(&sql, render, statistics, false, value_of, two);
    }
    assert_false(dn_buf_failed(&sql));
    return unmarked(&sql);
}

static void a_relation_and_its_columns(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnStatisticsData statistics = {.object = IN_PUBLIC(STATISTICS_DATA, "it's")};
    const char *one[DN_STATISTICS_COUNT] = {[DN_STATISTICS_ATTRIBUTE] = "A \\",
                                            [DN_STATISTICS_NUMBER] = "1",
                                            [DN_STATISTICS_INHERITED] = "f",
                                            [DN_STATISTICS_relpages] = "7",
                                            [DN_STATISTICS_reltuples] = "1e+06",
                                            [DN_STATISTICS_relallvisible] = "3",
                                            [DN_STATISTICS_relallfrozen] = "0",
                                            [DN_STATISTICS_null_frac] = "0.5",
                                            [DN_STATISTICS_most_common_vals] = "{\"o'clock\"}",
                                            [DN_STATISTICS_most_common_freqs] = "{0.5}"};
    const char *two[DN_STATISTICS_COUNT] = {[DN_STATISTICS_ATTRIBUTE] = "A \\",
                                            [DN_STATISTICS_NUMBER] = "1",
                                            [DN_STATISTICS_INHERITED] = "t",
                                            [DN_STATISTICS_relpages] = "7",
                                            [DN_STATISTICS_range_bounds_histogram] = "{\"[1,4)\"}"};
    assert_string_equal(calls(&render, &statistics, one, two),
                        "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n"
                        "\t'version', '180000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 'it''s',\n"
                        "\t'relpages', '7'::integer,\n"
                        "\t'reltuples', '1e+06'::real,\n"
                        "\t'relallvisible', '3'::integer,\n"
                        "\t'relallfrozen', '0'::integer\n"
                        ");\n"
                        "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n"
                        "\t'version', '180000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 'it''s',\n"
                        "\t'attname', 'A \\',\n"
                        "\t'inherited', 'f'::boolean,\n"
                        "\t'null_frac', '0.5'::real,\n"
                        "\t'most_common_vals', '{\"o''clock\"}'::text,\n"
                        "\t'most_common_freqs', '{0.5}'::real[]\n"
                        ");\n"
                        "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n"
                        "\t'version', '180000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 'it''s',\n"
                        "\t'attname', 'A \\',\n"
                        "\t'inherited', 't'::boolean,\n"
                        "\t'range_bounds_histogram', '{\"[1,4)\"}'::text\n"
                        ");\n");
}

static void nothing_analyzed(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnStatisticsData statistics = {.object = IN_PUBLIC(STATISTICS_DATA, "t")};
    const char *row[DN_STATISTICS_COUNT] = {[DN_STATISTICS_relpages] = "0"};
    assert_string_equal(calls(&render, &statistics, row, NULL),
                        "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n"
                        "\t'version', '170000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 't',\n"
                        "\t'relpages', '0'::integer\n"
                        ");\n");
}

/* Backslashes are doubled where strings know escapes. */
static void columns_of_an_index_go_by_number(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    render.spelling.std_strings = false;
    DnStatisticsData statistics = {.object = IN_PUBLIC(STATISTICS_DATA, "i\\"), .of_index = true};
    const char *row[DN_STATISTICS_COUNT] = {
        [DN_STATISTICS_ATTRIBUTE] = "expr", [DN_STATISTICS_NUMBER] = "2", [DN_STATISTICS_INHERITED] = "f"};
    assert_string_equal(calls(&render, &statistics, row, NULL),
                        "SELECT * FROM pg_catalog.pg_restore_relation_stats(\n"
                        "\t'version', '180000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 'i\\\\'\n"
                        ");\n"
                        "SELECT * FROM pg_catalog.pg_restore_attribute_stats(\n"
                        "\t'version', '180000'::integer,\n"
                        "\t'schemaname', 'public',\n"
                        "\t'relname', 'i\\\\',\n"
                        "\t'attnum', '2'::smallint,\n"
                        "\t'inherited', 'f'::boolean\n"
                        ");\n");
}

static void section_and_pass(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnEntries entries = {0};
    DnStatisticsData statistics = {.object = IN_PUBLIC(STATISTICS_DATA, "t")};
    statistics.object.owner = NULL;
    dn_render_statistics_data(&render, &statistics.object, &entries);
    assert_int_equal(entries.count, 1);
    assert_int_equal(entries.items[0].section, DN_DATA);
    assert_int_equal(entries.items[0].pass, DN_PASS_MAIN);
    assert_ptr_equal(entries.items[0].statistics, &statistics);
    statistics.post_data = true;
    dn_entries_clear(&entries);
    dn_render_statistics_data(&render, &statistics.object, &entries);
    assert_int_equal(entries.items[0].section, DN_POST_DATA);
    assert_int_equal(entries.items[0].pass, DN_PASS_POST_ACL);
    assert_string_equal(entries.items[0].desc, "STATISTICS DATA");
    dn_entries_deinit(&entries);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_relation_and_its_columns),
        cmocka_unit_test(nothing_analyzed),
        cmocka_unit_test(columns_of_an_index_go_by_number),
        cmocka_unit_test(section_and_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
