#include "tests/unit/sqlgen/render.h"

#include <string.h>

enum { INT4 = 23, FLOAT8 = 701, ANYELEMENT = 2283 };

/* A type that only lends its name to signatures. */
static void add_type(DnModel *model, uint32_t oid, const char *full_name) {
    DnType *type = DN_ADD(model, DnType, DN_KIND_TYPE, oid, full_name, NULL);
    assert_non_null(type);
    type->full_name = full_name;
}

static DnAggregate sum(DnModel *model) {
    static uint32_t types[] = {INT4};
    add_type(model, INT4, "integer");
    return (DnAggregate){.object = IN_PUBLIC(AGGREGATE, "Sum"),
                         .arg_types = VEC_OF(types),
                         .arguments = "n integer",
                         .identity = "n integer",
                         .transition = "int4pl",
                         .transition_type = "integer",
                         .transition_space = "0",
                         .final = "-",
                         .combine = "-",
                         .serial = "-",
                         .deserial = "-",
                         .final_modify = 'r',
                         .moving = "-",
                         .moving_inverse = "-",
                         .moving_type = "-",
                         .moving_space = "0",
                         .moving_final = "-",
                         .moving_final_modify = 'r',
                         .aggkind = 'n',
                         .parallel = 'u'};
}

static void at_least(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnAggregate aggregate = sum(&model);
    assert_string_equal(rendered(&render, dn_render_aggregate, &aggregate),
                        "[Sum(integer); AGGREGATE; public; alice]\n"
                        "CREATE AGGREGATE public.\"Sum\"(n integer) (\n"
                        "    SFUNC = int4pl,\n"
                        "    STYPE = integer\n"
                        ");\n"
                        "<< DROP AGGREGATE public.\"Sum\"(n integer);\n"
                        ">> AGGREGATE public.\"Sum\"(n integer)\n");
    dn_arena_deinit(&model.arena);
}

static void every_option(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    DnAggregate aggregate = sum(&model);
    aggregate.transition_space = "64";
    aggregate.initial = "it's";
    aggregate.final = "public.fin";
    aggregate.final_extra = true;
    aggregate.final_modify = 's';
    aggregate.combine = "comb";
    aggregate.serial = "ser";
    aggregate.deserial = "deser";
    aggregate.moving = "mov";
    aggregate.moving_inverse = "inv";
    aggregate.moving_type = "bigint";
    aggregate.moving_space = "16";
    aggregate.moving_initial = "";
    aggregate.moving_final = "mfin";
    aggregate.moving_final_extra = true;
    aggregate.moving_final_modify = 'w';
    aggregate.sort_operator = "OPERATOR(pg_catalog.>)";
    aggregate.parallel = 's';
    assert_string_equal(rendered(&render, dn_render_aggregate, &aggregate),
                        "[Sum(integer); AGGREGATE; public; alice]\n"
                        "CREATE AGGREGATE public.\"Sum\"(n integer) (\n"
                        "    SFUNC = int4pl,\n"
                        "    STYPE = integer,\n"
                        "    SSPACE = 64,\n"
                        "    INITCOND = 'it''s',\n"
                        "    FINALFUNC = public.fin,\n"
                        "    FINALFUNC_EXTRA,\n"
                        "    FINALFUNC_MODIFY = SHAREABLE,\n"
                        "    COMBINEFUNC = comb,\n"
                        "    SERIALFUNC = ser,\n"
                        "    DESERIALFUNC = deser,\n"
                        "    MSFUNC = mov,\n"
                        "    MINVFUNC = inv,\n"
                        "    MSTYPE = bigint,\n"
                        "    MSSPACE = 16,\n"
                        "    MINITCOND = '',\n"
                        "    MFINALFUNC = mfin,\n"
                        "    MFINALFUNC_EXTRA,\n"
                        "    MFINALFUNC_MODIFY = READ_WRITE,\n"
                        "    SORTOP = OPERATOR(pg_catalog.>),\n"
                        "    PARALLEL = safe\n"
                        ");\n"
                        "<< DROP AGGREGATE public.\"Sum\"(n integer);\n"
                        ">> AGGREGATE public.\"Sum\"(n integer)\n");
    dn_arena_deinit(&model.arena);
}

