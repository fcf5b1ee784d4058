#include "dumper/cli/log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dumper/cli/options.h"

/* ---- Text ------------------------------------------------------------------------------- */

/* The labels of PostgreSQL's frontend programs, and ours for what a dump leaves out. */
typedef struct Label {
    const char *word;
    const char *color;
} Label;

static const Label label_none = {NULL, NULL};
static const Label label_error = {"error", "\033[01;31m"};
static const Label label_warning = {"warning", "\033[01;35m"};
static const Label label_omission = {"left out", "\033[01;35m"};
static const Label label_notice = {"notice", "\033[01;36m"};
static const Label label_detail = {"detail", "\033[01;36m"};
static const Label label_hint = {"hint", "\033[01;36m"};

static void begin_line(CliText *text, const CliLog *log, Label label) {
    cli_text_fmt(text, "%s: ", log->program);
    if (label.word && log->color) {
        cli_text_fmt(text, "%s%s:\033[0m ", label.color, label.word);
    } else if (label.word) {
        cli_text_fmt(text, "%s: ", label.word);
    }
}

static void text_line(CliText *text, const CliLog *log, Label label, const char *message) {
    if (message && message[0]) {
        begin_line(text, log, label);
        cli_text_plain(text, message);
        cli_text_str(text, "\n");
    }
}

/* One line of ours for each of the text's. */
static void text_lines(CliText *text, const CliLog *log, Label label, const char *message) {
    while (message && *message) {
        char line[1024];
        size_t length = strcspn(message, "\n");
        (void)snprintf(line, sizeof line, "%.*s", (int)length, message);
        text_line(text, log, label, line);
        message += length + (message[length] == '\n');
    }
}

static void add_rows(CliText *text, uint64_t rows) {
    cli_format_count(text, rows);
    cli_text_str(text, rows == 1 ? " row" : " rows");
}

static void text_start(CliText *text, const CliLog *log, const DnEvent *event) {
    begin_line(text, log, label_none);
    cli_text_str(text, "connected to database \"");
    cli_text_plain(text, event->database ? event->database : "");
    cli_text_str(text, "\", server version ");
    cli_text_plain(text, event->server_version ? event->server_version : "unknown");
    cli_text_str(text, "; tables with rows to dump: ");
    cli_format_count(text, event->tables);
    cli_text_str(text, "\n");
}

static void text_table(CliText *text, const CliLog *log, const DnEvent *event) {
    begin_line(text, log, label_none);
    cli_text_fmt(text, "table %llu of %llu, ", (unsigned long long)event->table,
                 (unsigned long long)event->tables);
    cli_text_plain(text, event->object ? event->object : "");
    cli_text_str(text, ": ");
    add_rows(text, event->rows);
    cli_text_str(text, ", ");
    cli_format_bytes(text, (double)event->bytes);
    cli_text_str(text, "\n");
}

static void text_event(CliText *text, const CliLog *log, const DnEvent *event) {
    Label label = label_none;
    switch (event->kind) {
    case DN_EVENT_START:
        if (log->verbose) {
            text_start(text, log, event);
        }
        return;
    case DN_EVENT_TABLE_DONE:
        if (log->verbose) {
            text_table(text, log, event);
        }
        return;
    case DN_EVENT_STEP:
        if (!log->verbose) {
            return;
        }
        break;
    case DN_EVENT_NOTICE:
        label = label_notice;
        break;
    case DN_EVENT_WARNING:
        label = label_warning;
        break;
    case DN_EVENT_OMISSION:
        label = log->stand_in ? label_warning : label_omission;
        break;
    case DN_EVENT_MANAGED:
        break;
    default:
        return;
    }
    if (log->stand_in && event->kind == DN_EVENT_OMISSION) {
        begin_line(text, log, label);
        cli_text_str(text, "left out: ");
        cli_text_plain(text, event->text);
        cli_text_str(text, "\n");
        return;
    }
    text_line(text, log, label, event->text);
    text_lines(text, log, label_detail, event->detail);
    text_lines(text, log, label_hint, event->hint);
}

/* pg_dump hands the server's words on as they come, line by line. */
static void server_words(CliText *text, const CliLog *log, Label label, const char *before,
                         const char *words) {
    begin_line(text, log, label);
    cli_text_str(text, before);
    while (*words) {
        char line[1024];
        size_t length = strcspn(words, "\n");
        size_t tab = words[0] == '\t';
        (void)snprintf(line, sizeof line, "%.*s", (int)(length - tab), words + tab);
        cli_text_str(text, tab ? "\t" : "");
        cli_text_plain(text, line);
        cli_text_str(text, "\n");
        words += length + (words[length] == '\n');
    }
}

