#include "dumper/pg/refusal.h"

#include <string.h>
#include <strings.h>

#include "common/err.h"

/* What to do about what the server says. SQLSTATEs: PostgreSQL's errcodes appendix. */
#define REPLAY                                                                                               \
    "On a standby, replay got in the way: set hot_standby_feedback there, raise "                            \
    "max_standby_streaming_delay, or dump the primary."

static const struct {
    const char *sqlstate; /* five characters, or a class of two */
    const char *word;     /* must be in the text, whose language may be any; NULL = none */
    const char *hint;
} remedies[] = {
    {"42501", NULL,
     "Grant the missing privilege to the role that dumps, dump as the owner with --role, or leave "
     "the object out with -T or -N."},
    {"55P03", NULL, "Another session holds the lock: try again later, or raise --lock-wait-timeout."},
    {"53200", NULL,
     "Raise max_locks_per_transaction on the server, or dump fewer tables at a time with -n or -t."},
    {"53300", NULL, "The server has no free connection: try again later, or raise max_connections."},
    {"57014", NULL, "The query was cancelled on the server, by a person or by statement_timeout."},
    {"57P01", NULL, "The server was shut down: try again when it is back."},
    {"57P02", NULL, "The server crashed: try again when it is back."},
    {"57P03", NULL, "The server is starting up: try again in a moment."},
    {"40001", NULL, REPLAY},
    {"40P01", "conflict with recovery", REPLAY},
    {"57P04", NULL, "The database was dropped while it was dumped."},
    {"28P01", NULL,
     "Check user and password; a password in PGPASSWORD or in the password file weighs less than "
     "one in the connection string."},
    {"28000", "pg_hba.conf", "Check user, database, address and TLS against the server's pg_hba.conf."},
    {"28000", NULL, "Create the role, give it the right to log in, or name another one with -U."},
    {"25006", NULL, "This is a standby, or a database that is set to be read only: name the primary."},
    {"3D000", NULL, "Create the database, or give the right name."},
    {"42704", NULL, "Check the name; roles and settings are listed by \\du and SHOW."},
    {"22023", NULL, "Check the value that was given for the option."},
    {"58", NULL, "The server could not read one of its files: see the server's log."},
    {"XX", NULL, "The server reports damage or a bug: see the server's log."},
};

static const char *remedy(const char *sqlstate, const char *text) {
    for (size_t i = 0; sqlstate && i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strncmp(sqlstate, remedies[i].sqlstate, strlen(remedies[i].sqlstate)) == 0 &&
            (!remedies[i].word || strstr(text, remedies[i].word))) {
            return remedies[i].hint;
        }
    }
    return NULL;
}

/* ---- Connecting ------------------------------------------------------------------ */

static bool is_uri(const char *text) {
    return strncmp(text, "postgresql://", 13) == 0 || strncmp(text, "postgres://", 11) == 0;
}

/* libpq's secret parameters are password, sslpassword, oauth_client_secret and scram_..._key. */
static bool names_secret(const char *text) {
    for (; *text; text++) {
        if (strncasecmp(text, "pass", 4) == 0 || strncasecmp(text, "secret", 6) == 0 ||
            strncasecmp(text, "scram", 5) == 0) {
            return true;
        }
    }
    return false;
}

/* A password with '@', '/' or ':' in it that is not percent-encoded: libpq takes parts of it for a host, a
   port or a database. */
static bool is_misread(const char *uri, const PQconninfoOption *options) {
    const char *at = strchr(uri, '@');
    const char *again = at ? strchr(at + 1, '@') : NULL;
    if (again && again < uri + strcspn(uri, "?")) {
        return true;
    }
    for (const PQconninfoOption *o = options; at && o->keyword; o++) {
        if (strcmp(o->keyword, "port") == 0 && o->val && o->val[strspn(o->val, "0123456789,")]) {
            return true;
        }
    }
    return false;
}

/* Whether libpq's complaint may quote a part of the password that stands in the connection string. */
bool dn_refusal_may_quote_secret(const char *dbname) {
    if (!dbname || (!is_uri(dbname) && !strchr(dbname, '='))) {
        return false; /* a mere name */
    }
    bool secret = names_secret(dbname) || (is_uri(dbname) && strpbrk(dbname, "@%"));
    PQconninfoOption *options = PQconninfoParse(dbname, NULL);
    if (options) {
        secret = is_uri(dbname) && is_misread(dbname, options);
        PQconninfoFree(options);
    }
    return secret;
}

