/*
 * env_vars.h - the variables of an environment file, which env_file.c reads, and in whose values env_expand.c
 * puts others. For these two alone.
 */
#ifndef DN_COMMON_ENV_VARS_H
#define DN_COMMON_ENV_VARS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/env_file.h"

/* Strings of exact size, owned one by one, so that none is left behind by a realloc(). */
typedef struct DnEnvVariable {
    char *name, *value;
} DnEnvVariable;

struct DnEnvFile {
    DnEnvVariable *items;
    size_t count;
    size_t replaced; /* bytes of values with something put in, each time */
};

/* The letters of names. */
bool dn_env_is_word(char c);
/* Returns owned, NULL when out of memory. */
char *dn_env_copy(const char *text, size_t size);
/* Wipes it before. Takes NULL. */
void dn_env_free_value(char *value);
/* NULL when there is none of that name. */
DnEnvVariable *dn_env_find(const DnEnvFile *file, const char *name, size_t size);

/* Replaces what the variable's value refers to, as dotenv-expand does: the last reference first, until none
   is left. `name` is the file's in errors. */
DN_MUST_USE DnStatus dn_env_expand(DnEnvFile *file, DnEnvVariable *variable, const char *name,
                                   DnEnvLookup lookup, DnErr *err);

#endif
