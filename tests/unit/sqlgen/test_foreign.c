#include "tests/unit/sqlgen/render.h"

#include <string.h>

static DnModel model;

static void wrapper_has_what_it_has(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnFdw fdw = {.object = {.kind = DN_KIND_FDW, .name = "Files", .owner = "alice", .dump = DN_PART_ALL},
                 .handler = "-",
                 .validator = "-"};
    assert_string_equal(rendered(&render, dn_render_fdw, &fdw),
                        "[Files; FOREIGN DATA WRAPPER; -; alice]\n"
                        "CREATE FOREIGN DATA WRAPPER \"Files\";\n"
                        "<< DROP FOREIGN DATA WRAPPER \"Files\";\n>> FOREIGN DATA WRAPPER \"Files\"\n");
    fdw.handler = "public.h";
    fdw.validator = "public.v";
    fdw.options = "debug 'on'";
    assert_non_null(strstr(rendered(&render, dn_render_fdw, &fdw),
                           "CREATE FOREIGN DATA WRAPPER \"Files\" HANDLER public.h VALIDATOR public.v "
                           "OPTIONS (\n    debug 'on'\n);\n"));
    render.data_only = true;
    fdw.object.dump = DN_PART_DEFINITION;
    assert_string_equal(rendered(&render, dn_render_fdw, &fdw), "");
}

static void server_has_what_it_has(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnServer server = {
        .object = {.kind = DN_KIND_SERVER, .name = "far", .owner = "alice", .dump = DN_PART_ALL},
        .wrapper = "Files",
        .type = "it's",
        .version = "1"};
    assert_string_equal(rendered(&render, dn_render_server, &server),
                        "[far; SERVER; -; alice]\n"
                        "CREATE SERVER far TYPE 'it''s' VERSION '1' FOREIGN DATA WRAPPER \"Files\";\n"
                        "<< DROP SERVER far;\n>> SERVER far\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrapper_has_what_it_has),
        cmocka_unit_test(server_has_what_it_has),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
