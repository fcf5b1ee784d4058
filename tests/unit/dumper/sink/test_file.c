/*
 * File destinations: links, names, permissions, devices and pipes, descriptors.
 */
#include "tests/unit/dumper/sink/outputs.h"

#include <fcntl.h>
#include <signal.h>

enum { NOBODY = 65534 };

/* ---- Names --------------------------------------------------------------------- */

static void names_that_sha256sum_escapes(void **state) {
    static const char *const names[] = {"a\\b",  "a\nb",    "a\rb",     " a ",        "*a",
                                        "-dash", "\\\\n\n", "\xff\xfe", "\xc3\xa4 b", "it's \"$x\""};
    const Scratch *scratch = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char digest[64];
        (void)snprintf(digest, sizeof digest, "%s.sha256", names[i]);
        dump(at(state, names[i]), "abc");
        if (!sha256sum_accepts(scratch->folder, digest)) {
            fail_msg("sha256sum refuses \"%s\"", names[i]);
        }
    }
}

static void name_of_greatest_length(void **state) {
    const Scratch *scratch = *state;
    char name[256] = {0};
    memset(name, 'n', 255 - strlen(".sha256"));
    dump(at(state, name), "abc");
    assert_int_equal(scratch_count(scratch->folder), 2);
    /* One more leaves no room for the digest's suffix: told before any work is done. */
    name[strlen(name)] = 'n';
    open_fails(state, at(state, name), "File name too long");
}

static void relative_path_outlives_chdir(void **state) {
    const Scratch *scratch = *state;
    char before[4096];
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(scratch->folder), 0);
    DnOutput *output = open_ok("out.sql");
    assert_int_equal(chdir(before), 0);
    write_ok(output, "abc");
    finish_ok(output);
    assert_true(holds(at(state, "out.sql"), "abc"));
    assert_true(sha256sum_accepts(scratch->folder, "out.sql.sha256"));
}

/* ---- Symbolic links --------------------------------------------------------------- */

static void link_is_kept_and_target_replaced(void **state) {
    const Scratch *scratch = *state;
    assert_int_equal(mkdir(at(state, "real"), 0700), 0);
    put(at(state, "real/file.sql"), "before");
    assert_int_equal(symlink("hop.sql", at(state, "link.sql")), 0);
    assert_int_equal(symlink("real/file.sql", at(state, "hop.sql")), 0);
    dump(at(state, "link.sql"), "abc");
    struct stat st;
    assert_int_equal(lstat(at(state, "link.sql"), &st), 0);
    assert_true(S_ISLNK(st.st_mode));
    assert_true(holds(at(state, "real/file.sql"), "abc"));
    assert_true(sha256sum_accepts(scratch->folder, "link.sql.sha256"));
    assert_int_equal(scratch_count(at(state, "real")), 1);
}

static void dangling_link_makes_its_target(void **state) {
    char target[512];
    (void)snprintf(target, sizeof target, "%s", at(state, "absolute.sql"));
    assert_int_equal(symlink(target, at(state, "link.sql")), 0);
    DnOutput *output = open_ok(at(state, "link.sql"));
    write_ok(output, "abc");
    dn_output_abort(output);
    assert_false(exists(target));
    dump(at(state, "link.sql"), "abc");
    assert_true(holds(target, "abc"));
}

static void link_in_a_circle(void **state) {
    assert_int_equal(symlink("b", at(state, "a")), 0);
    assert_int_equal(symlink("a", at(state, "b")), 0);
    open_fails(state, at(state, "a"), "symbolic links");
}

/* ---- Early failures --------------------------------------------------------------- */

static void paths_that_cannot_be(void **state) {
    assert_int_equal(mkdir(at(state, "folder"), 0700), 0);
    put(at(state, "file"), "");
    open_fails(state, at(state, "folder"), "Is a directory");
    open_fails(state, at(state, "folder/"), "Is a directory");
    open_fails(state, at(state, "new/"), "Is a directory");
    open_fails(state, at(state, "missing/out.sql"), "No such file");
    open_fails(state, at(state, "file/out.sql"), "Not a directory");
    open_fails(state, "/proc/out.sql", "/proc/out.sql");
}

static void empty_path_and_no_destination(void **state) {
    (void)state;
    DnErr err = {0};
    DnOutput *output = NULL;
    assert_int_equal(dn_output_open(&(DnOutputOptions){.path = ""}, &output, &err), DN_E_IO);
    assert_int_equal(dn_output_open(&(DnOutputOptions){0}, &output, &err), DN_E_USAGE);
    assert_null(output);
}

static void digest_in_the_way(void **state) {
    assert_int_equal(mkdir(at(state, "a.sql.sha256"), 0700), 0);
    open_fails(state, at(state, "a.sql"), "a.sql.sha256");
    assert_int_equal(mkfifo(at(state, "b.sql.sha256"), 0600), 0);
    open_fails(state, at(state, "b.sql"), "b.sql.sha256");
}

