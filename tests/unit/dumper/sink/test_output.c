/*
 * Outputs on a real file system: what appears, with which mode, and what is left when something fails.
 */
#define _GNU_SOURCE /* unshare */
#include "tests/unit/dumper/sink/outputs.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>

/* ---- What appears ----------------------------------------------------------------- */

static void file_and_digest(void **state) {
    const Scratch *scratch = *state;
    char sha256[65];
    uint64_t bytes = 0;
    DnErr err = {0};
    DnOutput *output = open_ok(at(state, "out.sql"));
    write_ok(output, "a");
    write_ok(output, "bc");
    assert_int_equal(scratch_count(scratch->folder), 0);
    assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_OK);
    assert_string_equal(sha256, ABC_SHA256);
    assert_int_equal(bytes, 3);
    assert_true(holds(at(state, "out.sql"), "abc"));
    assert_true(holds(at(state, "out.sql.sha256"), ABC_SHA256 "  out.sql\n"));
    assert_int_equal(scratch_count(scratch->folder), 2);
    assert_true(sha256sum_accepts(scratch->folder, "out.sql.sha256"));
}

static void empty_output(void **state) {
    const Scratch *scratch = *state;
    dump(at(state, "out.sql"), "");
    assert_true(holds(at(state, "out.sql"), ""));
    assert_true(sha256sum_accepts(scratch->folder, "out.sql.sha256"));
}

static void mode_is_private_under_any_umask(void **state) {
    static const mode_t masks[] = {0, 0777, 022};
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        mode_t before = umask(masks[i]);
        dump(at(state, "out.sql"), "abc");
        assert_int_equal(umask(before), masks[i]);
        assert_int_equal(mode_of(at(state, "out.sql")), 0600);
        assert_int_equal(mode_of(at(state, "out.sql.sha256")), 0600);
    }
}

static void earlier_pair_is_replaced(void **state) {
    const Scratch *scratch = *state;
    put(at(state, "out.sql"), "a much longer file of before");
    put(at(state, "out.sql.sha256"),
        "a much longer digest of before, with a lot of text that must go away again, all");
    assert_int_equal(chmod(at(state, "out.sql"), 0644), 0);
    dump(at(state, "out.sql"), "abc");
    assert_true(holds(at(state, "out.sql"), "abc"));
    assert_int_equal(mode_of(at(state, "out.sql")), 0600);
    assert_true(sha256sum_accepts(scratch->folder, "out.sql.sha256"));
    assert_int_equal(scratch_count(scratch->folder), 2);
}

static void file_that_appears_meanwhile_is_replaced(void **state) {
    const Scratch *scratch = *state;
    DnOutput *output = open_ok(at(state, "out.sql"));
    write_ok(output, "abc");
    put(at(state, "out.sql"), "a stranger's");
    finish_ok(output);
    assert_true(holds(at(state, "out.sql"), "abc"));
    assert_int_equal(scratch_count(scratch->folder), 2);
}

static void writes_of_all_sizes(void **state) {
    enum { MOST = 700 * 1000, WRITES = 60 };
    const Scratch *scratch = *state;
    char *expected = malloc((size_t)MOST * WRITES);
    size_t size = 0;
    unsigned seed = 7;
    DnErr err = {0};
    assert_non_null(expected);
    DnOutput *output = open_ok(at(state, "out.sql"));
    for (int i = 0; i < WRITES; i++) {
        seed = seed * 1103515245U + 12345U;
        /* Among them: nothing, one byte, the buffer's size exactly, and some times as much. */
        size_t more = i % 7 == 0 ? (size_t)(i % 14 != 0) : i % 5 == 0 ? 256 * 1024 : (seed >> 8) % MOST;
        for (size_t k = 0; k < more; k++) {
            expected[size + k] = (char)((size + k) * 31 % 251);
        }
        assert_int_equal(dn_output_write(output, expected + size, more, &err), DN_OK);
        size += more;
    }
    finish_ok(output);
    Text text = get(at(state, "out.sql"));
    assert_int_equal(text.size, size);
    assert_true(memcmp(text.bytes, expected, size) == 0);
    free(text.bytes);
    free(expected);
    assert_true(sha256sum_accepts(scratch->folder, "out.sql.sha256"));
}

