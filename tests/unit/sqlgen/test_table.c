#include <string.h>

#include "tests/unit/sqlgen/render.h"

static DnModel model;

static DnRelation table_of(DnAttribute *columns, size_t count) {
    return (DnRelation){.object = IN_PUBLIC(TABLE, "t"),
                        .relkind = 'r',
                        .persistence = 'p',
                        .replica_identity = 'd',
                        .tablespace = "",
                        .access_method = "heap",
                        .attributes = {.items = columns, .count = count}};
}
#define TABLE_OF(columns) table_of((columns), sizeof(columns) / sizeof(columns)[0])

/* A column as it is when nothing was said of it. */
#define COLUMN(number_, name_, type_)                                                                        \
    {                                                                                                        \
        .name = (name_), .number = (number_), .type = (type_), .local = true, .storage = 'p',                \
        .type_storage = 'p', .statistics_target = -1                                                         \
    }

static const char *create(const DnRender *render, const DnRelation *table) {
    return rendered(render, dn_render_table, table);
}

/* What all of the plain tables here have around the statement. */
#define ENTRY(sql) "[t; TABLE; public; alice]\n" sql "<< DROP TABLE public.t;\n>> TABLE public.t\n"

static void columns_are_listed(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "id", "integer"), COLUMN(2, "Full Name", "character varying(20)")};
    DnRelation table = TABLE_OF(columns);
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    id integer,\n"
                                                       "    \"Full Name\" character varying(20)\n"
                                                       ");\n"));
}

static void table_may_have_no_columns(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "gone", "integer")};
    DnRelation table = TABLE_OF(columns);
    columns[0].dropped = true;
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n);\n"));
}

static void columns_have_defaults_and_collations(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnDefault defaults[] = {
        {.object = {.dump = DN_PART_ALL}, .expression = "now()"},
        {.object = {.dump = DN_PART_ALL}, .expression = "(a * 2)"},
        {.object = {.dump = DN_PART_ALL}, .expression = "(a * 3)"},
        {.object = {.dump = DN_PART_ALL}, .expression = "public.f()", .separate = true},
    };
    DnAttribute columns[] = {COLUMN(1, "a", "text"), COLUMN(2, "b", "integer"), COLUMN(3, "c", "integer"),
                             COLUMN(4, "d", "integer")};
    for (size_t i = 0; i < 4; i++) {
        columns[i].fallback = &defaults[i];
    }
    columns[0].collation_schema = "pg_catalog";
    columns[0].collation = "C";
    columns[0].not_null = columns[0].not_null_local = true;
    columns[1].generated = 's';
    columns[2].generated = 'v';
    DnRelation table = TABLE_OF(columns);
    assert_string_equal(create(&render, &table),
                        ENTRY("CREATE TABLE public.t (\n"
                              "    a text DEFAULT now() NOT NULL COLLATE pg_catalog.\"C\",\n"
                              "    b integer GENERATED ALWAYS AS ((a * 2)) STORED,\n"
                              "    c integer GENERATED ALWAYS AS ((a * 3)),\n"
                              "    d integer\n"
                              ");\n"));
}

static void separate_default_alters_the_column(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "A b", "integer")};
    DnRelation table = TABLE_OF(columns);
    DnDefault value = {.object = IN_PUBLIC(DEFAULT, "t"),
                       .table = &table,
                       .number = 1,
                       .expression = "nextval('public.s'::regclass)",
                       .separate = true};
    assert_string_equal(rendered(&render, dn_render_default, &value),
                        "[t A b; DEFAULT; public; alice]\n"
                        "ALTER TABLE ONLY public.t ALTER COLUMN \"A b\" SET DEFAULT "
                        "nextval('public.s'::regclass);\n"
                        "<< ALTER TABLE public.t ALTER COLUMN \"A b\" DROP DEFAULT;\n");
    table.relkind = 'f';
    assert_string_equal(rendered(&render, dn_render_default, &value),
                        "[t A b; DEFAULT; public; alice]\n"
                        "ALTER FOREIGN TABLE ONLY public.t ALTER COLUMN \"A b\" SET DEFAULT "
                        "nextval('public.s'::regclass);\n"
                        "<< ALTER FOREIGN TABLE public.t ALTER COLUMN \"A b\" DROP DEFAULT;\n");
    value.separate = false;
    assert_string_equal(rendered(&render, dn_render_default, &value), "");
}

