#include "tests/unit/scratch.h"

#include "common/filter.h"
#include "dumper/manifest/check.h"
#include "dumper/manifest/manifest.h"
#include "dumper/manifest/record.h"

static DnStatus append(void *ctx, const char *text, size_t size, DnErr *err) {
    (void)err;
    FILE *file = ctx;
    return fwrite(text, 1, size, file) == size ? DN_OK : DN_E_IO;
}

static const char *write_file(void **state, const DnManifest *manifest) {
    const char *path = at(state, "m.json");
    DnErr err = {0};
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(dn_manifest_write(manifest, append, file, &err), DN_OK);
    assert_int_equal(fclose(file), 0);
    return path;
}

static DnManifest sample(void) {
    DnManifest m = {.tool = "dumpnative 1",
                    .server_version = "15.1",
                    .database = "a \"b\"\\\n\x7f\xc3\xa9",
                    .encoding = "UTF8",
                    .snapshot_time = "",
                    .snapshot_lsn = "0/1",
                    .options = "{\"schema_only\": true}",
                    .plain_bytes = 30,
                    .stored_bytes = 30};
    memset(m.sha256, 'a', sizeof m.sha256 - 1);
    for (int i = 0; i < DN_SPAN_COUNT; i++) {
        m.sections[i] = (DnManifestSection){.offset = (uint64_t)i * 10, .bytes = 10, .sum = {(uint64_t)i, 7}};
    }
    const DnManifestTable tables[] = {{"public", "t", 10, 4, 2, {1, 2}, true},
                                      {"public", "u", 14, 4, 1, {0}, false}};
    const DnManifestObject objects[] = {{"TABLE", "public", "t", {3, 4}}, {"SCHEMA", "", "public", {5, 6}}};
    for (size_t i = 0; i < 2; i++) {
        DN_PUSH(&m.arena, &m.tables, tables[i]);
        DN_PUSH(&m.arena, &m.objects, objects[i]);
    }
    return m;
}

static void what_is_written_is_read(void **state) {
    DnManifest m = sample();
    DnManifest read;
    DnErr err = {0};
    assert_int_equal(dn_manifest_read(write_file(state, &m), &read, &err), DN_OK);
    assert_string_equal(read.database, m.database);
    assert_string_equal(read.snapshot_time, "");
    assert_string_equal(read.snapshot_lsn, "0/1");
    assert_string_equal(read.sha256, m.sha256);
    assert_int_equal(read.sections[2].offset, 20);
    assert_int_equal(read.sections[2].sum.high, 2);
    assert_int_equal(read.tables.count, 2);
    assert_true(read.tables.items[0].has_sum);
    assert_int_equal(read.tables.items[0].sum.low, 2);
    assert_false(read.tables.items[1].has_sum);
    assert_int_equal(read.objects.count, 2);
    assert_string_equal(read.objects.items[1].schema, "");
    assert_int_equal(read.objects.items[1].sum.low, 6);

    DnDumpOptions options = DN_DUMP_OPTIONS_INIT;
    assert_int_equal(dn_manifest_options_read(&read, &options, &err), DN_OK);
    assert_true(options.schema_only);
    dn_manifest_deinit(&read);
    dn_manifest_deinit(&m);
}

/* Each cut is an error, but for that of the last line end. */
static void a_cut_file_is_refused(void **state) {
    DnManifest m = sample();
    const char *path = write_file(state, &m);
    struct stat file;
    assert_int_equal(stat(path, &file), 0);
    for (off_t size = file.st_size - 2; size >= 0; size -= 7) {
        DnManifest read;
        DnErr err = {0};
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(dn_manifest_read(path, &read, &err), DN_E_MISMATCH);
        assert_non_null(strstr(err.message, "m.json"));
        dn_manifest_deinit(&read);
    }
    dn_manifest_deinit(&m);
}

