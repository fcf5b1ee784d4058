/*
 * One test for each row of the table of repairs: the circle in, the order and what became of its members out.
 */
#include "tests/unit/catalog/model/world.h"

#include "catalog/model/repair.h"

static void assert_no_warnings(void) {
    assert_string_equal(dn_buf_text(&warnings), "");
}

static DnRelation *relation(DnKind kind, char relkind, const char *name) {
    DnRelation *r = DN_ADD(&model, DnRelation, kind, next_oid++, name, NULL);
    r->relkind = relkind;
    return r;
}

/* A view and the rule that holds its query: each depends on the other. */
static DnRelation *view_with_rule(const char *name, const char *rule_name, DnRule **rule) {
    DnRelation *view = relation(DN_KIND_VIEW, 'v', name);
    *rule = ADD(DnRule, RULE, rule_name);
    (*rule)->table = view;
    (*rule)->event = '1';
    (*rule)->instead = true;
    needs(&view->object, &(*rule)->object);
    needs(&(*rule)->object, &view->object);
    return view;
}

/* ---- Types ----------------------------------------------------------------------- */

static void shell_stands_before_a_types_functions(void **state) {
    (void)state;
    DnType *type = ADD(DnType, TYPE, "type");
    DnObject *shell = DN_ADD(&model, DnObject, DN_KIND_SHELL_TYPE, 0, "shell", NULL);
    DnFunction *in = ADD(DnFunction, FUNCTION, "in");
    DnFunction *out = ADD(DnFunction, FUNCTION, "out");
    type->shell = shell;
    in->object.dump = out->object.dump = DN_PART_ALL;
    needs(&type->object, &in->object);
    needs(&type->object, &out->object);
    needs(&in->object, &type->object);
    needs(&out->object, &type->object);
    assert_string_equal(ordered(), "shell in out type | ||");
    assert_true(shell->dump & DN_PART_DEFINITION);
    assert_no_warnings();
}

/* An extension's type: its functions are not dumped, so neither is the shell. */
static void shell_of_a_type_that_is_not_dumped_is_not_either(void **state) {
    (void)state;
    DnType *type = ADD(DnType, TYPE, "type");
    DnObject *shell = DN_ADD(&model, DnObject, DN_KIND_SHELL_TYPE, 0, "shell", NULL);
    DnFunction *in = ADD(DnFunction, FUNCTION, "in");
    type->shell = shell;
    needs(&type->object, &in->object);
    needs(&in->object, &type->object);
    assert_string_equal(ordered(), "shell in type | ||");
    assert_int_equal(shell->dump, DN_PART_NONE);
}

/* ---- Views ----------------------------------------------------------------------- */

static void view_goes_with_its_rule(void **state) {
    (void)state;
    DnRule *rule;
    DnRelation *view = view_with_rule("view", "rule", &rule);
    assert_string_equal(ordered(), "rule view | ||");
    assert_false(view->dummy_view);
    assert_false(rule->separate);
    assert_no_warnings();
}

static void views_that_need_each_other_begin_as_a_shell(void **state) {
    (void)state;
    DnRule *rule_a;
    DnRule *rule_b;
    DnRelation *a = view_with_rule("a", "rule_a", &rule_a);
    DnRelation *b = view_with_rule("b", "rule_b", &rule_b);
    needs(&rule_a->object, &b->object);
    needs(&rule_b->object, &a->object);
    assert_string_equal(ordered(), "a rule_b b | || rule_a");
    assert_true(a->dummy_view);
    assert_true(rule_a->separate);
    assert_true(dn_depends(&rule_a->object, model.post_boundary->id));
    assert_false(b->dummy_view);
    assert_false(rule_b->separate);
    assert_no_warnings();
}

