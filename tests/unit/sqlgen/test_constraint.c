#include "sqlgen/constraint.h"

#include <string.h>

#include "tests/unit/sqlgen/render.h"

static DnModel model;
static DnRelation table = {.object = IN_PUBLIC(TABLE, "users"), .relkind = 'r'};
static const char *column_names[] = {"id", "Tenant", "note"};

static DnIndex key_index(void) {
    DnIndex index = {.object = IN_PUBLIC(INDEX, "users_key"),
                     .table = &table,
                     .tablespace = "",
                     .columns = VEC_OF(column_names),
                     .key_count = 3};
    return index;
}

static DnConstraint of_table(char contype, const char *definition) {
    return (DnConstraint){.object = IN_PUBLIC(CONSTRAINT, "users_key"),
                          .table = &table,
                          .contype = contype,
                          .definition = definition,
                          .local = true,
                          .separate = true,
                          .validated = true};
}

static void primary_key_is_spelled_from_its_index(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndex index = key_index();
    DnConstraint key = of_table('p', NULL);
    key.index = &index;
    assert_string_equal(rendered(&render, dn_render_constraint, &key),
                        "[users users_key; CONSTRAINT; public; alice]\n"
                        "ALTER TABLE ONLY public.users\n"
                        "    ADD CONSTRAINT users_key PRIMARY KEY (id, \"Tenant\", note);\n"
                        "<< ALTER TABLE ONLY public.users DROP CONSTRAINT users_key;\n");
}

/* pg_dump tries to drop it by itself, which no server lets it. */
static void key_of_a_partition_is_dropped_with_the_partitioned_ones(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndex index = key_index();
    index.parent_oid = 16400;
    DnConstraint key = of_table('p', NULL);
    key.index = &index;
    assert_null(strstr(rendered(&render, dn_render_constraint, &key), "DROP"));
    render.stand_in = true;
    assert_non_null(strstr(rendered(&render, dn_render_constraint, &key), "DROP CONSTRAINT users_key"));
}

static void unique_has_all_its_clauses(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnIndex index = key_index();
    index.key_count = 2;
    index.options = "{fillfactor=70}";
    index.nulls_not_distinct = true;
    index.is_clustered = index.is_replica_identity = true;
    DnConstraint key = of_table('u', NULL);
    key.index = &index;
    key.deferrable = key.deferred = true;
    assert_string_equal(rendered(&render, dn_render_constraint, &key),
                        "[users users_key; CONSTRAINT; public; alice]\n"
                        "ALTER TABLE ONLY public.users\n"
                        "    ADD CONSTRAINT users_key UNIQUE NULLS NOT DISTINCT (id, \"Tenant\") "
                        "INCLUDE (note) WITH (fillfactor='70') DEFERRABLE INITIALLY DEFERRED;\n"
                        "\nALTER TABLE public.users CLUSTER ON users_key;\n"
                        "\nALTER TABLE ONLY public.users REPLICA IDENTITY USING INDEX users_key;\n"
                        "<< ALTER TABLE ONLY public.users DROP CONSTRAINT users_key;\n");
}

static void without_overlaps_goes_to_the_last_key(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnIndex index = key_index();
    index.key_count = 2;
    DnConstraint key = of_table('p', NULL);
    key.index = &index;
    key.without_overlaps = true;
    assert_string_equal(rendered(&render, dn_render_constraint, &key),
                        "[users users_key; CONSTRAINT; public; alice]\n"
                        "ALTER TABLE ONLY public.users\n"
                        "    ADD CONSTRAINT users_key PRIMARY KEY (id, \"Tenant\" WITHOUT OVERLAPS) "
                        "INCLUDE (note);\n"
                        "<< ALTER TABLE ONLY public.users DROP CONSTRAINT users_key;\n");
}

static void foreign_key_is_only_the_tables_unless_partitioned(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnRelation partitioned = {.object = IN_PUBLIC(TABLE, "parts"), .relkind = 'p'};
    DnConstraint key = of_table('f', "FOREIGN KEY (a) REFERENCES public.t(id)");
    assert_string_equal(rendered(&render, dn_render_constraint, &key),
                        "[users users_key; FK CONSTRAINT; public; alice]\n"
                        "ALTER TABLE ONLY public.users\n"
                        "    ADD CONSTRAINT users_key FOREIGN KEY (a) REFERENCES public.t(id);\n"
                        "<< ALTER TABLE ONLY public.users DROP CONSTRAINT users_key;\n");
    key.table = &partitioned;
    assert_string_equal(rendered(&render, dn_render_constraint, &key),
                        "[parts users_key; FK CONSTRAINT; public; alice]\n"
                        "ALTER TABLE public.parts\n"
                        "    ADD CONSTRAINT users_key FOREIGN KEY (a) REFERENCES public.t(id);\n"
                        "<< ALTER TABLE public.parts DROP CONSTRAINT users_key;\n");
}

