#include "catalog/ledger.h"

#include <string.h>

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { NEXT = (DN_NEWEST_MAJOR + 1) * 10000 };

static int omissions;
static char last[512];

static void omit(void *ctx, const char *text) {
    (void)ctx;
    omissions++;
    size_t length = strlen(text) < sizeof last - 1 ? strlen(text) : sizeof last - 1;
    memcpy(last, text, length);
    last[length] = '\0';
}

static void new_columns_are_asked_of_newer_servers_only(void **state) {
    (void)state;
    assert_false(dn_query_applies(&dn_fetch_unknown_columns, 120022));
    assert_false(dn_query_applies(&dn_fetch_unknown_columns, NEXT - 1));
    assert_true(dn_query_applies(&dn_fetch_unknown_columns, NEXT));
    DnBuf sql = {0};
    dn_query_build(&dn_fetch_unknown_columns, NEXT, false, &sql);
    assert_non_null(strstr(dn_buf_text(&sql), "('pg_class', 'relkind'),"));
    assert_non_null(strstr(dn_buf_text(&sql), "('pg_constraint', 'conenforced'),"));
    dn_buf_deinit(&sql);
}

static void letters_are_asked_of_servers_that_have_the_column(void **state) {
    (void)state;
    DnArena arena = {0};
    DnModel model = {.server_version = 120022};
    DnCatalog catalog = {.model = &model};
    DnRequest request;
    dn_ledger_letters(&catalog, &arena, &request);
    assert_non_null(strstr(request.sql, "x.relkind NOT IN ('r', 'i',"));
    assert_null(strstr(request.sql, "attcompression"));
    assert_null(strstr(request.sql, "pg_publication "));
    model.server_version = NEXT;
    dn_ledger_letters(&catalog, &arena, &request);
    assert_non_null(strstr(request.sql, "attcompression"));
    assert_non_null(strstr(request.sql, "pg_publication "));
    dn_arena_deinit(&arena);
}

static void a_catalog_is_read_once_for_all_its_letters(void **state) {
    (void)state;
    DnArena arena = {0};
    DnModel model = {.server_version = NEXT};
    DnCatalog catalog = {.model = &model};
    DnRequest request;
    dn_ledger_letters(&catalog, &arena, &request);
    const char *first = strstr(request.sql, "FROM pg_catalog.pg_attribute x");
    assert_non_null(first);
    assert_null(strstr(first + 1, "FROM pg_catalog.pg_attribute x"));
    dn_arena_deinit(&arena);
}

/* Makes the request that looks into such columns. */
static const char *request_of(DnUnknownColumn *columns, size_t count, DnArena *arena) {
    DnModel model = {.server_version = NEXT};
    DnCatalog catalog = {
        .model = &model, .omit = omit, .unknown = {.items = columns, .count = count, .capacity = count}};
    DnRequest request;
    omissions = 0;
    return dn_ledger_request(&catalog, arena, &request) ? request.sql : NULL;
}

static void nothing_new_needs_no_request(void **state) {
    (void)state;
    DnArena arena = {0};
    assert_null(request_of(NULL, 0, &arena));
    assert_false(dn_arena_failed(&arena));
}

static void a_new_column_is_looked_into(void **state) {
    (void)state;
    DnArena arena = {0};
    DnUnknownColumn column = {.catalog = "pg_class", .name = "relnew", .key = "oid", .readable = true};
    assert_string_equal(
        request_of(&column, 1, &arena),
        "SELECT 'column pg_class.relnew', pg_catalog.count(*) FROM pg_catalog.pg_class x "
        "WHERE x.relnew IS NOT NULL AND x.relnew::pg_catalog.text NOT IN ('', '0', '-', '-1', 'f', '{}') "
        "AND x.oid >= 16384 AND x.relnew::pg_catalog.text NOT IN (SELECT b.relnew::pg_catalog.text "
        "FROM pg_catalog.pg_class b WHERE b.oid < 16384 AND b.relnew IS NOT NULL)");
    dn_arena_deinit(&arena);
}

static void a_new_catalog_is_counted_once(void **state) {
    (void)state;
    DnArena arena = {0};
    DnUnknownColumn columns[] = {{.catalog = "pg_new", .name = "a", .key = "oid", .readable = true},
                                 {.catalog = "pg_new", .name = "b", .key = "oid", .readable = true},
                                 {.catalog = "pg_newer", .name = "a", .readable = true}};
    assert_string_equal(request_of(columns, 3, &arena),
                        "SELECT 'catalog pg_new', pg_catalog.count(*) FROM pg_catalog.pg_new x "
                        "WHERE x.oid >= 16384 UNION ALL "
                        "SELECT 'catalog pg_newer', pg_catalog.count(*) FROM pg_catalog.pg_newer x");
    dn_arena_deinit(&arena);
}

static void what_may_not_be_read_is_named_at_once(void **state) {
    (void)state;
    DnArena arena = {0};
    DnUnknownColumn column = {.catalog = "pg_class", .name = "relnew", .key = "oid"};
    assert_null(request_of(&column, 1, &arena));
    assert_int_equal(omissions, 1);
    assert_string_equal(last, "the unknown column pg_class.relnew, which may not be read");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_columns_are_asked_of_newer_servers_only),
        cmocka_unit_test(letters_are_asked_of_servers_that_have_the_column),
        cmocka_unit_test(a_catalog_is_read_once_for_all_its_letters),
        cmocka_unit_test(nothing_new_needs_no_request),
        cmocka_unit_test(a_new_column_is_looked_into),
        cmocka_unit_test(a_new_catalog_is_counted_once),
        cmocka_unit_test(what_may_not_be_read_is_named_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
