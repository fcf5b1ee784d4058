/*
 * outputs.h - what the tests of dumper/sink/ do with outputs again and again.
 */
#ifndef DN_TESTS_UNIT_DUMPER_SINK_OUTPUTS_H
#define DN_TESTS_UNIT_DUMPER_SINK_OUTPUTS_H

#include "tests/unit/scratch.h"

#include "dumper/sink/output.h"

#define ABC_SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static inline DnOutput *open_ok(const char *path) {
    DnErr err = {0};
    DnOutput *output = NULL;
    if (dn_output_open(&(DnOutputOptions){.path = path}, &output, &err)) {
        fail_msg("%s", err.message);
    }
    return output;
}

static inline void write_ok(DnOutput *output, const char *text) {
    DnErr err = {0};
    assert_int_equal(dn_output_write(output, text, strlen(text), &err), DN_OK);
}

static inline void finish_ok(DnOutput *output) {
    char sha256[65];
    uint64_t bytes = 0;
    DnErr err = {0};
    if (dn_output_finish(output, sha256, &bytes, &err)) {
        fail_msg("%s", err.message);
    }
}

static inline void dump(const char *path, const char *text) {
    DnOutput *output = open_ok(path);
    write_ok(output, text);
    finish_ok(output);
}

/* The open fails with this status, the message names `part`, there is a hint, and nothing new is there. */
static inline void open_fails(void **state, const char *path, const char *part) {
    const Scratch *scratch = *state;
    size_t before = scratch_count(scratch->folder);
    DnErr err = {0};
    DnOutput *output = NULL;
    assert_int_equal(dn_output_open(&(DnOutputOptions){.path = path}, &output, &err), DN_E_IO);
    assert_null(output);
    if (!strstr(err.message, part)) {
        fail_msg("\"%s\" is not in: %s", part, err.message);
    }
    assert_true(err.hint[0]);
    assert_true(err.object[0]);
    assert_int_equal(scratch_count(scratch->folder), before);
}

/* Writes a block until it fails; returns the error of it. */
static inline DnErr write_until_failure(DnOutput *output) {
    static char block[100 * 1000];
    DnErr err = {0};
    for (int i = 0; i < 1000; i++) {
        if (dn_output_write(output, block, sizeof block, &err)) {
            return err;
        }
    }
    fail_msg("100 MB were written");
    return err;
}

#endif
