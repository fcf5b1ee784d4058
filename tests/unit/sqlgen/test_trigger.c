#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnRelation table = {.object = IN_PUBLIC(TABLE, "users"), .relkind = 'r'};

static DnTrigger a_trigger(char enabled) {
    return (DnTrigger){.object = IN_PUBLIC(TRIGGER, "T 1"),
                       .table = &table,
                       .definition =
                           "CREATE TRIGGER \"T 1\" BEFORE INSERT ON public.users EXECUTE FUNCTION public.f()",
                       .enabled = enabled};
}

static void trigger_is_its_definition(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTrigger trigger = a_trigger('O');
    assert_string_equal(rendered(&render, dn_render_trigger, &trigger),
                        "[users T 1; TRIGGER; public; alice]\n"
                        "CREATE TRIGGER \"T 1\" BEFORE INSERT ON public.users EXECUTE FUNCTION public.f();\n"
                        "<< DROP TRIGGER \"T 1\" ON public.users;\n");
}

static void state_extension_and_comment_follow(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const char *extensions[] = {"plpgsql"};
    DnComment comment = {.text = "c"};
    DnTrigger trigger = a_trigger('D');
    trigger.object.depends_on_extensions.items = extensions;
    trigger.object.depends_on_extensions.count = 1;
    trigger.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_trigger, &trigger),
                        "[users T 1; TRIGGER; public; alice]\n"
                        "CREATE TRIGGER \"T 1\" BEFORE INSERT ON public.users EXECUTE FUNCTION public.f();\n"
                        "ALTER TRIGGER \"T 1\" ON public.users DEPENDS ON EXTENSION plpgsql;\n"
                        "\nALTER TABLE public.users DISABLE TRIGGER \"T 1\";\n"
                        "<< DROP TRIGGER \"T 1\" ON public.users;\n"
                        "[TRIGGER \"T 1\" ON users; COMMENT; public; alice]\n"
                        "COMMENT ON TRIGGER \"T 1\" ON public.users IS 'c';\n");
}

static void partitions_trigger_only_has_a_state(void **state) {
    (void)state;
    static const struct {
        char enabled;
        const char *text;
    } cases[] = {
        {'O', "[users T 1; TRIGGER; public; alice]\n\nALTER TABLE public.users ENABLE TRIGGER \"T 1\";\n"},
        {'D', "[users T 1; TRIGGER; public; alice]\n\nALTER TABLE public.users DISABLE TRIGGER \"T 1\";\n"},
        {'A', "[users T 1; TRIGGER; public; alice]\n"
              "\nALTER TABLE public.users ENABLE ALWAYS TRIGGER \"T 1\";\n"},
        {'R', "[users T 1; TRIGGER; public; alice]\n"
              "\nALTER TABLE public.users ENABLE REPLICA TRIGGER \"T 1\";\n"},
    };
    DnRender render = render_for(&model, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnTrigger trigger = a_trigger(cases[i].enabled);
        trigger.of_partition = true;
        assert_string_equal(rendered(&render, dn_render_trigger, &trigger), cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trigger_is_its_definition),
        cmocka_unit_test(state_extension_and_comment_follow),
        cmocka_unit_test(partitions_trigger_only_has_a_state),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
