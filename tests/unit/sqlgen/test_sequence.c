#include "tests/unit/sqlgen/render.h"

#include <string.h>

enum { TABLE_OID = 20000 };

static DnModel model;
static DnAttribute columns[] = {{.name = "id", .number = 1, .identity = 'a'}, {.name = "No", .number = 2}};

static DnSequence plain(void) {
    return (DnSequence){.type = "bigint",
                        .start = 1,
                        .increment = 1,
                        .minimum = 1,
                        .maximum = INT64_MAX,
                        .cache = 1,
                        .last_value = 1,
                        .readable = true};
}

static DnRelation relation_of(DnSequence *sequence) {
    return (DnRelation){
        .object = IN_PUBLIC(SEQUENCE, "s"), .relkind = 'S', .persistence = 'p', .sequence = sequence};
}

/* The table that owns sequences, entered into the model. */
static DnRelation *owning_table(void) {
    model = (DnModel){0};
    DnRelation *table = DN_ADD(&model, DnRelation, DN_KIND_TABLE, TABLE_OID, "T", &render_schema);
    table->relkind = 'r';
    table->persistence = 'p';
    table->object.dump = DN_PART_ALL;
    table->attributes.items = columns;
    table->attributes.count = 2;
    return table;
}

static int free_model(void **state) {
    (void)state;
    dn_arena_deinit(&model.arena);
    model = (DnModel){0};
    return 0;
}

static void sequence_has_its_parameters(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSequence sequence = plain();
    DnRelation relation = relation_of(&sequence);
    assert_string_equal(rendered(&render, dn_render_sequence, &relation), "[s; SEQUENCE; public; alice]\n"
                                                                          "CREATE SEQUENCE public.s\n"
                                                                          "    START WITH 1\n"
                                                                          "    INCREMENT BY 1\n"
                                                                          "    NO MINVALUE\n"
                                                                          "    NO MAXVALUE\n"
                                                                          "    CACHE 1;\n"
                                                                          "<< DROP SEQUENCE public.s;\n"
                                                                          ">> TABLE public.s\n");
    sequence = (DnSequence){.type = "smallint",
                            .start = 7,
                            .increment = -3,
                            .minimum = -9,
                            .maximum = 9,
                            .cache = 20,
                            .cycle = true};
    relation.persistence = 'u';
    render = render_for(&model, 16);
    assert_string_equal(rendered(&render, dn_render_sequence, &relation),
                        "[s; SEQUENCE; public; alice]\n"
                        "CREATE UNLOGGED SEQUENCE public.s\n"
                        "    AS smallint\n"
                        "    START WITH 7\n"
                        "    INCREMENT BY -3\n"
                        "    MINVALUE -9\n"
                        "    MAXVALUE 9\n"
                        "    CACHE 20\n"
                        "    CYCLE;\n"
                        "<< DROP SEQUENCE public.s;\n"
                        ">> SEQUENCE public.s\n");
}

static void bounds_of_the_type_are_not_named(void **state) {
    (void)state;
    static const struct {
        const char *type;
        int64_t increment, minimum, maximum;
        bool named;
    } cases[] = {
        {"smallint", 1, 1, INT16_MAX, false},  {"integer", 1, 1, INT32_MAX, false},
        {"bigint", 1, 1, INT64_MAX, false},    {"smallint", -1, INT16_MIN, -1, false},
        {"integer", -1, INT32_MIN, -1, false}, {"bigint", -1, INT64_MIN, -1, false},
        {"bigint", 1, 0, INT32_MAX, true},     {"integer", 1, 0, INT32_MAX - 1, true},
        {"integer", -1, 1, INT32_MAX, true},
    };
    DnRender render = render_for(&model, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnSequence sequence = plain();
        sequence.type = cases[i].type;
        sequence.increment = cases[i].increment;
        sequence.minimum = cases[i].minimum;
        sequence.maximum = cases[i].maximum;
        DnRelation relation = relation_of(&sequence);
        const char *sql = rendered(&render, dn_render_sequence, &relation);
        assert_int_equal(strstr(sql, "    MINVALUE ") != NULL, cases[i].named);
        assert_int_equal(strstr(sql, "    MAXVALUE ") != NULL, cases[i].named);
        assert_int_equal(strstr(sql, "    NO MINVALUE\n    NO MAXVALUE\n") != NULL, !cases[i].named);
    }
}

