/*
 * main.c - the program: takes the arguments, finds the command, runs it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dumper/cli/commands.h"
#include "dumper/cli/help.h"
#include "dumper/cli/secrets.h"

/* The first row is what runs when no command is named. */
static const CliCommand commands[] = {
    {NULL, CLI_DUMP, "[OPTION]... [DBNAME | CONNINFO | URI]",
     "writes a PostgreSQL database, by default its public schema, as SQL.", cli_check_dump, cli_run_dump},
    {"verify", CLI_VERIFY, "[OPTION]... FILE",
     "verify reads a dump again, or with --db a database, and compares it with what stands beside FILE.",
     cli_check_verify, cli_run_verify},
    {"compare", CLI_COMPARE, "[OPTION]... SOURCE TARGET",
     "compare tells what differs between two databases, each a name, a conninfo string or a URI.",
     cli_check_compare, cli_run_compare},
    {"restore", CLI_RESTORE, "[OPTION]... FILE [DBNAME | CONNINFO | URI]",
     "restore runs a plain SQL dump, its own or pg_dump's, in one transaction.", cli_check_restore,
     cli_run_restore},
    {"clone", CLI_CLONE, "[OPTION]... SOURCE TARGET",
     "clone copies a database into another, without a file between; each is a name, a conninfo string or a "
     "URI.",
     cli_check_clone, cli_run_clone},
};

/* Called as pg_dump, there is nothing else to name. */
static const CliCommand pg_dump_command = {NULL,
                                           CLI_PG_DUMP,
                                           "[OPTION]... [DBNAME]",
                                           "dumps a PostgreSQL database as an SQL script.",
                                           cli_check_pg_dump,
                                           cli_run_dump};

#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static const CliCommand *find_command(const char *argument) {
    for (size_t i = 0; argument && i < COMMAND_COUNT; i++) {
        if (commands[i].name && strcmp(commands[i].name, argument) == 0) {
            return &commands[i];
        }
    }
    return &commands[0];
}

/* Without this the connection's socket could get number 1, and the dump would be written into it. */
static void occupy_standard_descriptors(void) {
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            /* the wrong way round, so that using it is still the error that it was */
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

static int print_and_deinit(CliText *text, CliLog *log) {
    DnErr err = {.status = DN_E_IO};
    int error = cli_text_write(text, STDOUT_FILENO);
    cli_text_deinit(text);
    if (error != 0) {
        (void)snprintf(err.message, sizeof err.message, "could not write to standard output: %s",
                       strerror(error));
        cli_log_error(log, &err);
    }
    return error == 0 ? 0 : 1;
}

static int run(CliOptions *options, const CliCommand *command, CliLog *log, int argc, char **args) {
    DnErr err = {0};
    DnStatus status = cli_options_parse(options, command, argc, args, &err);
    log->json = options->log_format == CLI_LOG_JSON;
    log->verbose = options->verbose;
    if (status != DN_OK) {
        return cli_fail(options, log, &err, "");
    }
    CliText text = {0};
    if (options->help) {
        bool stand_in = options->face->stand_in;
        cli_help(&text, options->face, command, stand_in ? command : commands, stand_in ? 1 : COMMAND_COUNT);
        return print_and_deinit(&text, log);
    }
    if (options->version) {
        bool stand_in = options->face->stand_in;
        cli_text_fmt(&text, "%s %s%s\n", options->face->program, stand_in ? "(PostgreSQL) " : "",
                     stand_in ? cli_pg_dump_version() : dn_version());
        return print_and_deinit(&text, log);
    }
    cli_find_cache(options);
    return command->run(options, log);
}

int main(int argc, char **argv) {
    occupy_standard_descriptors();
    cli_forbid_core_files();
    const CliFace *face = cli_face_for(argv[0]);
    CliLog log = {.fd = STDERR_FILENO,
                  .program = face->program,
                  .version = dn_version(),
                  .stand_in = face->stand_in,
                  .color = cli_color_for(STDERR_FILENO)};
    char **args = cli_args_take(argc, argv);
    if (!args) {
        cli_log_error(&log, &(DnErr){.message = "out of memory"});
        return 1;
    }
    const CliCommand *command = face->stand_in ? &pg_dump_command : find_command(argc > 1 ? args[1] : NULL);
    int skipped = command->name ? 1 : 0;
    CliOptions options;
    cli_options_init(&options, face);
    int status = run(&options, command, &log, argc - skipped, args + skipped);
    cli_options_deinit(&options);
    cli_args_free(argc, args);
    return status;
}
