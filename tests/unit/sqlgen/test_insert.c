#include "sqlgen/insert.h"

#include "tests/unit/sqlgen/render.h"

static DnModel model;

/* OIDs of built-in types, as pg_type.dat has them. */
enum { BOOL = 16, INT8 = 20, INT4 = 23, TEXT = 25, FLOAT8 = 701, BIT = 1560, VARBIT = 1562, NUMERIC = 1700 };

static DnAttribute columns[] = {
    {.name = "id", .number = 1, .type_oid = INT4},
    {.name = "gone", .number = 2, .dropped = true},
    {.name = "Name", .number = 3, .type_oid = TEXT},
    {.name = "twice", .number = 4, .type_oid = INT4, .generated = 's'},
};
static DnRelation table = {.object = IN_PUBLIC(TABLE, "t"), .relkind = 'r', .attributes = VEC_OF(columns)};

static const char *value_of(void *ctx, size_t column) {
    return ((const char *const *)ctx)[column];
}

/* The rows as statements; each row is an array of values. */
static const char *inserts(const DnRender *render, const DnRelation *relation, unsigned rows_per_statement,
                           const char **rows[], size_t count) {
    static DnBuf out;
    DnInsert insert;
    dn_buf_clear(&out);
    dn_insert_init(&insert, render, relation, rows_per_statement);
    for (size_t i = 0; i < count; i++) {
        dn_insert_row(&insert, &out, value_of, rows[i]);
    }
    dn_insert_end(&insert, &out);
    dn_insert_deinit(&insert);
    return dn_buf_text(&out);
}

static const char *select_text(const DnRender *render, DnRelation *relation, const char *filter) {
    static DnBuf out;
    const DnTableData data = {.table = relation, .filter = filter};
    dn_buf_clear(&out);
    dn_insert_select(&out, render, &data, (DnPages){0});
    return dn_buf_text(&out);
}

static const char *first[] = {"1", "it's", NULL};
static const char *second[] = {"-2", NULL, NULL};
static const char *third[] = {"3", "", NULL};
static const char **all_rows[] = {first, second, third};

static void a_row_is_a_statement(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    assert_string_equal(select_text(&render, &table, NULL),
                        "SELECT id, \"Name\", NULL FROM ONLY public.t;\n");
    assert_string_equal(inserts(&render, &table, 0, all_rows, 3),
                        "INSERT INTO public.t VALUES (1, 'it''s', DEFAULT);\n"
                        "INSERT INTO public.t VALUES (-2, NULL, DEFAULT);\n"
                        "INSERT INTO public.t VALUES (3, '', DEFAULT);\n");
}

static void columns_can_be_named(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.column_inserts = true;
    assert_string_equal(select_text(&render, &table, NULL), "SELECT id, \"Name\" FROM ONLY public.t;\n");
    assert_string_equal(select_text(&render, &table, "WHERE id > 7"),
                        "SELECT id, \"Name\" FROM ONLY public.t WHERE id > 7;\n");
    assert_string_equal(inserts(&render, &table, 1, all_rows, 2),
                        "INSERT INTO public.t (id, \"Name\") VALUES (1, 'it''s');\n"
                        "INSERT INTO public.t (id, \"Name\") VALUES (-2, NULL);\n");
}

static void rows_share_a_statement(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.on_conflict_do_nothing = true;
    assert_string_equal(inserts(&render, &table, 2, all_rows, 3),
                        "INSERT INTO public.t VALUES\n"
                        "\t(1, 'it''s', DEFAULT),\n"
                        "\t(-2, NULL, DEFAULT) ON CONFLICT DO NOTHING;\n"
                        "INSERT INTO public.t VALUES\n"
                        "\t(3, '', DEFAULT) ON CONFLICT DO NOTHING;\n");
    assert_string_equal(inserts(&render, &table, 2, all_rows, 2),
                        "INSERT INTO public.t VALUES\n"
                        "\t(1, 'it''s', DEFAULT),\n"
                        "\t(-2, NULL, DEFAULT) ON CONFLICT DO NOTHING;\n");
    assert_string_equal(inserts(&render, &table, 2, all_rows, 0), "");
}

