/* What is expected here is what @next/env 15 (dotenv 16.3.1, dotenv-expand 10) makes of the same text. */
#include "common/env_file.h"

#include <stdio.h>
#include <string.h>

#include "common/buf.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *environment(const char *name) {
    return strcmp(name, "HOME") == 0    ? "/root"
           : strcmp(name, "EMPTY") == 0 ? ""
           : strcmp(name, "SET") == 0   ? "of $HOME"
                                        : NULL;
}

/* "A<value>B<value>", or the error. */
static const char *read_bytes(const char *bytes, size_t size) {
    static DnBuf out;
    static const char *const names[] = {"A", "B", "C", "A.B-c", "export", "SET", NULL};
    DnEnvFile *file = NULL;
    DnErr err = {0};
    dn_buf_clear(&out);
    if (dn_env_file_parse("f", bytes, size, environment, &file, &err) != DN_OK) {
        assert_null(file);
        assert_int_equal(err.status, DN_E_USAGE);
        dn_buf_str(&out, err.message);
    }
    for (int i = 0; names[i]; i++) {
        const char *value = dn_env_file_value(file, names[i]);
        if (value) {
            dn_buf_fmt(&out, "%s<%s>", names[i], value);
        }
    }
    dn_env_file_free(file);
    return dn_buf_text(&out);
}

typedef struct Case {
    const char *text, *values;
} Case;

static void expect(const Case *cases, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(read_bytes(cases[i].text, strlen(cases[i].text)), cases[i].values);
    }
}

#define EXPECT(cases) expect(cases, sizeof(cases) / sizeof *(cases))

static void lines(void **state) {
    (void)state;
    static const Case cases[] = {
        {"", ""},
        {"A=1\nB=2\n", "A<1>B<2>"},
        {"A=1\r\nB=2\rC=3", "A<1>B<2>C<3>"},
        {"\xEF\xBB\xBF"
         "A=1",
         "A<1>"},
        {"  A = x y  \n", "A<x y>"},
        {"A=\nB=2", "A<>B<2>"},
        {"A\nB=2", "B<2>"},
        {"export A=1\nexport=2", "A<1>export<2>"},
        {"A: 1\nB:2", "A<1>"},
        {"A.B-c=1", "A.B-c<1>"},
        {"A=1\nA=2", "A<2>"},
        {"# A=1\n  # B=2\nC=3 # c", "C<3>"},
        {"A=pass#word", "A<pass>"},
        {"A==b=c", "A<=b=c>"},
        {"A='x' B='y'\n", "A<x' B='y>"},
    };
    EXPECT(cases);
}

static void quotes(void **state) {
    (void)state;
    static const Case cases[] = {
        {"A=\"x # y\" # z", "A<x # y>"},
        {"A='x # y'\nB=`x \"' y`", "A<x # y>B<x \"' y>"},
        {"A=\"x\\ny\\rz\\t\"", "A<x\ny\rz\\t>"},
        {"A='x\\ny'\nB=x\\ny", "A<x\\ny>B<x\\ny>"},
        {"A=\"x\ny\n\"\nB=2", "A<x\ny\n>B<2>"},
        {"A='x\ny'\nB=2", "A<x\ny>B<2>"},
        {"A=\" x \"", "A< x >"},
        {"A=\"x\\\"y\"", "A<x\\\"y>"},
        {"A=\"x\nB=2", "A<\"x>B<2>"},
        {"A='x'y", "A<'x'y>"},
        {"A=\"x\\\"\nB=2", "A<x\\>B<2>"},
        {"A=''\nB=\"\"", "A<>B<>"},
        {"A=\"", "A<\">"},
    };
    EXPECT(cases);
}

static void references(void **state) {
    (void)state;
    static const Case cases[] = {
        {"A=1\nB=$A", "A<1>B<1>"},
        {"A=1\nB=${A}2\nC='${A}'", "A<1>B<12>C<1>"},
        {"A=$B\nB=1", "A<1>B<1>"},
        {"A=x$HOME/y", "A<x/root/y>"},
        {"A=$NONE.", "A<.>"},
        {"A=${NONE:-x y}", "A<x y>"},
        {"A=${EMPTY:-x}", "A<x>"},
        {"A=\\$HOME\nB=a\\$b", "A<$HOME>B<a$b>"},
        {"A=pa$$word", "A<pa$>"},
        {"A=$\nB=a$-b\nC=$1", "A<$>B<a$-b>C<>"},
        {"SET=1\nA=$SET", "A<of /root>SET<of /root>"},
        {"A=${B:-${C:-x}}", "A<x>"},
        {"A=$A", "f: variable A refers to itself, or to too much"},
        {"A=$B\nB=$A", "f: variable A refers to itself, or to too much"},
        {"A=`id`\nB=$(id)\nC=\"$(id)\"", "A<id>B<$(id)>C<$(id)>"},
    };
    EXPECT(cases);
}

static void what_is_no_text_is_refused(void **state) {
    (void)state;
    static char big[DN_ENV_FILE_MOST + 1];
    memset(big, 'A', sizeof big);
    assert_string_equal(read_bytes("A=1\0B=2", 7), "f: this is no file of environment variables");
    assert_string_equal(read_bytes(big, sizeof big), "f: this is no file of environment variables");
}

/* 200 KiB a hundred times. */
static void memory_is_not_for_what_is_referred_to_often(void **state) {
    (void)state;
    static char text[DN_ENV_FILE_MOST];
    size_t size = 200 * (size_t)1024;
    memset(text, 'x', size);
    memcpy(text, "A=", 2);
    for (int i = 0; i < 100; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "\nB%d=$A", i);
    }
    assert_string_equal(read_bytes(text, size), "f: variable B81 refers to itself, or to too much");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines),
        cmocka_unit_test(quotes),
        cmocka_unit_test(references),
        cmocka_unit_test(what_is_no_text_is_refused),
        cmocka_unit_test(memory_is_not_for_what_is_referred_to_often),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
