/* What is made of a refusal: message, SQLSTATE and remedy. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "dumper/pg/refusal.h"

static void assert_holds(const char *text, const char *part) {
    if (!strstr(text, part)) {
        fail_msg("no \"%s\" in \"%s\"", part, text);
    }
}

/* ---- What libpq would tell ------------------------------------------------------------- */

typedef struct Said {
    const char *sqlstate, *primary, *detail, *hint, *context;
} Said;

static Said said;
static const char *complaint;

/* These stand in for libpq's own, which has no door for a result of the test's making. */
char *PQresultErrorField(const PGresult *result, int field) {
    (void)result;
    return (char *)(uintptr_t)(field == PG_DIAG_SQLSTATE          ? said.sqlstate
                               : field == PG_DIAG_MESSAGE_PRIMARY ? said.primary
                               : field == PG_DIAG_MESSAGE_DETAIL  ? said.detail
                               : field == PG_DIAG_MESSAGE_HINT    ? said.hint
                               : field == PG_DIAG_CONTEXT         ? said.context
                                                                  : NULL);
}

char *PQresultErrorMessage(const PGresult *result) {
    (void)result;
    return (char *)(uintptr_t)said.primary;
}

char *PQerrorMessage(const PGconn *pg) {
    (void)pg;
    return (char *)(uintptr_t)complaint;
}

/* ---- A query ----------------------------------------------------------------------------- */

static void a_query_s_refusal_has_a_remedy(void **state) {
    static const struct {
        Said said;
        const char *message, *hint;
    } rows[] = {
        {{"40001", "canceling statement due to conflict with recovery",
          "User query might have needed to see row versions that must be removed.", NULL, NULL},
         "reading table t failed: canceling statement due to conflict with recovery (User query might have "
         "needed to see row versions that must be removed.)",
         "max_standby_streaming_delay"},
        {{"57P01", "terminating connection due to administrator command", NULL, NULL, NULL},
         "reading table t failed: terminating connection due to administrator command",
         "when it is back"},
        {{"57014", "canceling statement due to statement timeout", NULL, NULL, NULL},
         "statement timeout",
         "cancelled on the server"},
        {{"55P03", "canceling statement due to lock timeout", NULL, NULL, NULL},
         "lock timeout",
         "--lock-wait-timeout"},
        {{"53200", "out of shared memory", NULL, NULL, NULL},
         "out of shared memory",
         "max_locks_per_transaction"},
        {{"42501", "permission denied for table t", NULL, NULL, NULL}, "permission denied", "--role"},
        {{"58P01", "could not open file", NULL, NULL, NULL}, "could not open", "read one of its files"},
        {{"XX001", "invalid page in block 1", NULL, NULL, NULL}, "invalid page", "reports damage"},
        {{"22012", "division by zero", NULL, NULL, "SQL function f"},
         "division by zero",
         "Context: SQL function f"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DnErr err = {0};
        said = rows[i].said;
        assert_int_equal(dn_refusal_result(NULL, NULL, "reading table t", &err), DN_E_QUERY);
        assert_holds(err.message, rows[i].message);
        assert_holds(err.hint, rows[i].hint);
        assert_string_equal(err.sqlstate, rows[i].said.sqlstate);
    }
}

static void a_statement_s_refusal_keeps_the_server_s_hint(void **state) {
    static const struct {
        Said said;
        const char *hint; /* "" = none */
    } rows[] = {
        {{"25006", "cannot execute CREATE TABLE in a read-only transaction", NULL, NULL, NULL}, "primary"},
        {{"42704", "type \"x\" does not exist", NULL, "Make it.", NULL}, "Make it."},
        {{"22P02", "invalid input", NULL, NULL, "COPY t, line 1"}, "Context: COPY t, line 1"},
    };
    DnErr plain = {0};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DnErr err = {0};
        said = rows[i].said;
        assert_int_equal(dn_refusal_statement(NULL, NULL, &err), DN_E_QUERY);
        assert_string_equal(err.message, rows[i].said.primary);
        assert_holds(err.hint, rows[i].hint);
    }
    /* What is for who dumps is not for who restores. */
    said = (Said){.sqlstate = "42501", .primary = "permission denied for schema s"};
    assert_int_equal(dn_refusal_statement(NULL, NULL, &plain), DN_E_QUERY);
    assert_string_equal(plain.hint, "");
}

/* ---- Connecting ---------------------------------------------------------------------------- */