static void expect_refusal(void **state, const char *json, const char *word) {
    DnManifest read;
    DnErr err = {0};
    put(at(state, "m.json"), json);
    assert_int_equal(dn_manifest_read(at(state, "m.json"), &read, &err), DN_E_MISMATCH);
    assert_non_null(strstr(err.message, word));
    dn_manifest_deinit(&read);
}

static void other_json_is_refused(void **state) {
    expect_refusal(state, "{}", "format");
    expect_refusal(state, "[]", "format");
    expect_refusal(state, "{\"format\": 1}", "format 1");
    expect_refusal(state, "{\"format\": 3}", "format 3");
    expect_refusal(state, "{\"format\": 2}", "missing");
    expect_refusal(state, "\xff", "no JSON");
}

/* Whoever passes over rows by their places relies on that. */
static void tables_out_of_place_are_refused(void **state) {
    static const DnManifestTable wrong[] = {
        {"public", "t", 10, 5, 2, {1, 2}, true},  /* runs into the next one */
        {"public", "t", 18, 4, 2, {1, 2}, true},  /* behind it */
        {"public", "t", 10, 21, 2, {1, 2}, true}, /* longer than the text */
        {"public", "t", INT64_MAX, INT64_MAX, 2, {1, 2}, true}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        DnManifest m = sample();
        DnManifest read;
        DnErr err = {0};
        m.tables.items[0] = wrong[i];
        assert_int_equal(dn_manifest_read(write_file(state, &m), &read, &err), DN_E_MISMATCH);
        assert_non_null(strstr(err.message, "out of place"));
        dn_manifest_deinit(&read);
        dn_manifest_deinit(&m);
    }
}

static void options_come_back(void **state) {
    (void)state;
    static const char *const schemas[] = {"a", "\"B\".*", NULL};
    const char *const *lists[DN_FILTER_COUNT] = {[DN_FILTER_SCHEMAS] = schemas};
    DnDumpOptions options = DN_DUMP_OPTIONS_INIT;
    options.clean = true;
    options.sections = DN_DATA;
    options.encoding = "LATIN1";
    options.dbname = "password=secret";
    DnBuf json = {0};
    dn_manifest_options_write(&json, &options, lists);
    assert_string_equal(dn_buf_text(&json), "{\"clean\": true, \"sections\": 2, \"encoding\": \"LATIN1\", "
                                            "\"schemas\": [\"a\", \"\\\"B\\\".*\"]}");
    DnManifest m = {.options = dn_buf_text(&json)};
    DnDumpOptions back = DN_DUMP_OPTIONS_INIT;
    DnErr err = {0};
    assert_int_equal(dn_manifest_options_read(&m, &back, &err), DN_OK);
    assert_true(back.clean);
    assert_int_equal(back.sections, DN_DATA);
    assert_string_equal(back.schemas[1], "\"B\".*");
    assert_null(back.schemas[2]);
    m.options = "{\"from_the_future\": true}";
    assert_int_equal(dn_manifest_options_read(&m, &back, &err), DN_E_MISMATCH);
    assert_non_null(strstr(err.message, "from_the_future"));
    dn_buf_deinit(&json);
    dn_manifest_deinit(&m);
}

static void names_become_utf8(void **state) {
    (void)state;
    static const struct {
        const char *name, *clean;
    } cases[] = {
        {"plain", "plain"},
        {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
        {"caf\xe9", "caf\\xE9"},
        {"\xc0\x80", "\\xC0\\x80"},
        {"\xed\xa0\x80", "\\xED\\xA0\\x80"},
        {"\xf4\x90\x80\x80", "\\xF4\\x90\\x80\\x80"},
        {"\xe2\x82", "\\xE2\\x82"},
        {"\xff", "\\xFF"},
    };
    DnManifest m = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(dn_manifest_name(&m, cases[i].name), cases[i].clean);
    }
    dn_manifest_deinit(&m);
}

/* ---- Comparing ------------------------------------------------------------------- */

static char told[1024];

