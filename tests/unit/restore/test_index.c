/* The index of a dump and the order of work that follows from it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/buf.h"
#include "restore/schedule.h"

static const char dump[] =
    "SET client_encoding = 'UTF8';\n"
    "SELECT pg_catalog.set_config('search_path', '', false);\n"
    "--\n-- Name: shop; Type: SCHEMA; Schema: -; Owner: me\n--\n\nCREATE SCHEMA shop;\n\n"
    "SET default_tablespace = '';\n\n"
    "--\n-- Name: orders; Type: TABLE; Schema: shop; Owner: me\n--\n\n"
    "CREATE TABLE shop.orders (id integer, \"partition by\" text);\nALTER TABLE shop.orders OWNER TO me;\n\n"
    "--\n-- Name: parts; Type: TABLE; Schema: shop; Owner: me\n--\n\n"
    "CREATE TABLE shop.parts (id integer)\nPARTITION BY RANGE (id);\n\n"
    "--\n-- Data for Name: orders; Type: TABLE DATA; Schema: shop; Owner: me\n--\n\n"
    "COPY shop.orders (id, \"partition by\") FROM stdin;\n1\tone\n2\ttwo\n\\.\n\n\n"
    "--\n-- Data for Name: parts; Type: TABLE DATA; Schema: shop; Owner: me\n--\n\n"
    "COPY shop.parts (id) FROM stdin;\n\\.\n\n\n"
    "--\n-- Data for Name: other; Type: TABLE DATA; Schema: shop; Owner: me\n--\n\n"
    "COPY shop.other (id) FROM stdin;\n1\n\\.\n\n\n"
    "--\n-- Name: orders orders_pkey; Type: CONSTRAINT; Schema: shop; Owner: me\n--\n\n"
    "ALTER TABLE ONLY shop.orders\n    ADD CONSTRAINT orders_pkey PRIMARY KEY (id);\n\n"
    "SET default_tablespace = fast;\n\n"
    "--\n-- Name: by_name; Type: INDEX; Schema: shop; Owner: me\n--\n\n"
    "CREATE INDEX by_name ON shop.orders USING btree (\"partition by\");\n\n"
    "--\n-- Name: INDEX by_name; Type: COMMENT; Schema: shop; Owner: me\n--\n\n"
    "COMMENT ON INDEX shop.by_name IS 'x';\n\n"
    "--\n-- Name: by_id; Type: INDEX; Schema: shop; Owner: me\n--\n\n"
    "CREATE INDEX by_id ON shop.orders USING btree (id);\n"
    "ALTER TABLE shop.orders CLUSTER ON by_id;\n\n"
    "--\n-- Name: parts parts_fkey; Type: FK CONSTRAINT; Schema: shop; Owner: me\n--\n\n"
    "ALTER TABLE ONLY shop.parts\n    ADD CONSTRAINT parts_fkey FOREIGN KEY (id) REFERENCES "
    "shop.orders(id);\n\n"
    "--\n-- Name: sneaky; Type: INDEX; Schema: shop; Owner: me\n--\n\nDROP TABLE shop.orders;\n\n"
    "-- PostgreSQL database dump complete\n";

static FILE *write_dump(const char *text) {
    FILE *file = tmpfile();
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fflush(file), 0);
    return file;
}

static const DnUnit *unit_of(const DnIndex *index, const char *label) {
    for (size_t i = 0; i < index->units.count; i++) {
        if (strcmp(index->units.items[i].label, label) == 0) {
            return &index->units.items[i];
        }
    }
    fail_msg("no unit %s", label);
    return NULL;
}

static void read_placed(DnIndex *index, const char *text, DnProof proof, DnStatus expected) {
    DnErr err = {0};
    DnRestoreOptions options = DN_RESTORE_OPTIONS_INIT;
    FILE *file = write_dump(text);
    options.path = "dump.sql";
    proof.fd = fileno(file);
    assert_int_equal(dn_index_read(index, &options, &proof, &err), expected);
    (void)fclose(file);
}

static void read_index(DnIndex *index, const char *text, DnStatus expected) {
    read_placed(index, text, (DnProof){.proven = true}, expected);
}

static void test_units(void **state) {
    (void)state;
    DnIndex index;
    read_index(&index, dump, DN_OK);
    uint64_t next = 0;
    for (size_t i = 0; i < index.units.count; i++) { /* nothing between them, and nothing left */
        assert_int_equal(index.units.items[i].offset, next);
        next = index.units.items[i].end;
    }
    assert_int_equal(next, strlen(dump));
    assert_int_equal(unit_of(&index, "SCHEMA shop")->kind, DN_UNIT_SERIAL);
    const DnUnit *rows = unit_of(&index, "TABLE DATA shop.orders");
    assert_int_equal(rows->kind, DN_UNIT_ROWS);
    assert_string_equal(rows->copy, "COPY shop.orders (id, \"partition by\") FROM stdin;\n");
    assert_string_equal(rows->target, "shop.orders");
    assert_memory_equal(dump + rows->rows, "1\tone\n2\ttwo\n\\.", 14);
    assert_int_equal(rows->rows_end - rows->rows, 12);
    assert_true(rows->tables[0]->plain);
    assert_int_equal(rows->tables[0]->bytes, 12);
    assert_false(unit_of(&index, "TABLE DATA shop.parts")->tables[0]->plain);
    assert_int_equal(unit_of(&index, "TABLE DATA shop.other")->kind, DN_UNIT_SERIAL); /* was there before */
    assert_true(unit_of(&index, "INDEX shop.by_name")->index_only);
    assert_int_equal(unit_of(&index, "INDEX shop.by_id")->kind, DN_UNIT_KEY);
    assert_false(unit_of(&index, "INDEX shop.by_id")->index_only);
    const DnUnit *reference = unit_of(&index, "FK CONSTRAINT shop.parts parts_fkey");
    assert_int_equal(reference->kind, DN_UNIT_REFERENCE);
    assert_ptr_equal(reference->tables[1], rows->tables[0]);
    assert_int_equal(unit_of(&index, "INDEX shop.sneaky")->kind, DN_UNIT_SERIAL); /* not what it says */
    dn_index_deinit(&index);
}

