#include "tests/unit/sqlgen/render.h"

static DnModel model;

static DnAttribute columns[] = {{.name = "a", .number = 1},
                                {.name = "gone", .number = 2, .dropped = true},
                                {.name = "made", .number = 3, .generated = 's'},
                                {.name = "B", .number = 4}};
static DnRelation table = {.object = IN_PUBLIC(TABLE, "t"), .relkind = 'r', .attributes = VEC_OF(columns)};
static DnTableData data = {.object = IN_PUBLIC(TABLE_DATA, "t"), .table = &table};

static void rows_come_by_copy(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    assert_string_equal(rendered(&render, dn_render_table_data, &data),
                        "[t; TABLE DATA; public; alice]\nCOPY public.t (a, \"B\") FROM stdin;\n");
    render.schema_only = true;
    assert_string_equal(rendered(&render, dn_render_table_data, &data), "");
}

static void inserts_stand_alone(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    render.inserts = true;
    assert_string_equal(rendered(&render, dn_render_table_data, &data), "[t; TABLE DATA; public; alice]\n");
}

static void a_populated_matview_is_refreshed(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation matview = {.object = IN_PUBLIC(TABLE, "m"), .relkind = 'm', .populated = true};
    DnTableData refresh = {.object = IN_PUBLIC(MATVIEW_REFRESH, "m"), .table = &matview};
    assert_string_equal(rendered(&render, dn_render_matview_refresh, &refresh),
                        "[m; MATERIALIZED VIEW DATA; public; alice]\nREFRESH MATERIALIZED VIEW public.m;\n");
    matview.populated = false;
    assert_string_equal(rendered(&render, dn_render_matview_refresh, &refresh), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_by_copy),
        cmocka_unit_test(inserts_stand_alone),
        cmocka_unit_test(a_populated_matview_is_refreshed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
