#include "tests/unit/sqlgen/render.h"

#include <string.h>

static void enum_labels(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnEnumLabel labels[] = {{1, "sad"}, {2, "it's"}, {3, "back\\slash"}};
    const DnType type = {.object = IN_PUBLIC(TYPE, "Mood"), .typtype = 'e', .labels = VEC_OF(labels)};
    assert_string_equal(rendered(&render, dn_render_type, &type), "[Mood; TYPE; public; alice]\n"
                                                                  "CREATE TYPE public.\"Mood\" AS ENUM (\n"
                                                                  "    'sad',\n"
                                                                  "    'it''s',\n"
                                                                  "    'back\\slash'\n"
                                                                  ");\n"
                                                                  "<< DROP TYPE public.\"Mood\";\n"
                                                                  ">> TYPE public.\"Mood\"\n");
}

static void enum_without_labels(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnType type = {.object = IN_PUBLIC(TYPE, "none"), .typtype = 'e'};
    assert_string_equal(rendered(&render, dn_render_type, &type), "[none; TYPE; public; alice]\n"
                                                                  "CREATE TYPE public.\"none\" AS ENUM (\n"
                                                                  ");\n"
                                                                  "<< DROP TYPE public.\"none\";\n"
                                                                  ">> TYPE public.\"none\"\n");
}

static void composite_with_comments(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnAttribute attributes[] = {
        {.name = "street", .number = 1, .type = "text", .collation = "pg_catalog.\"C\""},
        {.name = "order", .number = 3, .type = "numeric(10,2)"},
    };
    const DnComment on_order = {.subid = 3, .text = "not the second"};
    const DnComment on_type = {.text = "an address"};
    DnType type = {.object = IN_PUBLIC(TYPE, "address"),
                   .typtype = 'c',
                   .attributes = VEC_OF(attributes),
                   .attribute_comments = &on_order};
    type.object.comments = &on_type;
    assert_string_equal(rendered(&render, dn_render_type, &type),
                        "[address; TYPE; public; alice]\n"
                        "CREATE TYPE public.address AS (\n"
                        "\tstreet text COLLATE pg_catalog.\"C\",\n"
                        "\t\"order\" numeric(10,2)\n"
                        ");\n"
                        "<< DROP TYPE public.address;\n"
                        ">> TYPE public.address\n"
                        "[TYPE address; COMMENT; public; alice]\n"
                        "COMMENT ON TYPE public.address IS 'an address';\n"
                        "[COLUMN address.\"order\"; COMMENT; public; alice]\n"
                        "COMMENT ON COLUMN public.address.\"order\" IS 'not the second';\n");
}

static void range_options(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnType type = {.object = IN_PUBLIC(TYPE, "span"), .typtype = 'r', .subtype = "date"};
    assert_string_equal(rendered(&render, dn_render_type, &type), "[span; TYPE; public; alice]\n"
                                                                  "CREATE TYPE public.span AS RANGE (\n"
                                                                  "    subtype = date\n"
                                                                  ");\n"
                                                                  "<< DROP TYPE public.span;\n"
                                                                  ">> TYPE public.span\n");
    type.multirange_name = "public.spans";
    type.subtype_opclass = "public.ops";
    type.range_collation = "pg_catalog.\"C\"";
    type.canonical = "public.canon";
    type.subtype_diff = "public.diff";
    assert_string_equal(rendered(&render, dn_render_type, &type), "[span; TYPE; public; alice]\n"
                                                                  "CREATE TYPE public.span AS RANGE (\n"
                                                                  "    subtype = date,\n"
                                                                  "    multirange_type_name = public.spans,\n"
                                                                  "    subtype_opclass = public.ops,\n"
                                                                  "    collation = pg_catalog.\"C\",\n"
                                                                  "    canonical = public.canon,\n"
                                                                  "    subtype_diff = public.diff\n"
                                                                  ");\n"
                                                                  "<< DROP TYPE public.span;\n"
                                                                  ">> TYPE public.span\n");
    model.spelled_as = 13; /* which has no multiranges */
    assert_null(strstr(rendered(&render, dn_render_type, &type), "multirange"));
    assert_non_null(strstr(rendered(&render, dn_render_type, &type), "subtype = date,\n    subtype_opclass"));
}

