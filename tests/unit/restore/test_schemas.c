/* Schemas in statements: where they are named, and what stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "restore/schema_notes.h"
#include "restore/schemas.h"

static const char *const pairs[] = {"shop=tenant 1", "old=archive", NULL};

static void check(const char *sql, const char *expected) {
    DnBuf out = {0};
    const char *const *map = pairs;
    bool changed = dn_schemas_replace(sql, strlen(sql), true, dn_schema_notes_other, &map, &out);
    assert_string_equal(dn_buf_text(&out), expected);
    assert_int_equal(changed, strcmp(sql, expected) != 0);
    dn_buf_deinit(&out);
}

static void same(const char *sql) {
    check(sql, sql);
}

static void test_names(void **state) {
    (void)state;
    check("CREATE TABLE shop.shop (shop shop.mood, a public.b);",
          "CREATE TABLE \"tenant 1\".shop (shop \"tenant 1\".mood, a public.b);");
    check("COPY \"shop\".t (a, shop) FROM stdin;\n", "COPY \"tenant 1\".t (a, shop) FROM stdin;\n");
    same("COPY \"Shop\".t (a, \"shop.b\") FROM stdin;\n");
    check("COMMENT ON COLUMN SHOP.shop.shop IS 'shop.t';",
          "COMMENT ON COLUMN \"tenant 1\".shop.shop IS 'shop.t';");
    check("ALTER OPERATOR FAMILY shop.f USING btree ADD OPERATOR 1 shop.<(shop.t,shop.t);",
          "ALTER OPERATOR FAMILY \"tenant 1\".f USING btree ADD OPERATOR 1 \"tenant 1\".<(\"tenant "
          "1\".t,\"tenant 1\".t);");
    check("SELECT \"b\"shop.f, u&shop.g, shop.\"h\";",
          "SELECT \"b\" \"tenant 1\".f, u& \"tenant 1\".g, \"tenant 1\".\"h\";");
    check("SET search_path = shop\"b\";", "SET search_path = \"tenant 1\" \"b\";");
    same("ALTER TABLE public.t ADD COLUMN shop int;");
    same("INSERT INTO public.t VALUES ('shop.t', $$shop.t$$, 'it''s shop.t');");
}

static void test_behind_words(void **state) {
    (void)state;
    check("CREATE SCHEMA shop;", "CREATE SCHEMA \"tenant 1\";");
    check("CREATE SCHEMA IF NOT EXISTS shop;", "CREATE SCHEMA IF NOT EXISTS \"tenant 1\";");
    check("DROP SCHEMA IF EXISTS shop;", "DROP SCHEMA IF EXISTS \"tenant 1\";");
    check("CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA shop;",
          "CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA \"tenant 1\";");
    check("COMMENT ON SCHEMA shop IS 'shop';", "COMMENT ON SCHEMA \"tenant 1\" IS 'shop';");
    check("GRANT USAGE ON SCHEMA a, shop TO shop;", "GRANT USAGE ON SCHEMA a, \"tenant 1\" TO shop;");
    check("ALTER DEFAULT PRIVILEGES FOR ROLE shop IN SCHEMA shop GRANT ALL ON TABLES TO shop;",
          "ALTER DEFAULT PRIVILEGES FOR ROLE shop IN SCHEMA \"tenant 1\" GRANT ALL ON TABLES TO shop;");
    check("ALTER PUBLICATION p ADD TABLES IN SCHEMA shop;",
          "ALTER PUBLICATION p ADD TABLES IN SCHEMA \"tenant 1\";");
    check("SET search_path = shop, pg_catalog;", "SET search_path = \"tenant 1\", pg_catalog;");
    check("SELECT pg_catalog.set_config('search_path', 'a, \"shop\", shop', false);",
          "SELECT pg_catalog.set_config('search_path', 'a, \"tenant 1\", \"tenant 1\"', false);");
    check("ALTER FUNCTION a.f() SET search_path TO 'shop', 'a';",
          "ALTER FUNCTION a.f() SET search_path TO 'tenant 1', 'a';");
    check("ALTER ROLE r SET \"search_path\" TO \"shop\";",
          "ALTER ROLE r SET \"search_path\" TO \"tenant 1\";");
    same("CREATE TABLE public.t (schema shop, search_path shop);");
    same("SET default_tablespace = shop;");
}

static void test_strings(void **state) {
    (void)state;
    check("SELECT pg_catalog.setval('shop.s', 1, true);",
          "SELECT pg_catalog.setval('\"tenant 1\".s', 1, true);");
    check("SELECT pg_catalog.setval('shop.\"a\\b''c\"', 1, true);",
          "SELECT pg_catalog.setval('\"tenant 1\".\"a\\b''c\"', 1, true);");
    check("ALTER TABLE a.t ALTER COLUMN c SET DEFAULT nextval('shop.\"it''s\"'::regclass);",
          "ALTER TABLE a.t ALTER COLUMN c SET DEFAULT nextval('\"tenant 1\".\"it''s\"'::regclass);");
    check("CREATE TABLE a.t (c int DEFAULT nextval(('shop.s'::text)::regclass));",
          "CREATE TABLE a.t (c int DEFAULT nextval(('\"tenant 1\".s'::text)::regclass));");
    check("SELECT 'shop.f(shop.t)'::pg_catalog.regprocedure, 'shop'::regnamespace, 'shop.t'::text;",
          "SELECT '\"tenant 1\".f(\"tenant 1\".t)'::pg_catalog.regprocedure, '\"tenant 1\"'::regnamespace, "
          "'shop.t'::text;");
    check("SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180000'::integer, 'schemaname', "
          "'shop', 'relname', 'shop');",
          "SELECT * FROM pg_catalog.pg_restore_relation_stats('version', '180000'::integer, 'schemaname', "
          "'tenant 1', 'relname', 'shop');");
    check("CREATE TABLE a.t (c int DEFAULT "
          "\"nextval\"(('\"shop\".\"s\"'::\"text\")::\"pg_catalog\".\"regclass\"));",
          "CREATE TABLE a.t (c int DEFAULT \"nextval\"(('\"tenant "
          "1\".\"s\"'::\"text\")::\"pg_catalog\".\"regclass\"));");
    same("CREATE FUNCTION a.f() RETURNS text LANGUAGE sql AS $$ SELECT a FROM shop.t $$;");
    same("SELECT set_config('a', 'shop', false), 'shop'::regrole;");
}

/* A table, or an alias, that is called as its schema. */
static void test_queries(void **state) {
    (void)state;
    check("CREATE VIEW a.v AS SELECT shop.id, shop.f(shop.id) AS x, t.a FROM (shop.shop JOIN shop.t ON "
          "((shop.id = t.shop)));",
          "CREATE VIEW a.v AS SELECT shop.id, \"tenant 1\".f(shop.id) AS x, t.a FROM (\"tenant 1\".shop JOIN "
          "\"tenant 1\".t ON ((shop.id = t.shop)));");
    check("CREATE VIEW a.v AS SELECT (shop.id)::shop.mood AS id FROM a.b shop, shop.t, LATERAL ( SELECT "
          "EXTRACT(epoch FROM shop.at) FROM shop.u WHERE (shop.id IS DISTINCT FROM shop.x)) q WHERE (shop.a "
          "OPERATOR(shop.+) shop.b);",
          "CREATE VIEW a.v AS SELECT (shop.id)::\"tenant 1\".mood AS id FROM a.b shop, \"tenant 1\".t, "
          "LATERAL ( SELECT EXTRACT(epoch FROM shop.at) FROM \"tenant 1\".u WHERE (shop.id IS DISTINCT FROM "
          "shop.x)) q WHERE (shop.a OPERATOR(\"tenant 1\".+) shop.b);");
    check("CREATE VIEW a.v AS SELECT t.id FROM shop.t GROUP BY shop.f(1);",
          "CREATE VIEW a.v AS SELECT t.id FROM \"tenant 1\".t GROUP BY \"tenant 1\".f(1);");
    check("CREATE TRIGGER t BEFORE UPDATE ON old.t FOR EACH ROW WHEN ((old.a IS DISTINCT FROM new.a)) "
          "EXECUTE FUNCTION old.f('old.t');",
          "CREATE TRIGGER t BEFORE UPDATE ON \"archive\".t FOR EACH ROW WHEN ((old.a IS DISTINCT FROM "
          "new.a)) EXECUTE FUNCTION \"archive\".f('old.t');");
    check("CREATE RULE r AS ON DELETE TO shop.v DO INSTEAD (DELETE FROM shop.shop WHERE (shop.id = old.id); "
          "INSERT INTO old.t VALUES (old.id));",
          "CREATE RULE r AS ON DELETE TO \"tenant 1\".v DO INSTEAD (DELETE FROM \"tenant 1\".shop WHERE "
          "(shop.id = old.id); INSERT INTO \"archive\".t VALUES (old.id));");
    check("CREATE POLICY p ON shop.shop USING ((EXISTS ( SELECT 1 FROM shop.t WHERE (t.a = shop.a))));",
          "CREATE POLICY p ON \"tenant 1\".shop USING ((EXISTS ( SELECT 1 FROM \"tenant 1\".t WHERE (t.a = "
          "shop.a))));");
    check("CREATE FUNCTION shop.f(shop shop.t) RETURNS shop.t LANGUAGE sql SET search_path TO 'shop' RETURN "
          "(SELECT shop.a FROM shop.shop);",
          "CREATE FUNCTION \"tenant 1\".f(shop \"tenant 1\".t) RETURNS \"tenant 1\".t LANGUAGE sql SET "
          "search_path TO 'tenant 1' RETURN (SELECT shop.a FROM \"tenant 1\".shop);");
}

