/*
 * What pg_dump makes of ACLs (its buildACLCommands() and parseAclItem()).
 */
#include "sqlgen/privileges.h"
#include "tests/unit/sqlgen/render.h"

static DnModel model;

/* The statements that lead from `base` to `current`; "" when there is no entry. */
static const char *statements(int major, const char *type, const char *column, const char *base,
                              const char *current) {
    static DnBuf texts[2];
    static size_t turn;
    DnBuf *text = &texts[turn++ % 2];
    DnRender render = render_for(&model, major);
    const DnObject object = IN_PUBLIC(TABLE, "t");
    const DnAcl acl = {.current = current, .standard = "{alice=arwdDxt/alice}", .base = base};
    DnEntries entries = {0};
    dn_render_acl(&render, &object, type, "t", column, &acl, &entries);
    assert_true(entries.count <= 1);
    dn_buf_clear(text);
    dn_buf_str(text, entries.count ? unmarked(&entries.items[0].create) : "");
    dn_entries_deinit(&entries);
    return dn_buf_text(text);
}

static const char *on_table(const char *base, const char *current) {
    return statements(15, "TABLE", NULL, base, current);
}

#define OWNS "alice=arwdDxt/alice"

static void nothing_changed_gives_nothing(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{" OWNS "}"), "");
    assert_string_equal(on_table("{" OWNS "}", NULL), ""); /* NULL: the standard ones */
    assert_string_equal(on_table("{" OWNS ",=r/alice}", "{=r/alice," OWNS "}"), "");
}

static void entry_is_tagged_and_passed_on(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnObject object = IN_PUBLIC(TABLE, "t");
    const DnAcl acl = {.current = "{bob=r/alice}", .base = "{}"};
    DnEntries entries = {0};
    dn_render_acl(&render, &object, "TABLE", "\"T\"", NULL, &acl, &entries);
    dn_render_acl(&render, &object, "TABLE", "\"T\"", "\"A\"", &acl, &entries);
    assert_int_equal(entries.count, 2);
    assert_string_equal(entries.items[0].tag, "TABLE \"T\"");
    assert_string_equal(entries.items[1].tag, "COLUMN \"T\".\"A\"");
    assert_string_equal(entries.items[0].desc, "ACL");
    assert_int_equal(entries.items[0].pass, DN_PASS_ACL);
    assert_int_equal(entries.items[0].section, 0);
    assert_string_equal(unmarked(&entries.items[0].create), "GRANT SELECT ON TABLE public.\"T\" TO bob;\n");
    assert_string_equal(unmarked(&entries.items[1].create),
                        "GRANT SELECT(\"A\") ON TABLE public.\"T\" TO bob;\n");
    dn_entries_deinit(&entries);
    render.no_privileges = true;
    dn_render_acl(&render, &object, "TABLE", "t", NULL, &acl, &entries);
    assert_int_equal(entries.count, 0);
    dn_entries_deinit(&entries);
}

static void grants_are_spelled_in_pg_dumps_order(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{" OWNS ",bob=arw/alice,carol=dDxt/alice}"),
                        "GRANT SELECT,INSERT,UPDATE ON TABLE public.t TO bob;\n"
                        "GRANT REFERENCES,DELETE,TRIGGER,TRUNCATE ON TABLE public.t TO carol;\n");
}

static void public_has_no_name(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{" OWNS ",=r/alice}"),
                        "GRANT SELECT ON TABLE public.t TO PUBLIC;\n");
}

static void what_is_gone_is_revoked_first(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{}"), "REVOKE ALL ON TABLE public.t FROM alice;\n");
    assert_string_equal(
        on_table("{" OWNS ",=r/alice}", "{alice=arwdDx/alice}"),
        "REVOKE ALL ON TABLE public.t FROM alice;\n"
        "REVOKE SELECT ON TABLE public.t FROM PUBLIC;\n"
        "GRANT SELECT,INSERT,REFERENCES,DELETE,TRUNCATE,UPDATE ON TABLE public.t TO alice;\n");
    /* the grant option goes with its privilege */
    assert_string_equal(on_table("{bob=r*w/alice}", "{}"),
                        "REVOKE SELECT,UPDATE ON TABLE public.t FROM bob;\n");
}

static void grant_option_is_a_statement_of_its_own(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{" OWNS ",bob=ar*w*/alice}"),
                        "GRANT INSERT ON TABLE public.t TO bob;\n"
                        "GRANT SELECT,UPDATE ON TABLE public.t TO bob WITH GRANT OPTION;\n");
}

static void all_stands_for_every_privilege(void **state) {
    (void)state;
    assert_string_equal(on_table("{}", "{bob=arwdDxt/alice}"), "GRANT ALL ON TABLE public.t TO bob;\n");
    assert_string_equal(on_table("{}", "{bob=a*r*w*d*D*x*t*/alice}"),
                        "GRANT ALL ON TABLE public.t TO bob WITH GRANT OPTION;\n");
    assert_string_equal(on_table("{}", "{bob=a*rwdDxt/alice}"),
                        "GRANT SELECT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE public.t TO bob;\n"
                        "GRANT INSERT ON TABLE public.t TO bob WITH GRANT OPTION;\n");
}

