#include "tests/unit/sqlgen/render.h"

static void every_clause(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "same"};
    DnOperator op = {.object = IN_PUBLIC(OPERATOR, "==="),
                     .oprkind = 'b',
                     .left = "public.cx",
                     .right = "integer",
                     .function = "public.cx_eq",
                     .commutator = "OPERATOR(public.===)",
                     .negator = "OPERATOR(public.!==)",
                     .restrict_ = "eqsel",
                     .join = "eqjoinsel",
                     .merges = true,
                     .hashes = true};
    op.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_operator, &op),
                        "[===; OPERATOR; public; alice]\n"
                        "CREATE OPERATOR public.=== (\n"
                        "    FUNCTION = public.cx_eq,\n"
                        "    LEFTARG = public.cx,\n"
                        "    RIGHTARG = integer,\n"
                        "    COMMUTATOR = OPERATOR(public.===),\n"
                        "    NEGATOR = OPERATOR(public.!==),\n"
                        "    MERGES,\n"
                        "    HASHES,\n"
                        "    RESTRICT = eqsel,\n"
                        "    JOIN = eqjoinsel\n"
                        ");\n"
                        "<< DROP OPERATOR public.=== (public.cx, integer);\n"
                        ">> OPERATOR public.=== (public.cx, integer)\n"
                        "[OPERATOR === (public.cx, integer); COMMENT; public; alice]\n"
                        "COMMENT ON OPERATOR public.=== (public.cx, integer) IS 'same';\n");
}

static void with_one_side(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnOperator prefix = {
        .object = IN_PUBLIC(OPERATOR, "@-"), .oprkind = 'l', .right = "integer", .function = "int4um"};
    assert_string_equal(rendered(&render, dn_render_operator, &prefix),
                        "[@-; OPERATOR; public; alice]\n"
                        "CREATE OPERATOR public.@- (\n"
                        "    FUNCTION = int4um,\n"
                        "    RIGHTARG = integer\n"
                        ");\n"
                        "<< DROP OPERATOR public.@- (NONE, integer);\n"
                        ">> OPERATOR public.@- (NONE, integer)\n");
    const DnOperator postfix = {
        .object = IN_PUBLIC(OPERATOR, "!!"), .oprkind = 'r', .left = "integer", .function = "fac"};
    assert_string_equal(rendered(&render, dn_render_operator, &postfix),
                        "[!!; OPERATOR; public; alice]\n"
                        "CREATE OPERATOR public.!! (\n"
                        "    FUNCTION = fac,\n"
                        "    LEFTARG = integer\n"
                        ");\n"
                        "<< DROP OPERATOR public.!! (integer, NONE);\n"
                        ">> OPERATOR public.!! (integer, NONE)\n");
}

static void only_promised(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnOperator shell = {.object = IN_PUBLIC(OPERATOR, "<<<"), .left = "integer", .right = "integer"};
    assert_string_equal(rendered(&render, dn_render_operator, &shell), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clause),
        cmocka_unit_test(with_one_side),
        cmocka_unit_test(only_promised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
