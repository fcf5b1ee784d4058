/* Text from many threads to one, in order, in little memory. */
#include <pthread.h>
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

enum { JOBS = 40, READERS = 4, LINES = 20000 };

typedef struct Reader {
    DnFlow *flow;
    pthread_t thread;
    bool first;
    bool gives_back; /* its first job */
    long fails_at;   /* a job, or DN_NO_JOB */
} Reader;

/* Each job is two pieces of numbered lines; `lines` is how far a reader gets. */
static void run_job(DnWork *work, int lines) {
    char line[64];
    for (int i = 0; i < lines; i++) {
        int size = snprintf(line, sizeof line, "job %ld line %d\n", work->job, i);
        if (!dn_work_add(work, line, (size_t)size, 1) || (i == LINES / 2 && !dn_work_end_piece(work))) {
            return;
        }
    }
    if (lines == LINES && dn_work_end_piece(work)) {
        assert_true(dn_work_finish(work));
    }
}

static void *read_jobs(void *arg) {
    Reader *reader = arg;
    DnPrefix given;
    long job;
    while ((job = dn_flow_take(reader->flow, reader->first, &given)) != DN_NO_JOB) {
        DnWork work = {.flow = reader->flow, .job = job, .repeatable = !reader->first, .given = given};
        if (job == reader->fails_at) {
            DnErr err;
            (void)dn_err(&err, DN_E_QUERY, "job %ld", job);
            dn_flow_fail(reader->flow, &err);
            break;
        }
        if (reader->gives_back) {
            dn_flow_notice(reader->flow, DN_EVENT_WARNING, "given back");
            run_job(&work, LINES - 1);
            dn_work_again(&work);
            dn_flow_give_back(reader->flow, job, &work.given);
            break;
        }
        run_job(&work, LINES);
    }
    dn_flow_leave(reader->flow);
    return NULL;
}

static void start(Reader *readers, DnFlow *flow) {
    for (int i = 0; i < READERS; i++) {
        readers[i].flow = flow;
        readers[i].first = i == 0;
        assert_int_equal(pthread_create(&readers[i].thread, NULL, read_jobs, &readers[i]), 0);
    }
}

static void join(Reader *readers) {
    for (int i = 0; i < READERS; i++) {
        assert_int_equal(pthread_join(readers[i].thread, NULL), 0);
    }
}

/* Takes a job; adds to *lines what its ends tell, and checks each line. */
static DnStatus take_job(DnFlow *flow, long job, uint64_t *lines, DnErr *err) {
    int line = 0;
    size_t ends = 0;
    while (ends < 2) {
        DnBlock *block;
        char expected[64];
        DnStatus status = dn_flow_next(flow, job, &block, err);
        if (status != DN_OK) {
            return status;
        }
        for (size_t at = 0; at < block->size; line++) {
            int size = snprintf(expected, sizeof expected, "job %ld line %d\n", job, line);
            assert_memory_equal(block->bytes + at, expected, (size_t)size);
            at += (size_t)size;
        }
        for (size_t i = 0; i < block->end_count; i++) {
            *lines += block->ends[i].rows;
        }
        *lines += block->rows;
        ends += block->end_count;
        dn_flow_release(flow, block);
    }
    return DN_OK;
}

static void count_notice(void *ctx, DnEventKind kind, const char *text) {
    assert_int_equal(kind, DN_EVENT_WARNING);
    assert_string_equal(text, "given back");
    ++*(int *)ctx;
}