static void note(void *ctx, const char *object, const char *difference) {
    (void)ctx;
    size_t size = strlen(told);
    (void)snprintf(told + size, sizeof told - size, "%s: %s\n", object, difference);
}

static uint64_t compare(DnManifest *here, DnManifest *there) {
    static const DnSides sides = {.here = "A", .there = "B"};
    told[0] = '\0';
    return dn_manifest_compare(here, there, &sides, note, NULL);
}

static void differences_are_named(void **state) {
    (void)state;
    DnManifest a = sample();
    DnManifest b = sample();
    assert_int_equal(compare(&a, &b), 0);
    b.tables.items[0].rows++;
    b.objects.items[0].sum.low++; /* sorted: the schema */
    b.objects.items[1].name = "t2";
    const DnManifestObject comment = {"COMMENT", "public", "TABLE t", {1, 1}};
    DN_PUSH(&a.arena, &a.objects, comment);
    assert_int_equal(compare(&a, &b), 5);
    assert_string_equal(told, "COMMENT on TABLE t in schema public: is not in B\n"
                              "SCHEMA public: is not defined the same\n"
                              "TABLE public.t: is not in B\n"
                              "TABLE public.t2: is not in A\n"
                              "rows of public.t: 2 in A, 3 in B\n");
    dn_manifest_deinit(&a);
    dn_manifest_deinit(&b);
}

static void namesakes_are_told_apart(void **state) {
    (void)state;
    DnManifest a = {0};
    DnManifest b = {0};
    for (uint64_t i = 0; i < 3; i++) {
        const DnManifestObject one = {"RULE", "s", "r", {i, 0}};
        const DnManifestObject other = {"RULE", "s", "r", {2 - i, 0}};
        DN_PUSH(&a.arena, &a.objects, one);
        DN_PUSH(&b.arena, &b.objects, other);
    }
    assert_int_equal(compare(&a, &b), 0);
    b.objects.count--;
    assert_int_equal(compare(&a, &b), 1);
    assert_string_equal(told, "RULE s.r: is not in B\n");
    dn_manifest_deinit(&a);
    dn_manifest_deinit(&b);
}

/* What both versions can have in common is compared where they are on either side of 15. */
static void rights_on_public_count_by_the_versions(void **state) {
    static const struct {
        const char *here, *there;
        uint64_t differences;
    } versions[] = {{"14.1", "14.2", 1}, {"15.1", "18.0", 1}, {"14.1", "15.0", 0}, {"18.0", "12.22", 0}};
    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        DnManifest a = {.server_version = versions[i].here};
        DnManifest b = {.server_version = versions[i].there};
        const DnManifestObject plain = {"ACL", "", "SCHEMA public", {1, 0}};
        const DnManifestObject other = {"ACL", "", "SCHEMA public", {2, 0}};
        const DnManifestObject second = {"ACL but for CREATE", "", "SCHEMA public", {3, 0}};
        DN_PUSH(&a.arena, &a.objects, plain);
        DN_PUSH(&a.arena, &a.objects, second);
        DN_PUSH(&b.arena, &b.objects, other);
        DN_PUSH(&b.arena, &b.objects, second);
        assert_int_equal(compare(&a, &b), versions[i].differences);
        assert_string_equal(told, versions[i].differences ? "ACL SCHEMA public: are other privileges\n" : "");
        dn_manifest_deinit(&a);
        dn_manifest_deinit(&b);
    }
}

/* ---- Checking -------------------------------------------------------------------- */

static const char text[] = "head\nCOPY\n1\ta\n2\tb\n\\.\ntail\n";

