/*
 * lookup.h - one host name, one family of addresses, looked up without holding up who asks.
 *
 * getaddrinfo() may block for as long as the resolver's own time-outs last, so it runs in a thread of its
 * own. Who loses patience lets go of the lookup; the thread then ends by itself, whenever its answer comes.
 */
#ifndef DN_DUMPER_PG_LOOKUP_H
#define DN_DUMPER_PG_LOOKUP_H

#include <netdb.h>
#include <stdbool.h>

typedef struct DnLookup DnLookup;

/* `family` is AF_INET or AF_INET6; `port` a number. Returns owned; NULL when there is no memory, descriptor
   or thread to be had. */
DnLookup *dn_lookup_start(const char *host, const char *port, int family);
/* Readable once the answer is there; don't read from it. */
int dn_lookup_fd(const DnLookup *lookup);
/* False while there is no answer. *code: what getaddrinfo() returned; *list: the addresses, borrowed. */
bool dn_lookup_answer(DnLookup *lookup, int *code, const struct addrinfo **list);
/* Lets go of it, answered or not. Takes NULL. */
void dn_lookup_end(DnLookup *lookup);

#endif
