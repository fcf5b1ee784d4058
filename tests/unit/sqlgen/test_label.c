#include "tests/unit/sqlgen/render.h"

#include "sqlgen/relation.h"

static DnModel model;

static void labels(const DnRender *render, const DnObject *object, DnEntries *entries) {
    dn_render_labels(render, object, "TYPE", "\"T\"", entries);
}

static void relation_labels(const DnRender *render, const DnObject *object, DnEntries *entries) {
    dn_render_relation_labels(render, (const DnRelation *)object, "TABLE", entries);
}

static void all_of_an_object_are_one_entry(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnLabel second = {.provider = "Other", .text = "it's"};
    const DnLabel first = {.provider = "dummy", .text = "l", .next = &second};
    DnType type = {.object = IN_PUBLIC(TYPE, "T")};
    assert_string_equal(rendered(&render, labels, &type), "");
    type.object.labels = &first;
    assert_string_equal(rendered(&render, labels, &type),
                        "[TYPE \"T\"; SECURITY LABEL; public; alice]\n"
                        "SECURITY LABEL FOR dummy ON TYPE public.\"T\" IS 'l';\n"
                        "SECURITY LABEL FOR \"Other\" ON TYPE public.\"T\" IS 'it''s';\n");
}

static void flags_and_options_leave_them_out(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnLabel label = {.provider = "dummy", .text = "l"};
    DnType type = {.object = IN_PUBLIC(TYPE, "T")};
    type.object.labels = &label;
    type.object.dump = DN_PART_DEFINITION | DN_PART_COMMENT;
    assert_string_equal(rendered(&render, labels, &type), "");
    type.object.dump = DN_PART_SECLABEL;
    render.no_security_labels = true;
    assert_string_equal(rendered(&render, labels, &type), "");
    render.no_security_labels = false;
    render.data_only = true;
    assert_string_equal(rendered(&render, labels, &type), "");
    render.data_only = false;
    render.no_comments = true; /* says nothing about labels */
    assert_string_equal(rendered(&render, labels, &type),
                        "[TYPE \"T\"; SECURITY LABEL; public; alice]\n"
                        "SECURITY LABEL FOR dummy ON TYPE public.\"T\" IS 'l';\n");
}

static void columns_stand_in_the_table_s_entry(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute attributes[] = {{.name = "gone", .number = 1, .dropped = true}, {.name = "B b", .number = 2}};
    DnRelation table = {.object = IN_PUBLIC(TABLE, "t"), .relkind = 'r', .attributes = VEC_OF(attributes)};
    const DnLabel column = {.provider = "dummy", .text = "c", .subid = 2};
    const DnLabel dropped = {.provider = "dummy", .text = "d", .subid = 1, .next = &column};
    const DnLabel own = {.provider = "dummy", .text = "t", .next = &dropped};
    table.object.labels = &own;
    assert_string_equal(rendered(&render, relation_labels, &table),
                        "[TABLE t; SECURITY LABEL; public; alice]\n"
                        "SECURITY LABEL FOR dummy ON TABLE public.t IS 't';\n"
                        "SECURITY LABEL FOR dummy ON COLUMN public.t.\"B b\" IS 'c';\n");
    table.object.labels = &column;
    assert_string_equal(rendered(&render, relation_labels, &table),
                        "[TABLE t; SECURITY LABEL; public; alice]\n"
                        "SECURITY LABEL FOR dummy ON COLUMN public.t.\"B b\" IS 'c';\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_an_object_are_one_entry),
        cmocka_unit_test(flags_and_options_leave_them_out),
        cmocka_unit_test(columns_stand_in_the_table_s_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