static void all_in_order(size_t limit, int giving_back) {
    Reader readers[READERS] = {0};
    DnFlow *flow = dn_flow_new(JOBS, READERS, limit);
    DnErr err = {0};
    uint64_t lines = 0;
    int notices = 0;
    assert_non_null(flow);
    for (int i = 0; i < READERS; i++) {
        readers[i].fails_at = DN_NO_JOB;
        readers[i].gives_back = i > 0 && i <= giving_back;
    }
    start(readers, flow);
    for (long job = 0; job < JOBS; job++) {
        assert_int_equal(take_job(flow, job, &lines, &err), DN_OK);
    }
    join(readers);
    assert_int_equal(dn_flow_result(flow, &err), DN_OK);
    assert_int_equal(lines, (uint64_t)JOBS * LINES);
    dn_flow_notices(flow, count_notice, &notices);
    assert_true(notices <= giving_back);
    dn_flow_free(flow);
}

static void order_is_kept(void **state) {
    (void)state;
    all_in_order((size_t)64 * 1024 * 1024, 0);
}

/* Less room than one block: each waits for the writer, none for ever. */
static void no_room_blocks_nobody(void **state) {
    (void)state;
    all_in_order(1, 0);
}

static void the_first_takes_what_others_gave_back(void **state) {
    (void)state;
    all_in_order((size_t)1024 * 1024, READERS - 1);
    all_in_order(1, READERS - 1);
}

static void a_failure_ends_all_waits(void **state) {
    (void)state;
    Reader readers[READERS] = {0};
    DnFlow *flow = dn_flow_new(JOBS, READERS, 1);
    DnErr err = {0};
    uint64_t lines = 0;
    DnStatus status = DN_OK;
    assert_non_null(flow);
    for (int i = 0; i < READERS; i++) {
        readers[i].fails_at = JOBS / 2;
    }
    start(readers, flow);
    for (long job = 0; status == DN_OK && job < JOBS; job++) {
        status = take_job(flow, job, &lines, &err);
    }
    assert_int_equal(status, DN_E_QUERY);
    assert_string_equal(err.message, "job 20");
    join(readers);
    assert_int_equal(dn_flow_result(flow, &err), DN_E_QUERY);
    dn_flow_free(flow);
}

static void a_stop_ends_readers_that_wait_for_room(void **state) {
    (void)state;
    Reader readers[READERS] = {0};
    DnFlow *flow = dn_flow_new(JOBS, READERS, 1);
    DnErr err = {0};
    assert_non_null(flow);
    for (int i = 0; i < READERS; i++) {
        readers[i].fails_at = DN_NO_JOB;
    }
    start(readers, flow);
    DnBlock *block;
    assert_int_equal(dn_flow_next(flow, 0, &block, &err), DN_OK);
    dn_flow_release(flow, block);
    dn_flow_stop(flow);
    join(readers);
    assert_int_equal(dn_flow_result(flow, &err), DN_E_CANCELLED);
    dn_flow_free(flow);
}

static void a_long_line_gets_a_block_of_its_own(void **state) {
    (void)state;
    const size_t size = (size_t)5 * 1024 * 1024;
    DnFlow *flow = dn_flow_new(1, 1, 1);
    DnErr err = {0};
    char *line = malloc(size);
    assert_non_null(line);
    memset(line, 'x', size);
    DnPrefix given;
    DnWork work = {.flow = flow, .job = dn_flow_take(flow, true, &given)};
    assert_true(dn_work_add(&work, line, size, 1));
    assert_true(dn_work_end_piece(&work));
    assert_true(dn_work_finish(&work));
    dn_flow_leave(flow);
    DnBlock *block;
    assert_int_equal(dn_flow_next(flow, 0, &block, &err), DN_OK);
    assert_int_equal(block->size, size);
    assert_int_equal(block->ends[0].at, size);
    dn_flow_release(flow, block);
    dn_flow_free(flow);
    free(line);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(order_is_kept),
        cmocka_unit_test(no_room_blocks_nobody),
        cmocka_unit_test(the_first_takes_what_others_gave_back),
        cmocka_unit_test(a_failure_ends_all_waits),
        cmocka_unit_test(a_stop_ends_readers_that_wait_for_room),
        cmocka_unit_test(a_long_line_gets_a_block_of_its_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
