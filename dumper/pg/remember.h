/*
 * remember.h - the file in which last_address.h's text is kept, for when no resolver answers.
 *
 * A help and no duty: what can't be read or written is done without, and nothing is said. A file that is not
 * the user's own, or that others may write, is not believed.
 */
#ifndef DN_DUMPER_PG_REMEMBER_H
#define DN_DUMPER_PG_REMEMBER_H

#include "common/last_address.h"

bool dn_remember_find(const char *path, const char *host, const char *port,
                      char address[DN_LAST_ADDRESS_SIZE]);
/* Replaces the file, mode 0600; folders that are missing are made, mode 0700. */
void dn_remember_put(const char *path, const char *host, const char *port, const char *address);

#endif
