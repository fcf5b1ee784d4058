#include "tests/unit/sqlgen/render.h"

static DnModel model;

static DnOpMember members[] = {
    {.number = "1", .what = "<(public.cx,public.cx)"},
    {.number = "15", .what = "<->(point,point)", .sort_family = "pg_catalog.float_ops"},
    {.is_function = true,
     .number = "1",
     .what = "public.cx_cmp(public.cx,public.cx)",
     .left = "public.cx",
     .right = "public.cx"},
};

static DnOpclass class_of(const char *name) {
    return (DnOpclass){.as_family = {.object = IN_PUBLIC(OPCLASS, name), .method = "Gist 2"},
                       .type = "public.cx",
                       .family = "public.\"Fam\""};
}

static void class_with_its_members(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "ops"};
    DnOpclass class_ = class_of("Ops");
    class_.as_family.object.comments = &comment;
    class_.as_family.members = (DnOpMembers)VEC_OF(members);
    class_.is_default = true;
    class_.storage = "box";
    assert_string_equal(rendered(&render, dn_render_opclass, &class_),
                        "[Ops; OPERATOR CLASS; public; alice]\n"
                        "CREATE OPERATOR CLASS public.\"Ops\"\n"
                        "    DEFAULT FOR TYPE public.cx USING \"Gist 2\" FAMILY public.\"Fam\" AS\n"
                        "    STORAGE box ,\n"
                        "    OPERATOR 1 <(public.cx,public.cx) ,\n"
                        "    OPERATOR 15 <->(point,point) FOR ORDER BY pg_catalog.float_ops ,\n"
                        "    FUNCTION 1 (public.cx, public.cx) public.cx_cmp(public.cx,public.cx);\n"
                        "<< DROP OPERATOR CLASS public.\"Ops\" USING \"Gist 2\";\n"
                        ">> OPERATOR CLASS public.\"Ops\" USING \"Gist 2\"\n"
                        "[OPERATOR CLASS \"Ops\" USING \"Gist 2\"; COMMENT; public; alice]\n"
                        "COMMENT ON OPERATOR CLASS public.\"Ops\" USING \"Gist 2\" IS 'ops';\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_opclass, &class_), "");
}

/* AS must be followed by something. */
static void class_with_nothing(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnOpclass class_ = class_of("empty");
    assert_string_equal(rendered(&render, dn_render_opclass, &class_),
                        "[empty; OPERATOR CLASS; public; alice]\n"
                        "CREATE OPERATOR CLASS public.empty\n"
                        "    FOR TYPE public.cx USING \"Gist 2\" FAMILY public.\"Fam\" AS\n"
                        "    STORAGE public.cx;\n"
                        "<< DROP OPERATOR CLASS public.empty USING \"Gist 2\";\n"
                        ">> OPERATOR CLASS public.empty USING \"Gist 2\"\n");
    class_.storage = "box";
    assert_string_equal(rendered(&render, dn_render_opclass, &class_),
                        "[empty; OPERATOR CLASS; public; alice]\n"
                        "CREATE OPERATOR CLASS public.empty\n"
                        "    FOR TYPE public.cx USING \"Gist 2\" FAMILY public.\"Fam\" AS\n"
                        "    STORAGE box;\n"
                        "<< DROP OPERATOR CLASS public.empty USING \"Gist 2\";\n"
                        ">> OPERATOR CLASS public.empty USING \"Gist 2\"\n");
}

static void family_with_loose_members(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "fam"};
    DnOpfamily family = {.object = IN_PUBLIC(OPFAMILY, "fam"), .method = "gist"};
    assert_string_equal(rendered(&render, dn_render_opfamily, &family),
                        "[fam; OPERATOR FAMILY; public; alice]\n"
                        "CREATE OPERATOR FAMILY public.fam USING gist;\n"
                        "<< DROP OPERATOR FAMILY public.fam USING gist;\n"
                        ">> OPERATOR FAMILY public.fam USING gist\n");
    family.members = (DnOpMembers)VEC_OF(members);
    family.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_opfamily, &family),
                        "[fam; OPERATOR FAMILY; public; alice]\n"
                        "CREATE OPERATOR FAMILY public.fam USING gist;\n"
                        "ALTER OPERATOR FAMILY public.fam USING gist ADD\n"
                        "    OPERATOR 1 <(public.cx,public.cx) ,\n"
                        "    OPERATOR 15 <->(point,point) FOR ORDER BY pg_catalog.float_ops ,\n"
                        "    FUNCTION 1 (public.cx, public.cx) public.cx_cmp(public.cx,public.cx);\n"
                        "<< DROP OPERATOR FAMILY public.fam USING gist;\n"
                        ">> OPERATOR FAMILY public.fam USING gist\n"
                        "[OPERATOR FAMILY fam USING gist; COMMENT; public; alice]\n"
                        "COMMENT ON OPERATOR FAMILY public.fam USING gist IS 'fam';\n");
}

static void access_methods(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "am"};
    DnAccessMethod method = {.object = {.kind = DN_KIND_ACCESS_METHOD, .name = "Gist 2", .dump = DN_PART_ALL},
                             .amtype = 'i',
                             .handler = "gisthandler"};
    method.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_access_method, &method),
                        "[Gist 2; ACCESS METHOD; -; -]\n"
                        "CREATE ACCESS METHOD \"Gist 2\" TYPE INDEX HANDLER gisthandler;\n"
                        "<< DROP ACCESS METHOD \"Gist 2\";\n"
                        "[ACCESS METHOD \"Gist 2\"; COMMENT; -; ]\n"
                        "COMMENT ON ACCESS METHOD \"Gist 2\" IS 'am';\n");
    method.amtype = 't';
    method.object.dump = DN_PART_DEFINITION;
    assert_string_equal(rendered(&render, dn_render_access_method, &method),
                        "[Gist 2; ACCESS METHOD; -; -]\n"
                        "CREATE ACCESS METHOD \"Gist 2\" TYPE TABLE HANDLER gisthandler;\n"
                        "<< DROP ACCESS METHOD \"Gist 2\";\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_access_method, &method), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(class_with_its_members),
        cmocka_unit_test(class_with_nothing),
        cmocka_unit_test(family_with_loose_members),
        cmocka_unit_test(access_methods),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
