/*
 * help.h - the help text, made from the tables of commands and options.
 */
#ifndef DN_CLI_HELP_H
#define DN_CLI_HELP_H

#include "dumper/cli/options.h"
#include "dumper/cli/text.h"

/* Appends the help of `command`; `commands` (`count` of them) are listed in the help of the first one. */
void cli_help(CliText *text, const CliFace *face, const CliCommand *command, const CliCommand *commands,
              size_t count);

#endif
