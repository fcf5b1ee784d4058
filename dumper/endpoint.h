/*
 * endpoint.h - from a dump's options to a connection: which server is meant, and how it is reached.
 *
 * A DnEndpoint is filled by dn_endpoint_plan() and stays where it is: connections borrow from it.
 */
#ifndef DN_DUMPER_ENDPOINT_H
#define DN_DUMPER_ENDPOINT_H

#include "dumper/pg/conn.h"
#include "dumper/supabase.h"

typedef struct DnEndpoint {
    DnDumpOptions options; /* the user's, with what follows from the server's kind */
    DnSupabasePlan supabase;
    DnReachOptions reach;
    const char *pooler[2]; /* as a list */
    bool only_ipv6;
    bool end_of_clone;
    void (*step)(void *ctx, const char *text);
    void (*warn)(void *ctx, const char *text);
    void (*notice)(void *ctx, const char *text);
    void *ctx;
} DnEndpoint;

/* What is asked of Supabase's rules for that connection, borrowing from `asked`; url and pooler_host are not
   in it. */
DnSupabaseAsk dn_endpoint_ask(const DnConnAsked *asked, bool wanted, bool end_of_clone);
/* The callbacks and `end_of_clone` are set already. DN_E_USAGE where the options name no server, or the wrong
   one. */
DnStatus dn_endpoint_plan(DnEndpoint *server, const DnDumpOptions *options, DnErr *err) DN_MUST_USE;
DnConnOptions dn_endpoint_connection(const DnEndpoint *server);
/* *conn is owned. */
DnStatus dn_endpoint_open(DnEndpoint *server, DnConn **conn, DnErr *err) DN_MUST_USE;

#endif
