/* Where rows end in COPY's binary form, however a message is cut by the room there is. */
#include "dumper/pg/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SIGNATURE "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"
#define FIRST     SIGNATURE "\0\2\0\0\0\3abc\377\377\377\377"
enum { HEADER = 19 };

/* Takes `text` as one message into rooms of `room` bytes; how many rows end in it, 99 when it is refused. */
static int rows_in(DnBinary *binary, const char *text, size_t size, size_t room) {
    int rows = 0;
    bool goes_on = false;
    for (size_t at = 0; at < size;) {
        size_t part = size - at < room ? size - at : room;
        const char *row = NULL;
        if (!dn_binary_take(binary, text + at, part, room, &row, &goes_on)) {
            return 99;
        }
        rows += row < text + at + part && !goes_on;
        at += part;
    }
    return goes_on ? -1 : rows;
}

static void a_message_is_a_row_behind_the_header(void **state) {
    (void)state;
    DnBinary binary = {0};
    const char *row = NULL;
    bool goes_on = false;
    assert_true(dn_binary_take(&binary, FIRST, sizeof FIRST - 1, 1000, &row, &goes_on));
    assert_false(goes_on);
    assert_memory_equal(row, "\0\2\0\0\0\3abc", 9);
    assert_int_equal(rows_in(&binary, "\0\1\0\0\0\0", 6, 1000), 1);
    assert_int_equal(rows_in(&binary, "\377\377", 2, 1000), 0);
}

static void a_cut_message_is_still_one_row(void **state) {
    (void)state;
    for (size_t room = 1; room <= 20; room++) {
        DnBinary binary = {.began = true};
        assert_int_equal(rows_in(&binary, &FIRST[HEADER], sizeof FIRST - 1 - HEADER, room), 1);
        assert_int_equal(rows_in(&binary, "\0\0", 2, room), 1);
    }
}

static void no_rows_are_a_header_and_a_trailer(void **state) {
    (void)state;
    DnBinary binary = {0};
    assert_int_equal(rows_in(&binary, SIGNATURE "\377\377", HEADER + 2, 1000), 0);
}

static void text_is_refused(void **state) {
    (void)state;
    DnBinary binary = {0};
    assert_int_equal(rows_in(&binary, "1\tabcdefghijklmnopqrstuvwxyz\n", 29, 1000), 99);
    binary = (DnBinary){0};
    assert_int_equal(rows_in(&binary, "PGCOPY", 6, 1000), 99);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_message_is_a_row_behind_the_header),
        cmocka_unit_test(a_cut_message_is_still_one_row),
        cmocka_unit_test(no_rows_are_a_header_and_a_trailer),
        cmocka_unit_test(text_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
