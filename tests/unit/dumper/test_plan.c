/* The cut of rows into jobs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "dumper/plan.h"

#define MB ((uint64_t)1 << 20)

static DnRelation tables[4];
static DnTableData rows[4];
static DnLargeObjectData large = {.object = {.kind = DN_KIND_LARGE_OBJECT_DATA}};

/* Tables of 100 MB, 1 MB, nothing, and 3 MB of which two are out of line; large objects between. */
static void fill(DnModel *model) {
    static const uint64_t heap[] = {100 * MB, MB, 0, MB};
    static const uint64_t toast[] = {0, 0, 0, 2 * MB};
    *model = (DnModel){0};
    for (size_t i = 0; i < 4; i++) {
        tables[i] = (DnRelation){
            .relkind = 'r', .access_method = "heap", .heap_bytes = heap[i], .toast_bytes = toast[i]};
        rows[i] = (DnTableData){.object = {.kind = DN_KIND_TABLE_DATA}, .table = &tables[i]};
        DN_PUSH(&model->arena, &model->ordered, &rows[i].object);
        if (i == 1) {
            DN_PUSH(&model->arena, &model->ordered, &large.object);
        }
    }
}

/* Every piece is in just one job, in order; a table's pieces touch, and the last one is open. */
static void check_whole(const DnPlan *plan) {
    size_t piece = 0;
    uint32_t page = 0;
    for (size_t j = 0; j < plan->jobs.count; j++) {
        assert_int_equal(plan->jobs.items[j].first, piece);
        assert_true(plan->jobs.items[j].count > 0);
        for (size_t i = 0; i < plan->jobs.items[j].count; i++, piece++) {
            const DnPiece *p = &plan->pieces.items[piece];
            assert_int_equal(p->pages.first, page);
            assert_true(p->last ? p->pages.end == 0 : p->pages.end > page);
            page = p->pages.end;
        }
    }
    assert_int_equal(piece, plan->pieces.count);
}

static void one_job_for_one_session(void **state) {
    (void)state;
    DnModel model;
    DnPlan plan = {0};
    const DnPlanOptions options = {.whole = true, .by_pages = true, .job_bytes = MB, .job_tables = 1};
    fill(&model);
    dn_plan_make(&plan, &model, &options);
    assert_int_equal(plan.jobs.count, 1);
    assert_int_equal(plan.pieces.count, 5);
    assert_ptr_equal(plan.pieces.items[2].large, &large);
    check_whole(&plan);
    dn_plan_deinit(&plan);
    dn_arena_deinit(&model.arena);
}

static void big_tables_in_ranges_of_pages(void **state) {
    (void)state;
    DnModel model;
    DnPlan plan = {0};
    const DnPlanOptions options = {.by_pages = true, .job_bytes = 8 * MB, .job_tables = 200};
    fill(&model);
    dn_plan_make(&plan, &model, &options);
    check_whole(&plan);
    /* 12,800 pages by 1,024, the last piece between one and two of them; then the small ones together. */
    assert_int_equal(plan.pieces.items[0].pages.end, 1024);
    assert_int_equal(plan.pieces.count, 12 + 4);
    assert_true(plan.pieces.items[11].last);
    assert_int_equal(plan.jobs.items[plan.jobs.count - 1].count, 4);
    dn_plan_deinit(&plan);
    dn_arena_deinit(&model.arena);
}

static void out_of_line_values_count(void **state) {
    (void)state;
    DnModel model;
    DnPlan plan = {0};
    const DnPlanOptions options = {.by_pages = true, .job_bytes = MB, .job_tables = 200};
    fill(&model);
    dn_plan_make(&plan, &model, &options);
    check_whole(&plan);
    const DnPiece *last = &plan.pieces.items[plan.pieces.count - 1];
    assert_ptr_equal(last->table, &rows[3]);
    assert_int_equal(last->pages.first, 42 * 2); /* 128 pages hold 3 MB: 42 a piece, and the rest */
    dn_plan_deinit(&plan);
    dn_arena_deinit(&model.arena);
}

static void whole_tables_where_pages_are_of_no_use(void **state) {
    (void)state;
    const DnPlanOptions kinds[] = {
        {.by_pages = false, .job_bytes = MB, .job_tables = 1},
        {.by_pages = true, .whole_tables = true, .job_bytes = MB, .job_tables = 1},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        DnModel model;
        DnPlan plan = {0};
        fill(&model);
        dn_plan_make(&plan, &model, &kinds[i]);
        assert_int_equal(plan.pieces.count, 5);
        assert_int_equal(plan.jobs.count, 5);
        check_whole(&plan);
        dn_plan_deinit(&plan);
        dn_arena_deinit(&model.arena);
    }
}

static void rows_without_pages_are_not_cut(void **state) {
    (void)state;
    const DnPlanOptions options = {.by_pages = true, .job_bytes = MB, .job_tables = 200};
    for (int i = 0; i < 3; i++) {
        DnModel model;
        DnPlan plan = {0};
        fill(&model);
        if (i == 0) {
            tables[0].access_method = "columnar";
        } else if (i == 1) {
            rows[0].filter = "WHERE a";
        } else {
            tables[0].relkind = 'f';
        }
        dn_plan_make(&plan, &model, &options);
        assert_true(plan.pieces.items[0].last);
        check_whole(&plan);
        dn_plan_deinit(&plan);
        dn_arena_deinit(&model.arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_job_for_one_session),
        cmocka_unit_test(big_tables_in_ranges_of_pages),
        cmocka_unit_test(out_of_line_values_count),
        cmocka_unit_test(whole_tables_where_pages_are_of_no_use),
        cmocka_unit_test(rows_without_pages_are_not_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