static void base_type_in_full(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnType type = {.object = IN_PUBLIC(TYPE, "b"),
                         .typtype = 'b',
                         .length = 4,
                         .input = "public.b_in",
                         .output = "public.b_out",
                         .receive = "public.b_recv",
                         .send = "public.b_send",
                         .typmod_in = "public.b_tin",
                         .typmod_out = "public.b_tout",
                         .analyze = "public.b_an",
                         .subscript = "raw_array_subscript_handler",
                         .collatable = true,
                         .fallback = "it's",
                         .fallback_literal = true,
                         .element_name = "integer",
                         .category = 'N',
                         .preferred = true,
                         .delimiter = ";",
                         .align = 'i',
                         .storage = 'p',
                         .by_value = true};
    assert_string_equal(rendered(&render, dn_render_type, &type),
                        "[b; TYPE; public; alice]\n"
                        "CREATE TYPE public.b (\n"
                        "    INTERNALLENGTH = 4,\n"
                        "    INPUT = public.b_in,\n"
                        "    OUTPUT = public.b_out,\n"
                        "    RECEIVE = public.b_recv,\n"
                        "    SEND = public.b_send,\n"
                        "    TYPMOD_IN = public.b_tin,\n"
                        "    TYPMOD_OUT = public.b_tout,\n"
                        "    ANALYZE = public.b_an,\n"
                        "    COLLATABLE = true,\n"
                        "    DEFAULT = 'it''s',\n"
                        "    SUBSCRIPT = raw_array_subscript_handler,\n"
                        "    ELEMENT = integer,\n"
                        "    CATEGORY = 'N',\n"
                        "    PREFERRED = true,\n"
                        "    DELIMITER = ';',\n"
                        "    ALIGNMENT = int4,\n"
                        "    STORAGE = plain,\n"
                        "    PASSEDBYVALUE\n"
                        ");\n"
                        "<< DROP TYPE public.b CASCADE;\n"
                        ">> TYPE public.b\n");
}

static void base_type_at_least(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnType type = {.object = IN_PUBLIC(TYPE, "b"),
                         .typtype = 'b',
                         .length = -1,
                         .input = "public.b_in",
                         .output = "public.b_out",
                         .category = 'U',
                         .delimiter = ",",
                         .align = 'd',
                         .storage = 'x'};
    assert_string_equal(rendered(&render, dn_render_type, &type), "[b; TYPE; public; alice]\n"
                                                                  "CREATE TYPE public.b (\n"
                                                                  "    INTERNALLENGTH = variable,\n"
                                                                  "    INPUT = public.b_in,\n"
                                                                  "    OUTPUT = public.b_out,\n"
                                                                  "    ALIGNMENT = double,\n"
                                                                  "    STORAGE = extended\n"
                                                                  ");\n"
                                                                  "<< DROP TYPE public.b CASCADE;\n"
                                                                  ">> TYPE public.b\n");
}

static void shells(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnObject shell = IN_PUBLIC(SHELL_TYPE, "b");
    assert_string_equal(rendered(&render, dn_render_shell_type, &shell), "[b; SHELL TYPE; public; alice]\n"
                                                                         "CREATE TYPE public.b;\n");
    const DnType undefined = {.object = IN_PUBLIC(TYPE, "u"), .typtype = 'p'};
    assert_string_equal(rendered(&render, dn_render_type, &undefined), "[u; TYPE; public; alice]\n"
                                                                       "CREATE TYPE public.u;\n"
                                                                       "<< DROP TYPE public.u;\n"
                                                                       ">> TYPE public.u\n");
}

