#include "dumper/supabase.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "common/err.h"

/* ---- The table ------------------------------------------------------------------- */

#define NOTHING(name)
#define NAME(name) name,

static const char *const managed_schemas[] = {
#define DN_MANAGED_SCHEMA       NAME
#define DN_GUEST_SCHEMA         NAME
#define DN_PLATFORM_ROLE        NOTHING
#define DN_PLATFORM_PUBLICATION NOTHING
#define DN_API_ROLE             NOTHING
#include "dumper/supabase.def"
#undef DN_MANAGED_SCHEMA
#undef DN_PLATFORM_ROLE
    NULL};

static const char *const guest_schemas[] = {
#define DN_MANAGED_SCHEMA NOTHING
#define DN_PLATFORM_ROLE  NOTHING
#include "dumper/supabase.def"
#undef DN_GUEST_SCHEMA
#undef DN_PLATFORM_ROLE
    NULL};

static const char *const platform_roles[] = {
#define DN_GUEST_SCHEMA  NOTHING
#define DN_PLATFORM_ROLE NAME
#include "dumper/supabase.def"
#undef DN_PLATFORM_ROLE
#undef DN_PLATFORM_PUBLICATION
    NULL};

static const char *const publications[] = {
#define DN_PLATFORM_ROLE        NOTHING
#define DN_PLATFORM_PUBLICATION NAME
#include "dumper/supabase.def"
#undef DN_PLATFORM_PUBLICATION
#undef DN_API_ROLE
    NULL};

static const char *const api_roles[] = {
#define DN_PLATFORM_PUBLICATION NOTHING
#define DN_API_ROLE             NAME
#include "dumper/supabase.def"
    NULL};

const DnPlatform dn_supabase_platform = {.schemas = managed_schemas,
                                         .guest_schemas = guest_schemas,
                                         .roles = platform_roles,
                                         .publications = publications};

const DnRestoreSite dn_supabase_site = {
    .foreign_roles = platform_roles,
    .open_schema = "public",
    .open_roles = api_roles,
    .guests_note = "On tables that Supabase manages, and that must be there: the project's own triggers and "
                   "policies"};

/* ---- Addresses ------------------------------------------------------------------- */

typedef enum Form {
    NO_HOST,
    DIRECT,
    POOLER,
    API,  /* REF.supabase.co, or a URL where a host should be */
    OTHER /* a server of the user's own */
} Form;

static bool ends_with(const char *text, const char *end) {
    size_t size = strlen(text);
    size_t end_size = strlen(end);
    return size > end_size && strcasecmp(text + size - end_size, end) == 0;
}

/* Copies the part of `host` before `suffix`, in small letters; false unless it is a project's reference. */
static bool take_ref(const char *host, const char *suffix, char ref[64]) {
    size_t size = strlen(host) - strlen(suffix);
    for (size_t i = 0; i < size && size < 64; i++) {
        ref[i] = (char)tolower((unsigned char)host[i]);
    }
    ref[size < 64 ? size : 0] = '\0';
    return size < 64 && ref[0] && strspn(ref, "abcdefghijklmnopqrstuvwxyz0123456789") == size;
}

static Form form_of(const char *host, char ref[64]) {
    static const char domain[] = ".supabase.co";
    ref[0] = '\0';
    if (!*host) {
        return NO_HOST;
    }
    if (ends_with(host, ".pooler.supabase.com")) {
        return POOLER;
    }
    if (strstr(host, "://")) {
        return strstr(host, "supabase.co") ? API : OTHER;
    }
    if (ends_with(host, domain)) {
        bool direct = strncasecmp(host, "db.", 3) == 0;
        if (take_ref(direct ? host + 3 : host, domain, ref)) {
            return direct ? DIRECT : API;
        }
        ref[0] = '\0';
    }
    return OTHER;
}

/* The host of a URL: without scheme, path and port. */
static void host_of_url(const char *url, char *host, size_t size) {
    const char *start = strstr(url, "://");
    start = start ? start + 3 : url;
    (void)snprintf(host, size, "%.*s", (int)strcspn(start, ":/?#"), start);
}

/* ---- Mistakes -------------------------------------------------------------------- */

