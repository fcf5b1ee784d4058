/*
 * refusal.h - turns what libpq and the server say when they refuse into a DnErr with a remedy.
 */
#ifndef DN_DUMPER_PG_REFUSAL_H
#define DN_DUMPER_PG_REFUSAL_H

#include <libpq-fe.h>

#include "common/buf.h"
#include "include/dumpnative.h"

/* A connection attempt failed: DN_E_PASSWORD or DN_E_CONNECT. `dbname` is what the user gave, or NULL: libpq
   quotes from it, and where that may be a part of a password, it is left out. */
DnStatus dn_refusal_connect(PGconn *pg, const char *dbname, DnErr *err);
/* Whether what is taken for a host may be a part of the password that stands in this connection string. */
bool dn_refusal_may_quote_secret(const char *dbname);
/* Takes SQLSTATE and place in the source out of what libpq says with PQERRORS_VERBOSE: appends the text that
   it says without. `sqlstate` is "" where there is none, the last one of several. */
void dn_refusal_plain(const char *verbose, DnBuf *plain, char sqlstate[6]);
/* The server refused a query; `what` names what it was for. */
DnStatus dn_refusal_result(PGconn *pg, const PGresult *result, const char *what, DnErr *err);
/* The server refused a statement of a script: its words, detail and hint. */
DnStatus dn_refusal_statement(PGconn *pg, const PGresult *result, DnErr *err);
/* The connection broke: SQLSTATE 08006. Or libpq has no memory for what it was asked: DN_E_NOMEM. */
DnStatus dn_refusal_lost(PGconn *pg, const char *what, DnErr *err);
/* Nothing came within this time while connecting. */
DnStatus dn_refusal_silent(PGconn *pg, double seconds, DnErr *err);
/* The connection stands, and nothing comes over it. */
DnStatus dn_refusal_stalled(int seconds, const char *what, DnErr *err);

#endif