static void maintain_counts_from_17_on(void **state) {
    (void)state;
    assert_string_equal(statements(16, "TABLE", NULL, "{}", "{bob=arwdDxt/alice}"),
                        "GRANT ALL ON TABLE public.t TO bob;\n");
    assert_string_equal(
        statements(17, "TABLE", NULL, "{}", "{bob=arwdDxt/alice}"),
        "GRANT SELECT,INSERT,REFERENCES,DELETE,TRIGGER,TRUNCATE,UPDATE ON TABLE public.t TO bob;\n");
    assert_string_equal(statements(17, "TABLE", NULL, "{}", "{bob=arwdDxtm/alice,carol=m/alice}"),
                        "GRANT ALL ON TABLE public.t TO bob;\nGRANT MAINTAIN ON TABLE public.t TO carol;\n");
}

static void others_grants_are_made_in_their_name(void **state) {
    (void)state;
    assert_string_equal(on_table("{" OWNS "}", "{" OWNS ",bob=r*/alice,carol=r/bob,dave=r/alice}"),
                        "GRANT SELECT ON TABLE public.t TO bob WITH GRANT OPTION;\n"
                        "SET SESSION AUTHORIZATION bob;\n"
                        "GRANT SELECT ON TABLE public.t TO carol;\n"
                        "RESET SESSION AUTHORIZATION;\n"
                        "GRANT SELECT ON TABLE public.t TO dave;\n");
}

/* So pg_dump: the rest keeps its order, in which each grant rests only on earlier ones. */
static void what_the_owner_holds_comes_first(void **state) {
    (void)state;
    assert_string_equal(on_table("{}", "{bob=r*/alice,carol=r/bob,alice=w/alice}"),
                        "GRANT UPDATE ON TABLE public.t TO alice;\n"
                        "GRANT SELECT ON TABLE public.t TO bob WITH GRANT OPTION;\n"
                        "SET SESSION AUTHORIZATION bob;\n"
                        "GRANT SELECT ON TABLE public.t TO carol;\n"
                        "RESET SESSION AUTHORIZATION;\n");
    /* the owner's privilege from someone else is not the owner's own */
    assert_string_equal(on_table("{}", "{bob=r*/alice,alice=r/bob}"),
                        "GRANT SELECT ON TABLE public.t TO bob WITH GRANT OPTION;\n"
                        "SET SESSION AUTHORIZATION bob;\n"
                        "GRANT SELECT ON TABLE public.t TO alice;\n"
                        "RESET SESSION AUTHORIZATION;\n");
}

static void names_may_be_hostile(void **state) {
    (void)state;
    assert_string_equal(on_table("{}", "{\"\\\"a=r/b\\\"=r/alice\"}"),
                        "GRANT SELECT ON TABLE public.t TO \"a=r/b\";\n");
    assert_string_equal(on_table("{}", "{\"\\\"say \\\"\\\"hi\\\"\\\"\\\"=w/alice\"}"),
                        "GRANT UPDATE ON TABLE public.t TO \"say \"\"hi\"\"\";\n");
    /* the privileges begin behind the closing quote, not behind a doubled one */
    assert_string_equal(on_table("{}", "{\"\\\"a\\\"\\\"=w/b\\\"=r/alice\"}"),
                        "GRANT SELECT ON TABLE public.t TO \"a\"\"=w/b\";\n");
    assert_string_equal(on_table("{}", "{\"bob=r/\\\"x/y\\\"\"}"), "SET SESSION AUTHORIZATION \"x/y\";\n"
                                                                   "GRANT SELECT ON TABLE public.t TO bob;\n"
                                                                   "RESET SESSION AUTHORIZATION;\n");
    assert_string_equal(on_table("{}", "{\"\\\"a,}\\\\;\n--\\\"=r/alice\"}"),
                        "GRANT SELECT ON TABLE public.t TO \"a,}\\;\n--\";\n");
    assert_string_equal(on_table("{}", "{select=r/alice}"),
                        "GRANT SELECT ON TABLE public.t TO \"select\";\n");
}

static void nonsense_grants_nothing(void **state) {
    (void)state;
    static const char *const acls[] = {"{bob}", "{bob=r}",  "{\"\\\"bob=r/alice\"}", "{bob=/alice}", "{NULL}",
                                       "{",     "nonsense", "{bob=QZ/alice}"};
    for (size_t i = 0; i < sizeof acls / sizeof acls[0]; i++) {
        assert_string_equal(on_table("{}", acls[i]), "");
    }
}

