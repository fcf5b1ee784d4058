/* Whose the members of operator classes are, once a server since 14 has restored them. */
#include "sqlgen/modern_members.h"

#include <string.h>

#include "tests/unit/sqlgen/render.h"

enum { FAMILY = 77 };

static DnOpMember operator_(const char *number, const char *left, const char *right) {
    return (DnOpMember){.number = number, .what = "<", .left = left, .right = right};
}

static DnOpMember function(const char *number, const char *left, const char *right) {
    return (DnOpMember){.is_function = true, .number = number, .what = "f()", .left = left, .right = right};
}

static DnOpclass class_of(const char *handler, const char *type, DnOpMember *members, size_t count) {
    return (DnOpclass){.as_family = {.object = {.kind = DN_KIND_OPCLASS, .dump = DN_PART_DEFINITION},
                                     .method = "m",
                                     .handler = handler,
                                     .members = {.items = members, .count = count}},
                       .type = type,
                       .family = "public.fam",
                       .family_oid = FAMILY};
}

static void check(int major, DnObject **ordered, size_t count, const DnObject *object, const char *expected) {
    const DnModel model = {.server_version = major * 10000, .ordered = {.items = ordered, .count = count}};
    DnArena scratch = {0};
    DnBuf text = {0};
    dn_modern_members(&text, &scratch, &model, object);
    assert_false(dn_arena_failed(&scratch));
    const char *members = strchr(dn_buf_text(&text), '\n');
    assert_string_equal(members ? members + 1 : "", expected);
    dn_buf_deinit(&text);
    dn_arena_deinit(&scratch);
}

/* A class with all members, in a family that has one already. */
static void check_split(const char *handler, DnOpMember *members, size_t count, const char *of_class,
                        const char *of_family) {
    DnOpMember loose[] = {operator_("9", "b", "b")};
    DnOpclass class_ = class_of(handler, "a", members, count);
    DnOpfamily family = {.object = {.kind = DN_KIND_OPFAMILY, .oid = FAMILY, .dump = DN_PART_DEFINITION},
                         .method = "m",
                         .handler = handler,
                         .members = {.items = loose, .count = 1}};
    DnObject *ordered[] = {&family.object, &class_.as_family.object};
    check(13, ordered, 2, ordered[0], of_family);
    check(13, ordered, 2, ordered[1], of_class);
    check(14, ordered, 2, ordered[0], "OPERATOR 9 (b, b) <");
}

static void types_decide_for_btree_and_hash(void **state) {
    (void)state;
    DnOpMember members[] = {operator_("5", "a", "a"), operator_("1", "a", "a"), operator_("1", "a", "b"),
                            function("1", "a", "a"),  function("1", "b", "a"),  function("2", "a", "a"),
                            operator_("1", "c", "c")};
    static const char *const handlers[] = {"bthandler", "hashhandler"};
    for (size_t i = 0; i < 2; i++) {
        check_split(handlers[i], members, 7,
                    "FUNCTION 1 (a, a) f()\nOPERATOR 1 (a, a) <\nOPERATOR 5 (a, a) <",
                    "FUNCTION 1 (b, a) f()\nFUNCTION 2 (a, a) f()\nOPERATOR 1 (a, b) <\n"
                    "OPERATOR 1 (c, c) <\nOPERATOR 9 (b, b) <");
    }
}

static void only_needed_functions_stay_elsewhere(void **state) {
    (void)state;
    DnOpMember members[] = {operator_("1", "a", "a"), function("1", "a", "a"), function("2", "a", "b"),
                            function("3", "a", "a"),  function("6", "a", "a"), function("8", "a", "a")};
    check_split("gisthandler", members, 6,
                "FUNCTION 1 (a, a) f()\nFUNCTION 2 (a, b) f()\nFUNCTION 6 (a, a) f()",
                "FUNCTION 3 (a, a) f()\nFUNCTION 8 (a, a) f()\nOPERATOR 1 (a, a) <\nOPERATOR 9 (b, b) <");
    check_split("ginhandler", members, 4, "FUNCTION 2 (a, b) f()\nFUNCTION 3 (a, a) f()",
                "FUNCTION 1 (a, a) f()\nOPERATOR 1 (a, a) <\nOPERATOR 9 (b, b) <");
    check_split("spghandler", members, 5,
                "FUNCTION 1 (a, a) f()\nFUNCTION 2 (a, b) f()\nFUNCTION 3 (a, a) f()",
                "FUNCTION 6 (a, a) f()\nOPERATOR 1 (a, a) <\nOPERATOR 9 (b, b) <");
}

static void other_methods_leave_them_alone(void **state) {
    (void)state;
    DnOpMember members[] = {operator_("1", "a", "b"), function("11", "a", "a")};
    static const char *const handlers[] = {"brinhandler", NULL};
    for (size_t i = 0; i < 2; i++) {
        check_split(handlers[i], members, 2, "FUNCTION 11 (a, a) f()\nOPERATOR 1 (a, b) <",
                    "OPERATOR 9 (b, b) <");
    }
}

/* What a class has for the type of another one goes there, if that class is made before it. */
static void the_class_of_the_type_takes_them(void **state) {
    (void)state;
    DnOpMember first[] = {operator_("1", "a", "a"), operator_("2", "b", "b")};
    DnOpMember second[] = {operator_("1", "b", "b"), operator_("2", "a", "a")};
    DnOpclass a = class_of("bthandler", "a", first, 2);
    DnOpclass b = class_of("bthandler", "b", second, 2);
    DnOpclass other = class_of("bthandler", "a", NULL, 0);
    DnOpfamily family = {.object = {.kind = DN_KIND_OPFAMILY, .oid = FAMILY}};
    other.family_oid++;
    DnObject *ordered[] = {&family.object, &other.as_family.object, &a.as_family.object, &b.as_family.object};
    check(13, ordered, 4, ordered[0], "OPERATOR 2 (b, b) <");
    check(13, ordered, 4, ordered[1], "");
    check(13, ordered, 4, ordered[2], "OPERATOR 1 (a, a) <\nOPERATOR 2 (a, a) <");
    check(13, ordered, 4, ordered[3], "OPERATOR 1 (b, b) <");
}

static void the_rest_is_told_too(void **state) {
    (void)state;
    const DnModel model = {.server_version = 180000};
    DnArena scratch = {0};
    DnBuf text = {0};
    DnOpMember members[] = {
        {.number = "15", .what = "<->", .left = "\"json\"", .right = "a", .sort_family = "public.\"Of\""}};
    DnOpclass class_ = class_of("gisthandler", "a", members, 1);
    class_.is_default = true;
    class_.storage = "box";
    dn_modern_members(&text, &scratch, &model, &class_.as_family.object);
    assert_string_equal(dn_buf_text(&text), "USING m DEFAULT FOR TYPE a FAMILY public.fam STORAGE box\n"
                                            "OPERATOR 15 (json, a) <-> FOR ORDER BY public.\"Of\"");
    dn_buf_deinit(&text);
    dn_arena_deinit(&scratch);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(types_decide_for_btree_and_hash),
        cmocka_unit_test(only_needed_functions_stay_elsewhere),
        cmocka_unit_test(other_methods_leave_them_alone),
        cmocka_unit_test(the_class_of_the_type_takes_them),
        cmocka_unit_test(the_rest_is_told_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
