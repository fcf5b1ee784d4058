/*
 * progress.h - one line on the terminal that tells how far the dump is.
 *
 * The line is drawn with a carriage return and spaces alone, so it needs no colour and no terminfo. Whoever
 * writes to the same terminal calls cli_progress_erase() first.
 */
#ifndef DN_CLI_PROGRESS_H
#define DN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dumper/cli/text.h"
#include "include/dumpnative.h"

typedef enum CliProgressMode {
    CLI_PROGRESS_OFF,
    CLI_PROGRESS_LINE, /* redrawn in place, ten times a second at most */
    CLI_PROGRESS_LOG,  /* a line of its own, once a second: not a terminal */
    CLI_PROGRESS_JSON  /* the same as an object */
} CliProgressMode;

/* What is shown; numbers below zero are not known (yet). */
typedef struct CliProgressView {
    const char *object; /* the table in work, or the step when tables is 0 */
    uint64_t table;
    uint64_t tables;
    uint64_t rows;
    uint64_t bytes;
    double rate; /* bytes a second, lately */
    double left; /* seconds */
    int percent;
} CliProgressView;

typedef struct CliProgress {
    CliProgressMode mode;
    int fd;
    const char *program;
    size_t drawn;   /* columns that the line on the terminal takes */
    double next;    /* when to draw again, in seconds of the monotonic clock */
    double started; /* event time at which rows began to flow; below zero: not yet */
    double sampled; /* event time and bytes of the last rate sample */
    uint64_t sample;
    double rate;
} CliProgress;

void cli_progress_init(CliProgress *progress, CliProgressMode mode, int fd, const char *program);
/* Takes every event; draws when it is time to. */
void cli_progress_event(CliProgress *progress, const DnEvent *event);
/* Takes the line off the terminal. */
void cli_progress_erase(CliProgress *progress);

/* Pure parts, for the tests. */

/* One line, at most `columns` wide; what matters least goes first when it is narrow. */
void cli_progress_format(CliText *text, const CliProgressView *view, size_t columns);
/* Updates rate and start from the event, and tells what to show. `view->object` is borrowed from it. */
void cli_progress_measure(CliProgress *progress, const DnEvent *event, CliProgressView *view);
/* "0 B", "999 B", "1.0 KiB", "45.2 MiB": at most 10 characters. */
void cli_format_bytes(CliText *text, double bytes);
/* "1,234,567" */
void cli_format_count(CliText *text, uint64_t count);
/* "0:07", "12:34", "1:02:03" */
void cli_format_duration(CliText *text, double seconds);

#endif
