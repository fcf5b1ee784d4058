/* The words that ask for compression, and that each method gets back what went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dumper/sink/compress.h"
#include "dumper/sink/expand.h"
#include "dumper/sink/gzip.h"
#include "dumper/sink/output.h"

#define INVALID "invalid compression specification: "
#define LEVELS(name, ...)                                                                                    \
    INVALID "compression algorithm \"" name "\" expects a compression level between " __VA_ARGS__

/* ---- The words ------------------------------------------------------------------- */

static bool is_built_in(const char *method) {
    (void)method;
#ifndef DN_HAVE_ZSTD
    if (strncmp(method, "zstd", 4) == 0) {
        return false;
    }
#endif
#ifndef DN_HAVE_LZ4
    if (strncmp(method, "lz4", 3) == 0) {
        return false;
    }
#endif
    return true;
}

static void words(void **state) {
    (void)state;
    static const struct {
        const char *text;
        DnCompressMethod method;
        int level;
    } cases[] = {
        {NULL, DN_COMPRESS_NONE, 0},
        {"", DN_COMPRESS_NONE, 0},
        {"0", DN_COMPRESS_NONE, 0},
        {"none", DN_COMPRESS_NONE, 0},
        {"none:level=0", DN_COMPRESS_NONE, 0},
        {"gzip", DN_COMPRESS_GZIP, DN_GZIP_DEFAULT},
        {"9", DN_COMPRESS_GZIP, 9},
        {"+5", DN_COMPRESS_GZIP, 5},
        {" 3", DN_COMPRESS_GZIP, 3},
        {"-1", DN_COMPRESS_GZIP, DN_GZIP_DEFAULT},
        {"gzip:1", DN_COMPRESS_GZIP, 1},
        {"gzip:-1", DN_COMPRESS_GZIP, DN_GZIP_DEFAULT},
        {"gzip:level=6", DN_COMPRESS_GZIP, 6},
        {"gzip:level=3,level=4", DN_COMPRESS_GZIP, 4},
        {"gzip:long=no", DN_COMPRESS_GZIP, DN_GZIP_DEFAULT},
        {"lz4", DN_COMPRESS_LZ4, 0},
        {"lz4:0", DN_COMPRESS_LZ4, 0},
        {"lz4:12", DN_COMPRESS_LZ4, 12},
        {"zstd", DN_COMPRESS_ZSTD, 3},
        {"zstd:-131072", DN_COMPRESS_ZSTD, -131072},
        {"zstd:level=22,long", DN_COMPRESS_ZSTD, 22},
        {"zstd:long=OFF,workers=2", DN_COMPRESS_ZSTD, 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DnCompression c;
        DnErr err = {0};
        DnStatus status = dn_compression_parse(cases[i].text, &c, &err);
        if (!is_built_in(cases[i].text ? cases[i].text : "")) {
            assert_int_equal(status, DN_E_USAGE);
            continue;
        }
        assert_string_equal(err.message, "");
        assert_int_equal(status, DN_OK);
        assert_int_equal(c.method, cases[i].method);
        assert_int_equal(c.level, cases[i].level);
    }
}

#ifdef DN_HAVE_ZSTD
static void details(void **state) {
    (void)state;
    DnErr err = {0};
    DnCompression c;
    assert_int_equal(dn_compression_parse("zstd:long=yes,workers=2,level=4", &c, &err), DN_OK);
    assert_true(c.long_distance && c.has_workers);
    assert_int_equal(c.workers, 2);
    assert_int_equal(dn_compression_parse("zstd:long,long=0", &c, &err), DN_OK);
    assert_false(c.long_distance || c.has_workers);
}
#endif

/* pg_dump 18's own words. */
static void wrong_words(void **state) {
    (void)state;
    static const struct {
        const char *text, *error;
    } cases[] = {
        {"zip", "unrecognized compression algorithm: \"zip\""},
        {"GZIP", "unrecognized compression algorithm: \"GZIP\""},
        {"3:3", "unrecognized compression algorithm: \"3\""},
        {"3 ", "unrecognized compression algorithm: \"3 \""},
        {"0x5", "unrecognized compression algorithm: \"0x5\""},
        {":", "unrecognized compression algorithm: \"\""},
        {"gz", "unrecognized compression algorithm: \"gz\""},
        {"15", LEVELS("gzip", "1 and 9 (default at -1)")},
        {"-2", LEVELS("gzip", "1 and 9 (default at -1)")},
        {"99999999999999999999", LEVELS("gzip", "1 and 9 (default at -1)")},
        {"gzip:0", LEVELS("gzip", "1 and 9 (default at -1)")},
        {"lz4:13", LEVELS("lz4", "1 and 12 (default at 0)")},
        {"lz4:-1", LEVELS("lz4", "1 and 12 (default at 0)")},
        {"zstd:level=50", LEVELS("zstd", "-131072 and 22 (default at 3)")},
        {"none:1", INVALID "compression algorithm \"none\" does not accept a compression level"},
        {"none:long", INVALID "compression algorithm \"none\" does not support long-distance mode"},
        {"gzip:long", INVALID "compression algorithm \"gzip\" does not support long-distance mode"},
        {"lz4:workers=1", INVALID "compression algorithm \"lz4\" does not accept a worker count"},
        {"gzip:level", INVALID "compression option \"level\" requires a value"},
        {"gzip:level=", INVALID "value for compression option \"level\" must be an integer"},
        {"gzip:level=3x", INVALID "value for compression option \"level\" must be an integer"},
        {"zstd:workers", INVALID "compression option \"workers\" requires a value"},
        {"zstd:workers=x", INVALID "value for compression option \"workers\" must be an integer"},
        {"zstd:long=x", INVALID "value for compression option \"long\" must be a Boolean value"},
        {"gzip:x", INVALID "unrecognized compression option: \"x\""},
        {"zstd:Level=3", INVALID "unrecognized compression option: \"Level\""},
        {"gzip:1:2", INVALID "unrecognized compression option: \"1:2\""},
        {"gzip:", INVALID "found empty string where a compression option was expected"},
        {"gzip:level=3,", INVALID "found empty string where a compression option was expected"},
        {"gzip:,level=3", INVALID "found empty string where a compression option was expected"},
        {"gzip:=3", INVALID "found empty string where a compression option was expected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        DnCompression c;
        DnErr err = {0};
        assert_int_equal(dn_compression_parse(cases[i].text, &c, &err), DN_E_USAGE);
        assert_string_equal(err.message, cases[i].error);
    }
}

/* Whatever stands there: an answer, and one that says why where it is no. */
static void any_words(void **state) {
    (void)state;
    static const char *const pieces[] = {"gzip",        "zstd",  "lz4",  "none",    ":", "=",
                                         ",",           "level", "long", "workers", "3", "-",
                                         "99999999999", " ",     "\xff", "yes",     "%s"};
    uint32_t seed = 1;
    for (int round = 0; round < 20000; round++) {
        char text[128] = "";
        for (int n = 0; n < 8; n++) {
            seed = seed * 1664525U + 1013904223U;
            const char *piece = pieces[(seed >> 16) % (sizeof pieces / sizeof *pieces)];
            (void)snprintf(text + strlen(text), sizeof text - strlen(text), "%s", piece);
            DnCompression c;
            DnErr err = {0};
            DnStatus status = dn_compression_parse(text, &c, &err);
            assert_true(status == DN_OK ? !err.message[0] && c.method < DN_COMPRESS_COUNT
                                        : status == DN_E_USAGE && err.message[0]);
        }
    }
}

/* ---- There and back -------------------------------------------------------------- */

enum { SIZE = 3 * 1000 * 1000 };

typedef struct Memory {
    unsigned char bytes[SIZE + SIZE / 8];
    size_t size;
    int error; /* what the next write returns */
} Memory;

static int take(void *ctx, const void *bytes, size_t size) {
    Memory *memory = ctx;
    if (!memory->error) {
        assert_true(size <= sizeof memory->bytes - memory->size);
        memcpy(memory->bytes + memory->size, bytes, size);
        memory->size += size;
    }
    return memory->error;
}

static void take_text(void *ctx, const char *text, size_t size) {
    assert_int_equal(take(ctx, text, size), 0);
}

/* Half noise, so that the stream outgrows each buffer; half of one kind, so that the text does. */
static void fill(unsigned char *bytes, size_t size) {
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525U + 1013904223U;
        bytes[i] = i < size / 2 ? (unsigned char)(seed >> 24) : 'x';
    }
}

static Memory stored;
static Memory back;
static unsigned char plain[SIZE];

static void store(const char *words_, size_t size) {
    DnOutputOptions options = {.write = take, .write_ctx = &stored};
    DnErr err = {0};
    DnOutput *output = NULL;
    char sha256[65];
    uint64_t bytes = 0;
    stored.size = 0;
    assert_int_equal(dn_compression_parse(words_, &options.compression, &err), DN_OK);
    assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
    assert_int_equal(dn_output_write(output, plain, size, &err), DN_OK);
    assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_OK);
    assert_int_equal(bytes, stored.size);
}