static void told(const char *sql, const char *expected) {
    DnBuf out = {0};
    const char *const *map = pairs;
    dn_schemas_in_strings(sql, strlen(sql), true, 10, dn_schema_notes_other, &map, &out);
    assert_string_equal(dn_buf_text(&out), expected);
    dn_buf_deinit(&out);
}

static void test_in_strings(void **state) {
    (void)state;
    told("CREATE FUNCTION a.f(a integer,\n b text) RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  SELECT a "
         "FROM shop.t, \"shop\".u;\n  SELECT 1 FROM shopping.t;\n  x := Shop.f();\nEND$$;",
         "FUNCTION a.f(a integer,  b text), line 13, 15\n");
    told("CREATE OR REPLACE PROCEDURE a.p() LANGUAGE sql AS 'SELECT shop.f()';",
         "PROCEDURE a.p(), line 10\n");
    told("CREATE FUNCTION shop.f(a shop.t DEFAULT 'shop'::text) RETURNS int LANGUAGE c AS '$libdir/x', 'f';",
         "");
    told("CREATE TRIGGER t BEFORE UPDATE ON shop.t EXECUTE FUNCTION f('a', 'shop.cfg');",
         "TRIGGER t, line 10\n");
    told("COMMENT ON FUNCTION f() IS 'shop.t';", "");
}

static DnStatus pairs_status(const char *first, const char *second) {
    const char *const list[] = {first, second, NULL};
    DnErr err;
    return dn_schema_notes_check_pairs(list, &err);
}

static void test_pairs(void **state) {
    (void)state;
    assert_int_equal(pairs_status("a=b", "b=a"), DN_OK);
    assert_int_equal(pairs_status("a", NULL), DN_E_USAGE);
    assert_int_equal(pairs_status("=a", NULL), DN_E_USAGE);
    assert_int_equal(pairs_status("a=", NULL), DN_E_USAGE);
    assert_int_equal(pairs_status("a=a", NULL), DN_E_USAGE);
    assert_int_equal(pairs_status("a=b", "a=c"), DN_E_USAGE);
    assert_int_equal(pairs_status("a=c", "b=c"), DN_E_USAGE);
    assert_int_equal(pairs_status("a=pg_catalog", NULL), DN_E_USAGE);
    assert_int_equal(pairs_status("information_schema=a", NULL), DN_E_USAGE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),   cmocka_unit_test(test_behind_words), cmocka_unit_test(test_strings),
        cmocka_unit_test(test_queries), cmocka_unit_test(test_in_strings),   cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