static void checks_inside_are_those_of_the_table_itself(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    DnConstraint own = {
        .object = IN_PUBLIC(CONSTRAINT, "Own"), .definition = "CHECK ((a > 0))", .local = true};
    DnConstraint inherited = {.object = IN_PUBLIC(CONSTRAINT, "inherited"), .definition = "CHECK (true)"};
    DnConstraint late = own;
    late.separate = true;
    DnConstraint *checks[] = {&own, &inherited, &late};
    DnRelation table = TABLE_OF(columns);
    table.checks.items = checks;
    table.checks.count = 3;
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    a integer,\n"
                                                       "    CONSTRAINT \"Own\" CHECK ((a > 0))\n"
                                                       ");\n"));
}

/* ---- NOT NULL -------------------------------------------------------------------- */

static void inherited_not_null_needs_no_word(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnAttribute columns[] = {COLUMN(1, "a", "integer"), COLUMN(2, "b", "integer")};
    columns[0].not_null = columns[1].not_null = true;
    columns[1].not_null_inherited = true;
    DnRelation table = TABLE_OF(columns);
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    a integer NOT NULL,\n"
                                                       "    b integer\n"
                                                       ");\n"));
}

static void not_null_on_the_parents_column_is_set_later(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation parent = {.object = IN_PUBLIC(TABLE, "parent")};
    DnRelation *parents[] = {&parent};
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    columns[0].local = false;
    columns[0].not_null = true;
    DnRelation table = TABLE_OF(columns);
    table.parents.items = parents;
    table.parents.count = 1;
    assert_string_equal(create(&render, &table),
                        ENTRY("CREATE TABLE public.t (\n"
                              ")\n"
                              "INHERITS (public.parent);\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN a SET NOT NULL;\n"));
}

static void version_18_names_not_null(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnRelation parent = {.object = IN_PUBLIC(TABLE, "parent")};
    DnRelation *parents[] = {&parent};
    DnAttribute columns[] = {COLUMN(1, "a", "integer"), COLUMN(2, "b", "integer"), COLUMN(3, "c", "integer")};
    for (size_t i = 0; i < 3; i++) {
        columns[i].not_null = columns[i].not_null_local = true;
    }
    columns[0].not_null_name = "A there";
    columns[1].not_null_no_inherit = true;
    columns[2].not_null_local = false;
    DnRelation table = TABLE_OF(columns);
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    a integer CONSTRAINT \"A there\" NOT NULL,\n"
                                                       "    b integer NOT NULL NO INHERIT,\n"
                                                       "    c integer\n"
                                                       ");\n"));
    model.spelled_as = 17; /* where it has no name */
    assert_non_null(strstr(create(&render, &table), "    a integer NOT NULL,\n"));
    model.spelled_as = 0;
    table.parents.items = parents;
    table.parents.count = 1;
    for (size_t i = 0; i < 3; i++) {
        columns[i].local = false;
    }
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    CONSTRAINT \"A there\" NOT NULL a,\n"
                                                       "    NOT NULL b NO INHERIT\n"
                                                       ")\n"
                                                       "INHERITS (public.parent);\n"));
}

/* ---- Where columns come from ----------------------------------------------------- */

static void inheritance_lists_parents_in_order(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSchema other = {.object = {.kind = DN_KIND_SCHEMA, .name = "Other"}};
    DnRelation first = {.object = IN_PUBLIC(TABLE, "z")};
    DnRelation second = {.object = IN_PUBLIC(TABLE, "a")};
    DnRelation *parents[] = {&first, &second};
    DnAttribute columns[] = {COLUMN(1, "theirs", "integer"), COLUMN(2, "ours", "integer")};
    columns[0].local = false;
    second.object.schema = &other;
    DnRelation table = TABLE_OF(columns);
    table.parents.items = parents;
    table.parents.count = 2;
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    ours integer\n"
                                                       ")\n"
                                                       "INHERITS (public.z, \"Other\".a);\n"));
}

