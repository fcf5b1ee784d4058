/*
 * secrets.h - keeping passwords out of the process list, of messages and of core files.
 */
#ifndef DN_CLI_SECRETS_H
#define DN_CLI_SECRETS_H

#include <stddef.h>

/* Overwrites memory in a way that the compiler may not leave out. */
void cli_wipe(void *bytes, size_t size);
/* Wipes and frees a string; takes NULL. */
void cli_free_secret(char *string);

/*
 * Overwrites with 'x' each password in `text`: the userinfo and the query of a connection URI, and the
 * values of secret keywords in a conninfo string; also when an option stands before it ("--dbname=...").
 * It rather hides too much of a malformed string than too little.
 */
void cli_secrets_scrub(char *text);

/* Copies the arguments, then scrubs the originals, which any user of the machine can read in the process
   list. Returns owned (cli_args_free), a NULL-terminated array of `argc` items, or NULL: out of memory. */
char **cli_args_take(int argc, char **argv);
/* Wipes and frees what cli_args_take returned; takes NULL. */
void cli_args_free(int argc, char **args);

/* No core file and, where the system has it, no memory that other processes of the user may read. */
void cli_forbid_core_files(void);

#endif
