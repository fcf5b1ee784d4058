#include "tests/unit/sqlgen/render.h"

/* A language outside of schemas, whose three functions stand in schema other. */
static DnLanguage language_with(uint32_t handler, uint32_t inline_, uint32_t validator) {
    DnLanguage language = {.object = {.kind = DN_KIND_LANGUAGE, .name = "plx", .owner = "alice"}};
    language.object.dump = DN_PART_ALL;
    language.handler = (DnLanguageFunction){handler, handler ? "other.handle" : NULL};
    language.inline_ = (DnLanguageFunction){inline_, inline_ ? "other.\"do\"" : NULL};
    language.validator = (DnLanguageFunction){validator, validator ? "other.check" : NULL};
    return language;
}

static DnObject *add_function(DnModel *model, uint32_t oid, unsigned dump) {
    DnFunction *function = DN_ADD(model, DnFunction, DN_KIND_FUNCTION, oid, "f", &render_schema);
    assert_non_null(function);
    function->object.dump = dump;
    return &function->object;
}

static void with_its_functions(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    (void)add_function(&model, 20001, DN_PART_ALL);
    (void)add_function(&model, 20002, DN_PART_ALL);
    (void)add_function(&model, 20003, DN_PART_ALL);
    DnLanguage language = language_with(20001, 20002, 20003);
    language.trusted = true;
    assert_string_equal(rendered(&render, dn_render_language, &language),
                        "[plx; PROCEDURAL LANGUAGE; -; alice]\n"
                        "CREATE TRUSTED PROCEDURAL LANGUAGE plx HANDLER other.handle INLINE other.\"do\" "
                        "VALIDATOR other.check;\n"
                        "<< DROP PROCEDURAL LANGUAGE plx;\n"
                        ">> PROCEDURAL LANGUAGE plx\n");
    language = language_with(20001, 0, 0);
    assert_string_equal(rendered(&render, dn_render_language, &language),
                        "[plx; PROCEDURAL LANGUAGE; -; alice]\n"
                        "CREATE PROCEDURAL LANGUAGE plx HANDLER other.handle;\n"
                        "<< DROP PROCEDURAL LANGUAGE plx;\n"
                        ">> PROCEDURAL LANGUAGE plx\n");
    dn_arena_deinit(&model.arena);
}

#define BARE                                                                                                 \
    "[plx; PROCEDURAL LANGUAGE; -; alice]\n"                                                                 \
    "CREATE OR REPLACE PROCEDURAL LANGUAGE plx;\n"                                                           \
    "<< DROP PROCEDURAL LANGUAGE plx;\n"                                                                     \
    ">> PROCEDURAL LANGUAGE plx\n"

/* One that the dump does not bring, or that the model does not know (pg_catalog's), and none is named. */
static void without_one_of_its_functions(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    (void)add_function(&model, 20001, DN_PART_ALL);
    (void)add_function(&model, 20002, DN_PART_NONE);
    DnLanguage language = language_with(20001, 20002, 0);
    language.trusted = true;
    assert_string_equal(rendered(&render, dn_render_language, &language), BARE);
    language = language_with(20001, 0, 20003);
    assert_string_equal(rendered(&render, dn_render_language, &language), BARE);
    language.object.needed = true;
    assert_string_equal(rendered(&render, dn_render_language, &language),
                        "[plx; PROCEDURAL LANGUAGE; -; alice]\n"
                        "CREATE PROCEDURAL LANGUAGE plx HANDLER other.handle VALIDATOR other.check;\n"
                        "<< DROP PROCEDURAL LANGUAGE plx;\n"
                        ">> PROCEDURAL LANGUAGE plx\n");
    dn_arena_deinit(&model.arena);
}