static void partition_repeats_all_and_is_attached(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation parent = {.object = IN_PUBLIC(TABLE, "parent"), .relkind = 'p'};
    DnRelation *parents[] = {&parent};
    DnConstraint check = {.object = IN_PUBLIC(CONSTRAINT, "c"), .definition = "CHECK ((a > 0))"};
    DnConstraint *checks[] = {&check};
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    columns[0].local = false;
    columns[0].not_null = columns[0].not_null_inherited = true;
    DnRelation table = TABLE_OF(columns);
    table.parents.items = parents;
    table.parents.count = 1;
    table.checks.items = checks;
    table.checks.count = 1;
    table.is_partition = true;
    table.partition_bound = "FOR VALUES FROM (1) TO (10)";
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    a integer NOT NULL,\n"
                                                       "    CONSTRAINT c CHECK ((a > 0))\n"
                                                       ");\n"));
    DnTableAttach attach = {.object = IN_PUBLIC(TABLE_ATTACH, "t"), .parent = &parent, .partition = &table};
    assert_string_equal(
        rendered(&render, dn_render_table_attach, &attach),
        "[t; TABLE ATTACH; public; alice]\n"
        "ALTER TABLE ONLY public.parent ATTACH PARTITION public.t FOR VALUES FROM (1) TO (10);\n");
}

static void partitioned_table_has_its_key(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    DnRelation table = TABLE_OF(columns);
    table.relkind = 'p';
    table.partition_key = "RANGE (a)";
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n"
                                                       "    a integer\n"
                                                       ")\n"
                                                       "PARTITION BY RANGE (a);\n"));
}

static void typed_table_names_only_what_it_adds(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnDefault value = {.object = {.dump = DN_PART_ALL}, .expression = "7"};
    DnAttribute columns[] = {COLUMN(1, "a", "integer"), COLUMN(2, "b", "integer"), COLUMN(3, "c", "text")};
    DnRelation table = TABLE_OF(columns);
    table.of_type = 4711;
    table.of_type_name = "public.\"Pair\"";
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t OF public.\"Pair\";\n"));
    columns[1].fallback = &value;
    columns[2].not_null = true;
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t OF public.\"Pair\" (\n"
                                                       "    b DEFAULT 7,\n"
                                                       "    c NOT NULL\n"
                                                       ");\n"));
}

/* ---- Options and settings -------------------------------------------------------- */

static void options_of_the_table_and_its_toast(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "a", "text")};
    DnRelation table = TABLE_OF(columns);
    table.options = "{fillfactor=70,user_catalog_table=true}";
    table.toast_options = "{autovacuum_enabled=off}";
    table.persistence = 'u';
    assert_string_equal(
        create(&render, &table),
        ENTRY("CREATE UNLOGGED TABLE public.t (\n"
              "    a text\n"
              ")\n"
              "WITH (fillfactor='70', user_catalog_table='true', toast.autovacuum_enabled=off);\n"));
    table.options = "{}";
    assert_string_equal(create(&render, &table), ENTRY("CREATE UNLOGGED TABLE public.t (\n"
                                                       "    a text\n"
                                                       ")\n"
                                                       "WITH (toast.autovacuum_enabled=off);\n"));
}

static void partitioned_tables_are_not_unlogged_since_18(void **state) {
    (void)state;
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    DnRelation table = TABLE_OF(columns);
    table.relkind = 'p';
    table.partition_key = "LIST (a)";
    table.persistence = 'u';
    DnRender render = render_for(&model, 17);
    assert_non_null(strstr(create(&render, &table), "CREATE UNLOGGED TABLE public.t ("));
    render.taken_by = 18;
    assert_non_null(strstr(create(&render, &table), "CREATE TABLE public.t ("));
    render = render_for(&model, 18);
    assert_non_null(strstr(create(&render, &table), "CREATE TABLE public.t ("));
}

