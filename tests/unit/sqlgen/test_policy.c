#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnRelation table = {.object = IN_PUBLIC(TABLE, "users"), .relkind = 'r'};

static DnPolicy a_policy(char command) {
    return (DnPolicy){.object = IN_PUBLIC(POLICY, "P"),
                      .table = &table,
                      .policy = "P",
                      .command = command,
                      .permissive = true};
}

static void enabling_is_an_entry_of_its_own(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnPolicy enable = {.object = IN_PUBLIC(POLICY, "users"), .table = &table};
    assert_string_equal(rendered(&render, dn_render_policy, &enable),
                        "[users; ROW SECURITY; public; alice]\n"
                        "ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;");
}

static void policy_has_all_its_clauses(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "c"};
    DnPolicy policy = a_policy('w');
    policy.permissive = false;
    policy.roles = "bob, \"Role A\"";
    policy.using_ = "(id > 0)";
    policy.check = "(id > 1)";
    policy.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_policy, &policy),
                        "[users P; POLICY; public; alice]\n"
                        "CREATE POLICY \"P\" ON public.users AS RESTRICTIVE FOR UPDATE TO bob, \"Role A\" "
                        "USING ((id > 0)) WITH CHECK ((id > 1));\n"
                        "<< DROP POLICY \"P\" ON public.users;\n"
                        "[POLICY \"P\" ON users; COMMENT; public; alice]\n"
                        "COMMENT ON POLICY \"P\" ON public.users IS 'c';\n");
}

static void every_command_has_its_word(void **state) {
    (void)state;
    static const struct {
        char command;
        const char *text;
    } cases[] = {
        {'*', "[users P; POLICY; public; alice]\nCREATE POLICY \"P\" ON public.users;\n"
              "<< DROP POLICY \"P\" ON public.users;\n"},
        {'r', "[users P; POLICY; public; alice]\nCREATE POLICY \"P\" ON public.users FOR SELECT;\n"
              "<< DROP POLICY \"P\" ON public.users;\n"},
        {'a', "[users P; POLICY; public; alice]\nCREATE POLICY \"P\" ON public.users FOR INSERT;\n"
              "<< DROP POLICY \"P\" ON public.users;\n"},
        {'d', "[users P; POLICY; public; alice]\nCREATE POLICY \"P\" ON public.users FOR DELETE;\n"
              "<< DROP POLICY \"P\" ON public.users;\n"},
    };
    DnRender render = render_for(&model, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnPolicy policy = a_policy(cases[i].command);
        assert_string_equal(rendered(&render, dn_render_policy, &policy), cases[i].text);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(enabling_is_an_entry_of_its_own),
        cmocka_unit_test(policy_has_all_its_clauses),
        cmocka_unit_test(every_command_has_its_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
