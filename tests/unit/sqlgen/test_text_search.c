#include "tests/unit/sqlgen/render.h"

static DnModel model;
static const DnComment comment = {.text = "it's"};

static void parser_names_its_functions(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTsParser parser = {.object = IN_PUBLIC(TS_PARSER, "P"),
                         .start = "prsd_start",
                         .get_token = "public.\"Next\"",
                         .end = "prsd_end",
                         .lextypes = "prsd_lextype"};
    parser.object.owner = NULL;
    assert_string_equal(rendered(&render, dn_render_ts_parser, &parser),
                        "[P; TEXT SEARCH PARSER; public; -]\n"
                        "CREATE TEXT SEARCH PARSER public.\"P\" (\n"
                        "    START = prsd_start,\n"
                        "    GETTOKEN = public.\"Next\",\n"
                        "    END = prsd_end,\n"
                        "    LEXTYPES = prsd_lextype );\n"
                        "<< DROP TEXT SEARCH PARSER public.\"P\";\n");
    parser.headline = "prsd_headline";
    parser.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_ts_parser, &parser),
                        "[P; TEXT SEARCH PARSER; public; -]\n"
                        "CREATE TEXT SEARCH PARSER public.\"P\" (\n"
                        "    START = prsd_start,\n"
                        "    GETTOKEN = public.\"Next\",\n"
                        "    END = prsd_end,\n"
                        "    HEADLINE = prsd_headline,\n"
                        "    LEXTYPES = prsd_lextype );\n"
                        "<< DROP TEXT SEARCH PARSER public.\"P\";\n"
                        "[TEXT SEARCH PARSER \"P\"; COMMENT; public; ]\n"
                        "COMMENT ON TEXT SEARCH PARSER public.\"P\" IS 'it''s';\n");
}

static void template_may_lack_init(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTsTemplate template = {.object = IN_PUBLIC(TS_TEMPLATE, "t"), .lexize = "dsimple_lexize"};
    template.object.owner = NULL;
    assert_string_equal(rendered(&render, dn_render_ts_template, &template),
                        "[t; TEXT SEARCH TEMPLATE; public; -]\n"
                        "CREATE TEXT SEARCH TEMPLATE public.t (\n"
                        "    LEXIZE = dsimple_lexize );\n"
                        "<< DROP TEXT SEARCH TEMPLATE public.t;\n");
    template.init = "dsimple_init";
    assert_string_equal(rendered(&render, dn_render_ts_template, &template),
                        "[t; TEXT SEARCH TEMPLATE; public; -]\n"
                        "CREATE TEXT SEARCH TEMPLATE public.t (\n"
                        "    INIT = dsimple_init,\n"
                        "    LEXIZE = dsimple_lexize );\n"
                        "<< DROP TEXT SEARCH TEMPLATE public.t;\n");
}

static void dictionary_has_options_and_an_owner(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTsDictionary dictionary = {.object = IN_PUBLIC(TS_DICTIONARY, "D d"),
                                 .template_schema = "pg_catalog",
                                 .template_name = "simple"};
    assert_string_equal(rendered(&render, dn_render_ts_dictionary, &dictionary),
                        "[D d; TEXT SEARCH DICTIONARY; public; alice]\n"
                        "CREATE TEXT SEARCH DICTIONARY public.\"D d\" (\n"
                        "    TEMPLATE = pg_catalog.simple );\n"
                        "<< DROP TEXT SEARCH DICTIONARY public.\"D d\";\n"
                        ">> TEXT SEARCH DICTIONARY public.\"D d\"\n");
    dictionary.options = "stopwords = 'english', accept = 'false'";
    dictionary.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_ts_dictionary, &dictionary),
                        "[D d; TEXT SEARCH DICTIONARY; public; alice]\n"
                        "CREATE TEXT SEARCH DICTIONARY public.\"D d\" (\n"
                        "    TEMPLATE = pg_catalog.simple,\n"
                        "    stopwords = 'english', accept = 'false' );\n"
                        "<< DROP TEXT SEARCH DICTIONARY public.\"D d\";\n"
                        ">> TEXT SEARCH DICTIONARY public.\"D d\"\n"
                        "[TEXT SEARCH DICTIONARY \"D d\"; COMMENT; public; alice]\n"
                        "COMMENT ON TEXT SEARCH DICTIONARY public.\"D d\" IS 'it''s';\n");
}

static DnTsConfiguration a_configuration(void) {
    return (DnTsConfiguration){
        .object = IN_PUBLIC(TS_CONFIGURATION, "c"), .parser_schema = "pg_catalog", .parser_name = "default"};
}

static void configuration_maps_each_token_once(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTsConfiguration configuration = a_configuration();
    assert_string_equal(rendered(&render, dn_render_ts_configuration, &configuration),
                        "[c; TEXT SEARCH CONFIGURATION; public; alice]\n"
                        "CREATE TEXT SEARCH CONFIGURATION public.c (\n"
                        "    PARSER = pg_catalog.\"default\" );\n"
                        "<< DROP TEXT SEARCH CONFIGURATION public.c;\n"
                        ">> TEXT SEARCH CONFIGURATION public.c\n");
    DnTsMapping mappings[] = {{"asciiword", "public.\"D d\""}, {"asciiword", "simple"}, {"int", "simple"}};
    configuration.mappings.items = mappings;
    configuration.mappings.count = 3;
    assert_string_equal(rendered(&render, dn_render_ts_configuration, &configuration),
                        "[c; TEXT SEARCH CONFIGURATION; public; alice]\n"
                        "CREATE TEXT SEARCH CONFIGURATION public.c (\n"
                        "    PARSER = pg_catalog.\"default\" );\n"
                        "\n"
                        "ALTER TEXT SEARCH CONFIGURATION public.c\n"
                        "    ADD MAPPING FOR asciiword WITH public.\"D d\", simple;\n"
                        "\n"
                        "ALTER TEXT SEARCH CONFIGURATION public.c\n"
                        "    ADD MAPPING FOR \"int\" WITH simple;\n"
                        "<< DROP TEXT SEARCH CONFIGURATION public.c;\n"
                        ">> TEXT SEARCH CONFIGURATION public.c\n");
}

static void flags_leave_things_out(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnTsConfiguration configuration = a_configuration();
    configuration.object.comments = &comment;
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_ts_configuration, &configuration), "");
    render.data_only = false;
    configuration.object.dump = DN_PART_COMMENT;
    assert_string_equal(rendered(&render, dn_render_ts_configuration, &configuration),
                        "[TEXT SEARCH CONFIGURATION c; COMMENT; public; alice]\n"
                        "COMMENT ON TEXT SEARCH CONFIGURATION public.c IS 'it''s';\n");
    configuration.object.dump = DN_PART_ACL; /* a member of an extension */
    assert_string_equal(rendered(&render, dn_render_ts_configuration, &configuration), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parser_names_its_functions),
        cmocka_unit_test(template_may_lack_init),
        cmocka_unit_test(dictionary_has_options_and_an_owner),
        cmocka_unit_test(configuration_maps_each_token_once),
        cmocka_unit_test(flags_leave_things_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
