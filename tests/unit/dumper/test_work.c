/* A job that is read again: what the writer has is left out, and what isn't the same is found out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/err.h"
#include "dumper/work.h"

enum { ROWS = 30000, PER_PIECE = 500, LIMIT = 64 * 1024 * 1024 };

static char text[ROWS * 64];
static size_t ends[ROWS]; /* of rows */

static int make_text(void **state) {
    (void)state;
    size_t at = 0;
    for (int i = 0; i < ROWS; i++) {
        at += (size_t)snprintf(text + at, sizeof text - at, "row %d %.*s\n", i, i % 40,
                               "----------------------------------------");
        ends[i] = at;
    }
    return 0;
}

/* What another reading does differently; rows are counted from 0, -1 is none. */
typedef struct Change {
    int spoilt, doubled, stop, no_end, more_end;
} Change;

static const Change none = {-1, -1, -1, -1, -1};

/* Every other row comes in two parts, and counts with the second. */
static bool add_row(DnWork *work, const char *row, size_t size, bool halved) {
    DnSum sum = {0};
    size_t room;
    size_t half = halved ? size / 2 : 0;
    char *to = half ? dn_work_room(work, half, &room) : NULL;
    if (half && (!to || !memcpy(to, row, half) || !dn_work_use(work, half, 0, sum))) {
        return false;
    }
    dn_sum_add_row(&sum, row, size);
    to = dn_work_room(work, size - half, &room);
    return to && memcpy(to, row + half, size - half) && dn_work_use(work, size - half, 1, sum);
}

/* Reads rows up to `to`, a piece each PER_PIECE. */
static bool read_rows(DnWork *work, int to, Change change) {
    for (int i = 0; i < to; i++) {
        char row[64];
        size_t from = i ? ends[i - 1] : 0;
        size_t size = ends[i] - from;
        memcpy(row, text + from, size);
        if (i == change.stop) {
            return dn_work_finish(work);
        }
        if (i == change.spoilt) {
            row[0] = 'R';
        }
        if ((i == change.doubled && !add_row(work, row, size, i % 2)) || !add_row(work, row, size, i % 2)) {
            return false;
        }
        bool end = i % PER_PIECE == PER_PIECE - 1;
        if (((end && i != change.no_end) || i == change.more_end) && !dn_work_end_piece(work)) {
            return false;
        }
    }
    return true;
}

static void assert_sum(DnSum sum, uint64_t from, uint64_t to) {
    DnSum expected = {0};
    for (uint64_t i = from; i < to; i++) {
        size_t start = i ? ends[i - 1] : 0;
        dn_sum_add_row(&expected, text + start, ends[i] - start);
    }
    assert_true(dn_sum_equal(sum, expected));
}

/* Takes all that lies ready, compares it with the text, and counts rows and ends. */
static void assert_whole(DnFlow *flow) {
    size_t at = 0, ended = 0;
    uint64_t rows = 0;
    DnSum sum = {0}; /* of the piece in work */
    DnErr err = {0};
    while (at < ends[ROWS - 1] || ended < ROWS / PER_PIECE) {
        DnBlock *block;
        assert_int_equal(dn_flow_next(flow, 0, &block, &err), DN_OK);
        assert_memory_equal(block->bytes, text + at, block->size);
        for (size_t i = 0; i < block->end_count; i++) {
            rows += block->ends[i].rows;
            assert_int_equal(rows, ++ended * PER_PIECE);
            assert_int_equal(at + block->ends[i].at, ends[rows - 1]);
            dn_sum_merge(&sum, block->ends[i].sum);
            assert_sum(sum, rows - PER_PIECE, rows);
            sum = (DnSum){0};
        }
        rows += block->rows;
        dn_sum_merge(&sum, block->sum);
        at += block->size;
        dn_flow_release(flow, block);
    }
    assert_int_equal(at, ends[ROWS - 1]);
    assert_int_equal(rows, ROWS);
    assert_int_equal(ended, ROWS / PER_PIECE);
}

static DnWork take(DnFlow *flow) {
    DnPrefix given;
    return (DnWork){.flow = flow, .job = dn_flow_take(flow, true, &given), .repeatable = true};
}

