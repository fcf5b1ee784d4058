/*
 * Every system call that could spoil a file, failed once, or made the last one before SIGKILL, in turn.
 *
 * The functions below take the place of the C library's for the library under test. They count the
 * calls and, at the chosen one, fail or end the process; otherwise they ask the kernel.
 */
#define _GNU_SOURCE /* O_TMPFILE, syscall */
#include "tests/unit/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>

#include "dumper/sink/output.h"

static struct {
    long chosen; /* which call, counted from 1; 0 = none */
    long count;
    int error; /* errno of the failure; 0 = SIGKILL instead */
    bool no_tmpfile;
    bool no_links; /* between names, as on FAT */
    bool active;
    bool struck;
} fault;

static bool strikes(void) {
    if (!fault.active || ++fault.count != fault.chosen) {
        return false;
    }
    fault.struck = true;
    if (!fault.error) {
        (void)kill(getpid(), SIGKILL);
    }
    errno = fault.error;
    return true;
}

ssize_t write(int fd, const void *bytes, size_t size) {
    if (strikes()) {
        return -1;
    }
    /* Short and interrupted writes are part of life. */
    if (fault.active && fault.count % 3 == 0) {
        errno = EINTR;
        return -1;
    }
    return syscall(SYS_write, fd, bytes, fault.active && size > 1 ? size / 2 + 1 : size);
}

int fsync(int fd) {
    static unsigned calls;
    if (strikes()) {
        return -1;
    }
    if (fault.active && ++calls % 2) {
        errno = EINTR;
        return -1;
    }
    return (int)syscall(SYS_fsync, fd);
}

int fchmod(int fd, mode_t mode) {
    return strikes() ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list args;
    va_start(args, flags);
    mode_t mode = va_arg(args, mode_t);
    va_end(args);
    if (fault.no_tmpfile && (flags & O_TMPFILE) == O_TMPFILE) {
        errno = EOPNOTSUPP;
        return -1;
    }
    return strikes() ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

int linkat(int from_folder, const char *from, int folder, const char *name, int flags) {
    if (fault.no_links && flags == 0) {
        errno = EPERM;
        return -1;
    }
    return strikes() ? -1 : (int)syscall(SYS_linkat, from_folder, from, folder, name, flags);
}

int renameat(int from_folder, const char *from, int folder, const char *name) {
    return strikes() ? -1 : (int)syscall(SYS_renameat2, from_folder, from, folder, name, 0);
}

#define OLD_TEXT "before"
#define NEW_TEXT "the new dump"

static const struct Case {
    const char *label;
    bool earlier;
    bool no_tmpfile;
    bool no_links;
} cases[] = {
    {"nothing there before", .earlier = false},
    {"an earlier pair", .earlier = true},
    {"nothing there before, no O_TMPFILE", .no_tmpfile = true},
    {"an earlier pair, no O_TMPFILE", .earlier = true, .no_tmpfile = true},
    {"an earlier pair, no hard links", .earlier = true, .no_tmpfile = true, .no_links = true},
};

static DnStatus dump(const char *path, const char *text, DnErr *err) {
    DnOutput *output = NULL;
    char sha256[65];
    uint64_t bytes = 0;
    DnStatus status = dn_output_open(&(DnOutputOptions){.path = path}, &output, err);
    if (status) {
        return status;
    }
    if (dn_output_write(output, text, strlen(text), err)) {
        dn_output_abort(output);
        return err->status;
    }
    return dn_output_finish(output, sha256, &bytes, err);
}

static DnStatus dump_under_fault(void **state, const struct Case *c, long chosen, int error, DnErr *err) {
    fault.chosen = chosen;
    fault.error = error;
    fault.no_tmpfile = c->no_tmpfile;
    fault.no_links = c->no_links;
    fault.count = 0;
    fault.struck = false;
    fault.active = true;
    DnStatus status = dump(at(state, "out.sql"), NEW_TEXT, err);
    fault.active = false;
    fault.no_tmpfile = fault.no_links = false;
    return status;
}

/* The folder as each try finds it. */
static void prepare(void **state, const struct Case *c) {
    const Scratch *scratch = *state;
    DnErr err = {0};
    (void)nftw(scratch->folder, scratch_unlink, 8, FTW_DEPTH | FTW_PHYS);
    assert_int_equal(mkdir(scratch->folder, 0700), 0);
    if (c->earlier) {
        assert_int_equal(dump(at(state, "out.sql"), OLD_TEXT, &err), DN_OK);
    }
}

static bool pair_is(void **state, const char *text) {
    const Scratch *scratch = *state;
    return exists(at(state, "out.sql")) && holds(at(state, "out.sql"), text) &&
           sha256sum_accepts(scratch->folder, "out.sql.sha256");
}

static void each_call_fails_once(void **state) {
    static const int errors[] = {EIO, ENOSPC, EACCES};
    const Scratch *scratch = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases * 3; i++) {
        const struct Case *c = &cases[i / 3];
        long tries = 0;
        do {
            DnErr err = {0};
            prepare(state, c);
            DnStatus status = dump_under_fault(state, c, ++tries, errors[i % 3], &err);
            size_t entries = scratch_count(scratch->folder);
            bool right = status ? err.message[0] && entries == (c->earlier ? 2U : 0U) &&
                                      (!c->earlier || pair_is(state, OLD_TEXT))
                                : entries == 2 && pair_is(state, NEW_TEXT);
            if (!right) {
                fail_msg("%s: call %ld: status %d, %zu entries, %s", c->label, tries, (int)status, entries,
                         err.message);
            }
        } while (fault.struck);
        assert_true(tries > 8);
    }
}

/* After SIGKILL: the data under its name is the old or the new, whole. It is never the new without its
   digest; hidden names only where something is replaced, or where O_TMPFILE is missing. */
static bool survives(void **state, const struct Case *c, char *why, size_t size) {
    const Scratch *scratch = *state;
    bool there = exists(at(state, "out.sql"));
    bool old = there && holds(at(state, "out.sql"), OLD_TEXT);
    bool fresh = there && pair_is(state, NEW_TEXT);
    size_t named = (size_t)there + (size_t)exists(at(state, "out.sql.sha256"));
    size_t hidden = scratch_count(scratch->folder) - named;
    (void)snprintf(why, size, "old %d, new %d, %zu hidden", old, fresh, hidden);
    if (there && !old && !fresh) {
        return false;
    }
    if (c->earlier && !there && !c->no_links) {
        return false;
    }
    return c->earlier || c->no_tmpfile || !hidden;
}

static void killed_before_each_call(void **state) {
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int outcome = 0;
        long tries = 0;
        do {
            char why[64];
            prepare(state, &cases[i]);
            tries++;
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                DnErr err = {0};
                _exit(dump_under_fault(state, &cases[i], tries, 0, &err) ? 1 : 0);
            }
            assert_int_equal(waitpid(child, &outcome, 0), child);
            assert_true(WIFSIGNALED(outcome) || WEXITSTATUS(outcome) == 0);
            if (!survives(state, &cases[i], why, sizeof why)) {
                fail_msg("%s: killed before call %ld: %s", cases[i].label, tries, why);
            }
        } while (WIFSIGNALED(outcome));
        assert_true(tries > 8);
        assert_true(pair_is(state, NEW_TEXT));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_call_fails_once, scratch_open, scratch_close),
        cmocka_unit_test_setup_teardown(killed_before_each_call, scratch_open, scratch_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