/* A member of an extension may have no more than privileges to dump; since 15 it must have them. */
static void with_a_function_of_an_extension(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 14);
    DnObject *handler = add_function(&model, 20001, DN_PART_ACL);
    DnLanguage language = language_with(20001, 0, 0);
    const char *named = "[plx; PROCEDURAL LANGUAGE; -; alice]\n"
                        "CREATE PROCEDURAL LANGUAGE plx HANDLER other.handle;\n"
                        "<< DROP PROCEDURAL LANGUAGE plx;\n"
                        ">> PROCEDURAL LANGUAGE plx\n";
    assert_string_equal(rendered(&render, dn_render_language, &language), named);
    render = render_for(&model, 15);
    assert_string_equal(rendered(&render, dn_render_language, &language), BARE);
    handler->acl.current = "{alice=X/alice}";
    assert_string_equal(rendered(&render, dn_render_language, &language), named);
    dn_arena_deinit(&model.arena);
}

static void rights_on_trusted_ones(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "pl"};
    DnLanguage language = language_with(20001, 0, 0);
    language.object.dump = DN_PART_ACL | DN_PART_COMMENT;
    language.object.comments = &comment;
    language.object.acl = (DnAcl){.current = "{alice=U/alice,bob=U/alice}",
                                  .standard = "{=U/alice,alice=U/alice}",
                                  .base = "{=U/alice,alice=U/alice}"};
    assert_string_equal(rendered(&render, dn_render_language, &language),
                        "[LANGUAGE plx; COMMENT; -; alice]\n"
                        "COMMENT ON LANGUAGE plx IS 'pl';\n");
    language.trusted = true;
    assert_string_equal(rendered(&render, dn_render_language, &language),
                        "[LANGUAGE plx; COMMENT; -; alice]\n"
                        "COMMENT ON LANGUAGE plx IS 'pl';\n"
                        "[LANGUAGE plx; ACL; -; alice]\n"
                        "REVOKE ALL ON LANGUAGE plx FROM PUBLIC;\n"
                        "GRANT ALL ON LANGUAGE plx TO bob;\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_language, &language), "");
}

static void transforms(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "t"};
    DnTransform transform = {
        .object = {.kind = DN_KIND_TRANSFORM, .name = "int4 \"Pl\"", .dump = DN_PART_ALL},
        .type = "integer",
        .language = "Pl",
        .from_sql = "public.f(internal)",
        .to_sql = "pg_catalog.int4recv(internal)"};
    transform.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_transform, &transform),
                        "[TRANSFORM FOR integer LANGUAGE \"Pl\"; TRANSFORM; -; -]\n"
                        "CREATE TRANSFORM FOR integer LANGUAGE \"Pl\" (FROM SQL WITH FUNCTION "
                        "public.f(internal), TO SQL WITH FUNCTION pg_catalog.int4recv(internal));\n"
                        "<< DROP TRANSFORM FOR integer LANGUAGE \"Pl\";\n"
                        "[TRANSFORM FOR integer LANGUAGE \"Pl\"; COMMENT; -; ]\n"
                        "COMMENT ON TRANSFORM FOR integer LANGUAGE \"Pl\" IS 't';\n");
    transform.object.dump = DN_PART_DEFINITION;
    transform.from_sql = NULL;
    assert_string_equal(rendered(&render, dn_render_transform, &transform),
                        "[TRANSFORM FOR integer LANGUAGE \"Pl\"; TRANSFORM; -; -]\n"
                        "CREATE TRANSFORM FOR integer LANGUAGE \"Pl\" (TO SQL WITH FUNCTION "
                        "pg_catalog.int4recv(internal));\n"
                        "<< DROP TRANSFORM FOR integer LANGUAGE \"Pl\";\n");
    transform.from_sql = "public.f(internal)";
    transform.to_sql = NULL;
    assert_string_equal(rendered(&render, dn_render_transform, &transform),
                        "[TRANSFORM FOR integer LANGUAGE \"Pl\"; TRANSFORM; -; -]\n"
                        "CREATE TRANSFORM FOR integer LANGUAGE \"Pl\" (FROM SQL WITH FUNCTION "
                        "public.f(internal));\n"
                        "<< DROP TRANSFORM FOR integer LANGUAGE \"Pl\";\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(with_its_functions),
        cmocka_unit_test(without_one_of_its_functions),
        cmocka_unit_test(with_a_function_of_an_extension),
        cmocka_unit_test(rights_on_trusted_ones),
        cmocka_unit_test(transforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
