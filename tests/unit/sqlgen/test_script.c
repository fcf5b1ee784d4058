#include "sqlgen/script.h"

#include <string.h>

#include "tests/unit/sqlgen/render.h"

static DnModel model;
static const DnObject object = IN_PUBLIC(TABLE, "t");

/* A script's text so far, in a buffer that the next test begins anew. */
static DnBuf out;

static DnScript script_for(DnRender *render, int major) {
    *render = render_for(&model, major);
    model.server_version_text = "15.1";
    model.encoding = "UTF8";
    dn_buf_clear(&out);
    return (DnScript){.render = render, .tool = "dumpnative version 1.2.3"};
}

static DnEntry entry_of(const char *desc, const char *create) {
    DnEntry entry = {.object = &object, .tag = "t", .desc = desc, .schema = "public", .owner = "alice"};
    dn_buf_str(&entry.create, create);
    return entry;
}

static void free_entry(DnEntry *entry) {
    dn_buf_deinit(&entry->create);
    dn_buf_deinit(&entry->drop);
    dn_buf_deinit(&entry->owner_target);
}

static const char *written(DnScript *script, const DnEntry *entry) {
    dn_buf_clear(&out);
    dn_script_entry(script, entry, &out);
    return unmarked(&out);
}

/* ---- Header and footer ----------------------------------------------------------- */

static void header_sets_the_session(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    dn_script_header(&script, &out);
    assert_string_equal(unmarked(&out), "--\n"
                                        "-- PostgreSQL database dump\n"
                                        "--\n"
                                        "\n"
                                        "-- Dumped from database version 15.1\n"
                                        "-- Dumped by dumpnative version 1.2.3\n"
                                        "\n"
                                        "SET statement_timeout = 0;\n"
                                        "SET lock_timeout = 0;\n"
                                        "SET idle_in_transaction_session_timeout = 0;\n"
                                        "SET client_encoding = 'UTF8';\n"
                                        "SET standard_conforming_strings = on;\n"
                                        "SELECT pg_catalog.set_config('search_path', '', false);\n"
                                        "SET check_function_bodies = false;\n"
                                        "SET xmloption = content;\n"
                                        "SET client_min_messages = warning;\n"
                                        "SET row_security = off;\n"
                                        "\n");
    dn_script_deinit(&script);
}

static void version_17_has_a_transaction_timeout(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 16);
    dn_script_header(&script, &out);
    assert_null(strstr(unmarked(&out), "transaction_timeout"));
    script = script_for(&render, 17);
    dn_script_header(&script, &out);
    assert_non_null(strstr(unmarked(&out), "session_timeout = 0;\nSET transaction_timeout = 0;\n"));
    dn_script_deinit(&script);
}

static void old_strings_are_announced(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    model.std_strings = false;
    dn_script_header(&script, &out);
    assert_non_null(strstr(unmarked(&out), "SET standard_conforming_strings = off;\n"));
    assert_non_null(strstr(unmarked(&out), "= warning;\nSET escape_string_warning = off;\nSET row_security"));
    dn_script_deinit(&script);
}

static void servers_version_cannot_leave_its_line(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    model.server_version_text = "15.1\nDROP TABLE t;";
    dn_script_header(&script, &out);
    assert_non_null(strstr(unmarked(&out), "-- Dumped from database version 15.1 DROP TABLE t;\n"));
    dn_script_deinit(&script);
}

static void footer_is_the_closing_line(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    dn_script_footer(&script, &out);
    assert_string_equal(unmarked(&out), "--\n-- PostgreSQL database dump complete\n--\n\n");
    dn_script_deinit(&script);
}

/* ---- Entries --------------------------------------------------------------------- */