/* ---- Late failures ---------------------------------------------------------------- */

static void check_untouched(void **state, size_t entries) {
    const Scratch *scratch = *state;
    assert_int_equal(scratch_count(scratch->folder), entries);
    assert_true(holds(at(state, "out.sql"), "before"));
    assert_true(holds(at(state, "out.sql.sha256"), "digest of before"));
}

static void put_earlier_pair(void **state) {
    put(at(state, "out.sql"), "before");
    put(at(state, "out.sql.sha256"), "digest of before");
}

static void abort_keeps_the_earlier_pair(void **state) {
    const Scratch *scratch = *state;
    DnErr err = {0};
    static const char big[300 * 1000];
    DnOutput *output = open_ok(at(state, "out.sql"));
    assert_int_equal(dn_output_write(output, big, sizeof big, &err), DN_OK);
    dn_output_abort(output);
    assert_int_equal(scratch_count(scratch->folder), 0);
    put_earlier_pair(state);
    output = open_ok(at(state, "out.sql"));
    assert_int_equal(dn_output_write(output, big, sizeof big, &err), DN_OK);
    dn_output_abort(output);
    check_untouched(state, 2);
    dn_output_abort(NULL);
}

/* A failed write names the file and a remedy, stays, and finish gives it again. */
static void check_failed_write(void **state, DnOutput *output, const char *part, const char *remedy) {
    char sha256[65] = "untouched";
    uint64_t bytes = 0;
    DnErr again = {0};
    DnErr err = write_until_failure(output);
    assert_int_equal(err.status, DN_E_IO);
    assert_non_null(strstr(err.message, part));
    assert_non_null(strstr(err.message, "out.sql"));
    assert_non_null(strstr(err.hint, remedy));
    assert_int_equal(dn_output_write(output, "x", 1, &again), DN_E_IO);
    assert_string_equal(again.message, err.message);
    again = (DnErr){0};
    assert_int_equal(dn_output_finish(output, sha256, &bytes, &again), DN_E_IO);
    assert_string_equal(again.message, err.message);
    assert_string_equal(again.hint, err.hint);
    assert_string_equal(sha256, "untouched");
    check_untouched(state, 2);
}

/* SIGXFSZ has its default here, which would end the process. */
static void file_size_limit(void **state) {
    struct rlimit before;
    put_earlier_pair(state);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    assert_int_equal(
        setrlimit(RLIMIT_FSIZE, &(struct rlimit){.rlim_cur = 1000000, .rlim_max = before.rlim_max}), 0);
    DnOutput *output = open_ok(at(state, "out.sql"));
    check_failed_write(state, output, "File too large", "ulimit -f");
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
}

/* In a mount namespace of this process's own, so that nothing stays mounted after it. */
static void full_disk(void **state) {
    const Scratch *scratch = *state;
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", scratch->folder, "tmpfs", 0, "size=1m") != 0) {
        print_message("[ skipped: no tmpfs can be mounted here ]\n");
        skip();
    }
    put_earlier_pair(state);
    DnOutput *output = open_ok(at(state, "out.sql"));
    check_failed_write(state, output, "No space left", "free space");
    assert_int_equal(umount(scratch->folder), 0);
}

static void full_at_the_very_end(void **state) {
    DnErr err = {0};
    char sha256[65];
    uint64_t bytes = 0;
    assert_int_equal(symlink("/dev/full", at(state, "out.sql")), 0);
    DnOutput *output = open_ok(at(state, "out.sql"));
    write_ok(output, "abc");
    assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_E_IO);
    assert_non_null(strstr(err.message, "No space left"));
    assert_non_null(strstr(err.hint, "free space"));
}

