/*
 * dn_verify(): good dumps pass; each way of being spoilt is told apart, with a remedy.
 */
#include "tests/unit/scratch.h"

#include "dumper/sink/output.h"

#define CLOSING      "--\n-- PostgreSQL database dump complete\n--\n\n"
#define ABC_SHA256   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY_SHA256 "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

enum { BLOCK = 256 * 1024 };

/* Makes d.sql and its digest. */
static void publish(void **state, const void *bytes, size_t size) {
    DnErr err = {0};
    char sha256[65];
    uint64_t count = 0;
    DnOutput *output = NULL;
    assert_int_equal(dn_output_open(&(DnOutputOptions){.path = at(state, "d.sql")}, &output, &err), DN_OK);
    assert_int_equal(dn_output_write(output, bytes, size, &err), DN_OK);
    assert_int_equal(dn_output_finish(output, sha256, &count, &err), DN_OK);
}

static DnStatus verify(const char *path, DnVerifyResult *result, DnErr *err) {
    DnVerifyOptions options = DN_VERIFY_OPTIONS_INIT;
    options.path = path;
    return dn_verify(&options, result, err);
}

static void passes(void **state) {
    DnErr err = {0};
    if (verify(at(state, "d.sql"), NULL, &err)) {
        fail_msg("%s", err.message);
    }
}

static void fails(void **state, DnStatus status, const char *part) {
    DnErr err = {0};
    assert_int_equal(verify(at(state, "d.sql"), NULL, &err), status);
    assert_int_equal(err.status, status);
    if (!strstr(err.message, part)) {
        fail_msg("\"%s\" is not in: %s", part, err.message);
    }
    assert_non_null(strstr(err.object, "d.sql"));
    assert_non_null(strstr(err.message, "d.sql"));
}

/* ---- Closing comment -------------------------------------------------------------- */

static void endings(void **state) {
    static const struct {
        const char *text;
        bool whole;
    } cases[] = {
        {CLOSING, true},
        {"--\n-- PostgreSQL database dump complete\n--\n", true},
        {"SELECT 1;\n\n" CLOSING, true},
        {CLOSING "\n\n\n\n", true},
        {CLOSING "\\unrestrict AbC123\n\n", true},
        {"--\n-- PostgreSQL database dump complete\n--\n\\unrestrict k\n", true},
        {"--\n-- PostgreSQL database dump complete\n--", false},
        {"--\n-- PostgreSQL database dump complete\n", false},
        {"-- PostgreSQL database dump complete\n--\n\n", false},
        {"x--\n-- PostgreSQL database dump complete\n--\n\n", false},
        {"--\n-- PostgreSQL database dump complete \n--\n\n", false},
        {"--\n-- PostgreSQL database dump\n--\n\n", false},
        {CLOSING "SELECT 1;\n", false},
        {CLOSING "\\unrestrict", false},
        {CLOSING "\\unrestrict k\n\\unrestrict k\n", false},
        {CLOSING "--\n", false},
        {"\n\n\n", false},
        {"SELECT 1;\n", false},
        {"SELECT 1;", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        publish(state, cases[i].text, strlen(cases[i].text));
        if (cases[i].whole) {
            passes(state);
        } else {
            fails(state, DN_E_MISMATCH, "truncated");
        }
    }
}

/* The closing comment at every place around the border of two blocks. */
static void endings_across_blocks(void **state) {
    static char text[2 * BLOCK];
    static const char end[] = CLOSING;
    const size_t length = sizeof end - 1;
    memset(text, '\n', sizeof text);
    for (size_t size = BLOCK - 2; size < BLOCK + length + 2; size++) {
        memcpy(text + size - length, end, length);
        publish(state, text, size);
        passes(state);
        memset(text + size - length, '\n', length);
        publish(state, text, size);
        fails(state, DN_E_MISMATCH, "truncated");
    }
}

/* ---- Spoilt files ----------------------------------------------------------------- */

static void result_tells_size_and_hash(void **state) {
    DnVerifyResult result = {0};
    DnErr err = {0};
    char line[128];
    publish(state, CLOSING, strlen(CLOSING));
    assert_int_equal(verify(at(state, "d.sql"), &result, &err), DN_OK);
    assert_int_equal(result.bytes, strlen(CLOSING));
    (void)snprintf(line, sizeof line, "%s  d.sql\n", result.sha256);
    assert_true(holds(at(state, "d.sql.sha256"), line));
    /* Also of a file that isn't what its digest says. */
    put(at(state, "d.sql"), "abc");
    assert_int_equal(verify(at(state, "d.sql"), &result, &err), DN_E_MISMATCH);
    assert_string_equal(result.sha256, ABC_SHA256);
    assert_int_equal(result.bytes, 3);
}

static Text big_dump(void **state) {
    enum { SIZE = 3 * BLOCK + 1234 };
    static char text[SIZE];
    for (size_t i = 0; i < SIZE; i++) {
        text[i] = i % 60 == 59 ? '\n' : (char)('a' + i % 26);
    }
    text[SIZE - strlen(CLOSING) - 1] = '\n';
    memcpy(text + SIZE - strlen(CLOSING), CLOSING, strlen(CLOSING));
    publish(state, text, SIZE);
    return (Text){.bytes = text, .size = SIZE};
}

static void one_flipped_bit(void **state) {
    Text text = big_dump(state);
    const size_t places[] = {0, 1, BLOCK - 1, BLOCK, 2 * BLOCK + 17, text.size - strlen(CLOSING) - 2};
    passes(state);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        for (int bit = 0; bit < 8; bit++) {
            text.bytes[places[i]] ^= (char)(1 << bit);
            put_bytes(at(state, "d.sql"), text.bytes, text.size);
            fails(state, DN_E_MISMATCH, "was changed");
            text.bytes[places[i]] ^= (char)(1 << bit);
        }
    }
    put_bytes(at(state, "d.sql"), text.bytes, text.size);
    passes(state);
}