/* Reads `stored` in blocks of that size; whether it is whole. */
static bool expand(size_t block) {
    DnExpander *expander = NULL;
    DnErr err = {0};
    back.size = 0;
    assert_int_equal(dn_expander_open((const char *)stored.bytes, stored.size, &expander, &err), DN_OK);
    assert_non_null(expander);
    for (size_t at = 0; at < stored.size; at += block) {
        size_t size = stored.size - at < block ? stored.size - at : block;
        expander->add(expander, (const char *)stored.bytes + at, size, take_text, &back);
    }
    bool whole = dn_expander_is_whole(expander);
    dn_expander_free(expander);
    return whole;
}

static const char *const every_method[] = {
    "gzip:1", "gzip",
#ifdef DN_HAVE_ZSTD
    "zstd",   "zstd:-5", "zstd:level=1,workers=0", "zstd:long,workers=2",
#endif
#ifdef DN_HAVE_LZ4
    "lz4",    "lz4:9",
#endif
};

static void what_goes_in_comes_out(void **state) {
    (void)state;
    static const size_t sizes[] = {0, 1, 700000, SIZE};
    fill(plain, SIZE);
    for (size_t m = 0; m < sizeof every_method / sizeof *every_method; m++) {
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            store(every_method[m], sizes[i]);
            assert_true(expand(sizes[i] > 1000 ? 256 * 1024 : 1));
            assert_int_equal(back.size, sizes[i]);
            assert_memory_equal(back.bytes, plain, sizes[i]);
        }
        assert_true(stored.size < (size_t)SIZE / 4 * 3);
    }
}

