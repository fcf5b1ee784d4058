#include "tests/unit/sqlgen/render.h"

static DnCast text_to_size(void) {
    return (DnCast){.object = {.kind = DN_KIND_CAST, .name = "text size", .dump = DN_PART_ALL},
                    .source = "text",
                    .target = "public.size",
                    .context = 'e',
                    .method = 'i'};
}

static void methods_and_contexts(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnCast cast = text_to_size();
    assert_string_equal(rendered(&render, dn_render_cast, &cast),
                        "[CAST (text AS public.size); CAST; -; -]\n"
                        "CREATE CAST (text AS public.size) WITH INOUT;\n"
                        "<< DROP CAST (text AS public.size);\n");
    cast.context = 'a';
    cast.method = 'b';
    assert_string_equal(rendered(&render, dn_render_cast, &cast),
                        "[CAST (text AS public.size); CAST; -; -]\n"
                        "CREATE CAST (text AS public.size) WITHOUT FUNCTION AS ASSIGNMENT;\n"
                        "<< DROP CAST (text AS public.size);\n");
    cast.context = 'i';
    cast.method = 'f';
    cast.function = "public.\"To\"(text, integer)";
    assert_string_equal(
        rendered(&render, dn_render_cast, &cast),
        "[CAST (text AS public.size); CAST; -; -]\n"
        "CREATE CAST (text AS public.size) WITH FUNCTION public.\"To\"(text, integer) AS IMPLICIT;\n"
        "<< DROP CAST (text AS public.size);\n");
}

static void tag_and_comment(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "by name"};
    DnCast cast = text_to_size();
    cast.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_cast, &cast),
                        "[CAST (text AS public.size); CAST; -; -]\n"
                        "CREATE CAST (text AS public.size) WITH INOUT;\n"
                        "<< DROP CAST (text AS public.size);\n"
                        "[CAST (text AS public.size); COMMENT; -; ]\n"
                        "COMMENT ON CAST (text AS public.size) IS 'by name';\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(methods_and_contexts),
        cmocka_unit_test(tag_and_comment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
