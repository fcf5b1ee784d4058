/*
 * reach.h - opens a connection to a server that may be hard to reach: names, addresses, fallbacks, retries.
 *
 * A host given by name is looked up here, and its addresses race (race.h); the winner goes to libpq as
 * `hostaddr` beside the unchanged `host`, so that certificates, the password file and SNI still see the name.
 * What libpq does better stays with it: sockets, a given hostaddr, lists of hosts, target_session_attrs and
 * load_balance_hosts. Fallbacks and retries are for those, too.
 */
#ifndef DN_DUMPER_PG_REACH_H
#define DN_DUMPER_PG_REACH_H

#include "dumper/pg/conn.h"

/* dn_conn_open() for options with `reach`. */
DnStatus dn_reach(const DnConnOptions *options, DnConn **out, DnErr *err) DN_MUST_USE;

#endif