static void domain_with_constraints(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment exactly_one = {.text = "exactly one"};
    DnConstraint late = {.object = IN_PUBLIC(CONSTRAINT, "late"), .contype = 'c', .separate = true};
    DnConstraint at = {.object = IN_PUBLIC(CONSTRAINT, "Has at"),
                       .contype = 'c',
                       .definition = "CHECK ((VALUE ~ '@'::text))"};
    DnConstraint *checks[] = {&at, &late};
    DnType type = {.object = IN_PUBLIC(TYPE, "email"),
                   .typtype = 'd',
                   .base_type = "character varying(9)",
                   .collation = "pg_catalog.\"C\"",
                   .not_null = true,
                   .fallback = "'a@b'::character varying",
                   .checks = VEC_OF(checks)};
    late.domain = at.domain = &type;
    late.object.comments = at.object.comments = &exactly_one;
    assert_string_equal(rendered(&render, dn_render_type, &type),
                        "[email; DOMAIN; public; alice]\n"
                        "CREATE DOMAIN public.email AS character varying(9) COLLATE pg_catalog.\"C\" NOT "
                        "NULL DEFAULT 'a@b'::character varying\n"
                        "\tCONSTRAINT \"Has at\" CHECK ((VALUE ~ '@'::text));\n"
                        "<< DROP DOMAIN public.email;\n"
                        ">> DOMAIN public.email\n"
                        "[CONSTRAINT \"Has at\" ON DOMAIN email; COMMENT; public; alice]\n"
                        "COMMENT ON CONSTRAINT \"Has at\" ON DOMAIN public.email IS 'exactly one';\n");
}

/* 17 keeps the name of a domain's NOT NULL; the usual name goes without saying. */
static void domain_not_null_by_name(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 17);
    DnConstraint not_null = {
        .object = IN_PUBLIC(CONSTRAINT, "always"), .contype = 'n', .definition = "NOT NULL"};
    DnType type = {.object = IN_PUBLIC(TYPE, "d"),
                   .typtype = 'd',
                   .base_type = "integer",
                   .not_null = true,
                   .not_null_constraint = &not_null,
                   .fallback = "x",
                   .fallback_literal = true};
    assert_string_equal(rendered(&render, dn_render_type, &type),
                        "[d; DOMAIN; public; alice]\n"
                        "CREATE DOMAIN public.d AS integer CONSTRAINT always NOT NULL DEFAULT 'x';\n"
                        "<< DROP DOMAIN public.d;\n"
                        ">> DOMAIN public.d\n");
    model.spelled_as = 16;
    const char *older = rendered(&render, dn_render_type, &type);
    assert_non_null(strstr(older, "CREATE DOMAIN public.d AS integer NOT NULL DEFAULT 'x';\n"));
    model.spelled_as = 0;
    not_null.object.name = "d_not_null";
    assert_string_equal(rendered(&render, dn_render_type, &type),
                        "[d; DOMAIN; public; alice]\n"
                        "CREATE DOMAIN public.d AS integer NOT NULL DEFAULT 'x';\n"
                        "<< DROP DOMAIN public.d;\n"
                        ">> DOMAIN public.d\n");
}

static void rights_are_those_of_types(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnType type = {.object = IN_PUBLIC(TYPE, "d"), .typtype = 'd', .base_type = "integer"};
    type.object.acl = (DnAcl){.current = "{alice=U/alice,bob=U/alice}", .base = "{=U/alice,alice=U/alice}"};
    type.object.dump = DN_PART_ACL;
    assert_string_equal(rendered(&render, dn_render_type, &type), "[TYPE d; ACL; public; alice]\n"
                                                                  "REVOKE ALL ON TYPE public.d FROM PUBLIC;\n"
                                                                  "GRANT ALL ON TYPE public.d TO bob;\n");
}

static void nothing_for_data(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnType type = {.object = IN_PUBLIC(TYPE, "e"), .typtype = 'e'};
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_type, &type), "");
    assert_string_equal(rendered(&render, dn_render_shell_type, &type), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enum_labels),
        cmocka_unit_test(enum_without_labels),
        cmocka_unit_test(composite_with_comments),
        cmocka_unit_test(range_options),
        cmocka_unit_test(base_type_in_full),
        cmocka_unit_test(base_type_at_least),
        cmocka_unit_test(shells),
        cmocka_unit_test(domain_with_constraints),
        cmocka_unit_test(domain_not_null_by_name),
        cmocka_unit_test(rights_are_those_of_types),
        cmocka_unit_test(nothing_for_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
