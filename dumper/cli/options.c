#include "dumper/cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dumper/cli/secrets.h"
#include "dumper/cli/text.h"

/* Long options answer with FIRST_LONG + row, so that no letter can collide with them. */
enum { FIRST_LONG = 256, MAX_OPTIONS = 128 };

/* ---- Errors and lists -------------------------------------------------------------- */

DnStatus cli_usage_error(const CliOptions *options, DnErr *err, const char *format, ...) {
    *err = (DnErr){.status = DN_E_USAGE};
    va_list args;
    va_start(args, format);
    (void)vsnprintf(err->message, sizeof err->message, format, args);
    va_end(args);
    if (!options->face->stand_in) {
        cli_usage_hint(options, err);
    }
    return err->status;
}

void cli_usage_hint(const CliOptions *options, DnErr *err) {
    (void)snprintf(err->hint, sizeof err->hint, "Try \"%s --help\" for more information.",
                   options->face->program);
}

static DnStatus no_memory(DnErr *err) {
    *err = (DnErr){.status = DN_E_NOMEM, .message = "out of memory"};
    return err->status;
}

/* A usage error about a value that may well be a connection string put in the wrong place. */
static DnStatus value_error(const CliOptions *options, DnErr *err, const char *before, const char *value,
                            const char *after) {
    char shown[200];
    (void)snprintf(shown, sizeof shown, "%s", value);
    cli_secrets_scrub(shown);
    return cli_usage_error(options, err, "%s\"%s\"%s", before, shown, after);
}

DnStatus cli_list_add(CliList *list, const char *item, DnErr *err) {
    const char **items = realloc(list->items, (list->count + 2) * sizeof *items);
    if (!items) {
        return no_memory(err);
    }
    list->items = items;
    items[list->count++] = item;
    items[list->count] = NULL;
    return DN_OK;
}

/* ---- Setters: what the rows of the table do with their value -------------------------- */

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
            return value_error(options, err, "invalid value ", value, after);
        }
        char before[80];
        (void)snprintf(before, sizeof before, "--%s takes a number, not ", row->name);
        return value_error(options, err, before, value, "");
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
    return value_error(options, err, before, value, "");
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
        (void)value_error(options, err, "unrecognized section name: ", value, "");
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
        return value_error(options, err, "invalid output format ", value, " specified");
    }
    if (!choice) {
        return value_error(options, err, "output format ", value,
                           " is not available: plain SQL is the only one, so leave out -F/--format");
    }
    options->format = choice->value;
    return DN_OK;
}

/* ---- Checks over all options ----------------------------------------------------------- */

static DnStatus check_operands(const CliOptions *options, size_t most, DnErr *err) {
    if (options->operands.count > most) {
        return value_error(options, err, "too many arguments: ", options->operands.items[most],
                           " is one more than can be used");
    }
    return DN_OK;
}

static DnStatus take_database_name(CliOptions *options, DnErr *err) {
    if (options->dump.dbname && options->operands.count > 0) {
        return value_error(options, err, "two databases are named: -d/--dbname and ",
                           options->operands.items[0], "; leave out one of them");
    }
    if (options->operands.count > 0) {
        options->dump.dbname = options->operands.items[0];
    }
    return check_operands(options, 1, err);
}

/* pg_dump takes the intersection; where that is empty it writes a dump of nothing, which helps nobody. */
static DnStatus check_sections(CliOptions *options, DnErr *err) {
    const DnDumpOptions *dump = &options->dump;
    if (options->sections == 0) {
        return DN_OK;
    }
    if (dump->data_only && !(options->sections & DN_DATA)) {
        return cli_usage_error(options, err,
                               "-a/--data-only and --section without data leave nothing to dump; "
                               "use one of them");
    }
    if (dump->schema_only && options->sections == DN_DATA) {
        return cli_usage_error(options, err,
                               "-s/--schema-only and --section=data leave nothing to dump; "
                               "use one of them");
    }
    options->dump.sections = options->sections;
    return DN_OK;
}