static void columns_are_altered_in_pg_dumps_order(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute columns[] = {COLUMN(1, "A", "text"), COLUMN(2, "b", "text")};
    columns[0].type_storage = columns[1].type_storage = 'x';
    columns[0].storage = 'e';
    columns[0].statistics_target = 0;
    columns[0].compression = 'l';
    columns[0].options = "n_distinct=5";
    columns[1].storage = 'x';
    columns[1].compression = 'p';
    DnRelation table = TABLE_OF(columns);
    assert_string_equal(create(&render, &table),
                        ENTRY("CREATE TABLE public.t (\n"
                              "    \"A\" text,\n"
                              "    b text\n"
                              ");\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN \"A\" SET STATISTICS 0;\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN \"A\" SET STORAGE EXTERNAL;\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN \"A\" SET COMPRESSION lz4;\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN \"A\" SET (n_distinct=5);\n"
                              "ALTER TABLE ONLY public.t ALTER COLUMN b SET COMPRESSION pglz;\n"));
}

static void replica_identity_and_forced_security(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation table = table_of(NULL, 0);
    table.force_row_security = true;
    table.replica_identity = 'f';
    assert_string_equal(create(&render, &table),
                        ENTRY("CREATE TABLE public.t (\n);\n"
                              "\nALTER TABLE ONLY public.t REPLICA IDENTITY FULL;\n"
                              "\nALTER TABLE ONLY public.t FORCE ROW LEVEL SECURITY;\n"));
    table.force_row_security = false;
    table.replica_identity = 'n';
    assert_string_equal(create(&render, &table),
                        ENTRY("CREATE TABLE public.t (\n);\n"
                              "\nALTER TABLE ONLY public.t REPLICA IDENTITY NOTHING;\n"));
    table.replica_identity = 'i'; /* said with the index */
    assert_string_equal(create(&render, &table), ENTRY("CREATE TABLE public.t (\n);\n"));
}

/* ---- Other relations of the kind ------------------------------------------------- */

static void foreign_table_has_server_and_options(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17); /* before that without ONLY */
    DnAttribute columns[] = {COLUMN(1, "a", "integer")};
    DnRelation table = TABLE_OF(columns);
    columns[0].fdw_options = "column_name 'A''s'";
    table.relkind = 'f';
    table.access_method = NULL;
    table.foreign_server = "Far Away";
    table.foreign_options = "schema_name 's',\n    table_name 't'";
    assert_string_equal(create(&render, &table),
                        "[t; FOREIGN TABLE; public; alice]\n"
                        "CREATE FOREIGN TABLE public.t (\n"
                        "    a integer\n"
                        ")\n"
                        "SERVER \"Far Away\"\n"
                        "OPTIONS (\n"
                        "    schema_name 's',\n"
                        "    table_name 't'\n"
                        ");\n"
                        "ALTER FOREIGN TABLE ONLY public.t ALTER COLUMN a OPTIONS (\n"
                        "    column_name 'A''s'\n"
                        ");\n"
                        "<< DROP FOREIGN TABLE public.t;\n"
                        ">> FOREIGN TABLE public.t\n");
}

static void materialized_view_comes_empty(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation table = table_of(NULL, 0);
    table.relkind = 'm';
    table.definition = " SELECT 1 AS a;";
    table.options = "{fillfactor=50}";
    assert_string_equal(create(&render, &table), "[t; MATERIALIZED VIEW; public; alice]\n"
                                                 "CREATE MATERIALIZED VIEW public.t\n"
                                                 "WITH (fillfactor='50') AS\n"
                                                 " SELECT 1 AS a\n"
                                                 "  WITH NO DATA;\n"
                                                 "<< DROP MATERIALIZED VIEW public.t;\n"
                                                 ">> TABLE public.t\n");
    render = render_for(&model, 16);
    assert_non_null(strstr(create(&render, &table), ">> MATERIALIZED VIEW public.t\n"));
}

