#include "dumper/cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>

enum { DEFAULT_COLUMNS = 80, MIN_NAME = 12, MAX_PERCENT = 99 };

/* ---- Formats ---------------------------------------------------------------------------- */

void cli_format_bytes(CliText *text, double bytes) {
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    size_t unit = 0;
    while (bytes >= 1023.95 && unit + 1 < sizeof units / sizeof *units) { /* 1023.95 would read 1024.0 */
        bytes /= 1024;
        unit++;
    }
    cli_text_fmt(text, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
}

void cli_format_count(CliText *text, uint64_t count) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)count);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            cli_text_str(text, ",");
        }
        cli_text_add(text, &digits[i], 1);
    }
}

void cli_format_duration(CliText *text, double seconds) {
    const double most = 359999; /* 99:59:59: estimates beyond that say nothing more */
    unsigned whole = (unsigned)(seconds < 0 ? 0 : seconds < most ? seconds + 0.5 : most);
    if (whole >= 3600) {
        cli_text_fmt(text, "%u:%02u:%02u", whole / 3600, whole / 60 % 60, whole % 60);
    } else {
        cli_text_fmt(text, "%u:%02u", whole / 60, whole % 60);
    }
}

/* The fields of the line in the order in which they stand. */
enum { PERCENT, POSITION, NAME, ROWS, BYTES, RATE, LEFT, FIELD_COUNT };

/* What goes when the terminal is narrow, in this order; the percentage after them, the name never. */
static const int dispensable[] = {ROWS, RATE, BYTES, POSITION, LEFT};

static void fill_fields(CliText fields[FIELD_COUNT], const CliProgressView *view) {
    if (view->percent >= 0) {
        cli_text_fmt(&fields[PERCENT], "%d%%", view->percent);
    }
    cli_text_fmt(&fields[POSITION], "table %llu of %llu", (unsigned long long)view->table,
                 (unsigned long long)view->tables);
    cli_format_count(&fields[ROWS], view->rows);
    cli_text_str(&fields[ROWS], view->rows == 1 ? " row" : " rows");
    cli_format_bytes(&fields[BYTES], (double)view->bytes);
    if (view->rate >= 0) {
        cli_format_bytes(&fields[RATE], view->rate);
        cli_text_str(&fields[RATE], "/s");
    }
    if (view->left >= 0) {
        cli_format_duration(&fields[LEFT], view->left);
        cli_text_str(&fields[LEFT], " left");
    }
}

/* Columns of all fields but the name, with the two spaces after each. */
static size_t fixed_columns(const CliText fields[FIELD_COUNT]) {
    size_t sum = 0;
    for (int i = 0; i < FIELD_COUNT; i++) {
        sum += fields[i].size > 0 ? fields[i].size + 2 : 0;
    }
    return sum;
}

void cli_progress_format(CliText *text, const CliProgressView *view, size_t columns) {
    const char *name = view->object ? view->object : "";
    if (view->tables == 0) { /* a step: no rows yet */
        cli_text_cut(text, name, columns);
        return;
    }
    CliText fields[FIELD_COUNT] = {0};
    fill_fields(fields, view);
    size_t wanted = cli_text_columns(name);
    wanted = wanted < MIN_NAME ? wanted : MIN_NAME;
    for (size_t i = 0; i < sizeof dispensable / sizeof *dispensable; i++) {
        if (fixed_columns(fields) + wanted > columns) {
            cli_text_deinit(&fields[dispensable[i]]);
        }
    }
    if (fixed_columns(fields) > columns) {
        cli_text_deinit(&fields[PERCENT]);
    }
    size_t fixed = fixed_columns(fields);
    cli_text_cut(&fields[NAME], name, columns > fixed ? columns - fixed : 0);
    const char *separator = "";
    for (int i = 0; i < FIELD_COUNT; i++) {
        if (fields[i].size > 0) {
            cli_text_fmt(text, "%s%s", separator, cli_text_get(&fields[i]));
            separator = "  ";
        }
        cli_text_deinit(&fields[i]);
    }
}

/* ---- Measuring -------------------------------------------------------------------------- */

/* How much is done, 0 to 1, or below zero when the server has no estimate. Rows and bytes are both wrong
   in their own way (rows differ in width, a relation's size is not that of its text): their mean is
   wrong by less. */
static double fraction_done(const DnEvent *event) {
    double by_rows = event->total_rows ? (double)event->rows / (double)event->total_rows : -1;
    double by_bytes = event->total_bytes ? (double)event->bytes / (double)event->total_bytes : -1;
    by_rows = by_rows > 1 ? 1 : by_rows;
    by_bytes = by_bytes > 1 ? 1 : by_bytes;
    if (by_rows < 0 || by_bytes < 0) {
        return by_rows > by_bytes ? by_rows : by_bytes;
    }
    return (by_rows + by_bytes) / 2;
}

/* Smoothed over some two seconds, so that the number can be read. */
static void sample_rate(CliProgress *progress, const DnEvent *event) {
    double step = event->seconds - progress->sampled;
    if (step < 0.05 || event->bytes < progress->sample) {
        return;
    }
    double now = (double)(event->bytes - progress->sample) / step;
    double weight = step / (step + 2);
    progress->rate = progress->rate < 0 ? now : progress->rate + (now - progress->rate) * weight;
    progress->sampled = event->seconds;
    progress->sample = event->bytes;
}