static void a_connection_s_refusal_has_a_remedy(void **state) {
    static const struct {
        const char *complaint, *sqlstate, *hint;
    } rows[] = {
        {"FATAL:  28P01: password authentication failed for user \"u\"\n", "28P01", "user and password"},
        {"FATAL:  28000: no pg_hba.conf entry for host \"h\"\n", "28000", "pg_hba.conf"},
        {"FATAL:  28000: kein pg_hba.conf-Eintrag f\u00fcr Host\n", "28000", "pg_hba.conf"},
        {"FATAL:  28000: role \"r\" does not exist\n", "28000", "Create the role"},
        {"FATAL:  3D000: database \"d\" does not exist\n", "3D000", "Create the database"},
        {"FATAL:  53300: sorry, too many clients already\n", "53300", "max_connections"},
        {"FATAL:  57P03: the database system is starting up\n", "57P03", "starting up"},
        {"session is read-only\n", "", "name the primary"},
        {"server is in hot standby mode\n", "", "name the primary"},
        {"server does not support SSL, but SSL was required\n", "", "ssl=on"},
        {"SSL error: certificate verify failed\n", "", "authority in sslrootcert"},
        {"SSL error: tlsv1 alert protocol version\n", "", "versions that both sides allow"},
        {"root certificate file \"/x\" does not exist\n", "", "name its file with sslrootcert"},
        {"server certificate for \"a\" does not match host name \"b\"\n", "", "a name that the certificate"},
        {"connection to server on socket \"/x\" failed: No such file or directory\n", "", "socket"},
        {"something new\n", "", "Check host, port"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DnErr err = {0};
        complaint = rows[i].complaint;
        assert_int_equal(dn_refusal_connect(NULL, "shop", &err), DN_E_CONNECT);
        assert_string_equal(err.sqlstate, rows[i].sqlstate);
        assert_holds(err.hint, rows[i].hint);
    }
}

static void what_may_be_a_password_is_left_out(void **state) {
    DnErr err = {0};
    (void)state;
    complaint = "could not translate host name \"ret@h\" to address\n";
    assert_int_equal(dn_refusal_connect(NULL, "postgresql://me:sec@ret@h/shop", &err), DN_E_CONNECT);
    assert_null(strstr(err.message, "ret@h"));
    assert_holds(err.message, "\"...\"");
    assert_holds(err.hint, "%40");
}

static void makes_sense_of_verbose_text(void **state) {
    static const struct {
        const char *verbose, *plain, *sqlstate;
    } rows[] = {
        {"FATAL:  3D000: database \"x\" does not exist\nLOCATION:  InitPostgres, postinit.c:943\n",
         "FATAL:  database \"x\" does not exist\n", "3D000"},
        {"FATAL:  57P03: the database system is starting up\n",
         "FATAL:  the database system is starting up\n", "57P03"},
        /* In another language; and with a detail, which is kept. */
        {"FATAL:  28000: kein pg_hba.conf-Eintrag\nDETAIL:  was fehlt\nORT:  ClientAuthentication, "
         "auth.c:1\n",
         "FATAL:  kein pg_hba.conf-Eintrag\nDETAIL:  was fehlt\n", "28000"},
        /* Of several servers, or of TLS and plain, the last one counts. */
        {"one failed: FATAL:  28000: no\ntwo failed: FATAL:  53300: sorry\n",
         "one failed: FATAL:  no\ntwo failed: FATAL:  sorry\n", "53300"},
        {"connection to server failed: Connection refused\n",
         "connection to server failed: Connection refused\n", ""},
        {"a.c:12\n", "a.c:12\n", ""},
        {"FATAL:  3d000: five, but no SQLSTATE\n", "FATAL:  3d000: five, but no SQLSTATE\n", ""},
        {"", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        DnBuf plain = {0};
        char sqlstate[6];
        dn_refusal_plain(rows[i].verbose, &plain, sqlstate);
        assert_string_equal(dn_buf_text(&plain), rows[i].plain);
        assert_string_equal(sqlstate, rows[i].sqlstate);
        dn_buf_deinit(&plain);
    }
}

static void knows_where_secrets_may_be_quoted(void **state) {
    static const struct {
        const char *dbname;
        bool may;
    } rows[] = {
        {NULL, false},
        {"shop", false},
        {"host=h dbname=shop", false},
        {"host=h password=secret", false},
        {"host=h password=it's mine", true}, /* not readable */
        {"postgresql://me:secret@h/shop", false},
        {"postgresql://me:sec@ret@h/shop", true},
        {"postgresql://me:se/cret@h/shop", true},
        {"postgres://me:%zz@h/shop", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (dn_refusal_may_quote_secret(rows[i].dbname) != rows[i].may) {
            fail_msg("%s: expected %d", rows[i].dbname, rows[i].may);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_query_s_refusal_has_a_remedy),
        cmocka_unit_test(a_statement_s_refusal_keeps_the_server_s_hint),
        cmocka_unit_test(a_connection_s_refusal_has_a_remedy),
        cmocka_unit_test(what_may_be_a_password_is_left_out),
        cmocka_unit_test(makes_sense_of_verbose_text),
        cmocka_unit_test(knows_where_secrets_may_be_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
