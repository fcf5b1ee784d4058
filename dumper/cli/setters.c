/*
 * setters.c - what the rows of the option table do with their value.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dumper/cli/options.h"
#include "dumper/cli/text.h"

static void *target_of(CliOptions *options, const CliOptionRow *row) {
    return (char *)options + row->target;
}

DnStatus cli_set_flag(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    (void)value;
    (void)err;
    *(bool *)target_of(options, row) = true;
    return DN_OK;
}

DnStatus cli_set_constant(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    (void)value;
    (void)err;
    *(unsigned *)target_of(options, row) = row->value;
    return DN_OK;
}

DnStatus cli_set_text(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    (void)err;
    *(const char **)target_of(options, row) = value;
    return DN_OK;
}

DnStatus cli_set_list(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    return cli_list_add(target_of(options, row), value, err);
}

/* "-j/--jobs", as pg_dump names an option in its messages. */
static const char *both_names(const CliOptionRow *row, char *out, size_t size) {
    if (row->letter) {
        (void)snprintf(out, size, "-%c/--%s", row->letter, row->name);
    } else {
        (void)snprintf(out, size, "--%s", row->name);
    }
    return out;
}

/* What pg_dump said of a wrong number before 15, or NULL. */
static const char *words_before_15(const CliOptions *options, const CliOptionRow *row) {
    static const struct {
        const char *name, *words;
    } known[] = {
        {"rows-per-insert", "rows-per-insert must be in range 1..2147483647"},
        {"extra-float-digits", "extra_float_digits must be in range -15..3"},
        {"jobs", "invalid number of parallel jobs"},
    };
    for (size_t i = 0;
         options->face->stand_in && cli_pg_dump_major() < 15 && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, row->name) == 0) {
            return known[i].words;
        }
    }
    return NULL;
}

static DnStatus parse_number(const CliOptions *options, const CliOptionRow *row, const char *value, int least,
                             int most, int *number, DnErr *err) {
    char *end;
    char name[64];
    errno = 0;
    long long parsed = strtoll(value, &end, 10);
    end += strspn(end, " \t\n");
    const char *old_words = words_before_15(options, row);
    if (old_words && (end == value || *end != '\0' || errno == ERANGE || parsed < least || parsed > most)) {
        return cli_usage_error(options, err, "%s", old_words);
    }
    if (end == value || *end != '\0') {
        if (options->face->stand_in) {
            char after[80];
            (void)snprintf(after, sizeof after, " for option %s", both_names(row, name, sizeof name));
            return cli_value_error(options, err, "invalid value ", value, after);
        }
        char before[80];
        (void)snprintf(before, sizeof before, "--%s takes a number, not ", row->name);
        return cli_value_error(options, err, before, value, "");
    }
    if (errno == ERANGE || parsed < least || parsed > most) {
        return options->face->stand_in
                   ? cli_usage_error(options, err, "%s must be in range %d..%d",
                                     both_names(row, name, sizeof name), least, most)
                   : cli_usage_error(options, err, "--%s must be between %d and %d", row->name, least, most);
    }
    *number = (int)parsed;
    return DN_OK;
}

/* A number from 1 to INT_MAX, pg_dump's range. */
DnStatus cli_set_count(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    int number = 0;
    DnStatus status = parse_number(options, row, value, 1, INT_MAX, &number, err);
    if (status == DN_OK) {
        *(unsigned *)target_of(options, row) = (unsigned)number;
    }
    return status;
}

/* 0 is one, too; up to a day in seconds. */
DnStatus cli_set_number(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    int number = 0;
    DnStatus status = parse_number(options, row, value, 0, 86400, &number, err);
    if (status == DN_OK) {
        *(unsigned *)target_of(options, row) = (unsigned)number;
    }
    return status;
}

/* Who asks for retries waits for a server to come up, too. */
DnStatus cli_set_retries(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    options->dump.retry_refused = true;
    return cli_set_number(options, row, value, err);
}

DnStatus cli_set_float_digits(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    DnStatus status = parse_number(options, row, value, -15, 3, &options->extra_float_digits, err);
    options->dump.extra_float_digits = &options->extra_float_digits;
    return status;
}

DnStatus cli_set_sync_method(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    (void)row;
    return strcmp(value, "fsync") == 0 || strcmp(value, "syncfs") == 0
               ? DN_OK
               : cli_usage_error(options, err, "unrecognized sync method: %s", value);
}

static const CliChoice *find_choice(const CliChoice *choices, const char *value) {
    for (const CliChoice *choice = choices; choice->name; choice++) {
        if (strcasecmp(choice->name, value) == 0) {
            return choice;
        }
    }
    return NULL;
}

static DnStatus choice_error(const CliOptions *options, const CliOptionRow *row, const char *value,
                             DnErr *err) {
    CliText names = {0};
    for (const CliChoice *choice = row->choices; choice->name; choice++) {
        cli_text_fmt(&names, "%s%s", names.size == 0 ? "" : choice[1].name ? ", " : " or ", choice->name);
    }
    char before[128];
    (void)snprintf(before, sizeof before, "--%s takes %s, not ", row->name, cli_text_get(&names));
    cli_text_deinit(&names);
    return cli_value_error(options, err, before, value, "");
}

DnStatus cli_set_choice(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    const CliChoice *choice = find_choice(row->choices, value);
    if (!choice) {
        return choice_error(options, row, value, err);
    }
    *(unsigned *)target_of(options, row) = choice->value;
    return DN_OK;
}

DnStatus cli_set_choice_bit(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    const CliChoice *choice = find_choice(row->choices, value);
    if (!choice && options->face->stand_in) {
        (void)cli_value_error(options, err, "unrecognized section name: ", value, "");
        cli_usage_hint(options, err);
        return err->status;
    }
    if (!choice) {
        return choice_error(options, row, value, err);
    }
    *(unsigned *)target_of(options, row) |= choice->value;
    return DN_OK;
}

/* pg_dump's formats; `append` is pg_dumpall's, and in no manual. */
static const CliChoice pg_dump_formats[] = {{"p", CLI_PLAIN},
                                            {"plain", CLI_PLAIN},
                                            {"a", CLI_APPEND},
                                            {"append", CLI_APPEND},
                                            {"c", CLI_CUSTOM},
                                            {"custom", CLI_CUSTOM},
                                            {"d", CLI_DIRECTORY},
                                            {"directory", CLI_DIRECTORY},
                                            {"t", CLI_TAR},
                                            {"tar", CLI_TAR},
                                            {0}};

/* Someone who asks for an archive should hear what to do instead; pg_dump looks at other mistakes first. */
DnStatus cli_set_format(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err) {
    bool stand_in = options->face->stand_in;
    const CliChoice *choice = find_choice(stand_in ? pg_dump_formats : row->choices, value);
    if (!choice && stand_in) {
        return cli_value_error(options, err, "invalid output format ", value, " specified");
    }
    if (!choice) {
        return cli_value_error(options, err, "output format ", value,
                               " is not available: plain SQL is the only one, so leave out -F/--format");
    }
    options->format = choice->value;
    return DN_OK;
}