static void record(DnManifest *m) {
    DnRecorder recorder;
    DnErr err = {0};
    const DnTableData data = {0};
    const DnEntry entry = {.schema = "public", .tag = "t", .desc = "TABLE DATA", .data = &data};
    DnSum sum = {0};
    dn_sum_add_row(&sum, text + 10, 4);
    dn_sum_add_row(&sum, text + 14, 4);
    assert_int_equal(dn_recorder_init(&recorder, m, &err), DN_OK);
    dn_recorder_section(&recorder, DN_PRE_DATA);
    dn_recorder_text(&recorder, text, 5);
    dn_recorder_section(&recorder, DN_DATA);
    dn_recorder_text(&recorder, text + 5, 5);
    dn_recorder_rows_begin(&recorder, &entry, true);
    dn_recorder_text(&recorder, text + 10, 8);
    dn_recorder_rows_end(&recorder, 2, sum);
    dn_recorder_text(&recorder, text + 18, 3);
    dn_recorder_section(&recorder, DN_POST_DATA);
    dn_recorder_section(&recorder, DN_PRE_DATA); /* over: counts for nothing */
    dn_recorder_text(&recorder, text + 21, sizeof text - 22);
    assert_int_equal(dn_recorder_end(&recorder, &err), DN_OK);
    dn_recorder_deinit(&recorder);
}

static void expect_bad(const DnManifest *m, const char *changed, size_t size, size_t piece, const char *bad) {
    DnManifestCheck check;
    DnErr err = {0};
    const char *found = "";
    assert_int_equal(dn_manifest_check_init(&check, m, &err), DN_OK);
    for (size_t at = 0; at < size; at += piece) {
        dn_manifest_check_add(&check, changed + at, size - at < piece ? size - at : piece);
    }
    assert_int_equal(dn_manifest_check_end(&check, &found, &err), DN_OK);
    assert_string_equal(found, bad);
    dn_manifest_check_deinit(&check);
}

/* A manifest that takes the end of one table's rows, and all behind it, for rows: all sums fit. */
static void rows_end_where_they_end(void **state) {
    (void)state;
    static const char two[] = "COPY\n1\n\\.\nCOPY\n2\n\\.\n";
    for (size_t rows = 1; rows <= 4; rows++) {
        DnManifest m = {.plain_bytes = sizeof two - 1};
        DnManifestTable table = {.schema = "public", .name = "t", .offset = 5, .rows = rows, .has_sum = true};
        for (size_t i = 0; i < rows; i++) {
            const char *line = two + 5 + table.bytes;
            size_t size = (size_t)(strchr(line, '\n') + 1 - line);
            dn_sum_add_row(&table.sum, line, size);
            table.bytes += size;
        }
        DnSumStream *stream = dn_sum_stream_new();
        dn_sum_stream_add(stream, two, sizeof two - 1);
        m.sections[0] = (DnManifestSection){.bytes = sizeof two - 1, .sum = dn_sum_stream_take(stream)};
        for (int i = 1; i < DN_SPAN_COUNT; i++) {
            m.sections[i] = (DnManifestSection){.offset = sizeof two - 1, .sum = dn_sum_stream_take(stream)};
        }
        dn_sum_stream_free(stream);
        DN_PUSH(&m.arena, &m.tables, table);
        for (size_t piece = 1; piece < sizeof two; piece++) {
            expect_bad(&m, two, sizeof two - 1, piece, rows == 1 ? "" : "rows of public.t");
        }
        dn_manifest_deinit(&m);
    }
}

static void damage_is_located(void **state) {
    (void)state;
    DnManifest m = {0};
    char changed[sizeof text];
    record(&m);
    assert_int_equal(m.sections[DN_SPAN_DATA].offset, 5);
    assert_int_equal(m.sections[DN_SPAN_DATA].bytes, 16);
    assert_int_equal(m.tables.items[0].offset, 10);
    for (size_t piece = 1; piece < sizeof text; piece++) {
        expect_bad(&m, text, sizeof text - 1, piece, "");
        memcpy(changed, text, sizeof text);
        changed[10] = '7';
        expect_bad(&m, changed, sizeof text - 1, piece, "the section data, rows of public.t");
        memcpy(changed, text, sizeof text);
        changed[0] = 'H';
        expect_bad(&m, changed, sizeof text - 1, piece, "the section pre-data");
        expect_bad(&m, text, sizeof text - 3, piece, "the section post-data, the length");
        expect_bad(&m, text, 12, piece,
                   "the section data, the section post-data, rows of public.t, the length");
    }
    expect_bad(&m, "", 0, 1,
               "the section pre-data, the section data, the section post-data, rows of public.t, "
               "the length");
    dn_manifest_deinit(&m);
}