static void folders_without_permission(void **state) {
    const Scratch *scratch = *state;
    if (geteuid() != 0) {
        print_message("[ skipped: needs root to become someone else ]\n");
        skip();
    }
    put(at(state, "root.sql"), "before");
    assert_int_equal(chmod(scratch->folder, 0755), 0);
    assert_int_equal(seteuid(NOBODY), 0);
    open_fails(state, at(state, "out.sql"), "Permission denied");
    assert_int_equal(seteuid(0), 0);
    /* Files may be made here, but not those of others replaced. */
    assert_int_equal(chmod(scratch->folder, 01777), 0);
    assert_int_equal(seteuid(NOBODY), 0);
    open_fails(state, at(state, "root.sql"), "not permitted");
    dump(at(state, "mine.sql"), "abc");
    assert_int_equal(seteuid(0), 0);
    /* Files may be made here, but not listed. */
    assert_int_equal(mkdir(at(state, "drop"), 0700), 0);
    assert_int_equal(chmod(at(state, "drop"), 0733), 0);
    assert_int_equal(seteuid(NOBODY), 0);
    dump(at(state, "drop/out.sql"), "abc");
    assert_int_equal(seteuid(0), 0);
    assert_true(sha256sum_accepts(at(state, "drop"), "out.sql.sha256"));
}

/* ---- What is written straight ----------------------------------------------------- */

static void devices_get_no_digest(void **state) {
    const Scratch *scratch = *state;
    dump("/dev/null", "abc");
    assert_false(exists("/dev/null.sha256"));
    struct stat st;
    assert_int_equal(stat("/dev/null", &st), 0);
    assert_true(S_ISCHR(st.st_mode));
    assert_int_equal(symlink("/dev/null", at(state, "null.sql")), 0);
    dump(at(state, "null.sql"), "abc");
    assert_int_equal(scratch_count(scratch->folder), 1);
}

/* As /dev/stdout is, when the shell opened a file with >>. */
static void open_descriptor_of_a_file(void **state) {
    const Scratch *scratch = *state;
    char path[64];
    put(at(state, "log"), "before ");
    int fd = open(at(state, "log"), O_WRONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    (void)snprintf(path, sizeof path, "/dev/fd/%d", fd);
    dump(path, "abc");
    assert_int_equal(close(fd), 0);
    assert_true(holds(at(state, "log"), "before abc"));
    assert_int_equal(scratch_count(scratch->folder), 1);
}

static void fifo_gets_the_bytes(void **state) {
    const Scratch *scratch = *state;
    char got[8] = {0};
    assert_int_equal(mkfifo(at(state, "pipe"), 0600), 0);
    int reader = open(at(state, "pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    assert_true(reader >= 0);
    dump(at(state, "pipe"), "abc");
    assert_int_equal(read(reader, got, sizeof got), 3);
    assert_string_equal(got, "abc");
    assert_int_equal(close(reader), 0);
    assert_int_equal(scratch_count(scratch->folder), 1);
}

/* SIGPIPE has its default here, which would end the process. */
static void fifo_whose_reader_leaves(void **state) {
    assert_int_equal(mkfifo(at(state, "pipe"), 0600), 0);
    int reader = open(at(state, "pipe"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    DnOutput *output = open_ok(at(state, "pipe"));
    assert_int_equal(close(reader), 0);
    DnErr err = write_until_failure(output);
    assert_non_null(strstr(err.message, "Broken pipe"));
    assert_non_null(strstr(err.hint, "ended early"));
    dn_output_abort(output);
    sigset_t pending;
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGPIPE), 0);
}

/* ---- Descriptors ------------------------------------------------------------------ */

static void descriptors_close_on_exec(void **state) {
    int count = 0;
    DnOutput *output = open_ok(at(state, "out.sql"));
    for (int fd = 3; fd < 64; fd++) {
        char link[32];
        char target[512] = {0};
        (void)snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        if (readlink(link, target, sizeof target - 1) > 0 && strstr(target, "/dn-unit-")) {
            assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
            count++;
        }
    }
    assert_int_equal(count, 4);
    dn_output_abort(output);
}

/* A program started with its standard descriptors closed must not print into the dump. */
static void standard_descriptors_stay_free(void **state) {
    int outcome = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char sha256[65];
        uint64_t bytes = 0;
        DnErr err = {0};
        DnOutput *output = NULL;
        for (int fd = 0; fd <= 2; fd++) {
            (void)close(fd);
        }
        if (dn_output_open(&(DnOutputOptions){.path = at(state, "out.sql")}, &output, &err)) {
            _exit(1);
        }
        for (int fd = 0; fd <= 2; fd++) {
            if (write(fd, "stray", 5) >= 0) {
                _exit(2);
            }
        }
        _exit(dn_output_write(output, "abc", 3, &err) || dn_output_finish(output, sha256, &bytes, &err) ? 3
                                                                                                        : 0);
    }
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFEXITED(outcome));
    assert_int_equal(WEXITSTATUS(outcome), 0);
    assert_true(holds(at(state, "out.sql"), "abc"));
}

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_open, scratch_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(names_that_sha256sum_escapes),
        SCRATCH_TEST(name_of_greatest_length),
        SCRATCH_TEST(relative_path_outlives_chdir),
        SCRATCH_TEST(link_is_kept_and_target_replaced),
        SCRATCH_TEST(dangling_link_makes_its_target),
        SCRATCH_TEST(link_in_a_circle),
        SCRATCH_TEST(paths_that_cannot_be),
        SCRATCH_TEST(empty_path_and_no_destination),
        SCRATCH_TEST(digest_in_the_way),
        SCRATCH_TEST(folders_without_permission),
        SCRATCH_TEST(devices_get_no_digest),
        SCRATCH_TEST(open_descriptor_of_a_file),
        SCRATCH_TEST(fifo_gets_the_bytes),
        SCRATCH_TEST(fifo_whose_reader_leaves),
        SCRATCH_TEST(descriptors_close_on_exec),
        SCRATCH_TEST(standard_descriptors_stay_free),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
