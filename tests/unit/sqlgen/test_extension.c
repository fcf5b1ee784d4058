#include "tests/unit/sqlgen/render.h"

#include <string.h>

static DnModel model;

static DnExtension hstore = {
    .object = {.kind = DN_KIND_EXTENSION, .name = "h-store", .owner = "alice", .dump = DN_PART_ALL},
    .schema_name = "Ext",
    .version = "1.8"};

static void extension_goes_to_its_schema(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "c"};
    DnExtension extension = hstore;
    extension.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_extension, &extension),
                        "[h-store; EXTENSION; -; alice]\n"
                        "CREATE EXTENSION IF NOT EXISTS \"h-store\" WITH SCHEMA \"Ext\";\n"
                        "<< DROP EXTENSION \"h-store\";\n"
                        "[EXTENSION \"h-store\"; COMMENT; -; ]\n"
                        "COMMENT ON EXTENSION \"h-store\" IS 'c';\n");
}

static void what_is_needed_is_not_dropped(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnExtension extension = hstore;
    extension.object.needed = true;
    assert_null(strstr(rendered(&render, dn_render_extension, &extension), "DROP"));
}

static void a_member_of_nothing_selected_is_nothing(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnExtension extension = hstore;
    extension.object.dump = DN_PART_ACL;
    assert_string_equal(rendered(&render, dn_render_extension, &extension), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(extension_goes_to_its_schema),
        cmocka_unit_test(what_is_needed_is_not_dropped),
        cmocka_unit_test(a_member_of_nothing_selected_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