/* Until version 15, pg_dump says ALTER TABLE ... OWNER TO of sequences and views, too. */
static void owners_are_compared_whatever_the_words(void **state) {
    static const char *const targets[] = {"TABLE public.\"S\"", "SEQUENCE public.\"S\"", "SEQUENCE public.s"};
    DnManifest m = {0};
    DnRecorder recorder;
    DnErr err = {0};
    (void)state;
    const DnModel model = {.server_version = 150000, .server_version_text = "15", .database = "d"};
    assert_int_equal(dn_recorder_init(&recorder, &m, &err), DN_OK);
    dn_recorder_head(&recorder, "tool", &model, "{}");
    const DnObject object = {.name = "S"};
    for (size_t i = 0; i < 3; i++) {
        DnEntry entry = {.object = &object,
                         .desc = "SEQUENCE",
                         .tag = "S",
                         .schema = "public",
                         .owner = "me",
                         .owned = true};
        dn_buf_str(&entry.owner_target, targets[i]);
        dn_recorder_object(&recorder, &entry);
        dn_buf_deinit(&entry.owner_target);
    }
    assert_true(dn_sum_equal(m.objects.items[0].sum, m.objects.items[1].sum));
    assert_false(dn_sum_equal(m.objects.items[1].sum, m.objects.items[2].sum));
    dn_recorder_deinit(&recorder);
    dn_manifest_deinit(&m);
}

/* Names in tags keep the quotes that are a part of them; types and names in SQL lose those that are not. */
static void tags_are_names_or_sql(void **state) {
    static const struct {
        const char *name, *desc, *tag, *expected;
    } entries[] = {
        {"\"json\"", "TABLE", "\"json\"", "\"json\""},
        {"\"json\"", "CONSTRAINT", "\"json\" c", "\"json\" c"},
        {"\"json\"", "FUNCTION", "\"json\"(z.\"json\")", "\"json\"(z.json)"},
        {"json", "COMMENT", "TABLE \"json\"", "TABLE json"},
        {"\"json\"", "ACL", "TABLE \"\"\"json\"\"\"", "TABLE \"\"\"json\"\"\""},
    };
    DnManifest m = {0};
    DnRecorder recorder;
    DnErr err = {0};
    (void)state;
    const DnModel model = {.server_version = 180000, .server_version_text = "18", .database = "d"};
    assert_int_equal(dn_recorder_init(&recorder, &m, &err), DN_OK);
    dn_recorder_head(&recorder, "tool", &model, "{}");
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        const DnObject object = {.name = entries[i].name};
        const DnEntry entry = {.object = &object, .desc = entries[i].desc, .tag = entries[i].tag};
        dn_recorder_object(&recorder, &entry);
        assert_string_equal(m.objects.items[i].name, entries[i].expected);
    }
    dn_recorder_deinit(&recorder);
    dn_manifest_deinit(&m);
}

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_open, scratch_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(what_is_written_is_read),
        SCRATCH_TEST(a_cut_file_is_refused),
        SCRATCH_TEST(other_json_is_refused),
        SCRATCH_TEST(tables_out_of_place_are_refused),
        cmocka_unit_test(options_come_back),
        cmocka_unit_test(owners_are_compared_whatever_the_words),
        cmocka_unit_test(tags_are_names_or_sql),
        cmocka_unit_test(names_become_utf8),
        cmocka_unit_test(differences_are_named),
        cmocka_unit_test(namesakes_are_told_apart),
        cmocka_unit_test(rights_on_public_count_by_the_versions),
        cmocka_unit_test(damage_is_located),
        cmocka_unit_test(rows_end_where_they_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
