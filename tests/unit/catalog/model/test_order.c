#include "tests/unit/catalog/model/world.h"

/* ---- By name --------------------------------------------------------------------- */

static void kinds_then_schemas_then_names(void **state) {
    (void)state;
    DnSchema *b = ADD(DnSchema, SCHEMA, "b");
    DnSchema *a = ADD(DnSchema, SCHEMA, "a");
    (void)ADD_IN(DnRelation, TABLE, "b.t1", b);
    (void)ADD_IN(DnRelation, TABLE, "a.t2", a);
    (void)ADD_IN(DnRelation, TABLE, "a.t1", a);
    (void)ADD_IN(DnFunction, FUNCTION, "b.f", b);
    (void)ADD_IN(DnType, TYPE, "b.e", b);
    (void)ADD_IN(DnTrigger, TRIGGER, "a.trigger", a);
    (void)ADD_IN(DnIndex, INDEX, "b.index", b);
    assert_string_equal(ordered(), "a b b.e b.f a.t1 a.t2 b.t1 | || b.index a.trigger");
}

/* Not by the rules of some language: the dump must not depend on where it was made. */
static void names_go_by_their_bytes(void **state) {
    (void)state;
    (void)ADD(DnRelation, TABLE, "b");
    (void)ADD(DnRelation, TABLE, "_");
    (void)ADD(DnRelation, TABLE, "B");
    (void)ADD(DnRelation, TABLE, "\xc3\xa4");
    (void)ADD(DnRelation, TABLE, "a1");
    (void)ADD(DnRelation, TABLE, "a");
    assert_string_equal(ordered(), "B _ a a1 b \xc3\xa4 | ||");
}

static void names_that_begin_alike(void **state) {
    (void)state;
    (void)ADD(DnRelation, TABLE, "abcdefghb");
    (void)ADD(DnRelation, TABLE, "abcdefgh\xc3\xa4");
    (void)ADD(DnRelation, TABLE, "abcdefgh");
    (void)ADD(DnRelation, TABLE, "abcdefghB");
    (void)ADD(DnRelation, TABLE, "abcdefg");
    (void)ADD(DnRelation, TABLE, "abcdefg\xc3");
    assert_string_equal(ordered(), "abcdefg abcdefgh abcdefghB abcdefghb abcdefgh\xc3\xa4 abcdefg\xc3 | ||");
}

static void what_has_no_schema_comes_after_all_schemas(void **state) {
    (void)state;
    (void)ADD(DnRelation, TABLE, "a");
    DnSchema *b = ADD(DnSchema, SCHEMA, "b");
    DnSchema *long_a = ADD(DnSchema, SCHEMA, "abcdefghi");
    DnSchema *long_b = ADD(DnSchema, SCHEMA, "abcdefghb");
    (void)ADD_IN(DnRelation, TABLE, "1", long_a);
    (void)ADD_IN(DnRelation, TABLE, "2", b);
    (void)ADD_IN(DnRelation, TABLE, "3", long_b);
    assert_string_equal(ordered(), "abcdefghb abcdefghi b 3 1 2 a | ||");
}

static void tables_views_and_sequences_mix(void **state) {
    (void)state;
    (void)ADD(DnRelation, VIEW, "c");
    (void)ADD(DnRelation, SEQUENCE, "b");
    (void)ADD(DnRelation, TABLE, "a");
    assert_string_equal(ordered(), "a b c | ||");
}

static const char *order_around_access_method(int version) {
    DnSchema *schema = ADD(DnSchema, SCHEMA, "s");
    model.server_version = version;
    (void)ADD(DnAccessMethod, ACCESS_METHOD, "am");
    (void)ADD_IN(DnOperator, OPERATOR, "~", schema);
    (void)ADD_IN(DnOpclass, OPCLASS, "class", schema);
    return ordered();
}

static void access_methods_stand_before_operators(void **state) {
    (void)state;
    assert_string_equal(order_around_access_method(150000), "s am ~ class | ||");
}

static void access_methods_of_13_stand_after_operators(void **state) {
    (void)state;
    assert_string_equal(order_around_access_method(130000), "s ~ am class | ||");
}

static DnFunction *function_of(const char *name, uint32_t *types, size_t count) {
    DnFunction *function = ADD(DnFunction, FUNCTION, name);
    function->arg_types.items = types;
    function->arg_types.count = count;
    return function;
}

static void functions_of_one_name_go_by_their_arguments(void **state) {
    (void)state;
    const DnType *text = ADD(DnType, TYPE, "text");
    const DnType *integer = ADD(DnType, TYPE, "integer");
    uint32_t of_text[] = {text->object.oid, text->object.oid};
    uint32_t of_integer[] = {integer->object.oid, text->object.oid};
    DnFunction *two = function_of("f", of_text, 2);
    DnFunction *one = function_of("f", of_text, 1);
    DnFunction *one_integer = function_of("f", of_integer, 1);
    DnFunction *none = function_of("f", NULL, 0);
    (void)ordered();
    const DnFunction *const expected[] = {none, one_integer, one, two};
    for (size_t i = 0; i < 4; i++) {
        assert_ptr_equal(model.ordered.items[2 + i], expected[i]); /* after the two types */
    }
}

