/*
 * parse.c - the arguments, by getopt_long and the option table.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "dumper/cli/options.h"
#include "dumper/cli/secrets.h"
#include "dumper/cli/text.h"

/* Long options answer with FIRST_LONG + row, so that no letter can collide with them. */
enum { FIRST_LONG = 256, MAX_OPTIONS = 128 };

typedef struct Grammar {
    struct option longs[MAX_OPTIONS];
    size_t count;
    char shorts[2 + 2 * MAX_OPTIONS];
} Grammar;

/* The leading ':' lets getopt tell a missing value from an unknown option. '?' is getopt's own word for
   an unknown option: left out of the letters, it comes back in optopt. */
static void build_grammar(Grammar *grammar, const CliCommand *command) {
    size_t used = 0;
    grammar->shorts[used++] = ':';
    for (size_t i = 0; i < cli_option_count && grammar->count + 2 < MAX_OPTIONS; i++) {
        const CliOptionRow *row = &cli_option_rows[i];
        if (!(row->commands & command->bit)) {
            continue;
        }
        struct option item = {.name = row->name,
                              .has_arg = row->arg ? required_argument : no_argument,
                              .val = FIRST_LONG + (int)i};
        grammar->longs[grammar->count++] = item;
        if (row->alias) {
            item.name = row->alias;
            grammar->longs[grammar->count++] = item;
        }
        if (row->letter && row->letter != '?') {
            grammar->shorts[used++] = row->letter;
        }
        if (row->letter && row->arg) {
            grammar->shorts[used++] = ':';
        }
    }
}

static const CliOptionRow *find_row(const CliCommand *command, int code) {
    if (code >= FIRST_LONG) {
        return &cli_option_rows[code - FIRST_LONG];
    }
    for (size_t i = 0; i < cli_option_count; i++) {
        if (cli_option_rows[i].letter == code && (cli_option_rows[i].commands & command->bit)) {
            return &cli_option_rows[i];
        }
    }
    return NULL;
}

/* "--name" or "-x" as the person wrote it, without a value, which might be a secret. */
static void spelled(char *out, size_t size, int code, const char *argument) {
    if (code != 0 && code < FIRST_LONG) {
        (void)snprintf(out, size, "-%c", code);
    } else {
        size_t length = strcspn(argument, "=");
        (void)snprintf(out, length < size ? length + 1 : size, "%s", argument);
    }
}

static DnStatus ambiguous_error(const CliOptions *options, const Grammar *grammar, const char *written,
                                DnErr *err) {
    CliText list = {0};
    size_t length = strlen(written + 2);
    for (size_t i = 0; i < grammar->count; i++) {
        if (length > 0 && strncmp(grammar->longs[i].name, written + 2, length) == 0) {
            cli_text_fmt(&list, "%s--%s", list.size ? ", " : "", grammar->longs[i].name);
        }
    }
    DnStatus status = list.size ? cli_usage_error(options, err, "option \"%s\" is ambiguous: it may be %s",
                                                  written, cli_text_get(&list))
                                : cli_usage_error(options, err, "unknown option \"%s\"", written);
    cli_text_deinit(&list);
    return status;
}

/* The same in glibc's words, which pg_dump leaves it to: the program as it was called, and no label. */
static DnStatus getopt_says(CliOptions *options, const char *program, const Grammar *grammar, int answer,
                            int code, const char *argument, bool known, DnErr *err) {
    char shown[200];
    CliText text = {0};
    (void)snprintf(shown, sizeof shown, "%s", argument);
    cli_secrets_scrub(shown);
    int name = (int)strcspn(shown, "=");
    cli_text_fmt(&text, "%s: ", program);
    if (code && code < FIRST_LONG) {
        cli_text_fmt(&text, answer == ':' ? "option requires an argument -- '%c'" : "invalid option -- '%c'",
                     code);
    } else if (known && answer == ':') {
        cli_text_fmt(&text, "option '--%s' requires an argument", cli_option_rows[code - FIRST_LONG].name);
    } else if (known) {
        cli_text_fmt(&text, "option '--%s' doesn't allow an argument",
                     cli_option_rows[code - FIRST_LONG].name);
    } else {
        size_t found = 0;
        for (size_t i = 0; i < grammar->count; i++) {
            bool begins = name > 2 && strncmp(grammar->longs[i].name, shown + 2, (size_t)name - 2) == 0;
            if (begins && found++ == 0) {
                cli_text_fmt(&text, "option '%s' is ambiguous; possibilities:", shown);
            }
            if (begins) {
                cli_text_fmt(&text, " '--%s'", grammar->longs[i].name);
            }
        }
        if (!found) {
            cli_text_fmt(&text, "unrecognized option '%s'", shown);
        }
    }
    options->getopt_error = true;
    (void)cli_usage_error(options, err, "%s", cli_text_get(&text));
    cli_usage_hint(options, err);
    cli_text_deinit(&text);
    return err->status;
}

/* getopt said '?' or ':' about the argument before optind. */
static DnStatus syntax_error(const CliOptions *options, const CliCommand *command, const Grammar *grammar,
                             int answer, const char *argument, DnErr *err) {
    char written[128];
    spelled(written, sizeof written, optopt, argument);
    const CliOptionRow *row = optopt ? find_row(command, optopt) : NULL;
    if (row && answer == ':') {
        return cli_usage_error(options, err, "option \"%s\" needs a value: %s", written, row->arg);
    }
    if (row) {
        return cli_usage_error(options, err, "option \"%s\" takes no value", written);
    }
    if (optopt) {
        return cli_usage_error(options, err, "unknown option \"%s\"", written);
    }
    return ambiguous_error(options, grammar, written, err);
}

static DnStatus parse_next(CliOptions *options, const CliCommand *command, const Grammar *grammar, int argc,
                           char **argv, bool *more, DnErr *err) {
    int code = getopt_long(argc, argv, grammar->shorts, grammar->longs, NULL);
    *more = code != -1;
    if (code == -1) {
        return DN_OK;
    }
    if (code == ':' || (code == '?' && optopt != '?')) {
        if (options->face->stand_in) {
            bool known = optopt >= FIRST_LONG && find_row(command, optopt);
            return getopt_says(options, argv[0], grammar, code, optopt, argv[optind - 1], known, err);
        }
        return syntax_error(options, command, grammar, code, argv[optind - 1], err);
    }
    const CliOptionRow *row = find_row(command, code);
    DnStatus status = row->set(options, row, optarg, err);
    *more = !options->help && !options->version;
    return status;
}

DnStatus cli_options_parse(CliOptions *options, const CliCommand *command, int argc, char **argv,
                           DnErr *err) {
    Grammar grammar = {0};
    build_grammar(&grammar, command);
    opterr = 0;
    optind = 0; /* getopt's way of starting anew, needed by whoever parses twice */
    DnStatus status = DN_OK;
    for (bool more = true; more && status == DN_OK;) {
        status = parse_next(options, command, &grammar, argc, argv, &more, err);
    }
    if (status != DN_OK || options->help || options->version) {
        return status;
    }
    for (int i = optind; i < argc && status == DN_OK; i++) {
        status = cli_list_add(&options->operands, argv[i], err);
    }
    return status == DN_OK ? command->check(options, err) : status;
}
