#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnRelation table = {.object = IN_PUBLIC(TABLE, "users"), .relkind = 'r'};

static DnIndex plain_index(void) {
    return (DnIndex){.object = IN_PUBLIC(INDEX, "By Name"),
                     .table = &table,
                     .definition = "CREATE INDEX \"By Name\" ON public.users USING btree (name)",
                     .tablespace = ""};
}

static void index_is_its_definition(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndex index = plain_index();
    assert_string_equal(rendered(&render, dn_render_index, &index),
                        "[By Name; INDEX; public; alice]\n"
                        "CREATE INDEX \"By Name\" ON public.users USING btree (name);\n"
                        "<< DROP INDEX public.\"By Name\";\n");
}

static void plain_index_is_spelled_from_its_columns(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const char *columns[] = {"id", "Tenant", "select", "note"};
    DnIndex index = {
        .object = IN_PUBLIC(INDEX, "By Id"), .table = &table, .columns = VEC_OF(columns), .key_count = 4};
    assert_string_equal(
        rendered(&render, dn_render_index, &index),
        "[By Id; INDEX; public; alice]\n"
        "CREATE INDEX \"By Id\" ON public.users USING btree (id, \"Tenant\", \"select\", note);\n"
        "<< DROP INDEX public.\"By Id\";\n");
    index.key_count = 2;
    index.is_unique = index.nulls_not_distinct = true;
    assert_string_equal(rendered(&render, dn_render_index, &index),
                        "[By Id; INDEX; public; alice]\n"
                        "CREATE UNIQUE INDEX \"By Id\" ON public.users USING btree (id, \"Tenant\") "
                        "INCLUDE (\"select\", note) NULLS NOT DISTINCT;\n"
                        "<< DROP INDEX public.\"By Id\";\n");
}

static void marks_follow_in_pg_dumps_order(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndexStatistics targets[] = {{1, 400}, {3, 0}};
    const char *extensions[] = {"pg_trgm"};
    DnIndex index = plain_index();
    index.is_clustered = index.is_replica_identity = true;
    index.statistics.items = targets;
    index.statistics.count = 2;
    index.object.depends_on_extensions.items = extensions;
    index.object.depends_on_extensions.count = 1;
    assert_string_equal(rendered(&render, dn_render_index, &index),
                        "[By Name; INDEX; public; alice]\n"
                        "CREATE INDEX \"By Name\" ON public.users USING btree (name);\n"
                        "\nALTER TABLE public.users CLUSTER ON \"By Name\";\n"
                        "ALTER INDEX public.\"By Name\" ALTER COLUMN 1 SET STATISTICS 400;\n"
                        "ALTER INDEX public.\"By Name\" ALTER COLUMN 3 SET STATISTICS 0;\n"
                        "ALTER INDEX public.\"By Name\" DEPENDS ON EXTENSION pg_trgm;\n"
                        "\nALTER TABLE ONLY public.users REPLICA IDENTITY USING INDEX \"By Name\";\n"
                        "<< DROP INDEX public.\"By Name\";\n");
}

static void version_17_breaks_the_line_before_depends_on_extension(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    const char *extensions[] = {"pg_trgm"};
    DnIndex index = plain_index();
    index.is_replica_identity = true;
    index.object.depends_on_extensions.items = extensions;
    index.object.depends_on_extensions.count = 1;
    assert_string_equal(rendered(&render, dn_render_index, &index),
                        "[By Name; INDEX; public; alice]\n"
                        "CREATE INDEX \"By Name\" ON public.users USING btree (name);\n"
                        "\nALTER INDEX public.\"By Name\" DEPENDS ON EXTENSION pg_trgm;"
                        "\nALTER TABLE ONLY public.users REPLICA IDENTITY USING INDEX \"By Name\";\n"
                        "<< DROP INDEX public.\"By Name\";\n");
}

static void index_of_a_constraint_leaves_only_its_comment(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnConstraint constraint = {.contype = 'p'};
    DnComment comment = {.text = "it's the key"};
    DnIndex index = plain_index();
    index.constraint = &constraint;
    assert_string_equal(rendered(&render, dn_render_index, &index), "");
    index.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_index, &index),
                        "[INDEX \"By Name\"; COMMENT; public; alice]\n"
                        "COMMENT ON INDEX public.\"By Name\" IS 'it''s the key';\n");
}

static void part_of_a_partitioned_index_is_attached_and_not_dropped(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndex parent = plain_index();
    DnIndex child = plain_index();
    parent.object.name = "whole";
    child.parent_oid = 42;
    assert_string_equal(rendered(&render, dn_render_index, &child),
                        "[By Name; INDEX; public; alice]\n"
                        "CREATE INDEX \"By Name\" ON public.users USING btree (name);\n");
    DnIndexAttach attachment = {
        .object = IN_PUBLIC(INDEX_ATTACH, "By Name"), .parent = &parent, .child = &child};
    assert_string_equal(rendered(&render, dn_render_index_attach, &attachment),
                        "[By Name; INDEX ATTACH; public; alice]\n"
                        "ALTER INDEX public.whole ATTACH PARTITION public.\"By Name\";\n");
}

static void nothing_of_it_in_a_data_only_dump(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.data_only = true;
    DnComment comment = {.text = "no"};
    DnIndex index = plain_index();
    index.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_index, &index), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_is_its_definition),
        cmocka_unit_test(plain_index_is_spelled_from_its_columns),
        cmocka_unit_test(marks_follow_in_pg_dumps_order),
        cmocka_unit_test(version_17_breaks_the_line_before_depends_on_extension),
        cmocka_unit_test(index_of_a_constraint_leaves_only_its_comment),
        cmocka_unit_test(part_of_a_partitioned_index_is_attached_and_not_dropped),
        cmocka_unit_test(nothing_of_it_in_a_data_only_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