/* Runs `work` in a child that then waits, kills it with SIGKILL, and comes back. */
static void kill_during(const char *path, const char *text, size_t size) {
    int ready[2];
    char byte = 0;
    int outcome = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        DnErr err = {0};
        DnOutput *output = NULL;
        if (dn_output_open(&(DnOutputOptions){.path = path}, &output, &err) ||
            dn_output_write(output, text, size, &err) || write(ready[1], "!", 1) != 1) {
            _exit(1);
        }
        (void)pause();
        _exit(1);
    }
    (void)close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    (void)close(ready[0]);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &outcome, 0), child);
    assert_true(WIFSIGNALED(outcome));
}

static void sigkill_leaves_nothing(void **state) {
    static const char big[3 * 1000 * 1000];
    const Scratch *scratch = *state;
    kill_during(at(state, "out.sql"), big, sizeof big);
    assert_int_equal(scratch_count(scratch->folder), 0);
    put_earlier_pair(state);
    kill_during(at(state, "out.sql"), big, sizeof big);
    check_untouched(state, 2);
}

/* ---- Callbacks -------------------------------------------------------------------- */

typedef struct Sponge {
    char bytes[1000 * 1000];
    size_t size;
    size_t fail_at; /* the call that fails, counted from 1 */
    size_t calls;
    int error;
} Sponge;

static int soak(void *ctx, const void *bytes, size_t size) {
    Sponge *sponge = ctx;
    if (++sponge->calls == sponge->fail_at) {
        return sponge->error;
    }
    if (size > sizeof sponge->bytes - sponge->size) {
        return EMSGSIZE;
    }
    memcpy(sponge->bytes + sponge->size, bytes, size);
    sponge->size += size;
    return 0;
}

static void callback_gets_the_bytes(void **state) {
    (void)state;
    static Sponge sponge;
    static const char big[600 * 1000] = "big";
    char sha256[65];
    uint64_t bytes = 0;
    DnErr err = {0};
    DnOutput *output = NULL;
    assert_int_equal(dn_output_open(&(DnOutputOptions){.write = soak, .write_ctx = &sponge}, &output, &err),
                     DN_OK);
    write_ok(output, "abc");
    assert_int_equal(sponge.calls, 0);
    assert_int_equal(dn_output_write(output, big, sizeof big, &err), DN_OK);
    assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_OK);
    assert_int_equal(bytes, sizeof big + 3);
    assert_int_equal(sponge.size, bytes);
    assert_memory_equal(sponge.bytes, "abcbig", 7);
}

/* Each call fails once: the first flush, a passing slice, the flush by finish. */
static void callback_error_ends_the_dump(void **state) {
    (void)state;
    static const char big[570 * 1000];
    for (size_t n = 1; n <= 4; n++) {
        static Sponge sponge;
        char sha256[65];
        uint64_t bytes = 0;
        DnErr err = {0};
        DnOutput *output = NULL;
        sponge = (Sponge){.fail_at = n, .error = EPIPE};
        assert_int_equal(
            dn_output_open(&(DnOutputOptions){.write = soak, .write_ctx = &sponge}, &output, &err), DN_OK);
        write_ok(output, "abc");
        DnStatus written = dn_output_write(output, big, sizeof big, &err);
        assert_int_equal(written, n < 4 ? DN_E_IO : DN_OK);
        assert_int_equal(dn_output_finish(output, sha256, &bytes, &err), DN_E_IO);
        assert_int_equal(sponge.calls, n);
        assert_non_null(strstr(err.message, "Broken pipe"));
    }
}

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_open, scratch_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(file_and_digest),
        SCRATCH_TEST(empty_output),
        SCRATCH_TEST(mode_is_private_under_any_umask),
        SCRATCH_TEST(earlier_pair_is_replaced),
        SCRATCH_TEST(file_that_appears_meanwhile_is_replaced),
        SCRATCH_TEST(writes_of_all_sizes),
        SCRATCH_TEST(abort_keeps_the_earlier_pair),
        SCRATCH_TEST(file_size_limit),
        SCRATCH_TEST(full_at_the_very_end),
        SCRATCH_TEST(sigkill_leaves_nothing),
        SCRATCH_TEST(callback_gets_the_bytes),
        SCRATCH_TEST(callback_error_ends_the_dump),
        SCRATCH_TEST(full_disk), /* last: it leaves the process in a mount namespace of its own */
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
