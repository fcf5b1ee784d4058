/*
 * text.h - a growing line of text, and what it takes to show foreign text safely.
 *
 * Names and messages come from a server that is not trusted: before they reach a terminal or a log they go
 * through cli_text_plain(), cli_text_cut() or cli_text_json(), which let no control character pass and put
 * U+FFFD where bytes are not UTF-8.
 *
 * A zero-initialised CliText is ready. Failure is sticky; cli_text_str() of a failed text is what fitted.
 */
#ifndef DN_CLI_TEXT_H
#define DN_CLI_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/dumpnative.h"

typedef struct CliText {
    char *bytes; /* NUL-terminated once something was added */
    size_t size;
    size_t capacity;
    bool failed;
} CliText;

void cli_text_add(CliText *text, const char *bytes, size_t size);
/* Appends a string as it is; NULL appends nothing. */
void cli_text_str(CliText *text, const char *string);
void cli_text_fmt(CliText *text, const char *format, ...) DN_PRINTF(2, 3);
/* Appends `string` with nothing in it that a terminal would obey: one line, however many it had. */
void cli_text_plain(CliText *text, const char *string);
/* As cli_text_plain, but at most `columns` wide: what is too long ends in "...". */
void cli_text_cut(CliText *text, const char *string, size_t columns);
/* Appends a JSON string with its quotes, or null for NULL. */
void cli_text_json(CliText *text, const char *string);
/* The text so far, "" when empty. Borrowed until the next append. */
const char *cli_text_get(const CliText *text);
/* Writes all of it with as few calls as the system allows; returns 0 or an errno value. */
int cli_text_write(const CliText *text, int fd);
void cli_text_deinit(CliText *text);

/* Decodes one character: its length in bytes (at least 1), *code = 0xFFFD where the bytes are not UTF-8.
   `string` must not be at its end. */
size_t cli_utf8_next(const char *string, uint32_t *code);
/* Columns that a string takes on a terminal after cli_text_plain: 0 for combining marks, 2 for wide ones. */
size_t cli_text_columns(const char *string);

#endif