static void identity_always_is_overridden(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnAttribute identity[] = {{.name = "id", .number = 1, .type_oid = INT8, .identity = 'a'}};
    DnRelation t = {.object = IN_PUBLIC(TABLE, "t"), .attributes = VEC_OF(identity)};
    assert_string_equal(inserts(&render, &t, 1, all_rows, 1),
                        "INSERT INTO public.t OVERRIDING SYSTEM VALUE VALUES (1);\n");
    render.column_inserts = true;
    assert_string_equal(inserts(&render, &t, 1, all_rows, 1),
                        "INSERT INTO public.t (id) OVERRIDING SYSTEM VALUE VALUES (1);\n");
    identity[0].identity = 'd';
    assert_string_equal(inserts(&render, &t, 1, all_rows, 1), "INSERT INTO public.t (id) VALUES (1);\n");
}

static void rows_without_columns_are_rows(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation empty = {.object = IN_PUBLIC(TABLE, "Empty")};
    assert_string_equal(select_text(&render, &empty, NULL), "SELECT  FROM ONLY public.\"Empty\";\n");
    assert_string_equal(inserts(&render, &empty, 10, all_rows, 2),
                        "INSERT INTO public.\"Empty\" DEFAULT VALUES;\n"
                        "INSERT INTO public.\"Empty\" DEFAULT VALUES;\n");
}

static void values_are_spelled_by_their_type(void **state) {
    (void)state;
    static const struct {
        uint32_t type;
        const char *value, *spelled;
    } cases[] = {
        {INT4, "42", "42"},
        {INT8, "-9223372036854775808", "-9223372036854775808"},
        {FLOAT8, "1.5e-300", "1.5e-300"},
        {FLOAT8, "NaN", "'NaN'"},
        {FLOAT8, "-Infinity", "'-Infinity'"},
        {NUMERIC, "Infinity", "'Infinity'"},
        {INT4, "1 --", "'1 --'"},
        {INT4, "1--2", "'1--2'"},
        {INT4, "", "''"},
        {INT4, "-", "'-'"},
        {NUMERIC, "+1.", "+1."},
        {NUMERIC, ".5E7", ".5E7"},
        {NUMERIC, ".", "'.'"},
        {FLOAT8, "1e", "'1e'"},
        {FLOAT8, "1e+", "'1e+'"},
        {FLOAT8, "1e5x", "'1e5x'"},
        {BIT, "101", "B'101'"},
        {VARBIT, "", "B''"},
        {BOOL, "t", "true"},
        {BOOL, "f", "false"},
        {TEXT, "NULL", "'NULL'"},
        {TEXT, "\\.", "'\\.'"},
        {TEXT, "a'b\\", "'a''b\\'"},
        {1082, "0044-03-15 BC", "'0044-03-15 BC'"},
        {99999, "{\"(1,a)\"}", "'{\"(1,a)\"}'"},
    };
    DnRender render = render_for(&model, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        DnAttribute column[] = {{.name = "a", .number = 1, .type_oid = cases[i].type}};
        DnRelation t = {.object = IN_PUBLIC(TABLE, "t"), .attributes = VEC_OF(column)};
        const char *values[] = {cases[i].value};
        const char **rows[] = {values};
        DnBuf expected = {0};
        dn_buf_fmt(&expected, "INSERT INTO public.t VALUES (%s);\n", cases[i].spelled);
        assert_string_equal(inserts(&render, &t, 1, rows, 1), dn_buf_text(&expected));
        dn_buf_deinit(&expected);
    }
}

static void old_strings_double_backslashes(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.spelling.std_strings = false;
    const char *values[] = {"1", "a\\b", NULL};
    const char **rows[] = {values};
    assert_string_equal(inserts(&render, &table, 1, rows, 1),
                        "INSERT INTO public.t VALUES (1, 'a\\\\b', DEFAULT);\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_statement),           cmocka_unit_test(columns_can_be_named),
        cmocka_unit_test(rows_share_a_statement),         cmocka_unit_test(identity_always_is_overridden),
        cmocka_unit_test(rows_without_columns_are_rows),  cmocka_unit_test(values_are_spelled_by_their_type),
        cmocka_unit_test(old_strings_double_backslashes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