/* A file may be several, put together. */
static void parts_are_read_as_one(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof every_method / sizeof *every_method; m++) {
        store(every_method[m], 1000);
        assert_true(stored.size * 2 <= sizeof stored.bytes);
        memcpy(stored.bytes + stored.size, stored.bytes, stored.size);
        stored.size *= 2;
        assert_true(expand(stored.size));
        assert_int_equal(back.size, 2000);
        assert_memory_equal(back.bytes + 1000, plain, 1000);
    }
}

static bool same_text(size_t size) {
    return back.size == size && memcmp(back.bytes, plain, size) == 0;
}

/* Any byte changed, any end cut off: no crash, no endless text, and no other text that would pass for
   whole. */
static void damage_is_found(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof every_method / sizeof *every_method; m++) {
        store(every_method[m], 3000);
        size_t whole = stored.size;
        bool checks_itself = strncmp(every_method[m], "gzip", 4) == 0;
        for (size_t at = 4; at < whole; at += 1 + at / 50) {
            stored.bytes[at] ^= 0x55;
            bool passes = expand(100);
            assert_true(!checks_itself || !passes || same_text(3000));
            stored.bytes[at] ^= 0x55;
            stored.size = at;
            assert_false(expand((size_t)64 * 1024));
            stored.size = whole;
        }
    }
}

static void plain_text_is_not_expanded(void **state) {
    (void)state;
    DnErr err = {0};
    DnExpander *expander = NULL;
    assert_int_equal(dn_expander_open("--\n-- PostgreSQL", 16, &expander, &err), DN_OK);
    assert_null(expander);
    assert_int_equal(dn_expander_open("\x1f", 1, &expander, &err), DN_OK);
    assert_null(expander);
    dn_expander_free(expander);
}

static void filling_behind_gzip_is_passed_over(void **state) {
    (void)state;
    static const size_t fillings[] = {1, 2, 3, 512};
    for (size_t i = 0; i < sizeof fillings / sizeof *fillings; i++) {
        store("gzip", 1000);
        memset(stored.bytes + stored.size, 0, fillings[i]);
        stored.size += fillings[i];
        assert_true(expand(100));
        assert_int_equal(back.size, 1000);
    }
}

/* Such as archives, which people take for dumps. */
static void what_is_not_sql_is_named(void **state) {
    static const struct {
        const char *bytes, *words;
    } files[] = {{"PGDMP\x01\x0f", "pg_dump -Fc"},
                 {"toc.dat\0\0", "pg_dump -Ft"},
                 {"\xff\xfe-\0-\0\n\0", "UTF-16"},
                 {"\xfe\xff\0-\0-\0\n", "UTF-16"},
                 {"\xfd"
                  "7zXZ\0\0",
                  "xz"},
                 {"BZh91AY&", "bzip2"},
                 {"PK\x03\x04....", "ZIP"}};
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        DnErr err = {0};
        DnExpander *expander = NULL;
        assert_int_equal(dn_expander_open(files[i].bytes, 8, &expander, &err), DN_E_MISMATCH);
        assert_null(expander);
        assert_non_null(strstr(err.message, files[i].words));
        assert_true(err.hint[0] != '\0');
    }
}

static void failure_behind_it_is_told(void **state) {
    (void)state;
    for (size_t m = 0; m < sizeof every_method / sizeof *every_method; m++) {
        DnOutputOptions options = {.write = take, .write_ctx = &stored};
        DnErr err = {0};
        DnOutput *output = NULL;
        char sha256[65];
        uint64_t bytes = 0;
        assert_int_equal(dn_compression_parse(every_method[m], &options.compression, &err), DN_OK);
        stored.error = 28; /* ENOSPC */
        assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
        assert_int_equal(dn_output_write(output, "abc", 3, &err), DN_OK);
        assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_E_IO);
        assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
        dn_output_abort(output);
        stored.error = 0;
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
#ifdef DN_HAVE_ZSTD
        cmocka_unit_test(details),
#endif
        cmocka_unit_test(wrong_words),
        cmocka_unit_test(any_words),
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(parts_are_read_as_one),
        cmocka_unit_test(damage_is_found),
        cmocka_unit_test(plain_text_is_not_expanded),
        cmocka_unit_test(filling_behind_gzip_is_passed_over),
        cmocka_unit_test(what_is_not_sql_is_named),
        cmocka_unit_test(failure_behind_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
