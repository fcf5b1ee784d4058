/*
 * supabase.h - a project of Supabase: where its database is, what is the platform's in it, and the ways to
 * mistake one of its addresses for another.
 *
 * No I/O: from names to names. A project with the reference REF has three addresses:
 *
 *   https://REF.supabase.co         its API; no database listens there
 *   db.REF.supabase.co              the database itself; IPv6 only, unless the project pays for IPv4
 *   NAME.pooler.supabase.com        the pooler of a region, IPv4: port 5432 in session mode, port 6543 in
 *                                   transaction mode; the user is USER.REF. NAME can't be derived.
 */
#ifndef DN_DUMPER_SUPABASE_H
#define DN_DUMPER_SUPABASE_H

#include "catalog/fetch.h"
#include "sqlgen/entry.h"

/* The tables of supabase.def. */
extern const DnPlatform dn_supabase_platform;
extern const DnRestoreSite dn_supabase_site;

/* What the user said, borrowed. NULL or "" = nothing. */
typedef struct DnSupabaseAsk {
    bool wanted; /* whatever the host's form says */
    const char *url;
    const char *pooler_host;
    const char *host; /* as libpq has it; likewise the rest */
    const char *port;
    const char *user;
    const char *dbname;
    const char *sslmode;
    const char *options;
    bool host_given, port_given; /* in options or connection string, and not by the environment alone */
    bool user_given;
    bool end_of_clone; /* without a host it is any server: the other end may tell that the rules are wanted */
} DnSupabaseAsk;

enum { DN_SUPABASE_NAME = 320 };

/* What to connect to; "" = as the user said. */
typedef struct DnSupabasePlan {
    bool is_supabase;
    bool is_direct; /* the project's own host */
    bool is_hosted; /* by Supabase, and not a server of the user's own with the same schemas */
    char ref[64];   /* "" = not known */
    char host[DN_SUPABASE_NAME], port[8], user[DN_SUPABASE_NAME], dbname[16], sslmode[16];
    char pooler_user[DN_SUPABASE_NAME]; /* with the pooler as a fallback; "" = none */
} DnSupabasePlan;

/* DN_E_USAGE for what can't be meant so, with the exact remedy in the hint. */
DnStatus dn_supabase_plan(const DnSupabaseAsk *given, DnSupabasePlan *plan, DnErr *err) DN_MUST_USE;

/* The error for a session that turned out to be pooled by transaction. */
DnStatus dn_supabase_refuse_pool(const char *user, const char *host, const char *port, const char *dbname,
                                 DnErr *err);
/* Another hint where the direct host can't be reached over IPv6 and no pooler was named. */
void dn_supabase_hint_pooler(const DnSupabasePlan *plan, DnErr *err);

#endif