static DnStatus wrong(DnErr *err, const char *message, const char *hint) {
    (void)dn_err(err, DN_E_USAGE, "%s", message);
    dn_err_hint(err, "%s", hint);
    return DN_E_USAGE;
}

static const char *or_word(const char *ref) {
    return *ref ? ref : "REF";
}

static DnStatus check_url(const char *url, char ref[64], DnErr *err) {
    static const char dashboard[] = "/project/";
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    char host[DN_SUPABASE_NAME];
    host_of_url(url, host, sizeof host);
    const char *project = strstr(url, dashboard);
    if ((strcasecmp(host, "supabase.com") == 0 || strcasecmp(host, "app.supabase.com") == 0) && project) {
        project += sizeof dashboard - 1;
        (void)dn_err(err, DN_E_USAGE, "the address of Supabase's dashboard is not the project's URL");
        dn_err_hint(err, "Use --supabase-url https://%.*s.supabase.co", (int)strspn(project, letters),
                    project);
        return DN_E_USAGE;
    }
    Form form = form_of(host, ref);
    if (form == API) {
        return DN_OK;
    }
    if (form == DIRECT) {
        (void)dn_err(err, DN_E_USAGE, "\"%s\" is the host of the database, not the project's URL", host);
        dn_err_hint(err, "Use --supabase-url https://%s.supabase.co, or -h %s", ref, host);
        return DN_E_USAGE;
    }
    if (form == POOLER) {
        (void)dn_err(err, DN_E_USAGE, "\"%s\" is the host of a pooler, not the project's URL", host);
        dn_err_hint(err,
                    "Use --pooler-host %s, and the project's URL, https://REF.supabase.co, with "
                    "--supabase-url.",
                    host);
        return DN_E_USAGE;
    }
    if (strcmp(host, "127.0.0.1") == 0 || strcmp(host, "localhost") == 0) {
        (void)dn_err(err, DN_E_USAGE, "the project's URL is that of a local stack, \"%s\"", host);
        dn_err_hint(err, "Name its database: --supabase -h %s -p 54322 -U postgres -d postgres", host);
        return DN_E_USAGE;
    }
    (void)dn_err(err, DN_E_USAGE, "\"%s\" is not the URL of a Supabase project", host);
    dn_err_hint(
        err, "It has the form https://REF.supabase.co; the dashboard shows it under Project Settings, Data "
             "API. A domain of your own doesn't tell the project.");
    return DN_E_USAGE;
}

DnStatus dn_supabase_refuse_pool(const char *user, const char *host, const char *port, const char *dbname,
                                 DnErr *err) {
    (void)dn_err(err, DN_E_USAGE,
                 "\"%s\" port %s is a pooler in transaction mode: a dump can't rely on its sessions", host,
                 port);
    if (strcmp(port, "5432") == 0) {
        dn_err_hint(err, "Connect to the database itself, or to the pooler's port for session mode.");
    } else {
        dn_err_hint(err, "Use session mode, the same with port 5432: postgresql://%s@%s:5432/%s", user, host,
                    dbname);
    }
    return DN_E_USAGE;
}

void dn_supabase_hint_pooler(const DnSupabasePlan *plan, DnErr *err) {
    dn_err_hint(
        err,
        "db.%s.supabase.co has IPv6 addresses only. In a network without IPv6, name the session pooler "
        "that the dashboard shows under Connect with --pooler-host, or add IPv4 to the project.",
        or_word(plan->ref));
}

static DnStatus check_pooler_host(const char *pooler, DnErr *err) {
    char ref[64];
    char host[DN_SUPABASE_NAME];
    const char *at = strrchr(pooler, '@');
    host_of_url(at ? at + 1 : pooler, host, sizeof host);
    Form form = form_of(host, ref);
    if (form == DIRECT || form == API) {
        (void)dn_err(err, DN_E_USAGE, "\"%s\" is the project's own host, not a pooler's", host);
        dn_err_hint(err, "The dashboard shows the session pooler under Connect; its host ends in "
                         ".pooler.supabase.com.");
        return DN_E_USAGE;
    }
    if (strcmp(host, pooler) != 0 || !*host) {
        (void)dn_err(err, DN_E_USAGE, "--pooler-host takes the name of a host alone");
        dn_err_hint(err, "Use --pooler-host %s; its port is 5432, and the user follows from the project.",
                    *host ? host : "NAME.pooler.supabase.com");
        return DN_E_USAGE;
    }
    return DN_OK;
}