static void parts_of_one_name_go_by_their_tables(void **state) {
    (void)state;
    DnRelation *b = ADD(DnRelation, TABLE, "b");
    DnRelation *a = ADD(DnRelation, TABLE, "a");
    DnType *domain = ADD(DnType, TYPE, "z");
    DnConstraint *of_b = ADD(DnConstraint, CONSTRAINT, "c");
    DnConstraint *of_a = ADD(DnConstraint, CONSTRAINT, "c");
    DnConstraint *of_domain = ADD(DnConstraint, CONSTRAINT, "c");
    DnPolicy *policy_b = ADD(DnPolicy, POLICY, "p");
    DnPolicy *policy_a = ADD(DnPolicy, POLICY, "p");
    of_b->table = policy_b->table = b;
    of_a->table = policy_a->table = a;
    of_domain->domain = domain;
    of_a->separate = of_b->separate = of_domain->separate = true;
    assert_true(dn_compare_objects(&model, &of_a->object, &of_b->object) < 0);
    assert_true(dn_compare_objects(&model, &of_domain->object, &of_a->object) < 0);
    assert_true(dn_compare_objects(&model, &of_a->object, &of_domain->object) > 0);
    assert_true(dn_compare_objects(&model, &policy_a->object, &policy_b->object) < 0);
}

static DnObject *family_of(DnKind kind, const char *method) {
    size_t size = kind == DN_KIND_OPCLASS ? sizeof(DnOpclass) : sizeof(DnOpfamily);
    DnOpfamily *family = dn_model_add(&model, size, kind, next_oid++, "ops", NULL);
    assert_non_null(family);
    family->method = method;
    return &family->object;
}

/* pg_dump since 13.22 and 18.0: by sort of object, then by access method, never by oid. */
static void operator_classes_of_one_name_go_by_their_methods(void **state) {
    (void)state;
    const DnObject *hash_family = family_of(DN_KIND_OPFAMILY, "hash");
    const DnObject *btree_family = family_of(DN_KIND_OPFAMILY, "btree");
    const DnObject *hash_class = family_of(DN_KIND_OPCLASS, "hash");
    const DnObject *btree_class = family_of(DN_KIND_OPCLASS, "btree");
    assert_true(dn_compare_objects(&model, btree_family, hash_family) < 0);
    assert_true(dn_compare_objects(&model, btree_class, hash_class) < 0);
    assert_true(dn_compare_objects(&model, hash_class, btree_family) < 0);
}

static void defaults_go_by_their_columns(void **state) {
    (void)state;
    DnDefault *tenth = ADD(DnDefault, DEFAULT, "t");
    DnDefault *second = ADD(DnDefault, DEFAULT, "t");
    tenth->number = 10;
    second->number = 2;
    assert_true(dn_compare_objects(&model, &second->object, &tenth->object) < 0);
}

static void comparing_is_a_total_order(void **state) {
    (void)state;
    DnRelation *one = ADD(DnRelation, TABLE, "t");
    DnRelation *two = ADD(DnRelation, TABLE, "t");
    assert_int_equal(dn_compare_objects(&model, &one->object, &one->object), 0);
    assert_true(dn_compare_objects(&model, &one->object, &two->object) < 0);
    assert_true(dn_compare_objects(&model, &two->object, &one->object) > 0);
}

/* ---- By dependency --------------------------------------------------------------- */

static void what_is_needed_comes_first(void **state) {
    (void)state;
    DnRelation *a = ADD(DnRelation, TABLE, "a");
    DnRelation *b = ADD(DnRelation, TABLE, "b");
    DnRelation *z = ADD(DnRelation, TABLE, "z");
    needs(&a->object, &z->object);
    needs(&b->object, &a->object);
    assert_string_equal(ordered(), "z a b | ||");
}

/* Kinds give way too: a type made of a table's row. */
static void only_what_must_move_moves(void **state) {
    (void)state;
    DnType *type = ADD(DnType, TYPE, "type");
    DnRelation *t1 = ADD(DnRelation, TABLE, "t1");
    DnRelation *t2 = ADD(DnRelation, TABLE, "t2");
    DnRelation *t3 = ADD(DnRelation, TABLE, "t3");
    DnFunction *f = ADD(DnFunction, FUNCTION, "f");
    needs(&type->object, &t2->object);
    needs(&t3->object, &type->object);
    (void)t1;
    (void)f;
    /* the type keeps its place; t2 goes before it, and no other table does */
    assert_string_equal(ordered(), "t2 type f t1 t3 | ||");
}

