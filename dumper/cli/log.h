/*
 * log.h - what the program tells on standard error: lines as PostgreSQL's own programs write them, or JSON.
 *
 * Each message goes out with one write. Text passes through cli_text_plain() or cli_text_json(), so nothing
 * that a server sends can act on the terminal.
 */
#ifndef DN_CLI_LOG_H
#define DN_CLI_LOG_H

#include <stdbool.h>

#include "dumper/cli/progress.h"
#include "dumper/cli/text.h"
#include "include/dumpnative.h"

typedef struct CliLog {
    int fd;
    const char *program;
    const char *version;
    bool json;
    bool color;
    bool verbose;
    bool stand_in;         /* in pg_dump's words: the server's own message, no hints but those on usage */
    bool bare;             /* the error is a whole line already */
    CliProgress *progress; /* erased before a line is written; or NULL */
} CliLog;

/* Tells every event of a dump by its kind; leaves progress lines to cli_progress_event(). */
void cli_log_event(CliLog *log, const DnEvent *event);
void cli_log_error(CliLog *log, const DnErr *err);
void cli_log_warning(CliLog *log, const char *text, const char *hint);
/* The dump is whole. `file` NULL: standard output. `summary`: in text form too. */
void cli_log_finished(CliLog *log, const DnDumpResult *result, const char *file, bool summary);

/* Colour or not: NO_COLOR (when not empty) forbids it, then PG_COLOR decides (always, never), else whether
   it is a terminal that can. NULL for a variable that isn't set. */
bool cli_color_wanted(bool terminal, const char *no_color, const char *pg_color, const char *term);
/* The same with this process's environment. */
bool cli_color_for(int fd);

/* Pure parts, for the tests: each appends whole lines. */
void cli_log_format_event(CliText *text, const CliLog *log, const DnEvent *event);
void cli_log_format_error(CliText *text, const CliLog *log, const DnErr *err);
void cli_log_format_finished(CliText *text, const CliLog *log, const DnDumpResult *result, const char *file,
                             bool summary);

#endif
