#include "dumper/cli/options.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dumper/cli/secrets.h"

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

DnStatus cli_value_error(const CliOptions *options, DnErr *err, const char *before, const char *value,
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

/* Each list of the options, and where the library looks for it. */
#define LIST(member)                                                                                         \
    { offsetof(CliOptions, member), offsetof(CliOptions, dump.member) }
static const struct {
    size_t list, target;
} lists[] = {
    LIST(schemas),
    LIST(exclude_schemas),
    LIST(tables),
    LIST(exclude_tables),
    LIST(exclude_table_data),
    LIST(tables_and_children),
    LIST(exclude_tables_and_children),
    LIST(exclude_table_data_and_children),
    LIST(extensions),
    LIST(exclude_extensions),
    LIST(include_foreign_data),
    LIST(filters),
    LIST(fallback_hosts),
    LIST(fallback_hostaddrs),
};
#undef LIST

enum { LIST_COUNT = sizeof lists / sizeof *lists };

static CliList *list_of(CliOptions *options, size_t i) {
    return (CliList *)((char *)options + lists[i].list);
}

void cli_take_lists(CliOptions *options) {
    for (size_t i = 0; i < LIST_COUNT; i++) {
        *(const char *const **)((char *)options + lists[i].target) = list_of(options, i)->items;
    }
    DnDumpOptions *dump = &options->dump;
    dump->inserts = dump->inserts || dump->column_inserts || dump->rows_per_insert > 0;
}

/* ---- The whole --------------------------------------------------------------------- */

void cli_options_init(CliOptions *options, const CliFace *face) {
    *options = (CliOptions){.face = face, .dump = DN_DUMP_OPTIONS_INIT};
    options->dump.program = face->program;
    options->dump.whole_database = options->dump.stand_in = face->stand_in;
    options->dump.pg_dump_version = face->stand_in ? cli_pg_dump_version() : NULL;
    options->progress = face->stand_in ? CLI_NEVER : CLI_AUTO;
}

void cli_options_deinit(CliOptions *options) {
    for (size_t i = 0; i < LIST_COUNT; i++) {
        free(list_of(options, i)->items);
    }
    free(options->role_map.items);
    free(options->schema_map.items);
    free(options->only_tables.items);
    free(options->operands.items);
    *options = (CliOptions){0};
}

/* ---- Checks over all options ----------------------------------------------------------- */

static DnStatus check_operands(const CliOptions *options, size_t most, DnErr *err) {
    if (options->operands.count > most) {
        return cli_value_error(options, err, "too many arguments: ", options->operands.items[most],
                               " is one more than can be used");
    }
    return DN_OK;
}

static DnStatus take_database_name(CliOptions *options, DnErr *err) {
    if (options->dump.dbname && options->operands.count > 0) {
        return cli_value_error(options, err, "two databases are named: -d/--dbname and ",
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

DnStatus cli_check_rules(const CliOptions *options, const CliRule *rules, size_t count, DnErr *err) {
    for (size_t i = 0; i < count; i++) {
        if (rules[i].wrong) {
            return cli_usage_error(options, err, "%s", rules[i].message);
        }
    }
    return DN_OK;
}

static DnStatus check_combinations(const CliOptions *options, DnErr *err) {
    const DnDumpOptions *dump = &options->dump;
    const CliRule rules[] = {
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
    return cli_check_rules(options, rules, sizeof rules / sizeof *rules, err);
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

DnStatus cli_check_compare(CliOptions *options, DnErr *err) {
    cli_take_lists(options);
    if (options->operands.count < 2) {
        return cli_usage_error(options, err, "compare needs two databases: names, conninfo strings or URIs");
    }
    options->dump.dbname = options->operands.items[0];
    options->database = options->operands.items[1];
    DnStatus status = check_operands(options, 2, err);
    status = status == DN_OK ? check_combinations(options, err) : status;
    return status == DN_OK ? check_sections(options, err) : status;
}

/* Without a selection all of it is meant, not the schema public alone. */
DnStatus cli_check_clone(CliOptions *options, DnErr *err) {
    DnDumpOptions *dump = &options->dump;
    cli_take_lists(options);
    if (options->operands.count < 2) {
        return cli_usage_error(options, err, "clone needs two databases: names, conninfo strings or URIs");
    }
    if (options->single_transaction && (dump->jobs > 1 || options->resume)) {
        return cli_usage_error(
            options, err,
            "--single-transaction excludes -j/--jobs and --resume: one transaction is over "
            "one connection, and leaves nothing to go on from");
    }
    dump->whole_database = true;
    dump->dbname = options->operands.items[0];
    options->database = options->operands.items[1];
    DnStatus status = check_operands(options, 2, err);
    status = status == DN_OK ? check_combinations(options, err) : status;
    return status == DN_OK ? check_sections(options, err) : status;
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
    bool parallel = options->dump.jobs > 1 || options->resume;
    if (parallel && options->on_error == CLI_CONTINUE) {
        return cli_usage_error(
            options, err,
            "-j/--jobs and --resume stop at an error, so that --resume can go on from there; "
            "leave out --on-error=continue");
    }
    if (options->dry_run && options->reads_stdin) {
        return cli_usage_error(options, err, "--dry-run looks at the whole dump beforehand: name a file");
    }
    if (options->dump.clean && options->reads_stdin) {
        return cli_usage_error(options, err, "--clean reads the dump twice: name a file");
    }
    if (options->dump.clean && options->dump.create_database) {
        return cli_usage_error(options, err,
                               "--clean and --create: a database that the dump makes has nothing to drop");
    }
    if (options->only_tables.count && options->reads_stdin) {
        return cli_usage_error(options, err, "--only-table reads the dump twice: name a file");
    }
    if (options->only_tables.count && options->dump.create_database) {
        return cli_usage_error(
            options, err, "--only-table takes a part of a dump, and --create makes a database of all of it");
    }
    if (parallel && options->reads_stdin) {
        return cli_usage_error(options, err,
                               "-j/--jobs and --resume read the dump in many places at once: name a file");
    }
    if (options->operands.count > 1 && options->dump.dbname) {
        return cli_value_error(options, err, "two databases are named: -d/--dbname and ",
                               options->operands.items[1], "; leave out one of them");
    }
    if (options->operands.count > 1) {
        options->dump.dbname = options->operands.items[1];
    }
    return check_operands(options, 2, err);
}