static void test_settings(void **state) {
    (void)state;
    DnIndex index;
    read_index(&index, dump, DN_OK);
    const DnUnit *key = unit_of(&index, "CONSTRAINT shop.orders orders_pkey");
    const DnUnit *later = unit_of(&index, "INDEX shop.by_name");
    assert_int_equal(index.names.count, 3);
    assert_string_equal(index.names.items[1], "search_path");
    assert_int_equal(key->before->count, 3);
    assert_string_equal(key->before->texts[2], "SET default_tablespace = '';");
    assert_string_equal(later->before->texts[2], "SET default_tablespace = fast;");
    assert_ptr_equal(key->after, later->before);
    assert_int_equal(unit_of(&index, "")->before->count, 0);
    dn_index_deinit(&index);
}

static void test_user(void **state) {
    (void)state;
    DnIndex index;
    static const char within[] = "-- Name: f; Type: ACL; Schema: -; Owner: me\nSET SESSION AUTHORIZATION a;\n"
                                 "GRANT ALL ON f TO b;\nRESET SESSION AUTHORIZATION;\n"
                                 "-- Name: g; Type: ACL; Schema: -; Owner: me\nSELECT 1;\n";
    static const char beyond[] = "SET SESSION AUTHORIZATION 'a';\n"
                                 "-- Name: g; Type: TABLE; Schema: -; Owner: me\nCREATE TABLE g (a int);\n";
    read_index(&index, within, DN_OK);
    dn_index_deinit(&index);
    read_index(&index, beyond, DN_E_MISMATCH);
    dn_index_deinit(&index);
    read_index(&index, "SET ROLE a;\n", DN_E_MISMATCH);
    dn_index_deinit(&index);
}

