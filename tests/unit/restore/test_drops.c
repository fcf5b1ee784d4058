/* What is dropped for each statement that creates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "restore/array.h"
#include "restore/drops.h"

static void check(const char *sql, const char *expected) {
    DnDrops drops = {0};
    DnBuf told = {0};
    dn_drops_take(&drops, sql);
    for (size_t i = 0; i < drops.statements.count; i++) {
        dn_buf_sep(&told, "; ");
        dn_buf_str(&told, drops.statements.items[i]);
    }
    assert_string_equal(dn_buf_text(&told), expected);
    dn_buf_deinit(&told);
    dn_drops_deinit(&drops);
}

static void test_kinds(void **state) {
    (void)state;
    check("CREATE UNLOGGED TABLE a.\"B c\" (d int);", "DROP TABLE IF EXISTS a.\"B c\"");
    check("CREATE SCHEMA a;", "DROP SCHEMA IF EXISTS a");
    check("CREATE SCHEMA IF NOT EXISTS a;", "");
    check("CREATE EXTENSION IF NOT EXISTS a WITH SCHEMA b;", "");
    check("CREATE OR REPLACE VIEW a.v AS SELECT 1;", "");
    check("CREATE FUNCTION a.f(b integer DEFAULT a.g(1, 2), OUT c a.\"T\"[] = '{}'::text[], VARIADIC d "
          "numeric(3,2)[]) RETURNS int LANGUAGE sql AS 'x';",
          "DROP FUNCTION IF EXISTS a.f( b integer, OUT c a. \"T\"[], VARIADIC d numeric(3,2)[])");
    check("CREATE AGGREGATE a.f(*) (SFUNC = g);", "DROP AGGREGATE IF EXISTS a.f(*)");
    check("CREATE AGGREGATE a.f(int ORDER BY text) (SFUNC = g);",
          "DROP AGGREGATE IF EXISTS a.f( int ORDER BY text)");
    check("CREATE OPERATOR a.-> (\n FUNCTION = f,\n LEFTARG = numeric(3,2),\n RIGHTARG = a.\"b c\"\n);",
          "DROP OPERATOR IF EXISTS a.-> (numeric(3,2), a.\"b c\")");
    check("CREATE OPERATOR a.! (FUNCTION = f, RIGHTARG = int);", "DROP OPERATOR IF EXISTS a.! (NONE, int)");
    check("CREATE OPERATOR CLASS a.c DEFAULT FOR TYPE int USING hash FAMILY a.f AS OPERATOR 1 a.=(int,int);",
          "DROP OPERATOR CLASS IF EXISTS a.c USING hash");
    check("CREATE OPERATOR FAMILY a.f USING btree;", "DROP OPERATOR FAMILY IF EXISTS a.f USING btree");
    check("CREATE CAST (a.b AS text) WITH INOUT;", "DROP CAST IF EXISTS ( a. b AS text)");
    check("CREATE TRANSFORM FOR a.b LANGUAGE c (FROM SQL WITH FUNCTION f(internal));",
          "DROP TRANSFORM IF EXISTS a.b LANGUAGE c");
    check("CREATE USER MAPPING FOR a SERVER b OPTIONS (c 'd');",
          "DROP USER MAPPING IF EXISTS FOR a SERVER b");
    check("CREATE TEXT SEARCH CONFIGURATION a.b (PARSER = c);",
          "DROP TEXT SEARCH CONFIGURATION IF EXISTS a.b");
    check("CREATE UNIQUE INDEX i ON ONLY a.t USING btree (b);", "DROP INDEX IF EXISTS a.i");
    check("CREATE TRIGGER t BEFORE UPDATE OF a ON b.c FOR EACH ROW EXECUTE FUNCTION f();",
          "DROP TRIGGER IF EXISTS t ON b.c");
    check("CREATE RULE r AS ON DELETE TO b.c DO INSTEAD NOTHING;", "DROP RULE IF EXISTS r ON b.c");
    check("CREATE POLICY p ON b.c;", "DROP POLICY IF EXISTS p ON b.c");
    check("ALTER TABLE ONLY a.b ADD CONSTRAINT c PRIMARY KEY (d);",
          "ALTER TABLE IF EXISTS ONLY a.b DROP CONSTRAINT IF EXISTS c");
    check("ALTER TABLE a.b OWNER TO c;", "");
    check("SELECT pg_catalog.lo_create('12');",
          "SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata WHERE oid = '12'");
    check("COMMENT ON TABLE a.b IS 'CREATE TABLE c ()';", "");
}

/* What a table has goes with it. */
static void test_of_a_table(void **state) {
    static const char *const dump[] = {"CREATE TABLE a.t (b int);", "CREATE INDEX i ON a.t USING btree (b);",
                                       "ALTER TABLE ONLY a.t ADD CONSTRAINT k UNIQUE (b);",
                                       "CREATE TRIGGER g AFTER INSERT ON a.t EXECUTE FUNCTION f();",
                                       "CREATE POLICY p ON a.t;"};
    DnDrops drops = {0};
    (void)state;
    for (size_t i = 0; i < sizeof dump / sizeof *dump; i++) {
        dn_drops_take(&drops, dump[i]);
    }
    assert_int_equal(drops.statements.count, 1);
    assert_int_equal(drops.tables.count, 1);
    assert_string_equal(drops.tables.items[0], "a.t");
    dn_drops_deinit(&drops);
}

static void test_array(void **state) {
    static const char *const items[] = {"a", "b \"c\\", ""};
    DnBuf array = {0};
    (void)state;
    dn_array_of(items, 3, &array);
    assert_string_equal(dn_buf_text(&array), "{\"a\",\"b \\\"c\\\\\",\"\"}");
    dn_buf_deinit(&array);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds), cmocka_unit_test(test_of_a_table),
                                       cmocka_unit_test(test_array)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
