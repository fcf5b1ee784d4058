#include "tests/unit/sqlgen/render.h"

static DnModel model;

static DnSchema schema_named(const char *name) {
    return (DnSchema){.object = {.kind = DN_KIND_SCHEMA, .name = name, .owner = "alice", .dump = DN_PART_ALL},
                      .create = true};
}

static void schema_is_created_and_dropped(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("My Schema");
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "[My Schema; SCHEMA; -; alice]\n"
                                                                      "CREATE SCHEMA \"My Schema\";\n"
                                                                      "<< DROP SCHEMA \"My Schema\";\n"
                                                                      ">> SCHEMA \"My Schema\"\n");
}

static void public_is_there_already(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("public");
    render.create_schema_if_not_exists = true;
    render.no_comments = true;
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "[public; SCHEMA; -; alice]\n"
                                                                      "CREATE SCHEMA IF NOT EXISTS public;\n"
                                                                      ">> SCHEMA public\n");
    schema.object.name = "public2";
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "[public2; SCHEMA; -; alice]\n"
                                                                      "CREATE SCHEMA public2;\n"
                                                                      "<< DROP SCHEMA public2;\n"
                                                                      ">> SCHEMA public2\n");
}

/* A new database's public has a comment, which the dumped one may have lost or changed. */
static void public_may_have_lost_its_comment(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("public");
    DnComment comment = {.text = "ours"};
    render.create_schema_if_not_exists = true;
    schema.object.dump = DN_PART_COMMENT;
    assert_string_equal(rendered(&render, dn_render_schema, &schema),
                        "[SCHEMA public; COMMENT; -; alice]\nCOMMENT ON SCHEMA public IS '';\n");
    schema.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_schema, &schema),
                        "[SCHEMA public; COMMENT; -; alice]\nCOMMENT ON SCHEMA public IS 'ours';\n");
    render.create_schema_if_not_exists = false;
    schema.object.comments = NULL;
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "");
}

static void public_of_a_whole_database_is_not_created(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("public");
    schema.create = false;
    assert_string_equal(rendered(&render, dn_render_schema, &schema),
                        "[public; SCHEMA; -; alice]\n"
                        "-- *not* creating schema, since initdb creates it\n"
                        "<< -- *not* dropping schema, since initdb creates it\n"
                        ">> SCHEMA public\n");
}

static void needed_schema_is_not_ours_to_drop(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("extensions");
    schema.object.needed = true;
    assert_string_equal(rendered(&render, dn_render_schema, &schema),
                        "[extensions; SCHEMA; -; alice]\n"
                        "CREATE SCHEMA IF NOT EXISTS extensions;\n");
}

static void comment_and_privileges_follow(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("s");
    DnComment comment = {.text = "it's ours"};
    schema.object.comments = &comment;
    schema.object.acl = (DnAcl){
        .current = "{alice=UC/alice,=U/alice}", .standard = "{alice=UC/alice}", .base = "{alice=UC/alice}"};
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "[s; SCHEMA; -; alice]\n"
                                                                      "CREATE SCHEMA s;\n"
                                                                      "<< DROP SCHEMA s;\n"
                                                                      ">> SCHEMA s\n"
                                                                      "[SCHEMA s; COMMENT; -; alice]\n"
                                                                      "COMMENT ON SCHEMA s IS 'it''s ours';\n"
                                                                      "[SCHEMA s; ACL; -; alice]\n"
                                                                      "GRANT USAGE ON SCHEMA s TO PUBLIC;\n");
    render.no_comments = render.no_privileges = true;
    schema.object.dump = DN_PART_COMMENT | DN_PART_ACL;
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "");
}

static void nothing_of_it_in_a_data_only_dump(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema schema = schema_named("s");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_schema, &schema), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schema_is_created_and_dropped),
        cmocka_unit_test(public_is_there_already),
        cmocka_unit_test(public_may_have_lost_its_comment),
        cmocka_unit_test(public_of_a_whole_database_is_not_created),
        cmocka_unit_test(needed_schema_is_not_ours_to_drop),
        cmocka_unit_test(comment_and_privileges_follow),
        cmocka_unit_test(nothing_of_it_in_a_data_only_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
