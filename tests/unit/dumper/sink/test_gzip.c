/* Compression: the words that ask for it, and that zlib gets back what went in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "dumper/sink/gzip.h"
#include "dumper/sink/output.h"

static void words(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int level;
        const char *error;
    } cases[] = {
        {NULL, 0, NULL},
        {"0", 0, NULL},
        {"none", 0, NULL},
        {"gzip", DN_GZIP_DEFAULT, NULL},
        {"GZIP", DN_GZIP_DEFAULT, NULL},
        {"9", 9, NULL},
        {"gzip:1", 1, NULL},
        {"gzip:level=6", 6, NULL},
        {"15", 0,
         "invalid compression specification: compression algorithm \"gzip\" expects a compression level "
         "between "
         "1 and 9 (default at -1)"},
        {"gzip:0", 0,
         "invalid compression specification: compression algorithm \"gzip\" expects a compression level "
         "between "
         "1 and 9 (default at -1)"},
        {"none:1", 0,
         "invalid compression specification: compression algorithm \"none\" does not accept a compression "
         "level"},
        {"gzip:x", 0, "invalid compression specification: unrecognized compression option: \"x\""},
        {"gzip:", 0,
         "invalid compression specification: found empty string where a compression option was expected"},
        {"zip", 0, "unrecognized compression algorithm: \"zip\""},
        {"3:3", 0, "unrecognized compression algorithm: \"3\""},
        {"", 0, "unrecognized compression algorithm: \"\""},
        {"zstd:3", 0, "this build does not support compression with zstd"},
        {"lz4", 0, "this build does not support compression with lz4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int level = 77;
        DnErr err = {0};
        DnStatus status = dn_gzip_parse(cases[i].text, &level, &err);
        assert_int_equal(status, cases[i].error ? DN_E_USAGE : DN_OK);
        assert_string_equal(err.message, cases[i].error ? cases[i].error : "");
        if (!cases[i].error) {
            assert_int_equal(level, cases[i].level);
        }
    }
}

typedef struct Memory {
    unsigned char bytes[1 << 20];
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

/* Not all alike, so that the stream outgrows a buffer. */
static void fill(unsigned char *bytes, size_t size) {
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        seed = seed * 1664525U + 1013904223U;
        bytes[i] = (unsigned char)(seed >> 24);
    }
}

static void what_goes_in_comes_out(void **state) {
    (void)state;
    enum { SIZE = 700 * 1000 };
    static unsigned char plain[SIZE];
    static unsigned char back[SIZE + 1];
    static Memory memory;
    fill(plain, SIZE);
    const DnOutputOptions options = {.write = take, .write_ctx = &memory, .gzip_level = 6};
    for (size_t size = 0; size <= SIZE; size += SIZE) {
        DnErr err = {0};
        DnOutput *output = NULL;
        char sha256[65];
        uint64_t stored = 0;
        memory.size = 0;
        assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
        assert_int_equal(dn_output_write(output, plain, size, &err), DN_OK);
        assert_int_equal(dn_output_finish(output, sha256, &stored, &err), DN_OK);
        assert_int_equal(stored, memory.size);
        z_stream stream = {.next_in = memory.bytes,
                           .avail_in = (uInt)memory.size,
                           .next_out = back,
                           .avail_out = sizeof back};
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, size);
        assert_memory_equal(back, plain, size);
        assert_int_equal(stream.avail_in, 0);
        assert_int_equal(inflateEnd(&stream), Z_OK);
    }
}

static void failure_behind_it_is_told(void **state) {
    (void)state;
    static Memory memory;
    const DnOutputOptions options = {.write = take, .write_ctx = &memory, .gzip_level = 1};
    DnErr err = {0};
    DnOutput *output = NULL;
    char sha256[65];
    uint64_t stored = 0;
    memory.error = 28; /* ENOSPC */
    assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
    assert_int_equal(dn_output_write(output, "abc", 3, &err), DN_OK);
    assert_int_equal(dn_output_finish(output, sha256, &stored, &err), DN_E_IO);
    assert_int_equal(dn_output_open(&options, &output, &err), DN_OK);
    dn_output_abort(output);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words),
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(failure_behind_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
