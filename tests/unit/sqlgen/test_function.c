#include "tests/unit/sqlgen/render.h"

#include <string.h>

enum { INT4 = 23, TEXT = 25, CSTRING_ARRAY = 1263 };

/* A type that only lends its name to signatures. */
static void add_type(DnModel *model, uint32_t oid, const char *full_name) {
    DnType *type = DN_ADD(model, DnType, DN_KIND_TYPE, oid, full_name, NULL);
    assert_non_null(type);
    type->full_name = full_name;
}

/* CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql AS $$SELECT 1$$ */
static DnFunction plain(DnModel *model) {
    static uint32_t types[] = {INT4};
    add_type(model, INT4, "integer");
    return (DnFunction){.object = IN_PUBLIC(FUNCTION, "f"),
                        .prokind = 'f',
                        .arg_types = VEC_OF(types),
                        .arguments = "a integer DEFAULT 1",
                        .identity = "a integer",
                        .result = "integer",
                        .language = "sql",
                        .volatility = 'v',
                        .parallel = 'u',
                        .cost = "100",
                        .rows = "0",
                        .source = "SELECT 1"};
}

static void a_plain_function(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnFunction function = plain(&model);
    assert_string_equal(rendered(&render, dn_render_function, &function),
                        "[f(integer); FUNCTION; public; alice]\n"
                        "CREATE FUNCTION public.f(a integer DEFAULT 1) RETURNS integer\n"
                        "    LANGUAGE sql\n"
                        "    AS $$SELECT 1$$;\n"
                        "<< DROP FUNCTION public.f(a integer);\n"
                        ">> FUNCTION public.f(a integer)\n");
    dn_arena_deinit(&model.arena);
}

static void what_a_procedure_takes_says_in_since_14(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 14);
    DnFunction procedure = plain(&model);
    procedure.prokind = 'p';
    procedure.arguments = "IN a integer DEFAULT f('b, IN c'::text, IN, 1), INOUT b integer, IN \"in\" text";
    procedure.identity = "IN a integer, INOUT b integer, IN \"in\" text";
    assert_non_null(
        strstr(rendered(&render, dn_render_function, &procedure),
               "CREATE PROCEDURE public.f(IN a integer DEFAULT f('b, IN c'::text, IN, 1), INOUT b "
               "integer, IN \"in\" text)\n"));
    model.spelled_as = 13;
    const char *text = rendered(&render, dn_render_function, &procedure);
    assert_non_null(strstr(text,
                           "CREATE PROCEDURE public.f(a integer DEFAULT f('b, IN c'::text, IN, 1), INOUT b "
                           "integer, \"in\" text)\n"));
    assert_non_null(strstr(text, ">> PROCEDURE public.f(a integer, INOUT b integer, \"in\" text)\n"));
    procedure.prokind = 'f';
    assert_non_null(strstr(rendered(&render, dn_render_function, &procedure), "f(IN a integer"));
    dn_arena_deinit(&model.arena);
}

static void every_attribute(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    function.prokind = 'w';
    function.volatility = 'i';
    function.strict = function.security_definer = function.leakproof = function.returns_set = true;
    function.parallel = 's';
    function.cost = "0.25";
    function.rows = "7";
    function.support = "public.helper";
    const char *transforms[] = {"public.hstore", "jsonb"};
    function.transform_types.items = transforms;
    function.transform_types.count = 2;
    assert_string_equal(
        rendered(&render, dn_render_function, &function),
        "[f(integer); FUNCTION; public; alice]\n"
        "CREATE FUNCTION public.f(a integer DEFAULT 1) RETURNS integer\n"
        "    LANGUAGE sql TRANSFORM FOR TYPE public.hstore, FOR TYPE jsonb WINDOW IMMUTABLE STRICT SECURITY "
        "DEFINER LEAKPROOF COST 0.25 ROWS 7 SUPPORT public.helper PARALLEL SAFE\n"
        "    AS $$SELECT 1$$;\n"
        "<< DROP FUNCTION public.f(a integer);\n"
        ">> FUNCTION public.f(a integer)\n");
    dn_arena_deinit(&model.arena);
}

/* COST and ROWS at their defaults are left out; C functions have another one. */
static void estimates_by_default(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    function.returns_set = true;
    function.rows = "1000";
    assert_null(strstr(rendered(&render, dn_render_function, &function), "ROWS"));
    function.language = "internal";
    assert_non_null(strstr(rendered(&render, dn_render_function, &function), "LANGUAGE internal COST 100\n"));
    function.cost = "1";
    assert_null(strstr(rendered(&render, dn_render_function, &function), "COST"));
    function.language = "plpgsql";
    assert_non_null(strstr(rendered(&render, dn_render_function, &function), "LANGUAGE plpgsql COST 1\n"));
    dn_arena_deinit(&model.arena);
}

static void settings(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    const char *items[] = {"search_path=public, \"Odd \"\"one\", \"\"",
                           "DateStyle=ISO, DMY",
                           "myapp.who=O'Neil \\",
                           "Search_Path=\"$user\"",
                           "temp_tablespaces=",
                           "work_mem=16MB"};
    function.settings.items = items;
    function.settings.count = sizeof items / sizeof items[0];
    assert_string_equal(rendered(&render, dn_render_function, &function),
                        "[f(integer); FUNCTION; public; alice]\n"
                        "CREATE FUNCTION public.f(a integer DEFAULT 1) RETURNS integer\n"
                        "    LANGUAGE sql\n"
                        "    SET search_path TO 'public', 'Odd \"one', ''\n"
                        "    SET \"DateStyle\" TO 'ISO, DMY'\n"
                        "    SET \"myapp.who\" TO 'O''Neil \\'\n"
                        "    SET \"Search_Path\" TO '$user'\n"
                        "    SET temp_tablespaces TO ''\n"
                        "    SET work_mem TO '16MB'\n"
                        "    AS $$SELECT 1$$;\n"
                        "<< DROP FUNCTION public.f(a integer);\n"
                        ">> FUNCTION public.f(a integer)\n");
    dn_arena_deinit(&model.arena);
}

