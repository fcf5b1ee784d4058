#include "sqlgen/large_object.h"

#include <string.h>

#include "tests/unit/sqlgen/render.h"

static DnModel model;
static const DnComment comment = {.text = "it's"};
static const DnLabel label = {.provider = "dummy", .text = "l"};
static DnObject members[] = {
    {.kind = DN_KIND_LARGE_OBJECT, .oid = 7, .name = "7", .owner = "A b", .dump = DN_PART_ALL},
    {.kind = DN_KIND_LARGE_OBJECT, .oid = 9, .name = "9", .owner = "A b", .dump = DN_PART_ALL},
};
static DnObject *both[] = {&members[0], &members[1]};

static DnLargeObjects a_group(const char *name, size_t count) {
    DnLargeObjects group = {.object = {.kind = DN_KIND_LARGE_OBJECT_GROUP,
                                       .name = name,
                                       .owner = "A b",
                                       .dump = DN_PART_ALL,
                                       .acl = {.standard = "{\"\\\"A b\\\"=rw/\\\"A b\\\"\"}",
                                               .base = "{\"\\\"A b\\\"=rw/\\\"A b\\\"\"}"}}};
    group.members.items = both;
    group.members.count = count;
    members[0].comments = members[1].comments = NULL;
    members[0].labels = members[1].labels = NULL;
    return group;
}

static void one_until_16(void **state) {
    (void)state;
    DnRender render = render_for(&model, 16);
    DnLargeObjects large = a_group("7", 1);
    large.object.kind = DN_KIND_LARGE_OBJECT;
    members[0].comments = &comment;
    members[0].labels = &label;
    large.object.acl.current = "{\"\\\"A b\\\"=rw/\\\"A b\\\"\",\"=r/\\\"A b\\\"\"}";
    const char *text = "[7; BLOB; -; A b]\n"
                       "SELECT pg_catalog.lo_create('7');\n"
                       "<< SELECT pg_catalog.lo_unlink('7');\n"
                       ">> LARGE OBJECT 7\n"
                       "[LARGE OBJECT 7; COMMENT; -; A b]\n"
                       "COMMENT ON LARGE OBJECT 7 IS 'it''s';\n"
                       "[LARGE OBJECT 7; SECURITY LABEL; -; A b]\n"
                       "SECURITY LABEL FOR dummy ON LARGE OBJECT 7 IS 'l';\n"
                       "[LARGE OBJECT 7; ACL; -; A b]\n"
                       "GRANT SELECT ON LARGE OBJECT 7 TO PUBLIC;\n";
    assert_string_equal(rendered(&render, dn_render_large_object, &large), text);
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_large_object, &large), text);
    render.schema_only = true;
    assert_string_equal(rendered(&render, dn_render_large_object, &large), "");
}

static void a_group_since_17(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnLargeObjects large = a_group("7..9", 2);
    members[1].comments = &comment;
    assert_string_equal(rendered(&render, dn_render_large_object, &large),
                        "[7..9; BLOB METADATA; -; A b]\n"
                        "SELECT pg_catalog.lo_create('7');\n"
                        "SELECT pg_catalog.lo_create('9');\n"
                        "\n"
                        "ALTER LARGE OBJECT 7 OWNER TO \"A b\";\n"
                        "ALTER LARGE OBJECT 9 OWNER TO \"A b\";\n"
                        "<< SELECT pg_catalog.lo_unlink('7');\n"
                        "SELECT pg_catalog.lo_unlink('9');\n"
                        "\n"
                        "[LARGE OBJECT 9; COMMENT; -; A b]\n"
                        "COMMENT ON LARGE OBJECT 9 IS 'it''s';\n");
    render.no_owner = render.if_exists = render.no_comments = true;
    assert_string_equal(rendered(&render, dn_render_large_object, &large),
                        "[7..9; BLOB METADATA; -; A b]\n"
                        "SELECT pg_catalog.lo_create('7');\n"
                        "SELECT pg_catalog.lo_create('9');\n"
                        "<< SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
                        "WHERE oid = '7';\n"
                        "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata "
                        "WHERE oid = '9';\n"
                        "\n");
}

/* Each statement comes once for each member; those that name no large object come once. */
static void privileges_of_a_group(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnLargeObjects large = a_group("7..9", 2);
    large.object.acl.current =
        "{\"\\\"A b\\\"=rw/\\\"A b\\\"\",\"\\\"x; ON LARGE OBJECT 7 \\\"=r*/\\\"A b\\\"\","
        "\"=r/\\\"x; ON LARGE OBJECT 7 \\\"\"}";
    const char *text = rendered(&render, dn_render_large_object, &large);
    const char *acl = strstr(text, "[LARGE OBJECTS");
    assert_non_null(acl);
    assert_string_equal(acl,
                        "[LARGE OBJECTS 7..9; ACL; -; A b]\n"
                        "GRANT SELECT ON LARGE OBJECT 7 TO \"x; ON LARGE OBJECT 7 \" WITH GRANT OPTION;\n"
                        "GRANT SELECT ON LARGE OBJECT 9 TO \"x; ON LARGE OBJECT 7 \" WITH GRANT OPTION;\n"
                        "\n"
                        "SET SESSION AUTHORIZATION \"x; ON LARGE OBJECT 7 \";\n"
                        "\n"
                        "GRANT SELECT ON LARGE OBJECT 7 TO PUBLIC;\n"
                        "GRANT SELECT ON LARGE OBJECT 9 TO PUBLIC;\n"
                        "\n"
                        "RESET SESSION AUTHORIZATION;\n");
}

static void bytes(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnBuf sql = {0};
    dn_large_object_open(&sql, "123", 2);
    dn_large_object_write(&sql, &render, "00ff", 4);
    dn_large_object_close(&sql);
    render.spelling.std_strings = false;
    dn_large_object_write(&sql, &render, "00", 2);
    assert_string_equal(dn_buf_text(&sql), "SELECT pg_catalog.lo_open('12', 131072);\n"
                                           "SELECT pg_catalog.lowrite(0, '\\x00ff');\n"
                                           "SELECT pg_catalog.lo_close(0);\n\n"
                                           "SELECT pg_catalog.lowrite(0, '\\\\x00');\n");
    dn_buf_clear(&sql);
    DnLargeObjects large = a_group("7..9", 2);
    dn_large_objects_out(&sql, &(DnLargeObjectData){.group = &large});
    assert_non_null(
        strstr(dn_buf_text(&sql), "FROM pg_catalog.unnest('{7,9}'::pg_catalog.oid[]) oid OFFSET 0"));
    dn_buf_clear(&sql);
    dn_large_objects_out(&sql, &(DnLargeObjectData){0});
    assert_non_null(
        strstr(dn_buf_text(&sql), "FROM pg_catalog.pg_largeobject_metadata ORDER BY oid OFFSET 0"));
    dn_buf_deinit(&sql);
}

static void bytes_are_data(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnLargeObjectData all = {
        .object = {.kind = DN_KIND_LARGE_OBJECT_DATA, .name = "BLOBS", .dump = DN_PART_ALL}};
    assert_string_equal(rendered(&render, dn_render_large_object_data, &all),
                        "[BLOBS; BLOBS; -; -]\nBEGIN;\n\n");
    render.schema_only = true;
    assert_string_equal(rendered(&render, dn_render_large_object_data, &all), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_until_16),          cmocka_unit_test(a_group_since_17),
        cmocka_unit_test(privileges_of_a_group), cmocka_unit_test(bytes),
        cmocka_unit_test(bytes_are_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