static void plain_foreign_key_is_spelled_from_its_columns(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    const char *columns[] = {"tenant", "By"};
    DnForeignKey key = {.referenced = &table,
                        .columns = columns,
                        .referenced_columns = column_names,
                        .count = 2,
                        .match = 's',
                        .on_update = 'a',
                        .on_delete = 'a'};
    DnConstraint constraint = of_table('f', NULL);
    constraint.key = &key;
    assert_string_equal(rendered(&render, dn_render_constraint, &constraint),
                        "[users users_key; FK CONSTRAINT; public; alice]\n"
                        "ALTER TABLE ONLY public.users\n"
                        "    ADD CONSTRAINT users_key FOREIGN KEY (tenant, \"By\") "
                        "REFERENCES public.users(id, \"Tenant\");\n"
                        "<< ALTER TABLE ONLY public.users DROP CONSTRAINT users_key;\n");
    key.match = 'f';
    key.on_update = 'n';
    key.on_delete = 'c';
    constraint.deferrable = constraint.deferred = true;
    constraint.validated = false;
    assert_non_null(strstr(rendered(&render, dn_render_constraint, &constraint),
                           "users(id, \"Tenant\") MATCH FULL ON UPDATE SET NULL ON DELETE CASCADE "
                           "DEFERRABLE INITIALLY DEFERRED NOT VALID;\n"));
}

static void separate_check_reaches_the_children(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "late"};
    DnRelation foreign = {.object = IN_PUBLIC(TABLE, "remote"), .relkind = 'f'};
    DnConstraint check = of_table('c', "CHECK ((a > 0)) NOT VALID");
    check.object.comments = &comment;
    check.table = &foreign;
    assert_string_equal(rendered(&render, dn_render_constraint, &check),
                        "[remote users_key; CHECK CONSTRAINT; public; alice]\n"
                        "ALTER FOREIGN TABLE public.remote\n"
                        "    ADD CONSTRAINT users_key CHECK ((a > 0)) NOT VALID;\n"
                        "<< ALTER FOREIGN TABLE public.remote DROP CONSTRAINT users_key;\n"
                        "[CONSTRAINT users_key ON remote; COMMENT; public; alice]\n"
                        "COMMENT ON CONSTRAINT users_key ON public.remote IS 'late';\n");
}

static void inline_check_leaves_only_a_comment_to_its_table(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "early"};
    DnConstraint check = of_table('c', "CHECK ((a > 0))");
    check.separate = false;
    check.object.comments = &comment;
    assert_string_equal(rendered(&render, dn_render_constraint, &check), "");

    DnConstraint inherited = check;
    inherited.local = false;
    DnConstraint *checks[] = {&inherited, &check};
    DnRelation owner = table;
    owner.checks.items = checks;
    owner.checks.count = 2;
    DnEntries entries = {0};
    dn_render_check_comments(&render, &owner, &entries);
    assert_int_equal(entries.count, 1);
    assert_string_equal(entries.items[0].tag, "CONSTRAINT users_key ON users");
    assert_string_equal(unmarked(&entries.items[0].create),
                        "COMMENT ON CONSTRAINT users_key ON public.users IS 'early';\n");
    dn_entries_deinit(&entries);
}

static void not_null_can_be_not_valid(void **state) {
    (void)state;
    DnRender render = render_for(&model, 18);
    DnConstraint constraint = of_table('n', "NOT NULL a NOT VALID");
    assert_string_equal(rendered(&render, dn_render_constraint, &constraint),
                        "[users users_key; CONSTRAINT; public; alice]\n"
                        "ALTER TABLE public.users\n"
                        "    ADD CONSTRAINT users_key NOT NULL a NOT VALID;\n"
                        "<< ALTER TABLE public.users DROP CONSTRAINT users_key;\n");
}

static void domain_constraint_alters_the_domain(void **state) {
    (void)state;
    DnRender render = render_for(&model, 15);
    DnComment comment = {.text = "of a domain"};
    DnType domain = {.object = IN_PUBLIC(TYPE, "Dom"), .typtype = 'd'};
    DnConstraint check = of_table('c', "CHECK ((VALUE > 0)) NOT VALID");
    check.object.comments = &comment;
    check.table = NULL;
    check.domain = &domain;
    assert_string_equal(rendered(&render, dn_render_constraint, &check),
                        "[Dom users_key; CHECK CONSTRAINT; public; alice]\n"
                        "ALTER DOMAIN public.\"Dom\"\n"
                        "    ADD CONSTRAINT users_key CHECK ((VALUE > 0)) NOT VALID;\n"
                        "<< ALTER DOMAIN public.\"Dom\" DROP CONSTRAINT users_key;\n"
                        "[CONSTRAINT users_key ON DOMAIN \"Dom\"; COMMENT; public; alice]\n"
                        "COMMENT ON CONSTRAINT users_key ON DOMAIN public.\"Dom\" IS 'of a domain';\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(primary_key_is_spelled_from_its_index),
        cmocka_unit_test(key_of_a_partition_is_dropped_with_the_partitioned_ones),
        cmocka_unit_test(unique_has_all_its_clauses),
        cmocka_unit_test(without_overlaps_goes_to_the_last_key),
        cmocka_unit_test(foreign_key_is_only_the_tables_unless_partitioned),
        cmocka_unit_test(plain_foreign_key_is_spelled_from_its_columns),
        cmocka_unit_test(separate_check_reaches_the_children),
        cmocka_unit_test(inline_check_leaves_only_a_comment_to_its_table),
        cmocka_unit_test(not_null_can_be_not_valid),
        cmocka_unit_test(domain_constraint_alters_the_domain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
