/* What is asked of libpq, as libpq itself understands it. */
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dumper/pg/internal.h"
#include "dumper/pg/refusal.h"

const char *dn_conninfo_value(const PQconninfoOption *options, const char *keyword) {
    for (const PQconninfoOption *o = options; o && o->keyword; o++) {
        if (strcmp(o->keyword, keyword) == 0) {
            return o->val ? o->val : "";
        }
    }
    return "";
}

/* libpq reads the options, its environment and the service file, and stops before it connects: at a setting
   that has no such value. */
PQconninfoOption *dn_conninfo_read(const DnConnOptions *o) {
    const char *names[] = {"host", "port", "user", "dbname", "channel_binding", NULL};
    const char *values[] = {o->host, o->port, o->user, o->dbname, "no such value", NULL};
    PGconn *pg = PQconnectStartParams(names, values, 1);
    PQconninfoOption *options = pg ? PQconninfo(pg) : NULL;
    PQfinish(pg);
    return options;
}

/* Whether it differs from what libpq takes where nothing is said. */
static bool is_given(const PQconninfoOption *options, const PQconninfoOption *defaults, const char *keyword,
                     const char *option) {
    return option || strcmp(dn_conninfo_value(options, keyword), dn_conninfo_value(defaults, keyword)) != 0;
}

static bool names_user(const char *dbname) {
    bool string = dbname && (strchr(dbname, '=') || strstr(dbname, "://"));
    PQconninfoOption *options = string ? PQconninfoParse(dbname, NULL) : NULL;
    bool named = *dn_conninfo_value(options, "user") != '\0';
    PQconninfoFree(options);
    return named;
}

/* The system's user is who libpq takes otherwise, an empty PGUSER being none. */
static bool is_user_given(const DnConnOptions *o, const PQconninfoOption *options,
                          const PQconninfoOption *defaults) {
    const char *env = getenv("PGUSER");
    bool compares = *dn_conninfo_value(defaults, "user") != '\0';
    return o->user || (env && *env) || names_user(o->dbname) ||
           (compares && is_given(options, defaults, "user", NULL));
}

bool dn_conn_asked(const DnConnOptions *o, DnConnAsked *asked) {
    *asked = (DnConnAsked){0};
    PQconninfoOption *options = dn_refusal_may_quote_secret(o->dbname) ? NULL : dn_conninfo_read(o);
    PQconninfoOption *defaults = PQconndefaults();
    const struct {
        const char *keyword;
        char *text;
        size_t size;
    } wanted[] = {{"host", asked->host, sizeof asked->host},
                  {"port", asked->port, sizeof asked->port},
                  {"user", asked->user, sizeof asked->user},
                  {"dbname", asked->dbname, sizeof asked->dbname},
                  {"sslmode", asked->sslmode, sizeof asked->sslmode},
                  {"options", asked->options, sizeof asked->options}};
    for (size_t i = 0; options && i < sizeof wanted / sizeof *wanted; i++) {
        (void)snprintf(wanted[i].text, wanted[i].size, "%s", dn_conninfo_value(options, wanted[i].keyword));
    }
    asked->host_given = is_given(options, defaults, "host", o->host);
    asked->port_given = is_given(options, defaults, "port", o->port);
    asked->user_given = is_user_given(o, options, defaults);
    bool known = options != NULL;
    PQconninfoFree(options);
    PQconninfoFree(defaults);
    return known;
}