/* ---- By the places of rows ------------------------------------------------------------------ */

enum { LINES = 9000 };

/* A dump with two big tables. */
static void make_placed(DnBuf *text, DnRowsPlace places[2]) {
    for (unsigned t = 0; t < 2; t++) {
        dn_buf_fmt(text, "-- Name: t%u; Type: TABLE; Schema: s; Owner: me\nCREATE TABLE s.t%u (a text);\n", t,
                   t);
    }
    for (unsigned t = 0; t < 2; t++) {
        dn_buf_fmt(
            text,
            "-- Data for Name: t%u; Type: TABLE DATA; Schema: s; Owner: me\n\nCOPY s.t%u (a) FROM stdin;\n",
            t, t);
        places[t] = (DnRowsPlace){.offset = text->size, .rows = LINES};
        for (unsigned i = 0; i < LINES; i++) {
            dn_buf_fmt(text, "row %u; it's 1\n", i);
        }
        places[t].bytes = text->size - places[t].offset;
        dn_buf_str(text, "\\.\n\n");
    }
    dn_buf_str(text,
               "-- Name: i; Type: INDEX; Schema: s; Owner: me\nCREATE INDEX i ON s.t0 USING btree (a);\n");
}

static void assert_alike(const DnIndex *a, const DnIndex *b) {
    assert_int_equal(a->units.count, b->units.count);
    assert_int_equal(a->row_bytes, b->row_bytes);
    for (size_t i = 0; i < a->units.count; i++) {
        const DnUnit *x = &a->units.items[i];
        const DnUnit *y = &b->units.items[i];
        assert_string_equal(x->label, y->label);
        assert_true(x->kind == y->kind && x->offset == y->offset && x->end == y->end && x->line == y->line);
        assert_true(x->rows == y->rows && x->rows_end == y->rows_end && x->rows_line == y->rows_line);
        assert_int_equal(x->tables[0] ? x->tables[0]->bytes : 0, y->tables[0] ? y->tables[0]->bytes : 0);
    }
}

static void expect_placed(const char *text, const DnRowsPlace *places, bool passed) {
    const DnProof proof = {.proven = true, .places = places, .count = 2};
    DnIndex scanned, placed;
    read_index(&scanned, text, DN_OK);
    read_placed(&placed, text, proof, DN_OK);
    assert_alike(&scanned, &placed);
    assert_int_equal(placed.needs.passed_rows, passed);
    dn_index_deinit(&placed);
    dn_index_deinit(&scanned);
}

static void test_places(void **state) {
    (void)state;
    DnBuf text = {0};
    DnRowsPlace right[2];
    make_placed(&text, right);
    expect_placed(text.bytes, right, true);
    /* of two that are wrong the rows are read */
    static const struct {
        int64_t offset, bytes;
    } wrong[] = {{1, 0},  {-1, 0},   {0, 1}, {0, -1},      {1, -1},
                 {-1, 1}, {-40, 40}, {0, 4}, {0, 1000000}, {16, -16}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        DnRowsPlace places[2] = {right[0], right[1]};
        for (size_t t = 0; t < 2; t++) {
            places[t].offset += (uint64_t)wrong[i].offset;
            places[t].bytes += (uint64_t)wrong[i].bytes;
        }
        expect_placed(text.bytes, places, false);
    }
    /* one of them is right */
    DnRowsPlace first[2] = {right[0], right[1]};
    first[1].offset++;
    expect_placed(text.bytes, first, true);
    dn_buf_deinit(&text);
}

static int cut(void *ctx, uint64_t at, uint64_t end, uint64_t *found) {
    (void)ctx;
    *found = at + 7 < end ? at + 7 : end;
    return 0;
}

