/*
 * stand_in.h - pg_dump's words, where its face differs from ours by more than a table.
 */
#ifndef DN_CLI_STAND_IN_H
#define DN_CLI_STAND_IN_H

#include "dumper/cli/options.h"

/* Says again what `err` tells of the file of -f, or, with an errno value, of standard output. */
void cli_describe_output_error(const CliOptions *options, int stdout_error, DnErr *err);

#endif
