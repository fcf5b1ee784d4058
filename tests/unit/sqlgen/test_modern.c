/* Definitions as the newest server spells them: what is changed, and what must not be. */
#include "sqlgen/modern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "sqlgen/statement.h"

static void check(int major, const char *desc, const char *text, const char *expected) {
    const DnModel model = {.server_version = major * 10000, .std_strings = true};
    DnBuf modern = {0};
    dn_buf_str(&modern, "what was there before");
    dn_modern_text(&modern, &model, desc, text, strlen(text));
    assert_string_equal(dn_buf_text(&modern), expected);
    dn_buf_deinit(&modern);
}

static void check_view(const char *query, const char *expected) {
    DnBuf text = {0};
    DnBuf modern = {0};
    dn_buf_fmt(&text, "CREATE VIEW public.v AS\n %s", query);
    dn_buf_fmt(&modern, "CREATE VIEW public.v AS\n %s", expected);
    check(15, "VIEW", dn_buf_text(&text), dn_buf_text(&modern));
    check(16, "VIEW", dn_buf_text(&text), dn_buf_text(&text));
    dn_buf_deinit(&text);
    dn_buf_deinit(&modern);
}

static void check_kept(const char *query) {
    check_view(query, query);
}

static void columns_of_the_only_table_lose_its_name(void **state) {
    (void)state;
    check_view("SELECT t.a,\n    t.\"B\" AS b\n   FROM public.t\n  WHERE (t.a > 0)\n  ORDER BY t.a",
               "SELECT a,\n    \"B\" AS b\n   FROM public.t\n  WHERE (a > 0)\n  ORDER BY a");
    check_view("SELECT x.a FROM public.t x", "SELECT a FROM public.t x");
    check_view("SELECT \"T t\".a FROM ONLY public.\"T t\"", "SELECT a FROM ONLY public.\"T t\"");
    check_view("SELECT (t.c).part, t.l[1], f.x FROM public.t", "SELECT (c).part, l[1], f.x FROM public.t");
    check_view("SELECT s.a FROM ( SELECT t.a FROM (public.t JOIN public.u USING (a))) s",
               "SELECT a FROM ( SELECT t.a FROM (public.t JOIN public.u USING (a))) s");
    check_view("SELECT g.g FROM ROWS FROM(f(1), f(2)) WITH ORDINALITY g(g, h, n)",
               "SELECT g FROM ROWS FROM(f(1), f(2)) WITH ORDINALITY g(g, h, n)");
    check_view("SELECT t.a FROM public.t TABLESAMPLE system (10) REPEATABLE (5)",
               "SELECT a FROM public.t TABLESAMPLE system (10) REPEATABLE (5)");
    check_view("WITH c AS (\n SELECT t.a FROM public.t\n) SELECT c.a FROM c",
               "WITH c AS (\n SELECT t.a FROM public.t\n) SELECT a FROM c");
    check_view("SELECT t.a FROM public.t\n  WITH LOCAL CHECK OPTION",
               "SELECT a FROM public.t\n  WITH LOCAL CHECK OPTION");
    check_view(
        "SELECT EXTRACT(year FROM t.d) AS y, sum(t.n) OVER w AS s FROM public.t WINDOW w AS (ORDER BY t.d)",
        "SELECT EXTRACT(year FROM d) AS y, sum(n) OVER w AS s FROM public.t WINDOW w AS (ORDER BY d)");
}

static void queries_within_keep_it(void **state) {
    (void)state;
    check_view("SELECT t.a FROM public.t WHERE (EXISTS ( SELECT 1 FROM public.t t_1 WHERE (t_1.a = t.a)))",
               "SELECT a FROM public.t WHERE (EXISTS ( SELECT 1 FROM public.t t_1 WHERE (t_1.a = t.a)))");
    check_view("SELECT ARRAY( SELECT (t.a + u.a) FROM public.u) AS l FROM public.t",
               "SELECT ARRAY( SELECT (t.a + u.a) FROM public.u) AS l FROM public.t");
}

static void what_only_looks_like_a_column_keeps_it(void **state) {
    (void)state;
    check_view("SELECT t.f(t.a), 'x'::t.mood, (t.a COLLATE t.c), t.*::text, 't.a' FROM t.t",
               "SELECT t.f(a), 'x'::t.mood, (a COLLATE t.c), t.*::text, 't.a' FROM t.t");
    check_view("SELECT (t.a OPERATOR(t.+) 1) FROM public.t", "SELECT (a OPERATOR(t.+) 1) FROM public.t");
    check_kept("SELECT T.a FROM public.\"T\"");
}

