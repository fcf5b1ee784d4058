/* The options as pg_dump takes them: its rules, in its words. */
#include "dumper/cli/stand_in.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static DnStatus check_operands(CliOptions *options, DnErr *err) {
    size_t most = options->dump.dbname ? 0 : 1;
    if (options->operands.count > most) {
        (void)cli_usage_error(options, err, "too many command-line arguments (first is \"%s\")",
                              options->operands.items[most]);
        cli_usage_hint(options, err);
        return err->status;
    }
    if (options->operands.count > 0) {
        options->dump.dbname = options->operands.items[0];
    }
    return DN_OK;
}

static DnStatus check_format(const CliOptions *options, DnErr *err) {
    static const char *const archives[] = {
        [CLI_CUSTOM] = "custom", [CLI_DIRECTORY] = "directory", [CLI_TAR] = "tar"};
    if (options->format < CLI_CUSTOM) {
        return DN_OK;
    }
    return cli_usage_error(options, err,
                           "output format \"%s\" is not available: plain SQL is the only one, so leave out "
                           "-F/--format",
                           archives[options->format]);
}

static DnStatus check_combinations(const CliOptions *options, DnErr *err) {
    const DnDumpOptions *dump = &options->dump;
    const CliRule rules[] = {
        {dump->data_only && dump->schema_only,
         "options -s/--schema-only and -a/--data-only cannot be used together"},
        {dump->schema_only && dump->statistics_only,
         "options -s/--schema-only and --statistics-only cannot be used together"},
        {dump->data_only && dump->statistics_only,
         "options -a/--data-only and --statistics-only cannot be used together"},
        {dump->schema_only && dump->no_schema,
         "options -s/--schema-only and --no-schema cannot be used together"},
        {dump->data_only && dump->no_data, "options -a/--data-only and --no-data cannot be used together"},
        {dump->statistics_only && options->no_statistics,
         "options --statistics-only and --no-statistics cannot be used together"},
        {dump->statistics && options->no_statistics,
         "options --statistics and --no-statistics cannot be used together"},
        {dump->data_only && dump->statistics,
         "options -a/--data-only and --statistics cannot be used together"},
        {dump->schema_only && dump->statistics,
         "options -s/--schema-only and --statistics cannot be used together"},
        {dump->schema_only && dump->include_foreign_data,
         "options -s/--schema-only and --include-foreign-data cannot be used together"},
        {dump->jobs > 1 && dump->include_foreign_data,
         "option --include-foreign-data is not supported with parallel backup"},
        {dump->clean && dump->data_only, "options -c/--clean and -a/--data-only cannot be used together"},
        {dump->if_exists && !dump->clean, "option --if-exists requires option -c/--clean"},
        {dump->on_conflict_do_nothing && !dump->inserts,
         "option --on-conflict-do-nothing requires option --inserts, --rows-per-insert, or --column-inserts"},
        {dump->jobs > 1 && options->format != CLI_DIRECTORY,
         "parallel backup only supported by the directory format"},
        {options->binary_upgrade, "option --binary-upgrade is not available"},
        {options->format == CLI_TAR && dump->compress && strcmp(dump->compress, "none") != 0 &&
             strcmp(dump->compress, "0") != 0,
         "compression is not supported by tar archive format"},
    };
    DnStatus status = cli_check_rules(options, rules, sizeof rules / sizeof *rules, err);
    return status ? status : check_format(options, err);
}

/* Before 16, -Z took a level and nothing else; the methods of later versions are taken all the same. */
static DnStatus check_compression(const CliOptions *options, DnErr *err) {
    char *end = NULL;
    const char *words = options->dump.compress;
    long level = words ? strtol(words, &end, 10) : 0;
    if (level >= 0 && level <= 9) {
        return DN_OK;
    }
    return cli_pg_dump_major() >= 16 || *end != '\0' ? DN_OK
           : cli_pg_dump_major() == 15
               ? cli_usage_error(options, err, "-Z/--compress must be in range 0..9")
               : cli_usage_error(options, err, "compression level must be in range 0..9");
}

void cli_describe_output_error(const CliOptions *options, int stdout_error, DnErr *err) {
    static const char *const opening[] = {"could not open folder", "could not create file",
                                          "could not write to file"};
    char reason[256];
    const char *colon = strrchr(err->message, ':');
    if (stdout_error) {
        (void)snprintf(err->message, sizeof err->message, "could not write to output file: %s",
                       strerror(stdout_error));
        return;
    }
    (void)snprintf(reason, sizeof reason, "%s", colon ? colon + 1 : "");
    for (size_t i = 0; options->dump.path && i < sizeof opening / sizeof *opening; i++) {
        if (strncmp(err->message, opening[i], strlen(opening[i])) == 0) {
            (void)snprintf(err->message, sizeof err->message, "could not open output file \"%.600s\":%s",
                           options->dump.path, reason);
            return;
        }
    }
}

DnStatus cli_check_pg_dump(CliOptions *options, DnErr *err) {
    DnDumpOptions *dump = &options->dump;
    cli_take_lists(options);
    dump->append = options->format == CLI_APPEND && dump->path;
    if (options->sections) {
        dump->sections = options->sections;
    }
    DnStatus status = check_operands(options, err);
    if (status == DN_OK) {
        status = check_compression(options, err);
    }
    return status == DN_OK ? check_combinations(options, err) : status;
}
