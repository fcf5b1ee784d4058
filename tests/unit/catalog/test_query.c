#include "catalog/query.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static DnStatus no_rows(DnCatalog *catalog, const DnRows *rows, DnErr *err) {
    (void)catalog;
    (void)rows;
    (void)err;
    return DN_OK;
}

static const DnSqlPart columns[] = {
    {.text = "c.oid"},
    {.text = "c.added", .since = 150000},
    {.text = "c.removed", .before = 140000, .otherwise = "''"},
    {.text = "c.between", .since = 140000, .before = 160000, .otherwise = "0"},
};

static const DnSqlPart from[] = {
    {.text = "FROM pg_catalog.pg_class c"},
    {.text = "JOIN pg_catalog.pg_new n ON n.oid = c.oid", .since = 150000},
    {.text = "WHERE c.modern", .since = 160000, .otherwise = "WHERE c.ancient"},
};

static const DnFetch fetch = {DN_COLUMNS(columns), DN_FROM(from), .since = 130000, .before = 180000,
                              .rows = no_rows};

static const char *built(int server_version) {
    static DnBuf sql;
    dn_buf_clear(&sql);
    dn_query_build(&fetch, server_version, false, &sql);
    return dn_buf_text(&sql);
}

static void each_version_gets_its_query(void **state) {
    (void)state;
    assert_string_equal(built(130022),
                        "SELECT c.oid, NULL, c.removed, 0 FROM pg_catalog.pg_class c WHERE c.ancient");
    assert_string_equal(built(140000),
                        "SELECT c.oid, NULL, '', c.between FROM pg_catalog.pg_class c WHERE c.ancient");
    assert_string_equal(built(150018), "SELECT c.oid, c.added, '', c.between FROM pg_catalog.pg_class c "
                                       "JOIN pg_catalog.pg_new n ON n.oid = c.oid WHERE c.ancient");
    assert_string_equal(built(160000), "SELECT c.oid, c.added, '', 0 FROM pg_catalog.pg_class c "
                                       "JOIN pg_catalog.pg_new n ON n.oid = c.oid WHERE c.modern");
}

/* Versions count from the first to before the last: beta versions of a major are numbered like its .0. */
static void bounds_hold_exactly(void **state) {
    (void)state;
    assert_string_equal(built(139999),
                        "SELECT c.oid, NULL, c.removed, 0 FROM pg_catalog.pg_class c WHERE c.ancient");
    assert_string_equal(built(159999), "SELECT c.oid, c.added, '', c.between FROM pg_catalog.pg_class c "
                                       "JOIN pg_catalog.pg_new n ON n.oid = c.oid WHERE c.ancient");
}

static const DnSqlPart system_columns[] = {{.text = "c.oid >= " DN_FIRST_OID}};

static const DnSqlPart system_from[] = {
    {.text = "FROM c WHERE c.oid >= " DN_FIRST_OID " AND (c.a OR c.b >= " DN_FIRST_OID ") ORDER BY c.oid"},
};

static void what_is_the_systems_is_read_when_asked_for(void **state) {
    (void)state;
    const DnFetch system_fetch = {DN_COLUMNS(system_columns), DN_FROM(system_from)};
    DnBuf sql = {0};
    dn_query_build(&system_fetch, 150000, false, &sql);
    assert_string_equal(dn_buf_text(&sql), "SELECT c.oid >= 16384 FROM c WHERE c.oid >= 16384 "
                                           "AND (c.a OR c.b >= 16384) ORDER BY c.oid");
    dn_buf_clear(&sql);
    dn_query_build(&system_fetch, 150000, true, &sql);
    assert_string_equal(dn_buf_text(&sql),
                        "SELECT c.oid >= 0 FROM c WHERE c.oid >= 0 AND (c.a OR c.b >= 0) ORDER BY c.oid");
    dn_buf_deinit(&sql);
}

static void queries_have_their_versions_too(void **state) {
    (void)state;
    assert_false(dn_query_applies(&fetch, 129999));
    assert_true(dn_query_applies(&fetch, 130000));
    assert_true(dn_query_applies(&fetch, 179999));
    assert_false(dn_query_applies(&fetch, 180000));
    assert_false(dn_query_applies(&dn_fetch_none, 150000));
}

/* The number of a column in the table is its number in the result: a hole would shift all that follow. */
static void fetches_of_the_kinds_have_no_holes(void **state) {
    (void)state;
    static const DnFetch *const fetches[] = {
#define DN_KIND(id, class_, priority, section, need, fetch, render) &dn_fetch_##fetch,
#include "catalog/model/kinds.def"
#undef DN_KIND
    };
    for (size_t i = 0; i < sizeof fetches / sizeof fetches[0]; i++) {
        for (size_t c = 0; c < fetches[i]->column_count; c++) {
            assert_non_null(fetches[i]->columns[c].text);
        }
        for (size_t f = 0; f < fetches[i]->from_count; f++) {
            assert_non_null(fetches[i]->from[f].text);
        }
        assert_true(!fetches[i]->rows || fetches[i]->what);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_version_gets_its_query),
        cmocka_unit_test(bounds_hold_exactly),
        cmocka_unit_test(what_is_the_systems_is_read_when_asked_for),
        cmocka_unit_test(queries_have_their_versions_too),
        cmocka_unit_test(fetches_of_the_kinds_have_no_holes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
