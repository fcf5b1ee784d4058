#include "tests/unit/sqlgen/render.h"

static DnModel model;

static DnPublication a_publication(void) {
    return (DnPublication){
        .object = {.kind = DN_KIND_PUBLICATION, .name = "P", .owner = "alice", .dump = DN_PART_ALL}};
}

static void events_and_options(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnPublication publication = a_publication();
    assert_string_equal(rendered(&render, dn_render_publication, &publication),
                        "[P; PUBLICATION; -; alice]\n"
                        "CREATE PUBLICATION \"P\" WITH (publish = '');\n"
                        "<< DROP PUBLICATION \"P\";\n"
                        ">> PUBLICATION \"P\"\n");
    publication.updates = publication.truncates = true;
    assert_string_equal(rendered(&render, dn_render_publication, &publication),
                        "[P; PUBLICATION; -; alice]\n"
                        "CREATE PUBLICATION \"P\" WITH (publish = 'update, truncate');\n"
                        "<< DROP PUBLICATION \"P\";\n"
                        ">> PUBLICATION \"P\"\n");
    publication.inserts = publication.deletes = true;
    publication.all_tables = publication.via_root = publication.generated_columns = true;
    assert_string_equal(rendered(&render, dn_render_publication, &publication),
                        "[P; PUBLICATION; -; alice]\n"
                        "CREATE PUBLICATION \"P\" FOR ALL TABLES WITH (publish = 'insert, update, delete, "
                        "truncate', publish_via_partition_root = true, publish_generated_columns = stored);\n"
                        "<< DROP PUBLICATION \"P\";\n"
                        ">> PUBLICATION \"P\"\n");
}

static void comment_and_label(void **state) {
    (void)state;
    const DnComment comment = {.text = "c"};
    const DnLabel label = {.provider = "dummy", .text = "l"};
    DnRender render = render_for(&model, 15);
    DnPublication publication = a_publication();
    publication.object.dump = DN_PART_COMMENT | DN_PART_SECLABEL;
    publication.object.comments = &comment;
    publication.object.labels = &label;
    assert_string_equal(rendered(&render, dn_render_publication, &publication),
                        "[PUBLICATION \"P\"; COMMENT; -; alice]\n"
                        "COMMENT ON PUBLICATION \"P\" IS 'c';\n"
                        "[PUBLICATION \"P\"; SECURITY LABEL; -; alice]\n"
                        "SECURITY LABEL FOR dummy ON PUBLICATION \"P\" IS 'l';\n");
}

static void table_with_columns_and_filter(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnPublication publication = a_publication();
    DnRelation table = {.object = IN_PUBLIC(TABLE, "t"), .relkind = 'r'};
    DnPublicationTable published = {
        .object = IN_PUBLIC(PUBLICATION_TABLE, "t"), .publication = &publication, .table = &table};
    assert_string_equal(rendered(&render, dn_render_publication_table, &published),
                        "[P t; PUBLICATION TABLE; public; alice]\n"
                        "ALTER PUBLICATION \"P\" ADD TABLE ONLY public.t;\n");
    const char *columns[] = {"b", "C c"};
    published.columns.items = columns;
    published.columns.count = 2;
    published.filter = "(a > 5)";
    assert_string_equal(rendered(&render, dn_render_publication_table, &published),
                        "[P t; PUBLICATION TABLE; public; alice]\n"
                        "ALTER PUBLICATION \"P\" ADD TABLE ONLY public.t (b, \"C c\") WHERE ((a > 5));\n");
}

static void schema(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnPublication publication = a_publication();
    DnPublicationSchema published = {.object = {.kind = DN_KIND_PUBLICATION_SCHEMA,
                                                .name = "Odd S",
                                                .owner = "alice",
                                                .dump = DN_PART_ALL},
                                     .publication = &publication};
    assert_string_equal(rendered(&render, dn_render_publication_schema, &published),
                        "[P Odd S; PUBLICATION TABLES IN SCHEMA; Odd S; alice]\n"
                        "ALTER PUBLICATION \"P\" ADD TABLES IN SCHEMA \"Odd S\";\n");
    render.no_publications = true;
    assert_string_equal(rendered(&render, dn_render_publication_schema, &published), "");
    assert_string_equal(rendered(&render, dn_render_publication, &publication), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(events_and_options),
        cmocka_unit_test(comment_and_label),
        cmocka_unit_test(table_with_columns_and_filter),
        cmocka_unit_test(schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