/* From the first quote to the last one: the secret may hold quotes itself. */
static void leave_out_quoted(const char *text, DnStatus status, DnErr *err) {
    const char *first = strchr(text, '"');
    const char *last = strrchr(text, '"');
    if (!first || first == last) {
        first = last = text + strlen(text);
    }
    (void)dn_err(err, status, "%.*s%s%s", (int)(first - text), text, *first ? "\"...\"" : "",
                 *last ? last + 1 : "");
    dn_err_hint(err,
                "In a URI, write special characters of the password as %%40 (@), %%2F (/) and the like; in a "
                "conninfo string, put it into single quotes. It may be part of what is left out here.");
}

/* What to do about what libpq says itself, without the server. Its words, English unless the program that we
   are in has chosen another language. */
static const struct {
    const char *words;
    const char *hint;
} libpq_remedies[] = {
    {"does not match host name",
     "Connect by a name that the certificate has; sslmode=verify-ca doesn't compare names."},
    {"root certificate file", "Put the authority's certificate there, or name its file with sslrootcert."},
    {"certificate verify failed",
     "The server's certificate is not of an authority in sslrootcert, or it has expired."},
    {"certificate", "Check sslcert, sslkey and sslrootcert."},
    {"does not support SSL", "The server has no TLS: set ssl=on there, or ask for less with sslmode."},
    {"session is read-only", "No standby is asked for: name the primary, or leave target_session_attrs out."},
    {"hot standby mode", "No standby is asked for: name the primary, or leave target_session_attrs out."},
    {"SSL error", "TLS could not be agreed on: check sslmode, and the versions that both sides allow."},
    {"Connection refused", "Check host and port, that the server is running, and its listen_addresses."},
    {"No such file", "Check the folder of the socket and the port, and that the server is running."},
    {"server closed the connection",
     "The server or a proxy before it ended the connection: see its log, and check the port."},
};

static const char *libpq_remedy(const char *text) {
    for (size_t i = 0; i < sizeof libpq_remedies / sizeof *libpq_remedies; i++) {
        if (strstr(text, libpq_remedies[i].words)) {
            return libpq_remedies[i].hint;
        }
    }
    return "Check host, port, database and user, and that the server is running.";
}