static void entry_has_a_header_and_an_owner(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("TABLE", "CREATE TABLE public.t ();\n");
    entry.owner = "Alice A";
    entry.owned = true;
    dn_buf_str(&entry.owner_target, "TABLE public.t");
    assert_string_equal(written(&script, &entry), "--\n"
                                                  "-- Name: t; Type: TABLE; Schema: public; Owner: Alice A\n"
                                                  "--\n"
                                                  "\n"
                                                  "CREATE TABLE public.t ();\n"
                                                  "\n\n"
                                                  "ALTER TABLE public.t OWNER TO \"Alice A\";\n\n");
    render.no_owner = true;
    assert_string_equal(written(&script, &entry), "--\n"
                                                  "-- Name: t; Type: TABLE; Schema: public; Owner: -\n"
                                                  "--\n"
                                                  "\n"
                                                  "CREATE TABLE public.t ();\n"
                                                  "\n\n");
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void names_cannot_leave_the_comment(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("TABLE", "");
    entry.tag = "t\nDROP TABLE users; --";
    entry.schema = "s\r\\! ls";
    entry.owner = "o\n\n\\q";
    entry.tablespace = "";
    script.tablespace = "";
    assert_string_equal(written(&script, &entry),
                        "--\n"
                        "-- Name: t DROP TABLE users; --; Type: TABLE; Schema: s \\! ls; Owner: o  \\q\n"
                        "--\n\n");
    entry.tablespace = script.tablespace = "x\ny";
    assert_non_null(strstr(written(&script, &entry), "; Tablespace: x y\n--\n\n"));
    script.tablespace = NULL;
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void what_an_entry_lacks_is_a_dash(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("SCHEMA", "");
    entry.schema = entry.owner = NULL;
    assert_string_equal(written(&script, &entry),
                        "--\n-- Name: t; Type: SCHEMA; Schema: -; Owner: -\n--\n\n");
    entry.owner = ""; /* known not to have one, as extensions */
    assert_string_equal(written(&script, &entry), "--\n-- Name: t; Type: SCHEMA; Schema: -; Owner: \n--\n\n");
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void tablespace_is_set_when_it_changes(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("TABLE", "");
    entry.tablespace = "";
    assert_int_equal(strncmp(written(&script, &entry), "SET default_tablespace = '';\n\n--\n", 32), 0);
    assert_int_equal(strncmp(written(&script, &entry), "--\n", 3), 0);
    entry.tablespace = NULL;
    assert_int_equal(strncmp(written(&script, &entry), "--\n", 3), 0);
    entry.tablespace = "Fast";
    assert_string_equal(written(&script, &entry), "SET default_tablespace = \"Fast\";\n\n--\n"
                                                  "-- Name: t; Type: TABLE; Schema: public; Owner: alice; "
                                                  "Tablespace: Fast\n--\n\n");
    entry.tablespace = "";
    assert_int_equal(strncmp(written(&script, &entry), "SET default_tablespace = '';", 28), 0);
    render.no_tablespaces = true;
    entry.tablespace = "Fast";
    assert_null(strstr(written(&script, &entry), "ablespace"));
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void access_method_is_set_when_it_changes(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("TABLE", "");
    entry.tablespace = "";
    entry.access_method = "heap";
    assert_string_equal(written(&script, &entry),
                        "SET default_tablespace = '';\n\nSET default_table_access_method = heap;\n\n--\n"
                        "-- Name: t; Type: TABLE; Schema: public; Owner: alice\n--\n\n");
    assert_int_equal(strncmp(written(&script, &entry), "--\n", 3), 0);
    entry.access_method = "my heap";
    assert_int_equal(
        strncmp(written(&script, &entry), "SET default_table_access_method = \"my heap\";\n\n", 46), 0);
    entry.access_method = "heap";
    entry.partitioned = true; /* stores nothing itself: set for it alone */
    assert_string_equal(written(&script, &entry),
                        "--\n-- Name: t; Type: TABLE; Schema: public; Owner: alice\n--\n\n"
                        "ALTER TABLE public.t SET ACCESS METHOD heap;\n\n");
    render.no_table_access_method = true;
    entry.partitioned = false;
    assert_int_equal(strncmp(written(&script, &entry), "--\n", 3), 0);
    free_entry(&entry);
    dn_script_deinit(&script);
}

/* ---- Rows ------------------------------------------------------------------------ */

static void statistics_are_headed_as_such(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 18);
    const DnStatisticsData statistics = {0};
    DnEntry entry = entry_of("STATISTICS DATA", "SELECT 1;\n");
    entry.statistics = &statistics;
    entry.owner = NULL;
    assert_string_equal(written(&script, &entry),
                        "--\n"
                        "-- Statistics for Name: t; Type: STATISTICS DATA; Schema: public; Owner: -\n"
                        "--\n\nSELECT 1;\n\n\n");
}

static void rows_stand_between_copy_and_its_end(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    const DnTableData data = {0};
    DnEntry entry = entry_of("TABLE DATA", "COPY public.t (a) FROM stdin;\n");
    entry.data = &data;
    dn_script_data_begin(&script, &entry, &out);
    dn_buf_str(&out, "1\n");
    dn_script_data_end(&script, &entry, &out);
    assert_string_equal(unmarked(&out),
                        "--\n"
                        "-- Data for Name: t; Type: TABLE DATA; Schema: public; Owner: alice\n"
                        "--\n"
                        "\n"
                        "COPY public.t (a) FROM stdin;\n"
                        "1\n"
                        "\\.\n\n\n");
    dn_buf_clear(&out);
    render.inserts = true;
    dn_script_data_end(&script, &entry, &out);
    assert_string_equal(unmarked(&out), "\n\n");
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void triggers_are_switched_off_only_for_rows_alone(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    DnEntry entry = entry_of("TABLE DATA", "");
    entry.tag = "T";
    render.disable_triggers = true;
    dn_script_data_begin(&script, &entry, &out);
    assert_null(strstr(unmarked(&out), "TRIGGER"));
    dn_buf_clear(&out);
    render.data_only = true;
    dn_script_data_begin(&script, &entry, &out);
    assert_non_null(strstr(unmarked(&out), "--\n\nSET SESSION AUTHORIZATION DEFAULT;\n\n"
                                           "ALTER TABLE public.\"T\" DISABLE TRIGGER ALL;\n\n"));
    dn_buf_clear(&out);
    /* Once is enough. */
    dn_script_data_begin(&script, &entry, &out);
    assert_non_null(strstr(unmarked(&out), "--\n\nALTER TABLE public.\"T\" DISABLE TRIGGER ALL;\n\n"));
    dn_buf_clear(&out);
    dn_script_data_end(&script, &entry, &out);
    assert_string_equal(unmarked(&out), "\\.\n\n\nALTER TABLE public.\"T\" ENABLE TRIGGER ALL;\n\n");
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void stand_in_guards_the_text(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    render.restrict_key = "abc";
    render.enable_row_security = true;
    dn_script_header(&script, &out);
    assert_non_null(
        strstr(unmarked(&out), "\n--\n\n\\restrict abc\n\n-- Dumped from database version 15.1\n"));
    assert_non_null(strstr(unmarked(&out), "SET row_security = on;\n"));
    dn_buf_clear(&out);
    dn_script_footer(&script, &out);
    assert_string_equal(unmarked(&out), DN_CLOSING_COMMENT "\\unrestrict abc\n\n");
    DnEntry entry = entry_of("DATABASE", "");
    entry.connect = "shop";
    assert_non_null(
        strstr(written(&script, &entry), "\\unrestrict abc\n\\connect shop\n\\restrict abc\n\nSET "));
    free_entry(&entry);
    dn_script_deinit(&script);
}

static void owners_can_be_session_users(void **state) {
    (void)state;
    DnRender render;
    DnScript script = script_for(&render, 15);
    render.session_authorization = true;
    DnEntry entry = entry_of("TABLE", "CREATE TABLE public.t ();\n");
    entry.owned = true;
    dn_buf_str(&entry.owner_target, "TABLE public.t");
    assert_string_equal(written(&script, &entry),
                        "SET SESSION AUTHORIZATION 'alice';\n\n"
                        "--\n-- Name: t; Type: TABLE; Schema: public; Owner: alice\n--\n\n"
                        "CREATE TABLE public.t ();\n\n\n");
    assert_null(strstr(written(&script, &entry), "SESSION"));
    entry.owner = "";
    assert_int_equal(strncmp(written(&script, &entry), "SET SESSION AUTHORIZATION DEFAULT;\n\n", 36), 0);
    entry.pass = DN_PASS_ACL; /* may hold such statements */
    assert_null(strstr(written(&script, &entry), "SESSION"));
    assert_non_null(strstr(written(&script, &entry), "SESSION"));
    render.no_owner = true;
    assert_null(strstr(written(&script, &entry), "SESSION"));
    free_entry(&entry);
    dn_script_deinit(&script);
}

/* ---- --clean --------------------------------------------------------------------- */

static const char *dropped(DnScript *script, const char *desc, const char *drop) {
    DnEntry entry = entry_of(desc, "");
    dn_buf_str(&entry.drop, drop);
    dn_buf_clear(&out);
    dn_script_drop(script, &entry, &out);
    free_entry(&entry);
    return unmarked(&out);
}

static void drops_can_allow_for_absence(void **state) {
    (void)state;
    static const struct {
        const char *desc, *drop, *if_exists;
    } cases[] = {
        {"TABLE", "DROP TABLE public.t;\n", "DROP TABLE IF EXISTS public.t;\n"},
        {"MATERIALIZED VIEW", "DROP MATERIALIZED VIEW public.t;\n",
         "DROP MATERIALIZED VIEW IF EXISTS public.t;\n"},
        {"CONSTRAINT", "ALTER TABLE ONLY public.t DROP CONSTRAINT c;\n",
         "ALTER TABLE IF EXISTS ONLY public.t DROP CONSTRAINT IF EXISTS c;\n"},
        {"FK CONSTRAINT", "ALTER TABLE ONLY public.t DROP CONSTRAINT c;\n",
         "ALTER TABLE IF EXISTS ONLY public.t DROP CONSTRAINT IF EXISTS c;\n"},
        {"CHECK CONSTRAINT", "ALTER DOMAIN public.d DROP CONSTRAINT c;\n",
         "ALTER DOMAIN public.d DROP CONSTRAINT IF EXISTS c;\n"},
        {"DEFAULT", "ALTER TABLE public.t ALTER COLUMN a DROP DEFAULT;\n",
         "ALTER TABLE IF EXISTS public.t ALTER COLUMN a DROP DEFAULT;\n"},
        {"RULE", "CREATE OR REPLACE VIEW public.v AS\nSELECT\n    NULL::integer AS a;\n",
         "CREATE OR REPLACE VIEW public.v AS\nSELECT\n    NULL::integer AS a;\n"},
        {"RULE", "DROP RULE r ON public.t;\n", "DROP RULE IF EXISTS r ON public.t;\n"},
        {"SCHEMA", "-- *not* dropping schema, since initdb creates it\n",
         "-- *not* dropping schema, since initdb creates it\n"},
        /* the words inside of a name are not those of the statement */
        {"TABLE", "DROP TABLE public.\"DROP TABLE x\";\n", "DROP TABLE IF EXISTS public.\"DROP TABLE x\";\n"},
        {"TABLE", "", ""},
    };
    DnRender render;
    DnScript script = script_for(&render, 15);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        render.if_exists = false;
        assert_string_equal(dropped(&script, cases[i].desc, cases[i].drop), cases[i].drop);
        render.if_exists = true;
        assert_string_equal(dropped(&script, cases[i].desc, cases[i].drop), cases[i].if_exists);
    }
    dn_script_deinit(&script);
}

static int free_text(void **state) {
    (void)state;
    dn_buf_deinit(&out);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header_sets_the_session),
        cmocka_unit_test(version_17_has_a_transaction_timeout),
        cmocka_unit_test(old_strings_are_announced),
        cmocka_unit_test(servers_version_cannot_leave_its_line),
        cmocka_unit_test(footer_is_the_closing_line),
        cmocka_unit_test(entry_has_a_header_and_an_owner),
        cmocka_unit_test(names_cannot_leave_the_comment),
        cmocka_unit_test(what_an_entry_lacks_is_a_dash),
        cmocka_unit_test(tablespace_is_set_when_it_changes),
        cmocka_unit_test(access_method_is_set_when_it_changes),
        cmocka_unit_test(rows_stand_between_copy_and_its_end),
        cmocka_unit_test(statistics_are_headed_as_such),
        cmocka_unit_test(stand_in_guards_the_text),
        cmocka_unit_test(owners_can_be_session_users),
        cmocka_unit_test(triggers_are_switched_off_only_for_rows_alone),
        cmocka_unit_test(drops_can_allow_for_absence),
    };
    return cmocka_run_group_tests(tests, NULL, free_text);
}