/* A rule that is not the view's own query is nothing to be taken apart. */
static void other_rules_are_left_alone(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnRule *rule = ADD(DnRule, RULE, "rule");
    rule->table = table;
    rule->event = '3';
    rule->separate = true;
    needs(&rule->object, &table->object);
    assert_string_equal(ordered(), "table | || rule");
    assert_true(rule->separate);
}

/* GROUP BY a primary key: the view needs the constraint, which is post-data. */
static void view_that_needs_a_key_waits_for_it(void **state) {
    (void)state;
    DnRule *rule;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnConstraint *key = ADD(DnConstraint, CONSTRAINT, "key");
    DnRelation *view = view_with_rule("view", "rule", &rule);
    key->contype = 'p';
    key->separate = true;
    key->table = table;
    needs(&key->object, &table->object);
    needs(&rule->object, &table->object);
    needs(&rule->object, &key->object);
    assert_string_equal(ordered(), "table view | || key rule");
    assert_true(view->dummy_view);
    assert_no_warnings();
}

/* ---- Behind a primary key -------------------------------------------------------- */

static void matview_that_needs_a_key_is_postponed(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnRelation *matview = relation(DN_KIND_TABLE, 'm', "matview");
    DnRule *rule = ADD(DnRule, RULE, "rule");
    DnConstraint *key = ADD(DnConstraint, CONSTRAINT, "key");
    key->contype = 'p';
    key->separate = true;
    key->table = table;
    rule->table = matview;
    rule->event = '1';
    rule->instead = true;
    needs(&key->object, &table->object);
    needs(&matview->object, &rule->object);
    needs(&rule->object, &matview->object);
    needs(&rule->object, &key->object);
    assert_string_equal(ordered(), "table | || key rule matview");
    assert_true(matview->postponed);
    assert_false(table->postponed);
    assert_no_warnings();
}

/* Without rows nothing else moves them, and they must not stand before what they are about. */
static void statistics_of_a_postponed_matview_follow_it(void **state) {
    (void)state;
    DnRelation *matview = relation(DN_KIND_TABLE, 'm', "matview");
    DnConstraint *key = ADD(DnConstraint, CONSTRAINT, "key");
    DnStatisticsData *of_matview = ADD(DnStatisticsData, STATISTICS_DATA, "of_matview");
    DnStatisticsData *other = ADD(DnStatisticsData, STATISTICS_DATA, "other");
    key->contype = 'p';
    key->separate = true;
    needs(&matview->object, &key->object);
    needs(&of_matview->object, &matview->object);
    assert_string_equal(ordered(), "| other || key matview of_matview");
    assert_true(matview->postponed);
    assert_true(of_matview->post_data);
    assert_false(other->post_data);
    assert_no_warnings();
}

/* SQL-standard bodies are parsed: one that groups by a primary key needs the constraint (14). */
static void function_that_needs_a_key_is_postponed(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnFunction *function = ADD(DnFunction, FUNCTION, "function");
    DnConstraint *key = ADD(DnConstraint, CONSTRAINT, "key");
    key->contype = 'p';
    key->separate = true;
    key->table = table;
    needs(&key->object, &table->object);
    needs(&function->object, &key->object);
    assert_string_equal(ordered(), "table | || key function");
    assert_true(function->postponed);
    assert_no_warnings();
}

/* ---- Tables and domains ---------------------------------------------------------- */

static DnConstraint *check_of(DnRelation *table, DnType *domain, const char *name) {
    DnConstraint *check = ADD(DnConstraint, CONSTRAINT, name);
    check->contype = 'c';
    check->table = table;
    check->domain = domain;
    needs(table ? &table->object : &domain->object, &check->object);
    needs(&check->object, table ? &table->object : &domain->object);
    return check;
}

static void check_goes_with_its_table(void **state) {
    (void)state;
    DnConstraint *check = check_of(relation(DN_KIND_TABLE, 'r', "table"), NULL, "check");
    assert_string_equal(ordered(), "check table | ||");
    assert_false(check->separate);
    assert_no_warnings();
}