static void owned_sequence_names_its_column(void **state) {
    (void)state;
    DnRelation *table = owning_table();
    DnRender render = render_for(&model, 15);
    DnSequence sequence = plain();
    DnRelation relation = relation_of(&sequence);
    relation.owning_table = TABLE_OID;
    relation.owning_column = 2;
    const char *sql = rendered(&render, dn_render_sequence, &relation);
    assert_non_null(strstr(sql, "[s; SEQUENCE OWNED BY; public; alice]\n"
                                "ALTER SEQUENCE public.s OWNED BY public.\"T\".\"No\";\n"));
    table->object.dump = DN_PART_NONE; /* a table that is not dumped cannot own */
    assert_null(strstr(rendered(&render, dn_render_sequence, &relation), "OWNED BY"));
}

static void identity_belongs_to_its_table(void **state) {
    (void)state;
    DnRelation *table = owning_table();
    DnRender render = render_for(&model, 15);
    DnSequence sequence = plain();
    DnRelation relation = relation_of(&sequence);
    relation.owning_table = TABLE_OID;
    relation.owning_column = 1;
    relation.is_identity = true;
    assert_string_equal(rendered(&render, dn_render_sequence, &relation),
                        "[s; SEQUENCE; public; alice]\n"
                        "ALTER TABLE public.\"T\" ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (\n"
                        "    SEQUENCE NAME public.s\n"
                        "    START WITH 1\n"
                        "    INCREMENT BY 1\n"
                        "    NO MINVALUE\n"
                        "    NO MAXVALUE\n"
                        "    CACHE 1\n"
                        ");\n");
    columns[0].identity = 'd';
    table->persistence = 'u';
    assert_non_null(strstr(rendered(&render, dn_render_sequence, &relation),
                           "ADD GENERATED BY DEFAULT AS IDENTITY (\n"
                           "    SEQUENCE NAME public.s\n"
                           "    LOGGED\n"
                           "    START WITH 1\n"));
    columns[0].identity = 'a';
    render = render_for(&model, 14);
    assert_null(strstr(rendered(&render, dn_render_sequence, &relation), "LOGGED"));
}

static void value_is_set_with_the_rows(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnSequence sequence = plain();
    DnRelation relation = relation_of(&sequence);
    relation.object.name = "It's";
    DnTableData set = {.object = IN_PUBLIC(SEQUENCE_SET, "It's"), .table = &relation};
    sequence.last_value = INT64_MIN;
    assert_string_equal(rendered(&render, dn_render_sequence_set, &set),
                        "[It's; SEQUENCE SET; public; alice]\n"
                        "SELECT pg_catalog.setval('public.\"It''s\"', -9223372036854775808, false);\n");
    sequence.last_value = 42;
    sequence.is_called = true;
    assert_string_equal(rendered(&render, dn_render_sequence_set, &set),
                        "[It's; SEQUENCE SET; public; alice]\n"
                        "SELECT pg_catalog.setval('public.\"It''s\"', 42, true);\n");
    render.schema_only = true;
    assert_string_equal(rendered(&render, dn_render_sequence_set, &set), "");
}

static void comment_and_privileges_follow(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "numbers"};
    DnSequence sequence = plain();
    DnRelation relation = relation_of(&sequence);
    relation.object.comments = &comment;
    relation.object.acl = (DnAcl){.current = "{alice=rwU/alice,bob=U/alice}", .base = "{alice=rwU/alice}"};
    relation.object.dump = DN_PART_COMMENT | DN_PART_ACL;
    assert_string_equal(rendered(&render, dn_render_sequence, &relation),
                        "[SEQUENCE s; COMMENT; public; alice]\n"
                        "COMMENT ON SEQUENCE public.s IS 'numbers';\n"
                        "[SEQUENCE s; ACL; public; alice]\n"
                        "GRANT USAGE ON SEQUENCE public.s TO bob;\n");
    render.data_only = true;
    assert_string_equal(rendered(&render, dn_render_sequence, &relation), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sequence_has_its_parameters),
        cmocka_unit_test(bounds_of_the_type_are_not_named),
        cmocka_unit_test_teardown(owned_sequence_names_its_column, free_model),
        cmocka_unit_test_teardown(identity_belongs_to_its_table, free_model),
        cmocka_unit_test(value_is_set_with_the_rows),
        cmocka_unit_test(comment_and_privileges_follow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
