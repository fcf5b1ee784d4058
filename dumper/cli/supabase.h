/*
 * supabase.h - what the environment, and a file of its variables, say of a Supabase project.
 */
#ifndef DN_CLI_SUPABASE_H
#define DN_CLI_SUPABASE_H

#include "dumper/cli/options.h"

/* Fills supabase, supabase_url and supabase_password of options->dump. They may point into *file, which is
   owned (dn_env_file_free) and NULL where no --env-file was named or on failure. */
DnStatus cli_take_supabase(CliOptions *options, DnEnvFile **file, DnErr *err);

#endif