/* A function that takes the table's row type. */
static void check_that_calls_back_is_separate(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnFunction *function = ADD(DnFunction, FUNCTION, "function");
    DnConstraint *check = check_of(table, NULL, "check");
    DnConstraint *harmless = check_of(table, NULL, "harmless");
    needs(&check->object, &function->object);
    needs(&function->object, &table->object);
    assert_string_equal(ordered(), "harmless table function | || check");
    assert_true(check->separate);
    assert_true(dn_depends(&check->object, model.post_boundary->id));
    assert_false(harmless->separate);
    assert_no_warnings();
}

static DnDefault *default_of(DnRelation *table, const char *name) {
    DnDefault *value = ADD(DnDefault, DEFAULT, name);
    value->table = table;
    needs(&table->object, &value->object);
    needs(&value->object, &table->object);
    return value;
}

static void default_goes_with_its_table(void **state) {
    (void)state;
    DnDefault *value = default_of(relation(DN_KIND_TABLE, 'r', "table"), "default");
    assert_string_equal(ordered(), "default table | ||");
    assert_false(value->separate);
    assert_no_warnings();
}

static void default_that_calls_back_is_separate(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnFunction *function = ADD(DnFunction, FUNCTION, "function");
    DnDefault *value = default_of(table, "default");
    needs(&value->object, &function->object);
    needs(&function->object, &table->object);
    assert_string_equal(ordered(), "table function default | ||");
    assert_true(value->separate);
    assert_no_warnings();
}

/* A CHECK can always be added later; a default on the way could be needed by the rows before. */
static void checks_give_way_before_defaults(void **state) {
    (void)state;
    DnRelation *table = relation(DN_KIND_TABLE, 'r', "table");
    DnFunction *function = ADD(DnFunction, FUNCTION, "function");
    DnConstraint *check = check_of(table, NULL, "check");
    DnDefault *value = default_of(table, "default");
    /* table -> check -> function -> default -> table */
    dn_undepend(&table->object, value->object.id);
    needs(&check->object, &function->object);
    needs(&function->object, &value->object);
    assert_string_equal(ordered(), "table default function | || check");
    assert_true(check->separate);
    assert_false(value->separate);
}

static void check_goes_with_its_domain(void **state) {
    (void)state;
    DnConstraint *check = check_of(NULL, ADD(DnType, TYPE, "domain"), "check");
    assert_string_equal(ordered(), "check domain | ||");
    assert_false(check->separate);
    assert_no_warnings();
}

static void check_of_a_domain_that_calls_back_is_separate(void **state) {
    (void)state;
    DnType *domain = ADD(DnType, TYPE, "domain");
    DnFunction *function = ADD(DnFunction, FUNCTION, "function");
    DnConstraint *check = check_of(NULL, domain, "check");
    domain->typtype = 'd';
    needs(&check->object, &function->object);
    needs(&function->object, &domain->object);
    assert_string_equal(ordered(), "domain function | || check");
    assert_true(check->separate);
    assert_no_warnings();
}

/* ---- Indexes, rows --------------------------------------------------------------- */

static void partitioned_index_comes_before_its_parts(void **state) {
    (void)state;
    DnIndex *parent = ADD(DnIndex, INDEX, "z_parent");
    DnIndex *child = ADD(DnIndex, INDEX, "child");
    child->parent = parent;
    child->parent_oid = parent->object.oid;
    needs(&child->object, &parent->object);
    needs(&parent->object, &child->object);
    assert_string_equal(ordered(), "| || z_parent child");
    assert_no_warnings();
}

static void rows_whose_keys_form_a_circle_are_told(void **state) {
    (void)state;
    DnTableData *a = ADD(DnTableData, TABLE_DATA, "a");
    DnTableData *b = ADD(DnTableData, TABLE_DATA, "b");
    DnTableData *c = ADD(DnTableData, TABLE_DATA, "c");
    needs(&a->object, &b->object);
    needs(&b->object, &c->object);
    needs(&c->object, &a->object);
    assert_string_equal(ordered(), "| a c b ||");
    assert_true(model.circular_keys);
    assert_no_warnings();
}