static void several_tables_keep_their_names(void **state) {
    (void)state;
    check_kept("SELECT t.a FROM public.t, public.u");
    check_kept("SELECT t.a FROM (public.t JOIN public.u ON ((t.a = u.a)))");
    check_kept("SELECT t.a FROM (( SELECT 1 AS a) t JOIN public.u ON ((t.a = u.a)))");
    check_kept("SELECT t.a FROM public.t UNION SELECT u.a FROM public.u");
    check_kept("SELECT 1 AS a");
    check_kept("VALUES (1), (2)");
}

static void only_views_are_changed(void **state) {
    (void)state;
    check(12, "MATERIALIZED VIEW", "CREATE MATERIALIZED VIEW m AS\n SELECT t.a\n   FROM t\n  WITH NO DATA",
          "CREATE MATERIALIZED VIEW m AS\n SELECT a\n   FROM t\n  WITH NO DATA");
    check(12, "RULE", "CREATE OR REPLACE VIEW v AS\n SELECT t.a FROM t WHERE (t.a > 0)",
          "CREATE OR REPLACE VIEW v AS\n SELECT a FROM t WHERE (a > 0)");
    static const char rule[] = "CREATE RULE r AS ON DELETE TO v DO INSTEAD DELETE FROM t WHERE (t.a = old.a)";
    check(12, "RULE", rule, rule);
    static const char function[] = "CREATE FUNCTION f() BEGIN ATOMIC SELECT t.a FROM t WHERE (t.a > 0); END";
    check(15, "FUNCTION", function, function);
}

static void partitioned_tables_are_never_unlogged(void **state) {
    (void)state;
    check(17, "TABLE", "CREATE UNLOGGED TABLE t (\n    a integer\n)\nPARTITION BY LIST (a)",
          "CREATE TABLE t (\n    a integer\n)\nPARTITION BY LIST (a)");
    static const char plain[] = "CREATE UNLOGGED TABLE t (\n    a text DEFAULT 'partition by'::text\n)";
    check(17, "TABLE", plain, plain);
    static const char logged[] = "CREATE TABLE t (\n    a integer\n)\nPARTITION BY LIST (a)";
    check(17, "TABLE", logged, logged);
}

static void the_target_of_a_change_has_no_as(void **state) {
    (void)state;
    check(15, "RULE",
          "CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE ONLY s.t AS x SET a = 'UPDATE t AS x'",
          "CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE ONLY s.t x SET a = 'UPDATE t AS x'");
    check(14, "FUNCTION", "CREATE FUNCTION f() BEGIN ATOMIC DELETE FROM t AS \"X\" WHERE true; END",
          "CREATE FUNCTION f() BEGIN ATOMIC DELETE FROM t \"X\" WHERE true; END");
    static const char insert[] =
        "CREATE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t AS x (a) VALUES (1)";
    check(15, "RULE", insert, insert);
    static const char body[] = "CREATE FUNCTION f() AS $$ UPDATE t AS x SET a = 1 $$";
    check(15, "FUNCTION", body, body);
    static const char newer[] = "CREATE RULE r AS ON UPDATE TO v DO INSTEAD UPDATE t AS x SET a = 1";
    check(16, "RULE", newer, newer);
}

static void xml_is_not_indented(void **state) {
    (void)state;
    check(15, "TABLE",
          "CREATE TABLE t (a text DEFAULT (XMLSERIALIZE(CONTENT f('b)'::xml) AS character(10)))::text)",
          "CREATE TABLE t (a text DEFAULT (XMLSERIALIZE(CONTENT f('b)'::xml) AS character(10) NO "
          "INDENT))::text)");
    check(15, "DEFAULT", "XMLSERIALIZE(CONTENT (XMLSERIALIZE(CONTENT a AS text))::xml AS text)",
          "XMLSERIALIZE(CONTENT (XMLSERIALIZE(CONTENT a AS text NO INDENT))::xml AS text NO INDENT)");
    static const char newer[] = "XMLSERIALIZE(CONTENT a AS text INDENT)";
    check(16, "DEFAULT", newer, newer);
    static const char name[] =
        "CREATE TABLE t (\"xmlserialize\" numeric(1,2), c text DEFAULT 'XMLSERIALIZE('::text)";
    check(15, "TABLE", name, name);
}

static void newer_keywords_are_names_like_others(void **state) {
    (void)state;
    check(12, "TABLE", "CREATE TABLE t (json json)", "CREATE TABLE t (json json)");
    check(18, "TABLE", "CREATE TABLE t (\"json\" json)", "CREATE TABLE t (json json)");
    check(18, "COMMENT", "COLUMN t.\"system_user\"", "COLUMN t.system_user");
    static const char kept[] =
        "CREATE TABLE t (\"user\" text DEFAULT '\"json\"', \"Json\" int, \"json \"\"x\" int)";
    check(18, "TABLE", kept, kept);
    check(18, "SEQUENCE SET", "SELECT pg_catalog.setval('z.\"json\"', 1, true)",
          "SELECT pg_catalog.setval('z.json', 1, true)");
    check(18, "TABLE", "CREATE TABLE \"json\" (a int DEFAULT nextval('z.\"json\"'::regclass))",
          "CREATE TABLE json (a int DEFAULT nextval('z.json'::regclass))");
    check(18, "SEQUENCE SET", "SELECT \"json\", '", "SELECT json, '"); /* never closed */
    static const char strings[] = "CREATE TABLE t (a text DEFAULT setval('\"json\"'), b text DEFAULT "
                                  "'\"json\"'::text, c regclass DEFAULT '\"it''s\".\"Json\"'::regclass)";
    check(18, "TABLE", strings, strings);
    static const char body[] = "CREATE FUNCTION f() AS $$ SELECT \"json\" $$";
    check(18, "FUNCTION", body, body);
}