static void nothing_comes_twice(void **state) {
    (void)state;
    static const int stops[] = {0, 1, PER_PIECE - 1, PER_PIECE, 9999, 10000, 20001, ROWS - 1, ROWS};
    for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
        DnFlow *flow = dn_flow_new(1, 1, LIMIT);
        assert_non_null(flow);
        DnWork work = take(flow);
        for (int again = 0; again < 3; again++) {
            assert_true(read_rows(&work, stops[i], none));
            dn_work_again(&work);
        }
        assert_true(read_rows(&work, ROWS, none));
        assert_true(dn_work_finish(&work));
        assert_whole(flow);
        dn_flow_leave(flow);
        dn_flow_free(flow);
    }
}

/* Another reader goes on, who remembers nothing himself. */
static void another_goes_on(void **state) {
    (void)state;
    DnFlow *flow = dn_flow_new(1, 1, LIMIT);
    assert_non_null(flow);
    DnWork work = take(flow);
    assert_true(read_rows(&work, ROWS / 2, none));
    dn_work_again(&work);
    dn_flow_give_back(flow, work.job, &work.given);
    DnPrefix given;
    DnWork rest = {.flow = flow, .job = dn_flow_take(flow, true, &given)};
    rest.given = given;
    assert_int_equal(rest.job, work.job);
    assert_true(given.bytes > 0);
    assert_true(read_rows(&rest, ROWS, none));
    assert_true(dn_work_finish(&rest));
    assert_whole(flow);
    dn_flow_leave(flow);
    dn_flow_free(flow);
}

static void assert_found_out(Change change) {
    DnFlow *flow = dn_flow_new(1, 1, LIMIT);
    DnErr err = {0};
    assert_non_null(flow);
    DnWork work = take(flow);
    assert_true(read_rows(&work, ROWS - 1, none));
    dn_work_again(&work);
    assert_true(work.given.rows > ROWS / 2);
    assert_false(read_rows(&work, ROWS, change));
    assert_int_equal(dn_work_ended(&work, &err), DN_E_QUERY);
    assert_string_equal(err.sqlstate, "40001");
    dn_work_again(&work);
    dn_flow_leave(flow);
    dn_flow_free(flow);
}

static void what_differs_is_found_out(void **state) {
    (void)state;
    static const int rows[] = {0, 1, PER_PIECE - 1, 7777, ROWS / 2};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        Change spoilt = none, doubled = none, stop = none, more_end = none;
        spoilt.spoilt = doubled.doubled = stop.stop = rows[i];
        more_end.more_end = i == 2 ? rows[i] + 1 : rows[i];
        assert_found_out(spoilt);
        assert_found_out(doubled);
        assert_found_out(stop);
        assert_found_out(more_end);
    }
    Change no_end = none;
    no_end.no_end = 3 * PER_PIECE - 1;
    assert_found_out(no_end);
}

static void parts_make_no_difference(void **state) {
    (void)state;
    DnPrefix whole = {0};
    dn_prefix_add(&whole, text, 100000, 7);
    for (size_t part = 1; part < 100; part++) {
        DnPrefix parts = {0};
        for (size_t at = 0; at < 100000; at += part) {
            dn_prefix_add(&parts, text + at, at + part < 100000 ? part : 100000 - at, at ? 0 : 7);
        }
        assert_true(dn_prefix_is_same(&whole, &parts));
    }
}

static void each_byte_counts(void **state) {
    (void)state;
    DnPrefix whole = {0};
    dn_prefix_add(&whole, text, 1000, 0);
    for (size_t i = 0; i < 1000; i++) {
        DnPrefix other = {0};
        text[i] ^= 1;
        dn_prefix_add(&other, text, 1000, 0);
        text[i] ^= 1;
        assert_false(dn_prefix_is_same(&whole, &other));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_comes_twice),       cmocka_unit_test(another_goes_on),
        cmocka_unit_test(what_differs_is_found_out), cmocka_unit_test(parts_make_no_difference),
        cmocka_unit_test(each_byte_counts),
    };
    return cmocka_run_group_tests(tests, make_text, NULL);
}