static void a_row_that_needs_its_own_table_is_no_circle(void **state) {
    (void)state;
    DnTableData *a = ADD(DnTableData, TABLE_DATA, "a");
    needs(&a->object, &a->object);
    assert_string_equal(ordered(), "| a ||");
    assert_false(model.circular_keys);
}

/* ---- Operator classes ------------------------------------------------------------ */

/* The class stands behind its family by name, too, when it needs it. */
static void class_comes_after_its_family(void **state) {
    (void)state;
    DnOpclass *class_ = ADD(DnOpclass, OPCLASS, "class");
    DnOpfamily *family = ADD(DnOpfamily, OPFAMILY, "family");
    needs(&class_->as_family.object, &family->object);
    needs(&family->object, &class_->as_family.object);
    assert_string_equal(ordered(), "family class | ||");
    assert_no_warnings();
}

/* ---- Several at a time, and none that fits --------------------------------------- */

static void circles_are_repaired_one_after_the_other(void **state) {
    (void)state;
    DnRule *rule;
    DnConstraint *check = check_of(relation(DN_KIND_TABLE, 'r', "t1"), NULL, "check");
    DnDefault *value = default_of(relation(DN_KIND_TABLE, 'r', "t2"), "default");
    DnRelation *view = view_with_rule("view", "rule", &rule);
    needs(&rule->object, &check->table->object);
    needs(&rule->object, &value->table->object);
    (void)view;
    (void)ordered();
    assert_false(check->separate || value->separate || rule->separate);
    assert_no_warnings();
}

static void what_nothing_fits_is_broken_and_told(void **state) {
    (void)state;
    DnRelation *a = relation(DN_KIND_TABLE, 'r', "a");
    DnRelation *b = relation(DN_KIND_TABLE, 'r', "b");
    needs(&a->object, &b->object);
    needs(&b->object, &a->object);
    assert_string_equal(ordered(), "a b | ||");
    assert_string_equal(dn_buf_text(&warnings),
                        "could not resolve a dependency loop among these objects: TABLE a, TABLE b\n");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        IN_A_WORLD(shell_stands_before_a_types_functions),
        IN_A_WORLD(shell_of_a_type_that_is_not_dumped_is_not_either),
        IN_A_WORLD(view_goes_with_its_rule),
        IN_A_WORLD(views_that_need_each_other_begin_as_a_shell),
        IN_A_WORLD(other_rules_are_left_alone),
        IN_A_WORLD(view_that_needs_a_key_waits_for_it),
        IN_A_WORLD(matview_that_needs_a_key_is_postponed),
        IN_A_WORLD(statistics_of_a_postponed_matview_follow_it),
        IN_A_WORLD(function_that_needs_a_key_is_postponed),
        IN_A_WORLD(check_goes_with_its_table),
        IN_A_WORLD(check_that_calls_back_is_separate),
        IN_A_WORLD(default_goes_with_its_table),
        IN_A_WORLD(default_that_calls_back_is_separate),
        IN_A_WORLD(checks_give_way_before_defaults),
        IN_A_WORLD(check_goes_with_its_domain),
        IN_A_WORLD(check_of_a_domain_that_calls_back_is_separate),
        IN_A_WORLD(partitioned_index_comes_before_its_parts),
        IN_A_WORLD(rows_whose_keys_form_a_circle_are_told),
        IN_A_WORLD(a_row_that_needs_its_own_table_is_no_circle),
        IN_A_WORLD(class_comes_after_its_family),
        IN_A_WORLD(circles_are_repaired_one_after_the_other),
        IN_A_WORLD(what_nothing_fits_is_broken_and_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