/* "serial: LABEL LABEL | LABEL; parallel: ...": jobs are divided by |. */
static void tell(const DnSchedule *schedule, DnBuf *told) {
    for (size_t i = 0; i < schedule->stages.count; i++) {
        const DnStage *stage = &schedule->stages.items[i];
        dn_buf_str(told, stage->parallel ? "parallel:" : "serial:");
        for (size_t j = 0; j < stage->jobs.count; j++) {
            dn_buf_str(told, j ? " |" : "");
            for (size_t k = 0; k < stage->jobs.items[j].count; k++) {
                dn_buf_fmt(told, " %s", stage->jobs.items[j].units[k]->label);
            }
        }
        dn_buf_str(told, "\n");
    }
}

static void test_schedule(void **state) {
    (void)state;
    DnIndex index;
    DnSchedule schedule;
    DnErr err;
    DnBuf told = {0};
    read_index(&index, dump, DN_OK);
    assert_int_equal(dn_schedule_make(&schedule, &index, 2, cut, NULL, &err), DN_OK);
    tell(&schedule, &told);
    assert_string_equal(dn_buf_text(&told),
                        "serial:  SCHEMA shop TABLE shop.orders TABLE shop.parts\n"
                        "parallel: TABLE DATA shop.orders TABLE DATA shop.parts\n"
                        "serial: TABLE DATA shop.other\n"
                        "parallel: CONSTRAINT shop.orders orders_pkey INDEX shop.by_name INDEX shop.by_id\n"
                        "serial: COMMENT shop.INDEX by_name\n"
                        "parallel: FK CONSTRAINT shop.parts parts_fkey\n"
                        "serial: INDEX shop.sneaky\n");
    dn_buf_deinit(&told);
    dn_schedule_deinit(&schedule);
    dn_index_deinit(&index);
}

static void make_big(DnIndex *index, uint64_t bytes, bool plain, unsigned units) {
    static DnSettings none;
    DnIndexTable *table = DN_NEW(&index->arena, DnIndexTable);
    *table = (DnIndexTable){.key = "\nt", .created = true, .plain = plain, .units = units, .bytes = bytes};
    uint64_t offset = index->units.count ? index->units.items[index->units.count - 1].end : 0;
    const DnUnit unit = {.kind = DN_UNIT_ROWS,
                         .offset = offset,
                         .end = offset + bytes + 20,
                         .label = "",
                         .before = &none,
                         .after = &none,
                         .tables = {table},
                         .statements = 1,
                         .copy = "COPY t FROM stdin;",
                         .target = "t",
                         .rows = offset + 10,
                         .rows_end = offset + bytes + 10};
    DN_PUSH(&index->arena, &index->units, unit);
}

static void check_pieces(uint64_t bytes, bool plain, unsigned units, size_t count, bool freeze) {
    DnIndex index = {0};
    DnSchedule schedule;
    DnErr err;
    make_big(&index, bytes, plain, units);
    assert_int_equal(dn_schedule_make(&schedule, &index, 2, cut, NULL, &err), DN_OK);
    DnStage *stage = &schedule.stages.items[0];
    assert_int_equal(stage->jobs.count, count);
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        const DnJob *job = &stage->jobs.items[i];
        assert_true(job->piece && job->freeze == freeze && job->to > job->from);
        assert_true(count == 1 ? job->id < job->from : job->id == job->from);
        assert_true(i == 0 || job->weight <= stage->jobs.items[i - 1].weight);
        sum += job->to - job->from;
    }
    assert_int_equal(sum, bytes);
    dn_schedule_deinit(&schedule);
    dn_index_deinit(&index);
}

static void test_pieces(void **state) {
    (void)state;
    check_pieces(DN_SCHEDULE_PIECE / 2, true, 1, 1, true);
    check_pieces(DN_SCHEDULE_PIECE / 2, false, 1, 1, false); /* partitioned: rows are in others */
    check_pieces(DN_SCHEDULE_PIECE / 2, true, 2, 1, false);  /* TRUNCATE would take the others' rows */
    check_pieces(DN_SCHEDULE_PIECE * 2ULL, true, 1, 2, false);
    check_pieces(DN_SCHEDULE_PIECE * 10ULL + 1, true, 1, 10, false);
}