/* A URL where a database or a host is named. */
static DnStatus check_places(const DnSupabaseAsk *ask, Form form, const char *ref, DnErr *err) {
    bool as_database = strncasecmp(ask->dbname, "https://", 8) == 0;
    if (as_database || form == API) {
        char of_url[64] = "";
        char host[DN_SUPABASE_NAME];
        host_of_url(as_database ? ask->dbname : ask->host, host, sizeof host);
        if (form_of(host, of_url) == API && *of_url) {
            ref = of_url;
        }
        (void)dn_err(err, DN_E_USAGE, "\"%s\" is the address of the project's API, not of its database",
                     host);
        dn_err_hint(err, "Use --supabase-url https://%s.supabase.co, or -h db.%s.supabase.co -U postgres",
                    or_word(ref), or_word(ref));
        return DN_E_USAGE;
    }
    return DN_OK;
}

/* ---- The plan -------------------------------------------------------------------- */

static DnStatus plan_direct(const DnSupabaseAsk *ask, DnSupabasePlan *plan, DnErr *err) {
    const char *dot = strchr(ask->user, '.');
    if (ask->user_given && dot) {
        (void)dn_err(err, DN_E_USAGE,
                     "user \"%s\" is the form for a pooler, but db.%s.supabase.co is the database", ask->user,
                     plan->ref);
        dn_err_hint(err, "Use -U %.*s", (int)(dot - ask->user), ask->user);
        return DN_E_USAGE;
    }
    if (!ask->user_given) {
        (void)snprintf(plan->user, sizeof plan->user, "postgres");
    }
    if (ask->pooler_host && *ask->pooler_host) {
        (void)snprintf(plan->pooler_user, sizeof plan->pooler_user, "%.200s.%s",
                       ask->user_given ? ask->user : "postgres", plan->ref);
        return check_pooler_host(ask->pooler_host, err);
    }
    return DN_OK;
}

static DnStatus plan_pooler(const DnSupabaseAsk *ask, DnSupabasePlan *plan, DnErr *err) {
    const char *dot = ask->user_given ? strrchr(ask->user, '.') : NULL;
    if (!ask->user_given && *plan->ref) {
        (void)snprintf(plan->user, sizeof plan->user, "postgres.%s", plan->ref);
    } else if (!dot && !strstr(ask->options, "reference=")) {
        const char *user = ask->user_given ? ask->user : "postgres";
        (void)dn_err(err, DN_E_USAGE, "user \"%s\" lacks the project, by which a pooler finds the database",
                     user);
        dn_err_hint(err, *plan->ref ? "Use -U %s.%s" : "Use -U %s.%s, with the project's reference for REF.",
                    user, or_word(plan->ref));
        return DN_E_USAGE;
    } else if (dot && *plan->ref && strcmp(dot + 1, plan->ref) != 0) {
        (void)dn_err(err, DN_E_USAGE, "user \"%s\" is of another project than https://%s.supabase.co",
                     ask->user, plan->ref);
        dn_err_hint(err, "Use -U %.*s.%s, or --supabase-url https://%s.supabase.co", (int)(dot - ask->user),
                    ask->user, plan->ref, dot + 1);
        return DN_E_USAGE;
    }
    return DN_OK;
}

/* Supabase takes no connection without TLS worth the name; "prefer" would send the password without. */
static DnStatus plan_sslmode(const DnSupabaseAsk *ask, DnSupabasePlan *plan, DnErr *err) {
    if (strcmp(ask->sslmode, "disable") == 0) {
        return wrong(
            err, "sslmode=disable would send everything in the clear, and Supabase requires TLS",
            "Leave sslmode out, which makes it require, or use sslmode=verify-full with the project's "
            "certificate as sslrootcert.");
    }
    if (!*ask->sslmode || strcmp(ask->sslmode, "prefer") == 0 || strcmp(ask->sslmode, "allow") == 0) {
        (void)snprintf(plan->sslmode, sizeof plan->sslmode, "require");
    }
    return DN_OK;
}

