/*
 * restrict_key.h - the word that psql's \restrict and \unrestrict share.
 */
#ifndef DN_COMMON_RESTRICT_KEY_H
#define DN_COMMON_RESTRICT_KEY_H

#include <stdbool.h>

enum { DN_RESTRICT_KEY_SIZE = 64 };

/* A random one, as long as pg_dump's: 63 letters and digits. False when the system has no random numbers. */
bool dn_restrict_key_make(char key[DN_RESTRICT_KEY_SIZE]);
bool dn_restrict_key_is_valid(const char *key);

#endif