/* Ordered-set aggregates are expected to change their state in the final function. */
static void ordered_and_hypothetical(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    static uint32_t types[] = {FLOAT8, ANYELEMENT};
    DnAggregate aggregate = sum(&model);
    add_type(&model, FLOAT8, "double precision");
    add_type(&model, ANYELEMENT, "anyelement");
    aggregate.object.name = "rank";
    aggregate.object.acl = (DnAcl){.current = "{alice=X/alice}", .base = "{=X/alice,alice=X/alice}"};
    aggregate.arg_types.items = types;
    aggregate.arg_types.count = 2;
    aggregate.arguments = aggregate.identity = "double precision ORDER BY anyelement";
    aggregate.aggkind = 'h';
    aggregate.final = "fin";
    aggregate.final_modify = 'w';
    aggregate.parallel = 'r';
    assert_string_equal(rendered(&render, dn_render_aggregate, &aggregate),
                        "[rank(double precision, anyelement); AGGREGATE; public; alice]\n"
                        "CREATE AGGREGATE public.rank(double precision ORDER BY anyelement) (\n"
                        "    SFUNC = int4pl,\n"
                        "    STYPE = integer,\n"
                        "    FINALFUNC = fin,\n"
                        "    HYPOTHETICAL,\n"
                        "    PARALLEL = restricted\n"
                        ");\n"
                        "<< DROP AGGREGATE public.rank(double precision ORDER BY anyelement);\n"
                        ">> AGGREGATE public.rank(double precision ORDER BY anyelement)\n"
                        "[FUNCTION rank(double precision, anyelement); ACL; public; alice]\n"
                        "REVOKE ALL ON FUNCTION public.rank(double precision, anyelement) FROM PUBLIC;\n");
    aggregate.aggkind = 'o';
    aggregate.final_modify = 'r';
    assert_non_null(strstr(rendered(&render, dn_render_aggregate, &aggregate),
                           "FINALFUNC_MODIFY = READ_ONLY,\n    PARALLEL"));
    dn_arena_deinit(&model.arena);
}

/* No arguments: a star, but not where privileges are concerned. */
static void count_star(void **state) {
    (void)state;
    DnModel model = {0};
    DnRender render = render_for(&model, 15);
    const DnComment comment = {.text = "counts"};
    DnAggregate aggregate = sum(&model);
    aggregate.object.name = "cnt";
    aggregate.object.comments = &comment;
    aggregate.object.acl = (DnAcl){.current = "{alice=X/alice}", .base = "{=X/alice,alice=X/alice}"};
    aggregate.arg_types.count = 0;
    aggregate.arguments = aggregate.identity = "";
    assert_string_equal(rendered(&render, dn_render_aggregate, &aggregate),
                        "[cnt(*); AGGREGATE; public; alice]\n"
                        "CREATE AGGREGATE public.cnt(*) (\n"
                        "    SFUNC = int4pl,\n"
                        "    STYPE = integer\n"
                        ");\n"
                        "<< DROP AGGREGATE public.cnt(*);\n"
                        ">> AGGREGATE public.cnt(*)\n"
                        "[AGGREGATE cnt(*); COMMENT; public; alice]\n"
                        "COMMENT ON AGGREGATE public.cnt(*) IS 'counts';\n"
                        "[FUNCTION cnt(); ACL; public; alice]\n"
                        "REVOKE ALL ON FUNCTION public.cnt() FROM PUBLIC;\n");
    dn_arena_deinit(&model.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_least),
        cmocka_unit_test(every_option),
        cmocka_unit_test(ordered_and_hypothetical),
        cmocka_unit_test(count_star),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
