#include "tests/unit/sqlgen/render.h"

static DnModel model;
static const char *publications[] = {"p", "Q q"};

static DnSubscription a_subscription(void) {
    return (DnSubscription){
        .object = {.kind = DN_KIND_SUBSCRIPTION, .name = "S", .owner = "alice", .dump = DN_PART_ALL},
        .connection = "host=it's",
        .slot = "s",
        .publications = VEC_OF(publications),
        .streaming = 'f',
        .password_required = true,
        .synchronous_commit = "off"};
}

#define CREATE                                                                                               \
    "[S; SUBSCRIPTION; -; alice]\nCREATE SUBSCRIPTION \"S\" CONNECTION 'host=it''s' PUBLICATION p, \"Q q\" " \
    "WITH (connect = false, slot_name = "
#define TRAILER ");\n<< DROP SUBSCRIPTION \"S\";\n>> SUBSCRIPTION \"S\"\n"

static void defaults_are_left_out(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSubscription subscription = a_subscription();
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription), CREATE "'s'" TRAILER);
    subscription.slot = NULL;
    subscription.origin = "any";
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription), CREATE "NONE" TRAILER);
}

static void every_option(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnSubscription subscription = a_subscription();
    subscription.binary = subscription.two_phase = subscription.disable_on_error = true;
    subscription.run_as_owner = subscription.failover = true;
    subscription.password_required = false;
    subscription.streaming = 'p';
    subscription.synchronous_commit = "on";
    subscription.origin = "none";
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription),
                        CREATE "'s', binary = true, streaming = parallel, two_phase = on, "
                               "disable_on_error = true, password_required = false, run_as_owner = true, "
                               "failover = true, synchronous_commit = \"on\", origin = none" TRAILER);
}

static void streaming_is_always_said_since_18(void **state) {
    (void)state;
    DnSubscription subscription = a_subscription();
    subscription.streaming = 't';
    DnRender render = render_for(&model, 14);
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription),
                        CREATE "'s', streaming = on" TRAILER);
    subscription.streaming = 'f';
    render = render_for(&model, 18);
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription),
                        CREATE "'s', streaming = off" TRAILER);
    render = render_for(&model, 17);
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription), CREATE "'s'" TRAILER);
    render.taken_by = 18; /* which would assume another thing */
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription),
                        CREATE "'s', streaming = off" TRAILER);
    model.spelled_as = 17;
    render = render_for(&model, 18);
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription), CREATE "'s'" TRAILER);
    model.spelled_as = 0;
}

static void comment_and_label(void **state) {
    (void)state;
    const DnComment comment = {.text = "c"};
    const DnLabel label = {.provider = "dummy", .text = "l"};
    DnRender render = render_for(&model, 15);
    DnSubscription subscription = a_subscription();
    subscription.object.dump = DN_PART_COMMENT | DN_PART_SECLABEL;
    subscription.object.comments = &comment;
    subscription.object.labels = &label;
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription),
                        "[SUBSCRIPTION \"S\"; COMMENT; -; alice]\n"
                        "COMMENT ON SUBSCRIPTION \"S\" IS 'c';\n"
                        "[SUBSCRIPTION \"S\"; SECURITY LABEL; -; alice]\n"
                        "SECURITY LABEL FOR dummy ON SUBSCRIPTION \"S\" IS 'l';\n");
    render.no_subscriptions = true;
    assert_string_equal(rendered(&render, dn_render_subscription, &subscription), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_left_out),
        cmocka_unit_test(every_option),
        cmocka_unit_test(streaming_is_always_said_since_18),
        cmocka_unit_test(comment_and_label),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
