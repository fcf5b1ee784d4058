/*
 * commands.h - what the program can be told to do. Each returns the exit status.
 */
#ifndef DN_CLI_COMMANDS_H
#define DN_CLI_COMMANDS_H

#include "dumper/cli/log.h"
#include "dumper/cli/options.h"

int cli_run_dump(CliOptions *options, CliLog *log);
int cli_run_verify(CliOptions *options, CliLog *log);
/* Two databases; or, for verify --db, options->database with the manifest of options->file. */
int cli_run_compare(CliOptions *options, CliLog *log);
int cli_run_restore(CliOptions *options, CliLog *log);
int cli_run_clone(CliOptions *options, CliLog *log);

/* Says where the addresses that hosts answered at are kept: in the user's cache folder, if there is one. */
void cli_find_cache(CliOptions *options);

enum { CLI_PASSWORD_SIZE = 2048 };

extern const char cli_password_hint[];

/* Asks for the password as the options say; the caller wipes it. */
DnStatus cli_ask_password(const CliOptions *options, char *password, size_t size, DnErr *err);

/* What the options say of any target: all but which one it is, what goes there, and who is told. */
DnRestoreOptions cli_target_options(const CliOptions *options, DnCancel *cancel);

/* How to show progress on `fd`; `shared`: something else of ours is written to that terminal, too. */
CliProgressMode cli_progress_mode(const CliOptions *options, int fd, bool shared);

/* A handle that signals cancel, until cli_signals_reset(); NULL when there is none to be had, which is
   told. */
DnCancel *cli_cancel_on_signals(CliLog *log);

/* Ends a command that a call of the library failed in: tells `err`, or that a signal ended it, in which
   case the process ends by that signal. Call cli_signals_reset() first. */
int cli_fail(const CliOptions *options, CliLog *log, const DnErr *err, const char *consequence);

#endif