static void check_public(const char *statements, const char *expected) {
    DnBuf text = {0};
    DnBuf modern = {0};
    for (const char *p = statements; *p; p += strspn(p, ";")) {
        size_t size = strcspn(p, ";");
        dn_end_with(&text, "%.*s", (int)size, p);
        p += size;
    }
    dn_modern_public_acl(&modern, dn_buf_text(&text), text.size);
    for (size_t i = 0; i < modern.size; i++) {
        modern.bytes[i] = modern.bytes[i] ? modern.bytes[i] : '!';
    }
    assert_string_equal(dn_buf_text(&modern), expected);
    dn_buf_deinit(&text);
    dn_buf_deinit(&modern);
}

#define REVOKES "REVOKE USAGE ON SCHEMA public FROM PUBLIC!;\n"

static void what_public_may_create_in_public_is_left_out(void **state) {
    (void)state;
    check_public("REVOKE ALL ON SCHEMA public FROM PUBLIC;GRANT USAGE ON SCHEMA public TO PUBLIC;", "");
    check_public("REVOKE USAGE ON SCHEMA public FROM PUBLIC;GRANT ALL ON SCHEMA public TO PUBLIC;", "");
    check_public("REVOKE ALL ON SCHEMA public FROM PUBLIC;", REVOKES);
    check_public("REVOKE USAGE ON SCHEMA public FROM PUBLIC;", REVOKES);
    check_public("REVOKE ALL ON SCHEMA public FROM PUBLIC;GRANT CREATE ON SCHEMA public TO PUBLIC;", REVOKES);
    check_public("REVOKE ALL ON SCHEMA public FROM PUBLIC;GRANT ALL ON SCHEMA public TO me;",
                 REVOKES "GRANT ALL ON SCHEMA public TO me!;\n");
    check_public("GRANT USAGE ON SCHEMA public TO \"PUBLIC\";",
                 "GRANT USAGE ON SCHEMA public TO \"PUBLIC\"!;\n");
}

static void casts_of_arrays_go_to_their_elements(void **state) {
    (void)state;
    check(18, "TABLE",
          "CHECK (((a)::text = ANY ((ARRAY['x, y'::character varying, 'z'::character varying])::text[])))",
          "CHECK (((a)::text = ANY (ARRAY[('x, y'::character varying)::text, ('z'::character "
          "varying)::text])))");
    check(12, "TABLE", "(ARRAY[f(1, 2), NULL::integer])::numeric(10,2)[]",
          "ARRAY[(f(1, 2))::numeric(10,2), (NULL::integer)::numeric(10,2)]");
    check(15, "TABLE", "(ARRAY[1])::\"S\".\"T\"[]", "ARRAY[(1)::\"S\".\"T\"]");
    check(15, "TABLE", "(ARRAY[g((ARRAY[1])::bigint[])])::text[]", "ARRAY[(g(ARRAY[(1)::bigint]))::text]");
    static const char *const kept[] = {"(ARRAY[1, 2])::text AND b[1]",
                                       "(ARRAY['x'::text])::text",
                                       "(ARRAY[ARRAY[1]])::bigint[]",
                                       "ARRAY[('x'::text)::name]",
                                       "'(ARRAY[1])::text[]'",
                                       "(array(SELECT 1))::text[]",
                                       "(ARRAY[1, 2",
                                       "(ARRAY[1])::",
                                       "(ARRAY[])::text[]"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        check(15, "TABLE", kept[i], kept[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(casts_of_arrays_go_to_their_elements),
        cmocka_unit_test(columns_of_the_only_table_lose_its_name),
        cmocka_unit_test(queries_within_keep_it),
        cmocka_unit_test(what_only_looks_like_a_column_keeps_it),
        cmocka_unit_test(several_tables_keep_their_names),
        cmocka_unit_test(only_views_are_changed),
        cmocka_unit_test(partitioned_tables_are_never_unlogged),
        cmocka_unit_test(the_target_of_a_change_has_no_as),
        cmocka_unit_test(xml_is_not_indented),
        cmocka_unit_test(newer_keywords_are_names_like_others),
        cmocka_unit_test(what_public_may_create_in_public_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
