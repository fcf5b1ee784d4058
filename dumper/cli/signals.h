/*
 * signals.h - a signal that would end the program cancels the running call first, so that it can clean up.
 *
 * One call at a time: the handle is the process's, as signals are.
 */
#ifndef DN_CLI_SIGNALS_H
#define DN_CLI_SIGNALS_H

#include "include/dumpnative.h"

/* Returns the handle that a signal cancels, which lives until cli_signals_reset(); NULL when memory or
   descriptors are short, and then nothing is installed. Signals that the parent had ignored (nohup) stay
   ignored. SIGPIPE and SIGXFSZ become plain write errors. A second signal, a second or more after the first,
   ends the program at once. */
DnCancel *cli_signals_install(void);
/* The first signal that came, or 0. */
int cli_signals_received(void);
/* Frees the handle; signals that come from now on have their usual effect. */
void cli_signals_reset(void);
/* Ends the process by `signal`, so that the shell sees what happened (128 + n); returns that status only
   where the signal doesn't kill. Call cli_signals_reset() first. */
int cli_signals_die(int number);
/* "SIGINT" and the like. */
const char *cli_signal_name(int number);

#endif