static void cut_off_anywhere(void **state) {
    Text text = big_dump(state);
    for (size_t left = 1; left < strlen(CLOSING) + 80; left++) {
        DnErr err = {0};
        put_bytes(at(state, "d.sql"), text.bytes, text.size - left);
        assert_int_equal(verify(at(state, "d.sql"), NULL, &err), DN_E_MISMATCH);
        /* Without the last empty line the comment is still there, and only the hash tells. */
        assert_non_null(strstr(err.message, left == 1 ? "was changed" : "truncated"));
        assert_true(err.hint[0]);
    }
    put_bytes(at(state, "d.sql"), text.bytes, BLOCK);
    fails(state, DN_E_MISMATCH, "truncated");
    put(at(state, "d.sql"), "");
    fails(state, DN_E_MISMATCH, "empty");
}

static void something_added(void **state) {
    publish(state, CLOSING, strlen(CLOSING));
    put(at(state, "d.sql"), CLOSING "\n");
    fails(state, DN_E_MISMATCH, "was changed");
    put(at(state, "d.sql"), CLOSING "DROP TABLE users;\n");
    fails(state, DN_E_MISMATCH, "closing comment");
    /* Line ends converted on the way: whole, but not the same. */
    put(at(state, "d.sql"), "--\r\n-- PostgreSQL database dump complete\r\n--\r\n\r\n");
    fails(state, DN_E_MISMATCH, "was changed");
}

/* ---- The digest ------------------------------------------------------------------- */

static void digests(void **state) {
    static const struct {
        const char *format; /* of the right hex digits */
        const char *part;   /* of the message, NULL when it passes */
    } cases[] = {
        {"%s  d.sql\n", NULL},
        {"%s *d.sql\n", NULL},
        {"%s  d.sql", NULL},
        {"%s  d.sql\r\n", NULL},
        {"%s  another name\n", NULL},
        {"\\%s  a\\\\b\n", NULL},
        {"", "malformed"},
        {"\n", "malformed"},
        {"%s\n", "malformed"},
        {"%s  ", "malformed"},
        {"%s d.sql\n", "malformed"},
        {" %s  d.sql\n", "malformed"},
        {"0%s  d.sql\n", "malformed"},
        {"g%.63s  d.sql\n", "malformed"},
        {"%.63s  d.sql\n", "malformed"},
        {"%s  d.sql\n\n", "malformed"},
        {"%s  d.sql\nand more\n", "malformed"},
        {EMPTY_SHA256 "  d.sql\n", "was changed"},
    };
    DnVerifyResult result = {0};
    DnErr err = {0};
    publish(state, CLOSING, strlen(CLOSING));
    assert_int_equal(verify(at(state, "d.sql"), &result, &err), DN_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256];
        const char *hex = strstr(cases[i].format, "%");
        size_t before = hex ? (size_t)(hex - cases[i].format) : strlen(cases[i].format);
        int digits = hex && hex[1] == '.' ? 63 : 64;
        (void)snprintf(line, sizeof line, "%.*s%.*s%s", (int)before, cases[i].format, hex ? digits : 0,
                       result.sha256, hex ? strchr(hex, 's') + 1 : "");
        put(at(state, "d.sql.sha256"), line);
        if (cases[i].part) {
            fails(state, DN_E_MISMATCH, cases[i].part);
        } else {
            passes(state);
        }
    }
}

static void digest_in_upper_case(void **state) {
    char line[128];
    publish(state, CLOSING, strlen(CLOSING));
    Text text = get(at(state, "d.sql.sha256"));
    for (size_t i = 0; i < 64; i++) {
        line[i] = text.bytes[i] >= 'a' ? (char)(text.bytes[i] - 'a' + 'A') : text.bytes[i];
    }
    (void)snprintf(line + 64, sizeof line - 64, "  d.sql\n");
    free(text.bytes);
    put(at(state, "d.sql.sha256"), line);
    passes(state);
}

