#include "tests/unit/sqlgen/render.h"

static DnModel model;

static void statistics_with_target_owner_and_comment(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "c"};
    DnStatistics statistics = {.object = IN_PUBLIC(STATISTICS, "St"),
                               .definition = "CREATE STATISTICS public.\"St\" ON a, b FROM public.t",
                               .target = 500};
    statistics.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_statistics, &statistics),
                        "[St; STATISTICS; public; alice]\n"
                        "CREATE STATISTICS public.\"St\" ON a, b FROM public.t;\n"
                        "ALTER STATISTICS public.\"St\" SET STATISTICS 500;\n"
                        "<< DROP STATISTICS public.\"St\";\n"
                        ">> STATISTICS public.\"St\"\n"
                        "[STATISTICS \"St\"; COMMENT; public; alice]\n"
                        "COMMENT ON STATISTICS public.\"St\" IS 'c';\n");
}

static void default_target_is_not_written(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnStatistics statistics = {.object = IN_PUBLIC(STATISTICS, "st"),
                               .definition = "CREATE STATISTICS public.st ON a, b FROM public.t",
                               .target = -1};
    assert_string_equal(rendered(&render, dn_render_statistics, &statistics),
                        "[st; STATISTICS; public; alice]\n"
                        "CREATE STATISTICS public.st ON a, b FROM public.t;\n"
                        "<< DROP STATISTICS public.st;\n"
                        ">> STATISTICS public.st\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_with_target_owner_and_comment),
        cmocka_unit_test(default_target_is_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