static DnStatus plan_hosted(const DnSupabaseAsk *ask, Form form, DnSupabasePlan *plan, DnErr *err) {
    DnStatus status = form == POOLER ? plan_pooler(ask, plan, err) : plan_direct(ask, plan, err);
    if (status == DN_OK) {
        status = plan_sslmode(ask, plan, err);
    }
    /* What libpq takes where no database is named. */
    bool named = *ask->dbname && strcmp(ask->dbname, ask->user) != 0;
    if (!named) {
        (void)snprintf(plan->dbname, sizeof plan->dbname, "postgres");
    }
    if (status == DN_OK && strcmp(*plan->port ? plan->port : ask->port, "6543") == 0) {
        return dn_supabase_refuse_pool(*plan->user ? plan->user : ask->user,
                                       *plan->host ? plan->host : ask->host, "6543",
                                       named ? ask->dbname : "postgres", err);
    }
    plan->is_hosted = true;
    plan->is_direct = form == DIRECT;
    return status;
}

/* Without a host the URL tells it. */
static DnStatus derive(const DnSupabaseAsk *ask, const char *url_ref, DnSupabasePlan *plan) {
    (void)snprintf(plan->ref, sizeof plan->ref, "%s", url_ref);
    (void)snprintf(plan->host, sizeof plan->host, "db.%s.supabase.co", url_ref);
    (void)snprintf(plan->port, sizeof plan->port, "%.7s", ask->port_given ? ask->port : "5432");
    return DN_OK;
}

static DnStatus check_refs(const char *host_ref, const char *url_ref, DnErr *err) {
    if (*host_ref && *url_ref && strcmp(host_ref, url_ref) != 0) {
        (void)dn_err(err, DN_E_USAGE, "db.%s.supabase.co is of another project than https://%s.supabase.co",
                     host_ref, url_ref);
        dn_err_hint(err, "Use -h db.%s.supabase.co, or --supabase-url https://%s.supabase.co", url_ref,
                    host_ref);
        return DN_E_USAGE;
    }
    return DN_OK;
}

static DnSupabaseAsk without_null(const DnSupabaseAsk *ask) {
    DnSupabaseAsk full = *ask;
    const char **texts[] = {&full.url,  &full.pooler_host, &full.host,    &full.port,
                            &full.user, &full.dbname,      &full.sslmode, &full.options};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        *texts[i] = *texts[i] ? *texts[i] : "";
    }
    return full;
}

DnStatus dn_supabase_plan(const DnSupabaseAsk *given, DnSupabasePlan *plan, DnErr *err) {
    const DnSupabaseAsk ask = without_null(given);
    char url_ref[64] = "";
    *plan = (DnSupabasePlan){0};
    bool derives = *ask.url && !ask.host_given && ask.wanted;
    Form form = derives ? NO_HOST : form_of(ask.host, plan->ref);
    bool url_as_database = strncasecmp(ask.dbname, "https://", 8) == 0 && strstr(ask.dbname, ".supabase.co");
    form = form == NO_HOST && ask.end_of_clone && !derives ? OTHER : form;
    plan->is_supabase = ask.wanted || (form != OTHER && form != NO_HOST) || url_as_database;
    if (!plan->is_supabase) {
        return DN_OK;
    }
    DnStatus status = check_places(&ask, form, plan->ref, err);
    if (status == DN_OK && *ask.url && form != OTHER) {
        status = check_url(ask.url, url_ref, err);
    }
    if (status == DN_OK) {
        status = check_refs(plan->ref, url_ref, err);
    }
    if (status == DN_OK && derives) {
        status = derive(&ask, url_ref, plan);
        form = DIRECT;
    }
    if (status != DN_OK) {
        return status;
    }
    if (*ask.pooler_host && form != DIRECT) {
        return wrong(
            err, "a pooler's host goes with the project's own, in whose place it is used",
            "Give the project with --supabase-url https://REF.supabase.co, or leave out --pooler-host.");
    }
    if (form == NO_HOST) {
        return wrong(
            err, "nothing tells which Supabase project is meant",
            "Give --supabase-url https://REF.supabase.co or set SUPABASE_URL, or name the host with -h.");
    }
    if (form == POOLER) {
        (void)snprintf(plan->ref, sizeof plan->ref, "%s", url_ref);
    }
    return form == OTHER ? DN_OK : plan_hosted(&ask, form, plan, err);
}
