#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnRelation table = {.object = IN_PUBLIC(TABLE, "users"), .relkind = 'r'};

static DnAttribute view_columns[] = {
    {.name = "id", .number = 1, .type = "integer"},
    {.name = "Name", .number = 2, .type = "text", .collation_schema = "pg_catalog", .collation = "C"}};
static DnRelation view = {.object = IN_PUBLIC(VIEW, "active"),
                          .relkind = 'v',
                          .definition = " SELECT 1 AS id;",
                          .options = "{security_barrier=true}",
                          .check_option = "LOCAL",
                          .attributes = VEC_OF(view_columns)};

static void rule_is_its_definition(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "c"};
    DnRule rule = {.object = IN_PUBLIC(RULE, "R"),
                   .table = &table,
                   .event = '3',
                   .enabled = 'D',
                   .separate = true,
                   .definition = "CREATE RULE \"R\" AS\n    ON INSERT TO public.users DO INSTEAD NOTHING;"};
    rule.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_rule, &rule),
                        "[users R; RULE; public; alice]\n"
                        "CREATE RULE \"R\" AS\n    ON INSERT TO public.users DO INSTEAD NOTHING;\n"
                        "ALTER TABLE public.users DISABLE RULE \"R\";\n"
                        "<< DROP RULE \"R\" ON public.users;\n"
                        "[RULE \"R\" ON users; COMMENT; public; alice]\n"
                        "COMMENT ON RULE \"R\" ON public.users IS 'c';\n");
}

static void views_own_rule_is_nothing_by_itself(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRule rule = {.object = IN_PUBLIC(RULE, "_RETURN"), .table = &view, .event = '1', .instead = true};
    assert_string_equal(rendered(&render, dn_render_rule, &rule), "");
}

static void view_in_a_loop_gets_its_query_late(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRule rule = {.object = IN_PUBLIC(RULE, "_RETURN"),
                   .table = &view,
                   .event = '1',
                   .instead = true,
                   .enabled = 'O',
                   .separate = true};
    assert_string_equal(rendered(&render, dn_render_rule, &rule),
                        "[active _RETURN; RULE; public; alice]\n"
                        "CREATE OR REPLACE VIEW public.active WITH (security_barrier='true') AS\n"
                        " SELECT 1 AS id\n"
                        "  WITH LOCAL CHECK OPTION;\n"
                        "<< CREATE OR REPLACE VIEW public.active AS\n"
                        "SELECT\n"
                        "    NULL::integer AS id,\n"
                        "    NULL::text COLLATE pg_catalog.\"C\" AS \"Name\";\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rule_is_its_definition),
        cmocka_unit_test(views_own_rule_is_nothing_by_itself),
        cmocka_unit_test(view_in_a_loop_gets_its_query_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
