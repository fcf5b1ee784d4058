/*
 * last_address.h - the text of a cache that tells at which address each host answered last.
 *
 * A line for each host and port, "HOST PORT ADDRESS", the latest first. Whatever else stands in it is passed
 * over, and is gone when it is written anew.
 */
#ifndef DN_COMMON_LAST_ADDRESS_H
#define DN_COMMON_LAST_ADDRESS_H

#include "common/buf.h"

enum {
    DN_LAST_ADDRESS_SIZE = 80, /* of an address as text, with the name of an interface */
    DN_LAST_ADDRESS_MOST = 100 /* hosts that are remembered */
};

/* Whether it is an address itself, of IPv4 or IPv6, and no name. */
bool dn_is_address(const char *text);

/* False when the text doesn't tell. Upper and lower case are the same to a host's name. */
bool dn_last_address_find(const char *text, size_t size, const char *host, const char *port,
                          char address[DN_LAST_ADDRESS_SIZE]);

/* Appends the text with `address` in front for that host. False, and nothing appended, for what can't stand
   in a line of it. */
bool dn_last_address_put(const char *text, size_t size, const char *host, const char *port,
                         const char *address, DnBuf *out);

#endif