/* ---- Around the table ------------------------------------------------------------ */

static void entry_tells_where_the_table_lives(void **state) {
    (void)state;
    DnRender render = render_for(&model, 17);
    DnRelation table = table_of(NULL, 0);
    DnEntries entries = {0};
    table.tablespace = "fast";
    table.relkind = 'p';
    dn_render_table(&render, &table.object, &entries);
    assert_string_equal(entries.items[0].tablespace, "fast");
    assert_string_equal(entries.items[0].access_method, "heap");
    assert_true(entries.items[0].partitioned);
    assert_int_equal(entries.items[0].section, DN_PRE_DATA);
    dn_entries_clear(&entries);
    table.relkind = 'm';
    table.definition = "SELECT 1;";
    table.postponed = true;
    dn_render_table(&render, &table.object, &entries);
    assert_int_equal(entries.items[0].section, DN_POST_DATA);
    dn_entries_deinit(&entries);
}

static void comments_and_privileges_follow(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment on_gone = {.subid = 3, .text = "gone"};
    DnComment on_column = {.next = &on_gone, .subid = 2, .text = "a column's\n"};
    DnComment on_table = {.next = &on_column, .text = "the table's"};
    DnAttribute columns[] = {COLUMN(1, "a", "integer"), COLUMN(2, "B", "integer"), COLUMN(3, "x", "-")};
    DnRelation table = TABLE_OF(columns);
    columns[1].acl = "{bob=r/alice}";
    columns[2].dropped = true;
    table.object.comments = &on_table;
    table.object.acl = (DnAcl){.current = "{alice=arwdDxt/alice,=r/alice}",
                               .standard = "{alice=arwdDxt/alice}",
                               .base = "{alice=arwdDxt/alice}"};
    table.object.dump = DN_PART_ALL & ~(unsigned)DN_PART_DEFINITION;
    assert_string_equal(create(&render, &table), "[TABLE t; COMMENT; public; alice]\n"
                                                 "COMMENT ON TABLE public.t IS 'the table''s';\n"
                                                 "[COLUMN t.\"B\"; COMMENT; public; alice]\n"
                                                 "COMMENT ON COLUMN public.t.\"B\" IS 'a column''s\n';\n"
                                                 "[TABLE t; ACL; public; alice]\n"
                                                 "GRANT SELECT ON TABLE public.t TO PUBLIC;\n"
                                                 "[COLUMN t.\"B\"; ACL; public; alice]\n"
                                                 "GRANT SELECT(\"B\") ON TABLE public.t TO bob;\n");
    render.data_only = true;
    assert_string_equal(create(&render, &table), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_listed),
        cmocka_unit_test(table_may_have_no_columns),
        cmocka_unit_test(columns_have_defaults_and_collations),
        cmocka_unit_test(separate_default_alters_the_column),
        cmocka_unit_test(checks_inside_are_those_of_the_table_itself),
        cmocka_unit_test(inherited_not_null_needs_no_word),
        cmocka_unit_test(not_null_on_the_parents_column_is_set_later),
        cmocka_unit_test(version_18_names_not_null),
        cmocka_unit_test(inheritance_lists_parents_in_order),
        cmocka_unit_test(partition_repeats_all_and_is_attached),
        cmocka_unit_test(partitioned_table_has_its_key),
        cmocka_unit_test(typed_table_names_only_what_it_adds),
        cmocka_unit_test(options_of_the_table_and_its_toast),
        cmocka_unit_test(partitioned_tables_are_not_unlogged_since_18),
        cmocka_unit_test(columns_are_altered_in_pg_dumps_order),
        cmocka_unit_test(replica_identity_and_forced_security),
        cmocka_unit_test(foreign_table_has_server_and_options),
        cmocka_unit_test(materialized_view_comes_empty),
        cmocka_unit_test(entry_tells_where_the_table_lives),
        cmocka_unit_test(comments_and_privileges_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