static void equal_catalogs_give_equal_orders(void **state) {
    (void)state;
    enum { COUNT = 50 };
    DnBuf first = {0};
    for (int round = 0; round < 2; round++) {
        DnRelation *tables[COUNT];
        for (int i = 0; i < COUNT; i++) {
            /* the second time in the opposite order, as another database may hold them */
            int place = round ? COUNT - 1 - i : i;
            char name[] = {(char)('A' + place % 26), (char)('a' + place / 26), '\0'};
            tables[place] = DN_ADD(&model, DnRelation, DN_KIND_TABLE, (uint32_t)(30000 + place), name, NULL);
        }
        for (int i = 0; i < COUNT; i++) {
            needs(&tables[i]->object, &tables[(i * 7 + 3) % COUNT > i ? i : (i * 7 + 3) % COUNT]->object);
        }
        if (round == 0) {
            dn_buf_str(&first, ordered());
            (void)free_world(state);
            assert_int_equal(make_world(state), 0);
        }
    }
    assert_string_equal(ordered(), dn_buf_text(&first));
    dn_buf_deinit(&first);
}

static void every_dependency_holds(void **state) {
    (void)state;
    enum { COUNT = 400 };
    static DnRelation *tables[COUNT];
    size_t place[COUNT + 3] = {0};
    unsigned seed = 12345;
    for (size_t i = 0; i < COUNT; i++) {
        char name[] = {(char)('a' + seed % 26), (char)('a' + seed / 26 % 26), '\0'};
        tables[i] = ADD(DnRelation, TABLE, name);
        for (int d = 0; i > 0 && d < 3; d++) {
            seed = seed * 1103515245U + 12345U;
            needs(&tables[i]->object, &tables[(seed >> 8) % i]->object);
        }
    }
    (void)ordered();
    for (size_t i = 0; i < model.ordered.count; i++) {
        place[model.ordered.items[i]->id] = i;
    }
    for (size_t i = 0; i < COUNT; i++) {
        const DnObject *table = &tables[i]->object;
        for (size_t d = 0; d < table->depends_on.count; d++) {
            assert_true(place[table->depends_on.items[d]] < place[table->id]);
        }
    }
}

/* ---- Boundaries ------------------------------------------------------------------ */

static void sections_are_fenced(void **state) {
    (void)state;
    DnTrigger *trigger = ADD(DnTrigger, TRIGGER, "trigger");
    DnTableData *rows = ADD(DnTableData, TABLE_DATA, "rows");
    DnRelation *table = ADD(DnRelation, TABLE, "table");
    DnIndex *index = ADD(DnIndex, INDEX, "index");
    DnFunction *function = ADD(DnFunction, FUNCTION, "zz");
    needs(&rows->object, &table->object);
    needs(&index->object, &table->object);
    needs(&trigger->object, &function->object);
    needs(&table->object, &function->object);
    assert_string_equal(ordered(), "zz table | rows || index trigger");
    assert_true(dn_depends(&rows->object, model.pre_boundary->id));
    assert_true(dn_depends(model.post_boundary, rows->object.id));
    assert_true(dn_depends(&index->object, model.post_boundary->id));
}

static void late_function_drags_what_needs_it_but_not_the_data(void **state) {
    (void)state;
    DnRelation *view = ADD(DnRelation, VIEW, "view");
    DnTableData *rows = ADD(DnTableData, TABLE_DATA, "a");
    DnRelation *table = ADD(DnRelation, TABLE, "table");
    needs(&view->object, &table->object);
    needs(&rows->object, &table->object);
    assert_string_equal(ordered(), "table view | a ||");
}

/* A CHECK inside CREATE TABLE goes with its table; a separate one is post-data. */
static void constraints_stand_where_they_are_written(void **state) {
    (void)state;
    DnConstraint *inside = ADD(DnConstraint, CONSTRAINT, "inside");
    DnConstraint *separate = ADD(DnConstraint, CONSTRAINT, "separate");
    DnConstraint *key = ADD(DnConstraint, CONSTRAINT, "key");
    DnRelation *table = ADD(DnRelation, TABLE, "table");
    inside->contype = separate->contype = 'c';
    key->contype = 'p';
    separate->separate = key->separate = true;
    inside->table = separate->table = key->table = table;
    needs(&table->object, &inside->object);
    needs(&separate->object, &table->object);
    needs(&key->object, &table->object);
    assert_string_equal(ordered(), "inside table | || key separate");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(kinds_then_schemas_then_names),
        IN_A_WORLD(names_go_by_their_bytes),
        IN_A_WORLD(names_that_begin_alike),
        IN_A_WORLD(what_has_no_schema_comes_after_all_schemas),
        IN_A_WORLD(tables_views_and_sequences_mix),
        IN_A_WORLD(access_methods_stand_before_operators),
        IN_A_WORLD(access_methods_of_13_stand_after_operators),
        IN_A_WORLD(functions_of_one_name_go_by_their_arguments),
        IN_A_WORLD(parts_of_one_name_go_by_their_tables),
        IN_A_WORLD(operator_classes_of_one_name_go_by_their_methods),
        IN_A_WORLD(defaults_go_by_their_columns),
        IN_A_WORLD(comparing_is_a_total_order),
        IN_A_WORLD(what_is_needed_comes_first),
        IN_A_WORLD(only_what_must_move_moves),
        IN_A_WORLD(equal_catalogs_give_equal_orders),
        IN_A_WORLD(every_dependency_holds),
        IN_A_WORLD(sections_are_fenced),
        IN_A_WORLD(late_function_drags_what_needs_it_but_not_the_data),
        IN_A_WORLD(constraints_stand_where_they_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