static const char usage_hint[] = "Try \"";

static void text_error_of_pg_dump(CliText *text, const CliLog *log, const DnErr *err) {
    bool usage = strncmp(err->hint, usage_hint, sizeof usage_hint - 1) == 0;
    if (log->bare) {
        cli_text_plain(text, err->message);
        cli_text_str(text, "\n");
    } else if (err->server[0]) {
        server_words(text, log, label_error, err->query[0] ? "query failed: " : "", err->server);
    } else {
        text_line(text, log, label_error, err->message);
    }
    bool has_details = cli_pg_dump_major() >= 15; /* and hints */
    if (err->server[0] && err->query[0]) {
        server_words(text, log, has_details ? label_detail : label_error,
                     has_details ? "Query was: " : "query was: ", err->query);
    }
    if (usage && has_details) {
        text_line(text, log, label_hint, err->hint);
    } else if (usage) {
        cli_text_fmt(text, "%s\n", err->hint);
    }
}

/* The object is a detail of its own only when the message doesn't name it already; the SQLSTATE is for
   those who asked for more. */
static void text_error(CliText *text, const CliLog *log, const DnErr *err) {
    text_line(text, log, label_error, err->message[0] ? err->message : "unknown error");
    CliText detail = {0};
    if (err->object[0] && !strstr(err->message, err->object)) {
        cli_text_fmt(&detail, "concerns %s", err->object);
    }
    if (err->sqlstate[0] && log->verbose) {
        cli_text_fmt(&detail, "%sSQLSTATE %s", detail.size ? ", " : "", err->sqlstate);
    }
    text_line(text, log, label_detail, cli_text_get(&detail));
    cli_text_deinit(&detail);
    text_line(text, log, label_hint, err->hint);
}

static void text_finished(CliText *text, const CliLog *log, const DnDumpResult *result, const char *file) {
    begin_line(text, log, label_none);
    if (file) {
        cli_text_str(text, "wrote ");
        cli_text_plain(text, file);
        cli_text_str(text, ": ");
    } else {
        cli_text_str(text, "wrote ");
    }
    cli_format_bytes(text, (double)result->bytes);
    cli_text_str(text, ", ");
    add_rows(text, result->rows);
    cli_text_fmt(text, " in %llu table%s, %.1f s, sha256 %s\n", (unsigned long long)result->tables,
                 result->tables == 1 ? "" : "s", result->seconds, result->sha256);
}

/* ---- JSON: the same keys in every object of a kind, null where there is nothing to say -------- */

