#include "dumper/endpoint.h"

#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "dumper/settings.h"

/* ---- Which server ---------------------------------------------------------------- */

static const char *or_else(const char *text, const char *otherwise) {
    return *text ? text : otherwise;
}

DnSupabaseAsk dn_endpoint_ask(const DnConnAsked *asked, bool wanted, bool end_of_clone) {
    return (DnSupabaseAsk){.wanted = wanted,
                           .host = asked->host,
                           .port = asked->port,
                           .user = asked->user,
                           .dbname = asked->dbname,
                           .sslmode = asked->sslmode,
                           .options = asked->options,
                           .host_given = asked->host_given,
                           .port_given = asked->port_given,
                           .user_given = asked->user_given,
                           .end_of_clone = end_of_clone};
}

/* What the connection string says itself stays; these come before it. */
static void take_plan(DnEndpoint *server) {
    DnDumpOptions *o = &server->options;
    const DnSupabasePlan *plan = &server->supabase;
    o->supabase = true;
    o->host = *plan->host ? plan->host : o->host;
    o->port = *plan->port ? plan->port : o->port;
    o->user = *plan->user ? plan->user : o->user;
    o->password = o->password ? o->password : o->supabase_password;
    if (*plan->pooler_user) {
        server->pooler[0] = o->pooler_host;
        o->fallback_hosts = server->pooler;
    }
}

DnStatus dn_endpoint_plan(DnEndpoint *server, const DnDumpOptions *options, DnErr *err) {
    DnConnAsked asked;
    DnStatus status = DN_OK;
    server->options = *options;
    const DnConnOptions connection = dn_endpoint_connection(server);
    /* Where libpq can't read it, it says why when it connects. */
    if (!options->stand_in && dn_conn_asked(&connection, &asked)) {
        DnSupabaseAsk ask = dn_endpoint_ask(&asked, options->supabase, server->end_of_clone);
        ask.url = options->supabase_url;
        ask.pooler_host = options->pooler_host;
        status = dn_supabase_plan(&ask, &server->supabase, err);
    }
    if (status == DN_OK && server->supabase.is_supabase) {
        if (*server->supabase.pooler_user && options->fallback_hosts && options->fallback_hosts[0]) {
            return dn_err(err, DN_E_USAGE, "a pooler's host and fallback hosts exclude each other");
        }
        take_plan(server);
        status = dn_settings_check_site(&server->options, err);
    }
    return status;
}

/* ---- The connection -------------------------------------------------------------- */

DnConnOptions dn_endpoint_connection(const DnEndpoint *server) {
    const DnDumpOptions *o = &server->options;
    const DnSupabasePlan *plan = &server->supabase;
    return (DnConnOptions){.dbname = o->dbname,
                           .host = o->host,
                           .port = o->port,
                           .user = o->user,
                           .password = o->password,
                           .program = o->program ? o->program : "dumpnative",
                           .database = or_else(plan->dbname, NULL),
                           .sslmode = or_else(plan->sslmode, NULL),
                           .encoding = o->encoding,
                           .reach = o->stand_in ? NULL : &server->reach,
                           .cancel = o->cancel,
                           .stall_seconds = o->stall_timeout,
                           .notice = server->notice,
                           .notice_ctx = server->ctx};
}

/* ---- Poolers --------------------------------------------------------------------- */

/* A pooler in session mode is as good as the server; in transaction mode it isn't. */
static DnStatus check_pool(const DnEndpoint *server, DnConn *conn, DnErr *err) {
    bool pooled = false;
    const DnConnOptions again = dn_endpoint_connection(server);
    DnStatus status = dn_conn_is_pooled(conn, &again, &pooled, err);
    if (status != DN_OK || !pooled) {
        return status;
    }
    const DnConnAddress at = dn_conn_address(conn);
    return dn_supabase_refuse_pool(at.user, at.host, at.port, dn_conn_database(conn), err);
}

DnStatus dn_endpoint_open(DnEndpoint *server, DnConn **conn, DnErr *err) {
    const DnDumpOptions *o = &server->options;
    const DnSupabasePlan *plan = &server->supabase;
    server->reach = (DnReachOptions){.prefer = o->prefer,
                                     .seconds = o->connect_timeout,
                                     .retries = o->retries,
                                     .retry_refused = o->retry_refused,
                                     .fallback_hosts = o->fallback_hosts,
                                     .fallback_user = or_else(plan->pooler_user, NULL),
                                     .fallback_hostaddrs = o->fallback_hostaddrs,
                                     .address_cache = o->address_cache,
                                     .use_cached_address = o->use_cached_address,
                                     .only_ipv6 = &server->only_ipv6,
                                     .log = server->step,
                                     .warn = server->warn,
                                     .log_ctx = server->ctx};
    const DnConnOptions connection = dn_endpoint_connection(server);
    DnStatus status = dn_conn_open(&connection, conn, err);
    if (status == DN_E_CONNECT && o->stand_in && o->encoding && strstr(err->server, "\"client_encoding\"")) {
        (void)dn_err(err, DN_E_USAGE, "invalid client encoding \"%s\" specified", o->encoding);
    } else if (status == DN_E_CONNECT && plan->is_direct && server->only_ipv6 && !*plan->pooler_user) {
        dn_supabase_hint_pooler(plan, err);
    } else if (status == DN_OK && plan->is_supabase) {
        status = check_pool(server, *conn, err);
    }
    return status == DN_OK ? DN_OK : err->status;
}
