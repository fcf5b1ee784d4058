/*
 * env_file.h - files of environment variables, such as .env.local: read as Next.js reads them, which is
 * dotenv 16 and dotenv-expand 10.
 *
 *     export NAME=value          # white space around the value doesn't count; # ends it, wherever it stands
 *     NAME="two\nlines ${OTHER}" # in double quotes \n and \r stand for line ends; quotes may span lines
 *     NAME='as it is # here'     # also `...`
 *     NAME: value
 *
 * $OTHER, ${OTHER} and ${OTHER:-default} are replaced in every value, in quotes of any kind too, by the
 * process's variable of that name or else by the file's; \$ is a dollar sign. No shell: nothing is ever run.
 *
 * Values may be secrets: what holds them is wiped before it is freed.
 */
#ifndef DN_COMMON_ENV_FILE_H
#define DN_COMMON_ENV_FILE_H

#include "include/dumpnative.h"

enum { DN_ENV_FILE_MOST = 1 << 20 }; /* bytes of a file, and of a value with what is put into it */

/* The process's variable of that name, or NULL. */
typedef const char *(*DnEnvLookup)(const char *name);

/* Reads `size` bytes; `name` is the file's in errors. DN_E_USAGE for what isn't text and for values that
   refer to themselves, or that references make too long. *out is owned (dn_env_file_free), NULL on
   failure. */
DN_MUST_USE DnStatus dn_env_file_parse(const char *name, const char *bytes, size_t size, DnEnvLookup lookup,
                                       DnEnvFile **out, DnErr *err);
/* The file's own value, or NULL. */
const char *dn_env_file_value(const DnEnvFile *file, const char *name);

#endif
