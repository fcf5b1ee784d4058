#include "tests/unit/sqlgen/render.h"

#include <string.h>

static DnModel model;

static DnAttribute columns[] = {
    {.name = "id", .number = 1, .type = "integer"},
    {.name = "Name", .number = 2, .type = "text", .collation_schema = "pg_catalog", .collation = "C"}};
static DnRelation view = {.object = IN_PUBLIC(VIEW, "active"),
                          .relkind = 'v',
                          .definition = " SELECT 1 AS id;",
                          .options = "{security_barrier=true}",
                          .check_option = "LOCAL",
                          .attributes = VEC_OF(columns)};

static void view_is_its_query(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    assert_string_equal(rendered(&render, dn_render_view, &view),
                        "[active; VIEW; public; alice]\n"
                        "CREATE VIEW public.active WITH (security_barrier='true') AS\n SELECT 1 AS id\n"
                        "  WITH LOCAL CHECK OPTION;\n"
                        "<< DROP VIEW public.active;\n>> VIEW public.active\n");
    render = render_for(&model, 15);
    assert_non_null(strstr(rendered(&render, dn_render_view, &view), ">> TABLE public.active\n"));
}

static void a_view_in_a_circle_is_a_shell(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnRelation shell = view;
    shell.dummy_view = true;
    assert_string_equal(rendered(&render, dn_render_view, &shell),
                        "[active; VIEW; public; alice]\n"
                        "CREATE VIEW public.active AS\nSELECT\n    NULL::integer AS id,\n"
                        "    NULL::text COLLATE pg_catalog.\"C\" AS \"Name\";\n"
                        "<< DROP VIEW public.active;\n>> VIEW public.active\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(view_is_its_query),
        cmocka_unit_test(a_view_in_a_circle_is_a_shell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
