#include "dumper/pg/refusal.h"

#include <string.h>

#include "common/err.h"

/* What to do about what the server says. SQLSTATEs: PostgreSQL's errcodes appendix. */
static const struct {
    const char *sqlstate; /* five characters, or a class of two */
    const char *hint;
} remedies[] = {
    {"42501", "Grant the missing privilege to the role that dumps, dump as the owner with --role, or leave "
              "the object out with -T or -N."},
    {"55P03", "Another session holds the lock: try again later, or raise --lock-wait-timeout."},
    {"53200", "Raise max_locks_per_transaction on the server, or dump fewer tables at a time with -n or -t."},
    {"53300", "The server has no free connection: try again later, or raise max_connections."},
    {"57014", "The query was cancelled on the server, by a person or by statement_timeout."},
    {"57P01", "The server was shut down: run the dump again when it is back."},
    {"57P02", "The server crashed: run the dump again when it is back."},
    {"57P03", "The server is starting up: try again in a moment."},
    {"40001", "On a standby, replay got in the way: try again, or raise max_standby_streaming_delay."},
    {"3D000", "Create the database, or give the right name."},
    {"42704", "Check the name; roles and settings are listed by \\du and SHOW."},
    {"22023", "Check the value that was given for the option."},
    {"58", "The server could not read one of its files: see the server's log."},
    {"XX", "The server reports damage or a bug: see the server's log."},
};

static const char *remedy(const char *sqlstate) {
    for (size_t i = 0; sqlstate && i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strncmp(sqlstate, remedies[i].sqlstate, strlen(remedies[i].sqlstate)) == 0) {
            return remedies[i].hint;
        }
    }
    return NULL;
}

DnStatus dn_refusal_connect(PGconn *pg, DnErr *err) {
    if (PQconnectionNeedsPassword(pg)) {
        (void)dn_err(err, DN_E_PASSWORD, "%s", PQerrorMessage(pg));
        dn_err_hint(err, "Give the password at the prompt, in PGPASSWORD, or in the password file.");
        return DN_E_PASSWORD;
    }
    (void)dn_err(err, DN_E_CONNECT, "%s", PQerrorMessage(pg));
    dn_err_hint(err, "Check host, port, database and user, and that the server is running.");
    return DN_E_CONNECT;
}

DnStatus dn_refusal_lost(PGconn *pg, const char *what, DnErr *err) {
    (void)dn_err(err, DN_E_QUERY, "connection to the server lost while %s: %s", what ? what : "talking to it",
                 PQerrorMessage(pg));
    dn_err_hint(err, "Run the dump again; the server's log tells why it ended the connection.");
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
    if (!primary) {
        return dn_err(err, DN_E_PROTOCOL, "unexpected answer while %s: %s", what ? what : "running a query",
                      PQresStatus(PQresultStatus(result)));
    }
    (void)dn_err(err, DN_E_QUERY, "%s%s%s%s%s%s", what ? what : "", what ? " failed: " : "", primary,
                 detail ? " (" : "", detail ? detail : "", detail ? ")" : "");
    dn_err_sqlstate(err, sqlstate);
    if (table) {
        dn_err_object(err, "%s", table);
    }
    const char *hint = remedy(sqlstate);
    if (hint) {
        dn_err_hint(err, "%s", hint);
    } else if (context) {
        dn_err_hint(err, "Context: %s", context);
    }
    return DN_E_QUERY;
}