static void columns_have_privileges_of_their_own(void **state) {
    (void)state;
    assert_string_equal(statements(15, "TABLE", "\"A b\"", NULL, "{bob=rw/alice,carol=arwx/alice}"),
                        "GRANT SELECT(\"A b\"),UPDATE(\"A b\") ON TABLE public.t TO bob;\n"
                        "GRANT ALL(\"A b\") ON TABLE public.t TO carol;\n");
    assert_string_equal(statements(15, "TABLE", "a", "{bob=r/alice}", "{}"),
                        "REVOKE SELECT(a) ON TABLE public.t FROM bob;\n");
}

static void each_type_has_its_privileges(void **state) {
    (void)state;
    static const struct {
        const char *type, *letters, *names;
    } types[] = {
        {"SEQUENCE", "rU", "SELECT,USAGE"},
        {"SEQUENCE", "rwU", "ALL"},
        {"FUNCTION", "X", "ALL"},
        {"PROCEDURE", "X", "ALL"},
        {"SCHEMA", "C", "CREATE"},
        {"SCHEMA", "UC", "ALL"},
        {"TYPE", "U", "ALL"},
        {"LANGUAGE", "U", "ALL"},
        {"FOREIGN DATA WRAPPER", "U", "ALL"},
        {"FOREIGN SERVER", "U", "ALL"},
        {"DATABASE", "Tc", "CONNECT,TEMPORARY"},
        {"DATABASE", "CTc", "ALL"},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        DnBuf acl = {0};
        DnBuf expected = {0};
        dn_buf_fmt(&acl, "{bob=%s/alice}", types[i].letters);
        dn_buf_fmt(&expected, "GRANT %s ON %s public.t TO bob;\n", types[i].names, types[i].type);
        assert_string_equal(statements(15, types[i].type, NULL, "{}", dn_buf_text(&acl)),
                            dn_buf_text(&expected));
        dn_buf_deinit(&acl);
        dn_buf_deinit(&expected);
    }
}

static void without_schema_there_is_no_dot(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const DnObject schema = {.kind = DN_KIND_SCHEMA, .name = "s", .owner = "alice"};
    const DnAcl acl = {.current = "{bob=U/alice}", .base = "{}"};
    DnEntries entries = {0};
    dn_render_acl(&render, &schema, "SCHEMA", "s", NULL, &acl, &entries);
    assert_string_equal(unmarked(&entries.items[0].create), "GRANT USAGE ON SCHEMA s TO bob;\n");
    dn_entries_deinit(&entries);
}

static void default_privileges_name_no_object(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnDefaultAcl tables = {
        .object = {.kind = DN_KIND_DEFAULT_ACL, .name = "r", .schema = &render_schema, .owner = "alice"},
        .objtype = 'r',
        .objects = "TABLES",
        .role = "Alice A"};
    tables.object.acl =
        (DnAcl){.current = "{\"\\\"Alice A\\\"=arwdDxt/\\\"Alice A\\\"\",\"bob=r/\\\"Alice A\\\"\"}",
                .base = "{\"\\\"Alice A\\\"=arwdDxt/\\\"Alice A\\\"\"}"};
    assert_string_equal(rendered(&render, dn_render_default_acl, &tables),
                        "[DEFAULT PRIVILEGES FOR TABLES; DEFAULT ACL; public; alice]\n"
                        "ALTER DEFAULT PRIVILEGES FOR ROLE \"Alice A\" IN SCHEMA public "
                        "GRANT SELECT ON TABLES  TO bob;\n");
    tables.object.schema = NULL;
    tables.object.acl.current = "{}";
    assert_string_equal(
        rendered(&render, dn_render_default_acl, &tables),
        "[DEFAULT PRIVILEGES FOR TABLES; DEFAULT ACL; -; alice]\n"
        "ALTER DEFAULT PRIVILEGES FOR ROLE \"Alice A\" REVOKE ALL ON TABLES  FROM \"Alice A\";\n");
    tables.object.acl.current = tables.object.acl.base;
    assert_string_equal(rendered(&render, dn_render_default_acl, &tables), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_changed_gives_nothing),
        cmocka_unit_test(entry_is_tagged_and_passed_on),
        cmocka_unit_test(grants_are_spelled_in_pg_dumps_order),
        cmocka_unit_test(public_has_no_name),
        cmocka_unit_test(what_is_gone_is_revoked_first),
        cmocka_unit_test(grant_option_is_a_statement_of_its_own),
        cmocka_unit_test(all_stands_for_every_privilege),
        cmocka_unit_test(maintain_counts_from_17_on),
        cmocka_unit_test(others_grants_are_made_in_their_name),
        cmocka_unit_test(what_the_owner_holds_comes_first),
        cmocka_unit_test(names_may_be_hostile),
        cmocka_unit_test(nonsense_grants_nothing),
        cmocka_unit_test(columns_have_privileges_of_their_own),
        cmocka_unit_test(each_type_has_its_privileges),
        cmocka_unit_test(without_schema_there_is_no_dot),
        cmocka_unit_test(default_privileges_name_no_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
