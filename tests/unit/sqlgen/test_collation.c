#include "tests/unit/sqlgen/render.h"

static DnModel model;

/* Up to 14 ICU's locale stands in both of libc's columns. */
static void one_locale_or_two(void **state) {
    (void)state;
    DnRender render = render_for(&model, 14);
    DnCollation c = {.object = IN_PUBLIC(COLLATION, "german"),
                     .provider = 'i',
                     .deterministic = true,
                     .collate = "de-DE",
                     .ctype = "de-DE"};
    assert_string_equal(rendered(&render, dn_render_collation, &c),
                        "[german; COLLATION; public; alice]\n"
                        "CREATE COLLATION public.german (provider = icu, locale = 'de-DE');\n"
                        "<< DROP COLLATION public.german;\n"
                        ">> COLLATION public.german\n");
    c.provider = 'c';
    c.ctype = "C";
    assert_string_equal(
        rendered(&render, dn_render_collation, &c),
        "[german; COLLATION; public; alice]\n"
        "CREATE COLLATION public.german (provider = libc, lc_collate = 'de-DE', lc_ctype = 'C');\n"
        "<< DROP COLLATION public.german;\n"
        ">> COLLATION public.german\n");
}

static void every_option(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    const DnComment comment = {.text = "odd"};
    DnCollation c = {.object = IN_PUBLIC(COLLATION, "Odd"),
                     .provider = 'i',
                     .locale = "und-u-ks-level2",
                     .rules = "&a < 'g'",
                     .version = "153.120"};
    c.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_collation, &c),
                        "[Odd; COLLATION; public; alice]\n"
                        "CREATE COLLATION public.\"Odd\" (provider = icu, deterministic = false, "
                        "locale = 'und-u-ks-level2', rules = '&a < ''g''');\n"
                        "<< DROP COLLATION public.\"Odd\";\n"
                        ">> COLLATION public.\"Odd\"\n"
                        "[COLLATION \"Odd\"; COMMENT; public; alice]\n"
                        "COMMENT ON COLLATION public.\"Odd\" IS 'odd';\n");
}

static void builtin_provider(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    const DnCollation c = {
        .object = IN_PUBLIC(COLLATION, "b"), .provider = 'b', .deterministic = true, .locale = "C.UTF-8"};
    assert_string_equal(rendered(&render, dn_render_collation, &c),
                        "[b; COLLATION; public; alice]\n"
                        "CREATE COLLATION public.b (provider = builtin, locale = 'C.UTF-8');\n"
                        "<< DROP COLLATION public.b;\n"
                        ">> COLLATION public.b\n");
}

static void version_goes_with_the_files(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.binary_upgrade = true;
    DnCollation c = {.object = IN_PUBLIC(COLLATION, "v"),
                     .provider = 'c',
                     .deterministic = true,
                     .collate = "C",
                     .ctype = "C",
                     .version = "2.36"};
    assert_string_equal(rendered(&render, dn_render_collation, &c),
                        "[v; COLLATION; public; alice]\n"
                        "CREATE COLLATION public.v (provider = libc, locale = 'C', version = '2.36');\n"
                        "<< DROP COLLATION public.v;\n"
                        ">> COLLATION public.v\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_collation, &c), "");
}

static void conversions(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "c"};
    DnConversion c = {.object = IN_PUBLIC(CONVERSION, "Conv"),
                      .source = "UTF8",
                      .target = "LATIN1",
                      .function = "utf8_to_iso8859_1"};
    c.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_conversion, &c),
                        "[Conv; CONVERSION; public; alice]\n"
                        "CREATE CONVERSION public.\"Conv\" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;\n"
                        "<< DROP CONVERSION public.\"Conv\";\n"
                        ">> CONVERSION public.\"Conv\"\n"
                        "[CONVERSION \"Conv\"; COMMENT; public; alice]\n"
                        "COMMENT ON CONVERSION public.\"Conv\" IS 'c';\n");
    c.is_default = true;
    c.object.dump = DN_PART_DEFINITION;
    assert_string_equal(
        rendered(&render, dn_render_conversion, &c),
        "[Conv; CONVERSION; public; alice]\n"
        "CREATE DEFAULT CONVERSION public.\"Conv\" FOR 'UTF8' TO 'LATIN1' FROM utf8_to_iso8859_1;\n"
        "<< DROP CONVERSION public.\"Conv\";\n"
        ">> CONVERSION public.\"Conv\"\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_conversion, &c), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_locale_or_two), cmocka_unit_test(every_option),
        cmocka_unit_test(builtin_provider),  cmocka_unit_test(version_goes_with_the_files),
        cmocka_unit_test(conversions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
