/*
 * password.h - asking the person at the terminal: for a password, or to agree.
 */
#ifndef DN_CLI_PASSWORD_H
#define DN_CLI_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

typedef enum CliPromptResult {
    CLI_PROMPT_OK = 0,
    CLI_PROMPT_NO_TERMINAL,
    CLI_PROMPT_INTERRUPTED, /* a signal came; cli_signals_received() tells which */
    CLI_PROMPT_TOO_LONG,
    CLI_PROMPT_FAILED /* reading failed, or the input ended */
} CliPromptResult;

/*
 * Reads a line from the controlling terminal with echo off, and puts the terminal back in every case.
 * Where the process has no terminal and `stdin_too` is set, reads the line from standard input, as
 * pg_dump does. On any result but CLI_PROMPT_OK `answer` is wiped; on CLI_PROMPT_OK the caller wipes it.
 */
CliPromptResult cli_prompt_password(const char *prompt, bool stdin_too, char *answer, size_t size);
/* Whether standard input is a terminal, and "yes" was typed on it. */
bool cli_confirm(const char *prompt);

#endif