static void bodies(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    function.source = "SELECT $$a$$ || $_$b$_$";
    assert_non_null(
        strstr(rendered(&render, dn_render_function, &function), "AS $_X$SELECT $$a$$ || $_$b$_$$_X$;\n"));
    function.binary = "$libdir/it's";
    function.source = "symbol";
    assert_non_null(
        strstr(rendered(&render, dn_render_function, &function), "AS '$libdir/it''s', 'symbol';\n"));
    function.source = "sym'bol";
    assert_non_null(
        strstr(rendered(&render, dn_render_function, &function), "AS '$libdir/it''s', $$sym'bol$$;\n"));
    function.source = "";
    assert_non_null(strstr(rendered(&render, dn_render_function, &function), "AS '$libdir/it''s';\n"));
    function.binary = NULL;
    function.sql_body = "RETURN (a + 1)";
    assert_non_null(strstr(rendered(&render, dn_render_function, &function), "\n    RETURN (a + 1);\n"));
    dn_arena_deinit(&model.arena);
}

static void a_procedure(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    const DnComment comment = {.text = "does"};
    function.object.name = "Do It";
    function.object.comments = &comment;
    function.object.acl = (DnAcl){.current = "{alice=X/alice}", .base = "{=X/alice,alice=X/alice}"};
    function.prokind = 'p';
    function.result = NULL;
    assert_string_equal(rendered(&render, dn_render_function, &function),
                        "[Do It(integer); PROCEDURE; public; alice]\n"
                        "CREATE PROCEDURE public.\"Do It\"(a integer DEFAULT 1)\n"
                        "    LANGUAGE sql\n"
                        "    AS $$SELECT 1$$;\n"
                        "<< DROP PROCEDURE public.\"Do It\"(a integer);\n"
                        ">> PROCEDURE public.\"Do It\"(a integer)\n"
                        "[PROCEDURE \"Do It\"(a integer); COMMENT; public; alice]\n"
                        "COMMENT ON PROCEDURE public.\"Do It\"(a integer) IS 'does';\n"
                        "[PROCEDURE \"Do It\"(a integer); ACL; public; alice]\n"
                        "REVOKE ALL ON PROCEDURE public.\"Do It\"(a integer) FROM PUBLIC;\n");
    dn_arena_deinit(&model.arena);
}

/* Tags name the types of the input arguments only. */
static void tags(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    static uint32_t types[] = {TEXT, CSTRING_ARRAY};
    DnFunction function = plain(&model);
    add_type(&model, TEXT, "text");
    add_type(&model, CSTRING_ARRAY, "cstring[]");
    function.arg_types.items = types;
    function.arg_types.count = 2;
    function.identity = "sep text, OUT n integer, VARIADIC list cstring[]";
    assert_string_equal(rendered(&render, dn_render_function, &function),
                        "[f(text, cstring[]); FUNCTION; public; alice]\n"
                        "CREATE FUNCTION public.f(a integer DEFAULT 1) RETURNS integer\n"
                        "    LANGUAGE sql\n"
                        "    AS $$SELECT 1$$;\n"
                        "<< DROP FUNCTION public.f(sep text, OUT n integer, VARIADIC list cstring[]);\n"
                        ">> FUNCTION public.f(sep text, OUT n integer, VARIADIC list cstring[])\n");
    function.arg_types.count = 0;
    function.arguments = function.identity = "";
    assert_string_equal(rendered(&render, dn_render_function, &function),
                        "[f(); FUNCTION; public; alice]\n"
                        "CREATE FUNCTION public.f() RETURNS integer\n"
                        "    LANGUAGE sql\n"
                        "    AS $$SELECT 1$$;\n"
                        "<< DROP FUNCTION public.f();\n"
                        ">> FUNCTION public.f()\n");
    dn_arena_deinit(&model.arena);
}

static void extensions_and_sections(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnFunction function = plain(&model);
    const char *extensions[] = {"uuid-ossp"};
    function.object.depends_on_extensions.items = extensions;
    function.object.depends_on_extensions.count = 1;
    assert_non_null(strstr(rendered(&render, dn_render_function, &function),
                           "$$;\nALTER FUNCTION public.f(a integer) DEPENDS ON EXTENSION \"uuid-ossp\";\n"));
    DnEntries entries = {0};
    dn_render_function(&render, &function.object, &entries);
    assert_int_equal(entries.items[0].section, DN_PRE_DATA);
    dn_entries_clear(&entries);
    function.postponed = true;
    dn_render_function(&render, &function.object, &entries);
    assert_int_equal(entries.items[0].section, DN_POST_DATA);
    dn_entries_deinit(&entries);
    dn_arena_deinit(&model.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_function),
        cmocka_unit_test(what_a_procedure_takes_says_in_since_14),
        cmocka_unit_test(every_attribute),
        cmocka_unit_test(estimates_by_default),
        cmocka_unit_test(settings),
        cmocka_unit_test(bodies),
        cmocka_unit_test(a_procedure),
        cmocka_unit_test(tags),
        cmocka_unit_test(extensions_and_sections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