void cli_progress_measure(CliProgress *progress, const DnEvent *event, CliProgressView *view) {
    *view = (CliProgressView){.object = event->object,
                              .table = event->table,
                              .tables = event->tables,
                              .rows = event->rows,
                              .bytes = event->bytes,
                              .rate = -1,
                              .left = -1,
                              .percent = -1};
    if (progress->started < 0) {
        progress->started = progress->sampled = event->seconds;
        progress->sample = event->bytes;
    }
    sample_rate(progress, event);
    view->rate = progress->rate;
    double done = fraction_done(event);
    if (done < 0) {
        return;
    }
    view->percent = (int)(done * 100 < MAX_PERCENT ? done * 100 : MAX_PERCENT);
    double elapsed = event->seconds - progress->started;
    if (elapsed >= 1 && done >= 0.01 && done < 1) {
        view->left = elapsed * (1 - done) / done;
    }
}

/* ---- Drawing ---------------------------------------------------------------------------- */

static double monotonic(void) {
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Asked at each draw, which makes SIGWINCH needless. The last column stays free: some terminals wrap
   as soon as it is written. */
static size_t terminal_columns(int fd) {
    struct winsize size = {0};
    size_t columns = DEFAULT_COLUMNS;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        columns = size.ws_col;
    }
    return columns - 1;
}

static void draw_line(CliProgress *progress, const CliProgressView *view) {
    CliText line = {0};
    cli_text_str(&line, "\r");
    size_t columns = terminal_columns(progress->fd);
    CliText body = {0};
    cli_progress_format(&body, view, columns);
    cli_text_str(&line, cli_text_get(&body));
    size_t drawn = cli_text_columns(cli_text_get(&body));
    size_t old = progress->drawn < columns ? progress->drawn : columns;
    if (old > drawn) {
        cli_text_fmt(&line, "%*s", (int)(old - drawn), "");
    }
    progress->drawn = drawn;
    (void)cli_text_write(&line, progress->fd);
    cli_text_deinit(&body);
    cli_text_deinit(&line);
}

static void log_line(const CliProgress *progress, const CliProgressView *view) {
    CliText line = {0};
    cli_text_fmt(&line, "%s: ", progress->program);
    cli_progress_format(&line, view, 1000);
    cli_text_str(&line, "\n");
    (void)cli_text_write(&line, progress->fd);
    cli_text_deinit(&line);
}

static void log_object(const CliProgress *progress, const CliProgressView *view) {
    CliText line = {0};
    cli_text_fmt(&line, "{\"event\":\"progress\",\"table\":%llu,\"tables\":%llu,\"object\":",
                 (unsigned long long)view->table, (unsigned long long)view->tables);
    cli_text_json(&line, view->object);
    cli_text_fmt(&line, ",\"rows\":%llu,\"bytes\":%llu", (unsigned long long)view->rows,
                 (unsigned long long)view->bytes);
    if (view->percent >= 0) {
        cli_text_fmt(&line, ",\"percent\":%d", view->percent);
    }
    if (view->left >= 0) {
        cli_text_fmt(&line, ",\"seconds_left\":%.0f", view->left);
    }
    cli_text_str(&line, "}\n");
    (void)cli_text_write(&line, progress->fd);
    cli_text_deinit(&line);
}

void cli_progress_init(CliProgress *progress, CliProgressMode mode, int fd, const char *program) {
    *progress = (CliProgress){.mode = mode, .fd = fd, .program = program, .started = -1, .rate = -1};
    if (mode != CLI_PROGRESS_LINE) {
        progress->next = monotonic() + 1; /* what is done within a second needs no line */
    }
}

static bool is_time(CliProgress *progress) {
    double now = monotonic();
    if (now < progress->next) {
        return false;
    }
    progress->next = now + (progress->mode == CLI_PROGRESS_LINE ? 0.1 : 1);
    return true;
}

void cli_progress_event(CliProgress *progress, const DnEvent *event) {
    CliProgressView view = {.object = event->text};
    if (progress->mode == CLI_PROGRESS_OFF) {
        return;
    }
    if (event->kind == DN_EVENT_PROGRESS) {
        if (!is_time(progress)) {
            return;
        }
        cli_progress_measure(progress, event, &view);
        switch (progress->mode) {
        case CLI_PROGRESS_LINE:
            draw_line(progress, &view);
            break;
        case CLI_PROGRESS_LOG:
            log_line(progress, &view);
            break;
        default:
            log_object(progress, &view);
        }
    } else if (event->kind == DN_EVENT_STEP && progress->mode == CLI_PROGRESS_LINE && event->text &&
               is_time(progress)) {
        draw_line(progress, &view);
    }
}

void cli_progress_erase(CliProgress *progress) {
    if (progress->drawn > 0) {
        CliText line = {0};
        /* all of the line: the terminal may have echoed a ^C behind ours */
        cli_text_fmt(&line, "\r%*s\r", (int)terminal_columns(progress->fd), "");
        (void)cli_text_write(&line, progress->fd);
        cli_text_deinit(&line);
        progress->drawn = 0;
        progress->next = 0;
    }
}
