#include "tests/unit/sqlgen/render.h"

#include <string.h>

static DnModel model;

static DnDatabase shop(void) {
    return (DnDatabase){.object = {.kind = DN_KIND_DATABASE, .name = "Shop", .owner = "alice"},
                        .encoding = "UTF8",
                        .provider = 'c',
                        .collate = "C",
                        .ctype = "C",
                        .tablespace = "pg_default",
                        .connection_limit = -1};
}

static void locale_is_spelled_as_the_version_reads_it(void **state) {
    (void)state;
    DnDatabase d = shop();
    DnRender render = render_for(&model, 12);
    assert_string_equal(rendered(&render, dn_render_database, &d),
                        "[Shop; DATABASE; -; alice]\n"
                        "CREATE DATABASE \"Shop\" WITH TEMPLATE = template0 ENCODING = 'UTF8' LC_COLLATE = "
                        "'C' LC_CTYPE = 'C';\n"
                        "<< DROP DATABASE \"Shop\";\n>> DATABASE \"Shop\"\n");
    d.provider = 'b';
    d.locale = "C.UTF-8";
    d.tablespace = "fast";
    render = render_for(&model, 17);
    assert_string_equal(
        rendered(&render, dn_render_database, &d),
        "[Shop; DATABASE; -; alice]\n"
        "CREATE DATABASE \"Shop\" WITH TEMPLATE = template0 ENCODING = 'UTF8' "
        "LOCALE_PROVIDER = builtin LOCALE = 'C' BUILTIN_LOCALE = 'C.UTF-8' TABLESPACE = fast;\n"
        "<< DROP DATABASE \"Shop\";\n>> DATABASE \"Shop\"\n");
}

static void properties_follow_the_database(void **state) {
    (void)state;
    DnDatabaseSetting settings[] = {{.setting = "work_mem=1MB"}, {.role = "bob", .setting = "work_mem=2MB"}};
    DnDatabase d = shop();
    d.is_template = true;
    d.connection_limit = 3;
    d.settings.items = settings;
    d.settings.count = 2;
    DnRender render = render_for(&model, 15);
    const char *text = rendered(&render, dn_render_database, &d);
    assert_non_null(strstr(text, "[Shop; DATABASE PROPERTIES; -; alice]\n"
                                 "ALTER DATABASE \"Shop\" CONNECTION LIMIT = 3;\n"
                                 "ALTER DATABASE \"Shop\" IS_TEMPLATE = true;\n"
                                 "ALTER DATABASE \"Shop\" SET work_mem TO '1MB';\n"
                                 "ALTER ROLE bob IN DATABASE \"Shop\" SET work_mem TO '2MB';\n"
                                 "<< UPDATE pg_catalog.pg_database SET datistemplate = false "
                                 "WHERE datname = 'Shop';\n"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(locale_is_spelled_as_the_version_reads_it),
        cmocka_unit_test(properties_follow_the_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