static void json_begin(CliText *text, const char *event) {
    struct timespec now = {0};
    struct tm utc = {0};
    char stamp[32] = "";
    (void)clock_gettime(CLOCK_REALTIME, &now);
    (void)gmtime_r(&now.tv_sec, &utc);
    (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    cli_text_fmt(text, "{\"time\":\"%s.%03ldZ\",\"event\":\"%s\"", stamp, now.tv_nsec / 1000000, event);
}

static void json_string(CliText *text, const char *key, const char *value) {
    cli_text_fmt(text, ",\"%s\":", key);
    cli_text_json(text, value && value[0] ? value : NULL);
}

static void json_number(CliText *text, const char *key, uint64_t value) {
    cli_text_fmt(text, ",\"%s\":%llu", key, (unsigned long long)value);
}

static void json_seconds(CliText *text, double seconds) {
    cli_text_fmt(text, ",\"seconds\":%.3f", seconds);
}

static void json_start(CliText *text, const CliLog *log, const DnEvent *event) {
    json_begin(text, "start");
    json_string(text, "version", log->version);
    json_string(text, "database", event->database);
    json_string(text, "server_version", event->server_version);
    json_number(text, "tables", event->tables);
    json_number(text, "total_rows", event->total_rows);
    json_number(text, "total_bytes", event->total_bytes);
}

static void json_table(CliText *text, const DnEvent *event) {
    json_begin(text, "table");
    json_string(text, "object", event->object);
    json_number(text, "table", event->table);
    json_number(text, "tables", event->tables);
    json_number(text, "rows", event->rows);
    json_number(text, "bytes", event->bytes);
}

static void json_event(CliText *text, const CliLog *log, const DnEvent *event) {
    static const char *const names[] = {
        [DN_EVENT_STEP] = "step",         [DN_EVENT_NOTICE] = "notice",   [DN_EVENT_WARNING] = "warning",
        [DN_EVENT_OMISSION] = "omission", [DN_EVENT_MANAGED] = "managed",
    };
    switch (event->kind) {
    case DN_EVENT_START:
        json_start(text, log, event);
        break;
    case DN_EVENT_TABLE_DONE:
        json_table(text, event);
        break;
    case DN_EVENT_STEP:
        if (!log->verbose) {
            return;
        }
        /* fall through */
    case DN_EVENT_NOTICE:
    case DN_EVENT_WARNING:
    case DN_EVENT_OMISSION:
    case DN_EVENT_MANAGED:
        json_begin(text, names[event->kind]);
        json_string(text, "text", event->text);
        json_string(text, "object", event->object);
        json_string(text, "detail", event->detail);
        json_string(text, "hint", event->hint);
        break;
    case DN_EVENT_DIFFERENCE:
        json_begin(text, "difference");
        json_string(text, "object", event->object);
        json_string(text, "text", event->text);
        break;
    default:
        return;
    }
    cli_text_str(text, "}\n");
}

static void json_error(CliText *text, const DnErr *err) {
    json_begin(text, "error");
    json_string(text, "message", err->message);
    json_string(text, "sqlstate", err->sqlstate);
    json_string(text, "object", err->object);
    json_string(text, "hint", err->hint);
    cli_text_str(text, "}\n");
}

static void json_finished(CliText *text, const DnDumpResult *result, const char *file) {
    json_begin(text, "finished");
    json_string(text, "file", file);
    json_number(text, "bytes", result->bytes);
    json_number(text, "rows", result->rows);
    json_number(text, "tables", result->tables);
    json_number(text, "omissions", result->omissions);
    json_seconds(text, result->seconds);
    json_string(text, "sha256", result->sha256);
    cli_text_str(text, "}\n");
}

/* ---- Both ------------------------------------------------------------------------------- */

void cli_log_format_event(CliText *text, const CliLog *log, const DnEvent *event) {
    if (log->json) {
        json_event(text, log, event);
    } else {
        text_event(text, log, event);
    }
}

void cli_log_format_error(CliText *text, const CliLog *log, const DnErr *err) {
    if (log->json) {
        json_error(text, err);
    } else if (log->stand_in) {
        text_error_of_pg_dump(text, log, err);
    } else {
        text_error(text, log, err);
    }
}

void cli_log_format_finished(CliText *text, const CliLog *log, const DnDumpResult *result, const char *file,
                             bool summary) {
    if (log->json) {
        json_finished(text, result, file);
    } else if (summary) {
        text_finished(text, log, result, file);
    }
}

/* Nothing useful can be done when standard error itself fails. */
static void put(CliLog *log, CliText *text) {
    if (text->size > 0) {
        if (log->progress) {
            cli_progress_erase(log->progress);
        }
        (void)cli_text_write(text, log->fd);
    }
    cli_text_deinit(text);
}

void cli_log_event(CliLog *log, const DnEvent *event) {
    CliText text = {0};
    cli_log_format_event(&text, log, event);
    put(log, &text);
}

void cli_log_error(CliLog *log, const DnErr *err) {
    CliText text = {0};
    cli_log_format_error(&text, log, err);
    put(log, &text);
}

void cli_log_warning(CliLog *log, const char *text, const char *hint) {
    cli_log_event(log, &(DnEvent){.kind = DN_EVENT_WARNING, .text = text, .hint = hint});
}

void cli_log_finished(CliLog *log, const DnDumpResult *result, const char *file, bool summary) {
    CliText text = {0};
    cli_log_format_finished(&text, log, result, file, summary);
    put(log, &text);
}

bool cli_color_wanted(bool terminal, const char *no_color, const char *pg_color, const char *term) {
    if (no_color && no_color[0]) {
        return false;
    }
    if (pg_color && strcmp(pg_color, "always") == 0) {
        return true;
    }
    if (pg_color && strcmp(pg_color, "never") == 0) {
        return false;
    }
    return terminal && term && term[0] && strcmp(term, "dumb") != 0;
}

bool cli_color_for(int fd) {
    return cli_color_wanted(isatty(fd) == 1, getenv("NO_COLOR"), getenv("PG_COLOR"), getenv("TERM"));
}