static bool is_sqlstate(const char *text) {
    return strspn(text, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 5 && strncmp(text + 5, ": ", 2) == 0;
}

/* "LOCATION:  InitPostgres, postinit.c:943", whatever the language. */
static bool is_location(const char *line, size_t size) {
    while (size && line[size - 1] >= '0' && line[size - 1] <= '9') {
        size--;
    }
    return size > 3 && memcmp(line + size - 3, ".c:", 3) == 0;
}

void dn_refusal_plain(const char *verbose, DnBuf *plain, char sqlstate[6]) {
    sqlstate[0] = '\0';
    for (const char *line = verbose; *line;) {
        size_t size = strcspn(line, "\n");
        const char *code = line;
        while ((code = strstr(code, ":  ")) && code < line + size && !is_sqlstate(code + 3)) {
            code++;
        }
        if (code && code < line + size) {
            memcpy(sqlstate, code + 3, 5);
            sqlstate[5] = '\0';
            dn_buf_add(plain, line, (size_t)(code + 3 - line));
            dn_buf_add(plain, code + 10, size - (size_t)(code + 10 - line));
            dn_buf_char(plain, '\n');
        } else if (!sqlstate[0] || !is_location(line, size)) {
            dn_buf_add(plain, line, size);
            dn_buf_char(plain, '\n');
        }
        line += size + (line[size] == '\n');
    }
}

/* libpq's words, when its own malloc() fails: it knows no code for that. */
static bool is_out_of_memory(const char *text) {
    return strncmp(text, "out of memory", 13) == 0 || strstr(text, ": out of memory") != NULL;
}

DnStatus dn_refusal_connect(PGconn *pg, const char *dbname, DnErr *err) {
    if (dn_refusal_may_quote_secret(dbname)) {
        leave_out_quoted(PQerrorMessage(pg), DN_E_CONNECT, err);
        return DN_E_CONNECT;
    }
    if (is_out_of_memory(PQerrorMessage(pg))) {
        return dn_err_nomem(err);
    }
    if (PQconnectionNeedsPassword(pg)) {
        (void)dn_err(err, DN_E_PASSWORD, "%s", PQerrorMessage(pg));
        dn_err_server(err, PQerrorMessage(pg));
        dn_err_hint(err, "Give the password at the prompt, in PGPASSWORD, or in the password file.");
        return DN_E_PASSWORD;
    }
    DnBuf plain = {0};
    char sqlstate[6];
    dn_refusal_plain(PQerrorMessage(pg), &plain, sqlstate);
    const char *text = dn_buf_failed(&plain) ? PQerrorMessage(pg) : dn_buf_text(&plain);
    const char *hint = remedy(sqlstate[0] ? sqlstate : NULL, text);
    (void)dn_err(err, DN_E_CONNECT, "%s", text);
    dn_err_sqlstate(err, sqlstate);
    dn_err_server(err, text);
    dn_err_hint(err, "%s", hint ? hint : libpq_remedy(text));
    dn_buf_deinit(&plain);
    return DN_E_CONNECT;
}

static const char connection_failure[] = "08006";

DnStatus dn_refusal_lost(PGconn *pg, const char *what, DnErr *err) {
    if (is_out_of_memory(PQerrorMessage(pg))) {
        return dn_err_nomem(err);
    }
    (void)dn_err(err, DN_E_QUERY, "connection to the server lost while %s: %s", what ? what : "talking to it",
                 PQerrorMessage(pg));
    dn_err_sqlstate(err, connection_failure);
    /* Of a session that waited for us the server ends the connection, and only its words tell why. */
    bool replay = strstr(PQerrorMessage(pg), "conflict with recovery");
    dn_err_hint(err, "%s",
                replay ? REPLAY : "Try again; the server's log tells why it ended the connection.");
    return DN_E_QUERY;
}

DnStatus dn_refusal_silent(PGconn *pg, double seconds, DnErr *err) {
    (void)dn_err(err, DN_E_CONNECT, "could not connect to the server: no answer within %.0f seconds",
                 seconds);
    dn_err_hint(err, "%s",
                PQstatus(pg) == CONNECTION_STARTED
                    ? "Check host and port, or raise the time-out (--connect-timeout)."
                    : "Something takes the connection and says nothing: check that a PostgreSQL server "
                      "listens on this port, and what lies between; or raise --connect-timeout.");
    return DN_E_CONNECT;
}

DnStatus dn_refusal_stalled(int seconds, const char *what, DnErr *err) {
    (void)dn_err(err, DN_E_QUERY, "connection to the server stalled while %s: not a byte within %d seconds",
                 what ? what : "talking to it", seconds);
    dn_err_sqlstate(err, connection_failure);
    dn_err_hint(err,
                "Look for what lies between here and the server: a proxy, a firewall, a tunnel; or raise "
                "--stall-timeout.");
    return DN_E_QUERY;
}

DnStatus dn_refusal_result(PGconn *pg, const PGresult *result, const char *what, DnErr *err) {
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);
    if (!primary && PQstatus(pg) == CONNECTION_BAD) {
        return dn_refusal_lost(pg, what, err);
    }
    if (!primary && is_out_of_memory(PQresultErrorMessage(result))) {
        return dn_err_nomem(err);
    }
    if (!primary) {
        return dn_err(err, DN_E_PROTOCOL, "unexpected answer while %s: %s", what ? what : "running a query",
                      PQresStatus(PQresultStatus(result)));
    }
    (void)dn_err(err, DN_E_QUERY, "%s%s%s%s%s%s", what ? what : "", what ? " failed: " : "", primary,
                 detail ? " (" : "", detail ? detail : "", detail ? ")" : "");
    dn_err_sqlstate(err, sqlstate);
    dn_err_server(err, PQresultErrorMessage(result));
    if (table) {
        dn_err_object(err, "%s", table);
    }
    const char *hint = remedy(sqlstate, primary);
    if (hint) {
        dn_err_hint(err, "%s", hint);
    } else if (context) {
        dn_err_hint(err, "Context: %s", context);
    }
    return DN_E_QUERY;
}

DnStatus dn_refusal_statement(PGconn *pg, const PGresult *result, DnErr *err) {
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT);
    const char *context = PQresultErrorField(result, PG_DIAG_CONTEXT);
    if (!primary && PQstatus(pg) == CONNECTION_BAD) {
        return dn_err(err, DN_E_CONNECT, "connection to the server lost: %s", PQerrorMessage(pg));
    }
    if (!primary) {
        return dn_err(err, DN_E_QUERY, "a dump must not have such a statement (%s)",
                      PQresStatus(PQresultStatus(result)));
    }
    (void)dn_err(err, DN_E_QUERY, "%s%s%s%s", primary, detail ? " (" : "", detail ? detail : "",
                 detail ? ")" : "");
    dn_err_sqlstate(err, PQresultErrorField(result, PG_DIAG_SQLSTATE));
    dn_err_server(err, PQresultErrorMessage(result));
    /* Of the remedies, most are for who dumps. */
    if (!hint && strcmp(err->sqlstate, "25006") == 0) {
        hint = remedy(err->sqlstate, primary);
    }
    if (hint) {
        dn_err_hint(err, "%s", hint);
    } else if (context) {
        dn_err_hint(err, "Context: %s", context);
    }
    return DN_E_QUERY;
}