/* Which of several tables, in MiB, are cut for so many sessions. */
static void check_whole(const unsigned *megabytes, unsigned sessions, const char *expected) {
    DnIndex index = {0};
    DnSchedule schedule;
    DnErr err;
    DnBuf told = {0};
    for (size_t i = 0; megabytes[i]; i++) {
        make_big(&index, megabytes[i] * (uint64_t)1024 * 1024, true, 1);
    }
    assert_int_equal(dn_schedule_make(&schedule, &index, sessions, cut, NULL, &err), DN_OK);
    const DnStage *stage = &schedule.stages.items[0];
    for (size_t i = 0; i < index.units.count; i++) {
        size_t jobs = 0;
        for (size_t j = 0; j < stage->jobs.count; j++) {
            jobs += stage->jobs.items[j].units[0] == &index.units.items[i];
        }
        dn_buf_str(&told, jobs > 1 ? "cut " : "whole ");
    }
    assert_string_equal(dn_buf_text(&told), expected);
    dn_buf_deinit(&told);
    dn_schedule_deinit(&schedule);
    dn_index_deinit(&index);
}

static void test_whole(void **state) {
    (void)state;
    check_whole((const unsigned[]){1000, 0}, 1, "whole ");
    check_whole((const unsigned[]){1000, 0}, 2, "cut ");
    check_whole((const unsigned[]){40, 0}, 2, "whole "); /* not worth it */
    check_whole((const unsigned[]){500, 500, 0}, 2, "whole whole ");
    check_whole((const unsigned[]){500, 490, 0}, 2, "whole whole "); /* about the same */
    check_whole((const unsigned[]){600, 400, 0}, 2, "cut whole ");
    check_whole((const unsigned[]){500, 500, 0}, 4, "cut cut ");
    check_whole((const unsigned[]){300, 300, 300, 0}, 2, "cut whole whole ");
    check_whole((const unsigned[]){200, 100, 1000, 300, 100, 0}, 2, "whole whole cut whole whole ");
    check_whole((const unsigned[]){200, 200, 200, 200, 200, 0}, 4, "cut whole whole whole whole ");
    check_whole((const unsigned[]){90, 90, 90, 90, 90, 90, 90, 90, 0}, 100,
                "cut cut cut cut cut cut cut cut ");
}

static void test_next(void **state) {
    (void)state;
    DnIndexTable a = {.key = "a"}, b = {.key = "b"};
    DnJob jobs[] = {{.id = 1, .tables = {&a}, .shared = true},
                    {.id = 2, .tables = {&a}},
                    {.id = 3, .tables = {&a}, .shared = true},
                    {.id = 4, .tables = {&b, &a}},
                    {.id = 5, .tables = {&b}}};
    DnStage stage = {.parallel = true};
    stage.jobs.items = jobs;
    stage.jobs.count = 5;
    static const uint64_t order[] = {1, 3, 5}; /* two indexes of a, and b; the others wait */
    for (size_t i = 0; i < 3; i++) {
        DnJob *job = dn_stage_next(&stage);
        assert_non_null(job);
        assert_int_equal(job->id, order[i]);
        job->state = DN_JOB_RUNS;
    }
    assert_null(dn_stage_next(&stage));
    jobs[0].state = jobs[2].state = DN_JOB_DONE;
    assert_int_equal(dn_stage_next(&stage)->id, 2);
    stage.parallel = false;
    jobs[0].state = DN_JOB_RUNS;
    assert_null(dn_stage_next(&stage));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units), cmocka_unit_test(test_places),   cmocka_unit_test(test_settings),
        cmocka_unit_test(test_user),  cmocka_unit_test(test_schedule), cmocka_unit_test(test_pieces),
        cmocka_unit_test(test_whole), cmocka_unit_test(test_next),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
