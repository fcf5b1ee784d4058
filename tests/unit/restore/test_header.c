/* Headers and meta-commands: what is found around statements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "restore/header.h"
#include "restore/meta.h"

static void test_header(void **state) {
    (void)state;
    DnHeader header;
    static const char table[] =
        "\n--\n-- Name: first; Type: TYPE; Schema: -; Owner: -\n--\n"
        "-- Name: my orders; Type: TABLE; Schema: shop; Owner: me; Tablespace: fast\n--\n\n";
    assert_true(dn_header_find(table, strlen(table), &header));
    assert_true(dn_slice_is(header.name, "my orders"));
    assert_true(dn_slice_is(header.type, "TABLE"));
    assert_true(dn_slice_is(header.schema, "shop"));
    assert_true(dn_slice_is(header.owner, "me"));
    static const char data[] = "-- Data for Name: orders; Type: TABLE DATA; Schema: -; Owner: me";
    assert_true(dn_header_find(data, strlen(data), &header));
    assert_true(dn_slice_is(header.type, "TABLE DATA"));
    assert_int_equal(header.schema.size, 0);
    static const char none[] = "-- Naming: orders\n--\n-- Dumped from database version 18\n";
    assert_false(dn_header_find(none, strlen(none), &header));
}

/* The database that \connect names, "" for none. */
static void check_connect(const char *line, const char *expected) {
    DnSqlItem item = {.kind = DN_SQL_META, .text = line, .size = strlen(line)};
    DnMeta meta = dn_meta_parse(&item);
    char database[64] = "";
    assert_true(dn_meta_connects(&meta));
    assert_int_equal(dn_meta_database(&meta, database, sizeof database), expected[0] != '\0');
    if (expected[0]) {
        assert_string_equal(database, expected);
    }
}

static void test_connect(void **state) {
    (void)state;
    check_connect("\\connect Shop\n", "Shop");
    check_connect("\\c shop \r\n", "shop");
    check_connect("\\connect \"My \"\"Shop\"\n", "My \"Shop");
    check_connect("\\connect -reuse-previous=on \"dbname='O\\'D\"\"d\\\\b'\"\n", "O'D\"d\\b");
    check_connect("\\connect -reuse-previous=on \"dbname=shop\"\n", "shop");
    check_connect("\\connect\n", "");
    check_connect("\\connect shop me\n", "");
    check_connect("\\connect \"host=elsewhere dbname=shop\"\n", "");
    check_connect("\\connect postgresql://elsewhere/shop\n", "");
    check_connect("\\connect -reuse-previous=on \"dbname='shop' host=elsewhere\"\n", "");
    check_connect("\\connect -reuse-previous=on \"dbname=shop host=elsewhere\"\n", "");
    check_connect("\\connect -reuse-previous=on \"host=elsewhere\"\n", "");
    check_connect("\\connect `id`\n", "");
    check_connect("\\connect :name\n", "");
    check_connect("\\connect a123456789012345678901234567890123456789012345678901234567890123456789\n", "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_connect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
