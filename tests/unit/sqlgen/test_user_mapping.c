#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnUserMapping mappings[] = {{"Bob", NULL}, {"public", "password 'it''s',\n    \"user\" 'u'"}};

static DnServer a_server(void) {
    return (DnServer){
        .object = {.kind = DN_KIND_SERVER, .name = "Far", .owner = "alice", .dump = DN_PART_ALL},
        .wrapper = "wrapper",
        .mappings = VEC_OF(mappings)};
}

#define SERVER                                                                                               \
    "[Far; SERVER; -; alice]\n"                                                                              \
    "CREATE SERVER \"Far\" FOREIGN DATA WRAPPER wrapper;\n"                                                  \
    "<< DROP SERVER \"Far\";\n"                                                                              \
    ">> SERVER \"Far\"\n"

static void mappings_follow_the_server(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnServer server = a_server();
    assert_string_equal(rendered(&render, dn_render_server, &server),
                        SERVER "[USER MAPPING Bob SERVER Far; USER MAPPING; -; alice]\n"
                               "CREATE USER MAPPING FOR \"Bob\" SERVER \"Far\";\n"
                               "<< DROP USER MAPPING FOR \"Bob\" SERVER \"Far\";\n"
                               "[USER MAPPING public SERVER Far; USER MAPPING; -; alice]\n"
                               "CREATE USER MAPPING FOR public SERVER \"Far\" OPTIONS (\n"
                               "    password 'it''s',\n"
                               "    \"user\" 'u'\n"
                               ");\n"
                               "<< DROP USER MAPPING FOR public SERVER \"Far\";\n");
}

/* A server that is only needed by what is dumped comes without anybody's passwords. */
static void a_needed_server_has_none(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnServer server = a_server();
    server.object.dump = DN_PART_DEFINITION;
    assert_string_equal(rendered(&render, dn_render_server, &server), SERVER);
    server.object.dump = DN_PART_ALL;
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_server, &server), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mappings_follow_the_server),
        cmocka_unit_test(a_needed_server_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
