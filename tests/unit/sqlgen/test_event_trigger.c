#include "tests/unit/sqlgen/render.h"

#include <string.h>

static DnModel model;
static const DnComment comment = {.text = "c"};
static const DnLabel label = {.provider = "dummy", .text = "l"};

static DnEventTrigger a_trigger(void) {
    return (DnEventTrigger){
        .object = {.kind = DN_KIND_EVENT_TRIGGER, .name = "E t", .owner = "alice", .dump = DN_PART_ALL},
        .event = "ddl_command_start",
        .function = "public.note",
        .enabled = 'O'};
}

static void definition(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnEventTrigger trigger = a_trigger();
    assert_string_equal(rendered(&render, dn_render_event_trigger, &trigger),
                        "[E t; EVENT TRIGGER; -; alice]\n"
                        "CREATE EVENT TRIGGER \"E t\" ON ddl_command_start\n"
                        "   EXECUTE FUNCTION public.note();\n"
                        "<< DROP EVENT TRIGGER \"E t\";\n"
                        ">> EVENT TRIGGER \"E t\"\n");
    trigger.tags = "'CREATE TABLE', 'DROP TABLE'";
    trigger.enabled = 'D';
    assert_string_equal(rendered(&render, dn_render_event_trigger, &trigger),
                        "[E t; EVENT TRIGGER; -; alice]\n"
                        "CREATE EVENT TRIGGER \"E t\" ON ddl_command_start\n"
                        "         WHEN TAG IN ('CREATE TABLE', 'DROP TABLE')\n"
                        "   EXECUTE FUNCTION public.note();\n"
                        "\n"
                        "ALTER EVENT TRIGGER \"E t\" DISABLE;\n"
                        "<< DROP EVENT TRIGGER \"E t\";\n"
                        ">> EVENT TRIGGER \"E t\"\n");
}

static void every_state_has_its_words(void **state) {
    (void)state;
    static const struct {
        char enabled;
        const char *text;
    } cases[] = {{'A', "ALTER EVENT TRIGGER \"E t\" ENABLE ALWAYS;\n"},
                 {'R', "ALTER EVENT TRIGGER \"E t\" ENABLE REPLICA;\n"}};
    DnRender render = render_for(&model, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnEventTrigger trigger = a_trigger();
        trigger.enabled = cases[i].enabled;
        assert_non_null(strstr(rendered(&render, dn_render_event_trigger, &trigger), cases[i].text));
    }
}

/* Nothing of it may come before the privileges: it would fire on them. */
static void all_of_it_comes_in_the_last_pass(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnEventTrigger trigger = a_trigger();
    trigger.object.comments = &comment;
    trigger.object.labels = &label;
    assert_string_equal(rendered(&render, dn_render_event_trigger, &trigger),
                        "[E t; EVENT TRIGGER; -; alice]\n"
                        "CREATE EVENT TRIGGER \"E t\" ON ddl_command_start\n"
                        "   EXECUTE FUNCTION public.note();\n"
                        "<< DROP EVENT TRIGGER \"E t\";\n"
                        ">> EVENT TRIGGER \"E t\"\n"
                        "[EVENT TRIGGER \"E t\"; COMMENT; -; alice]\n"
                        "COMMENT ON EVENT TRIGGER \"E t\" IS 'c';\n"
                        "[EVENT TRIGGER \"E t\"; SECURITY LABEL; -; alice]\n"
                        "SECURITY LABEL FOR dummy ON EVENT TRIGGER \"E t\" IS 'l';\n");
    DnEntries entries = {0};
    dn_render_event_trigger(&render, &trigger.object, &entries);
    assert_int_equal(entries.count, 3);
    for (size_t i = 0; i < entries.count; i++) {
        assert_int_equal(entries.items[i].pass, DN_PASS_POST_ACL);
    }
    dn_entries_deinit(&entries);
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_event_trigger, &trigger), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definition),
        cmocka_unit_test(every_state_has_its_words),
        cmocka_unit_test(all_of_it_comes_in_the_last_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