static DnStatus check_combinations(const CliOptions *options, DnErr *err) {
    const DnDumpOptions *dump = &options->dump;
    const struct {
        bool wrong;
        const char *message;
    } rules[] = {
        {dump->schema_only && dump->data_only,
         "-s/--schema-only and -a/--data-only exclude each other; leave out one of them, or both"},
        {dump->statistics_only && (dump->schema_only || dump->data_only),
         "--statistics-only and -s/--schema-only or -a/--data-only exclude each other; leave out one of "
         "them"},
        {dump->statistics && (dump->schema_only || dump->data_only),
         "--statistics and -s/--schema-only or -a/--data-only exclude each other: with --statistics, use "
         "--no-data or --no-schema"},
        {options->no_statistics && (dump->statistics || dump->statistics_only),
         "--no-statistics contradicts --statistics and --statistics-only; leave out one of them"},
        {dump->clean && dump->data_only,
         "-c/--clean and -a/--data-only exclude each other: rows alone have nothing to drop"},
        {dump->if_exists && !dump->clean, "--if-exists needs -c/--clean"},
        {dump->on_conflict_do_nothing && !dump->inserts,
         "--on-conflict-do-nothing needs --inserts, --column-inserts or --rows-per-insert"},
        {dump->path && !dump->path[0], "-f/--file needs the name of a file, not an empty one"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        if (rules[i].wrong) {
            return cli_usage_error(options, err, "%s", rules[i].message);
        }
    }
    return DN_OK;
}

void cli_take_lists(CliOptions *options) {
    DnDumpOptions *dump = &options->dump;
    dump->schemas = options->schemas.items;
    dump->exclude_schemas = options->exclude_schemas.items;
    dump->tables = options->tables.items;
    dump->exclude_tables = options->exclude_tables.items;
    dump->exclude_table_data = options->exclude_table_data.items;
    dump->tables_and_children = options->tables_and_children.items;
    dump->exclude_tables_and_children = options->exclude_tables_and_children.items;
    dump->exclude_table_data_and_children = options->exclude_table_data_and_children.items;
    dump->extensions = options->extensions.items;
    dump->exclude_extensions = options->exclude_extensions.items;
    dump->include_foreign_data = options->include_foreign_data.items;
    dump->fallback_hosts = options->fallback_hosts.items;
    dump->fallback_hostaddrs = options->fallback_hostaddrs.items;
    dump->filters = options->filters.items;
    dump->inserts = dump->inserts || dump->column_inserts || dump->rows_per_insert > 0;
}

DnStatus cli_check_dump(CliOptions *options, DnErr *err) {
    cli_take_lists(options);
    DnStatus status = take_database_name(options, err);
    if (status == DN_OK) {
        status = check_combinations(options, err);
    }
    return status == DN_OK ? check_sections(options, err) : status;
}

DnStatus cli_check_verify(CliOptions *options, DnErr *err) {
    if (options->operands.count == 0) {
        return cli_usage_error(options, err, "verify needs the name of a dump file");
    }
    options->file = options->operands.items[0];
    return check_operands(options, 1, err);
}

DnStatus cli_check_restore(CliOptions *options, DnErr *err) {
    if (options->operands.count == 0) {
        return cli_usage_error(options, err,
                               "restore needs the name of a dump file, or - for standard input");
    }
    if (options->on_error == CLI_CONTINUE && !options->no_transaction) {
        return cli_usage_error(options, err,
                               "--on-error=continue needs --no-transaction: after an error a transaction "
                               "can only be taken back");
    }
    options->file = options->operands.items[0];
    options->reads_stdin = strcmp(options->file, "-") == 0;
    if (options->operands.count > 1 && options->dump.dbname) {
        return value_error(options, err, "two databases are named: -d/--dbname and ",
                           options->operands.items[1], "; leave out one of them");
    }
    if (options->operands.count > 1) {
        options->dump.dbname = options->operands.items[1];
    }
    return check_operands(options, 2, err);
}

/* ---- The parser ------------------------------------------------------------------------ */

void cli_options_init(CliOptions *options, const CliFace *face) {
    *options = (CliOptions){.face = face, .dump = DN_DUMP_OPTIONS_INIT};
    options->dump.program = face->program;
    options->dump.whole_database = options->dump.stand_in = face->stand_in;
    options->dump.pg_dump_version = face->stand_in ? cli_pg_dump_version() : NULL;
    options->progress = face->stand_in ? CLI_NEVER : CLI_AUTO;
}

void cli_options_deinit(CliOptions *options) {
    CliList *lists[] = {&options->schemas,
                        &options->exclude_schemas,
                        &options->tables,
                        &options->exclude_tables,
                        &options->exclude_table_data,
                        &options->tables_and_children,
                        &options->exclude_tables_and_children,
                        &options->exclude_table_data_and_children,
                        &options->extensions,
                        &options->exclude_extensions,
                        &options->include_foreign_data,
                        &options->filters,
                        &options->fallback_hosts,
                        &options->fallback_hostaddrs,
                        &options->operands};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        free(lists[i]->items);
    }
    *options = (CliOptions){0};
}

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
