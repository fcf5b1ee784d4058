/* Roles in statements: where they are found, and what the options make of the statement. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/err.h"
#include "restore/rewrite.h"
#include "restore/roles.h"

static void note(void *ctx, DnToken token, DnRoleUse use) {
    DnBuf *told = ctx;
    dn_buf_sep(told, " ");
    dn_buf_char(told, "oga"[use]);
    dn_buf_char(told, ':');
    dn_buf_add(told, token.text, token.size);
}

static void check_roles(const char *statement, const char *expected) {
    DnBuf told = {0};
    dn_roles_find(statement, strlen(statement), true, note, &told);
    assert_string_equal(dn_buf_text(&told), expected);
    dn_buf_deinit(&told);
}

static void test_find(void **state) {
    (void)state;
    check_roles("ALTER TABLE shop.owner OWNER TO \"Me Too\";", "o:\"Me Too\"");
    check_roles("ALTER TABLE owner OWNER TO me;", "o:me");
    check_roles("ALTER FUNCTION f(\"owner to\" int) OWNER TO CURRENT_USER;", "");
    check_roles("CREATE SCHEMA s AUTHORIZATION me;", "o:me");
    check_roles("GRANT SELECT(a,b),UPDATE(c) ON TABLE shop.\"to\" TO a, PUBLIC, GROUP b WITH GRANT OPTION;",
                "g:a g:b");
    check_roles("GRANT a, b TO c GRANTED BY d;", "g:a g:b g:c g:d");
    check_roles("REVOKE ALL ON SCHEMA public FROM PUBLIC;", "");
    check_roles("REVOKE GRANT OPTION FOR ALL ON FUNCTION f(a int) FROM me;", "g:me");
    check_roles("ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT ALL ON TABLES TO b;", "g:a g:b");
    check_roles("ALTER DEFAULT PRIVILEGES IN SCHEMA s REVOKE ALL ON TABLES FROM b;", "g:b");
    check_roles("CREATE POLICY p ON shop.t TO a, b USING ((c = 'TO d'::text));", "a:a a:b");
    check_roles("CREATE USER MAPPING FOR a SERVER s OPTIONS (\"user\" 'b');", "a:a");
    check_roles("CREATE USER MAPPING FOR PUBLIC SERVER s;", "");
    check_roles("CREATE USER MAPPING FOR \"public\" SERVER s;", "");
    check_roles("SET SESSION AUTHORIZATION 'a';", "a:'a'");
    check_roles("SET SESSION AUTHORIZATION DEFAULT;", "");
    check_roles("COMMENT ON TABLE t IS 'OWNER TO a';", "");
    check_roles("CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ ALTER TABLE t OWNER TO a $$;", "");
}

typedef struct Item {
    DnSqlItem item;
} Item;

static DnStatus keep(void *ctx, const DnSqlItem *item, DnErr *err) {
    Item *kept = ctx;
    (void)err;
    memcpy(kept->item.words, item->words, sizeof item->words);
    return DN_OK;
}

/* The item of a statement, as the reader gives it. */
static Item item_of(const char *statement) {
    Item kept = {0};
    DnErr err;
    DnSqlReader *reader = dn_sql_reader_new(keep, &kept);
    assert_int_equal(dn_sql_reader_add(reader, statement, strlen(statement), &err), DN_OK);
    dn_sql_reader_free(reader);
    kept.item.text = statement;
    kept.item.size = strlen(statement);
    return kept;
}

static void check_skip(const char *statement, bool no_owner, bool no_privileges, bool expected) {
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    Item kept = item_of(statement);
    options.no_owner = no_owner;
    options.no_privileges = no_privileges;
    assert_int_equal(dn_rewrite_skips(&options, &kept.item), expected);
}

static void test_skip(void **state) {
    (void)state;
    check_skip("ALTER TABLE t OWNER TO me;", true, false, true);
    check_skip("ALTER TABLE t OWNER TO me;", false, true, false);
    check_skip("ALTER TABLE t ADD COLUMN owner int;", true, true, false);
    check_skip("SET SESSION AUTHORIZATION me;", true, false, true);
    check_skip("RESET SESSION AUTHORIZATION;", true, false, true);
    check_skip("GRANT ALL ON t TO me;", false, true, true);
    check_skip("GRANT ALL ON t TO me;", true, false, false);
    check_skip("REVOKE ALL ON t FROM me;", false, true, true);
    check_skip("ALTER DEFAULT PRIVILEGES FOR ROLE a GRANT ALL ON TABLES TO b;", false, true, true);
    check_skip("CREATE TABLE grants (a int);", true, true, false);
}

static void check_map(const char *statement, const char *expected) {
    static const char *const pairs[] = {"a=b \"c", "Me=you", "b=d", NULL};
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    DnBuf changed = {0};
    Item kept = item_of(statement);
    options.role_map = pairs;
    assert_string_equal(dn_rewrite(&options, &kept.item, &changed), expected);
    dn_buf_deinit(&changed);
}

static void test_map(void **state) {
    (void)state;
    check_map("GRANT a ON a.a TO a, B, other;", "GRANT a ON a.a TO \"b \"\"c\", \"d\", other;");
    check_map("ALTER TABLE a OWNER TO \"Me\"; ", "ALTER TABLE a OWNER TO \"you\"; ");
    check_map("ALTER TABLE a OWNER TO me;", "ALTER TABLE a OWNER TO me;");
    check_map("SET SESSION AUTHORIZATION 'Me';", "SET SESSION AUTHORIZATION 'you';");
    check_map("SELECT 'OWNER TO a';", "SELECT 'OWNER TO a';");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_skip),
        cmocka_unit_test(test_map),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