static void huge_digest_file(void **state) {
    static char text[100 * 1000];
    publish(state, CLOSING, strlen(CLOSING));
    memset(text, 'a', sizeof text);
    put_bytes(at(state, "d.sql.sha256"), text, sizeof text);
    fails(state, DN_E_MISMATCH, "malformed");
}

static void digest_of_a_truncated_file(void **state) {
    DnErr err = {0};
    publish(state, "SELECT 1;\n", 10);
    assert_int_equal(verify(at(state, "d.sql"), NULL, &err), DN_E_MISMATCH);
    assert_non_null(strstr(err.message, "truncated"));
    assert_non_null(strstr(err.hint, "made of the truncated file"));
}

/* ---- Files that are not there ----------------------------------------------------- */

static void missing_files(void **state) {
    DnErr err = {0};
    fails(state, DN_E_IO, "No such file");
    put(at(state, "d.sql"), CLOSING);
    assert_int_equal(verify(at(state, "d.sql"), NULL, &err), DN_E_IO);
    assert_non_null(strstr(err.message, "d.sql.sha256"));
    assert_non_null(strstr(err.hint, "sha256sum \"d.sql\" > \"d.sql.sha256\""));
}

static void things_that_are_not_files(void **state) {
    put(at(state, "d.sql"), CLOSING);
    assert_int_equal(mkdir(at(state, "d.sql.sha256"), 0700), 0);
    fails(state, DN_E_IO, "Is a directory");
    assert_int_equal(rmdir(at(state, "d.sql.sha256")), 0);
    /* A pipe that nobody writes must not hang. */
    assert_int_equal(mkfifo(at(state, "d.sql.sha256"), 0600), 0);
    fails(state, DN_E_IO, "not a regular file");
    assert_int_equal(unlink(at(state, "d.sql")), 0);
    assert_int_equal(mkfifo(at(state, "d.sql"), 0600), 0);
    fails(state, DN_E_IO, "not a regular file");
}

#define BODY ((size_t)8 * BLOCK)

/* ---- Progress and cancel ----------------------------------------------------------- */

typedef struct Watch {
    DnCancel *cancel; /* asked for at the first event, if it is set */
    uint64_t bytes, events;
} Watch;

static void on_event(void *ctx, const DnEvent *event) {
    Watch *watched = ctx;
    assert_int_equal(event->kind, DN_EVENT_PROGRESS);
    assert_int_equal(event->total_bytes, BODY + strlen(CLOSING));
    assert_true(event->bytes > watched->bytes && event->bytes <= event->total_bytes);
    watched->bytes = event->bytes;
    watched->events++;
    if (watched->cancel) {
        dn_cancel_request(watched->cancel);
    }
}

static void progress_and_cancel(void **state) {
    static char text[BODY + sizeof CLOSING];
    DnErr err = {0};
    Watch watched = {0};
    DnVerifyOptions options = DN_VERIFY_OPTIONS_INIT;
    memset(text, '\n', sizeof text);
    memcpy(text + BODY, CLOSING, sizeof CLOSING);
    publish(state, text, sizeof text - 1);
    options.path = at(state, "d.sql");
    options.event = on_event;
    options.event_ctx = &watched;
    options.cancel = dn_cancel_new();
    assert_int_equal(dn_verify(&options, NULL, &err), DN_OK);
    assert_true(watched.events > 0);
    watched = (Watch){.cancel = options.cancel};
    assert_int_equal(dn_verify(&options, NULL, &err), DN_E_CANCELLED);
    assert_int_equal(watched.events, 1);
    assert_int_equal(watched.bytes, BLOCK); /* no block was read behind that */
    dn_cancel_free(options.cancel);
}

static void other_options(void **state) {
    DnErr err = {0};
    (void)state;
    assert_int_equal(dn_verify(&(DnVerifyOptions){.size = 1}, NULL, &err), DN_E_USAGE);
}

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_open, scratch_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(endings),
        SCRATCH_TEST(endings_across_blocks),
        SCRATCH_TEST(result_tells_size_and_hash),
        SCRATCH_TEST(one_flipped_bit),
        SCRATCH_TEST(cut_off_anywhere),
        SCRATCH_TEST(something_added),
        SCRATCH_TEST(digests),
        SCRATCH_TEST(digest_in_upper_case),
        SCRATCH_TEST(huge_digest_file),
        SCRATCH_TEST(digest_of_a_truncated_file),
        SCRATCH_TEST(missing_files),
        SCRATCH_TEST(things_that_are_not_files),
        SCRATCH_TEST(progress_and_cancel),
        SCRATCH_TEST(other_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
