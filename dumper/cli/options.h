/*
 * options.h - the command line as a struct, and the one table that says what may stand on it.
 *
 * cli_option_rows feeds the parser, the help text, and the tests that hold man page and completions to it:
 * a new option is one row, one line in dumpnative.1 and one in each completion.
 */
#ifndef DN_CLI_OPTIONS_H
#define DN_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "include/dumpnative.h"

/* What differs between the names that the program can be called by. */
typedef struct CliFace {
    const char *program; /* in messages, and as application_name */
    int usage_status;    /* exit status of wrong usage */
    int omission_status; /* exit status of a dump that left something out */
    bool stand_in;       /* pg_dump's text, defaults and messages */
} CliFace;

extern const CliFace cli_face_dumpnative;
extern const CliFace cli_face_pg_dump;

/* The face for the name that the program was called by: pg_dump's when its last part is "pg_dump". */
const CliFace *cli_face_for(const char *argv0);
/* What follows "pg_dump (PostgreSQL) ": PG_DUMP_VERSION of the environment, else what was set at build
   time. */
const char *cli_pg_dump_version(void);
/* The major version of that: wrong usage is told in its words. */
int cli_pg_dump_major(void);

typedef enum CliPrompt { CLI_PROMPT_WHEN_ASKED, CLI_PROMPT_NEVER, CLI_PROMPT_ALWAYS } CliPrompt;
typedef enum CliWhen { CLI_AUTO, CLI_ALWAYS, CLI_NEVER } CliWhen;
typedef enum CliFormat { CLI_PLAIN, CLI_APPEND, CLI_CUSTOM, CLI_DIRECTORY, CLI_TAR } CliFormat;
typedef enum CliOnError { CLI_STOP, CLI_CONTINUE } CliOnError;
typedef enum CliLogFormat { CLI_LOG_TEXT, CLI_LOG_JSON } CliLogFormat;

/* Strings in argument order; `items` ends with NULL, or is NULL when there are none. */
typedef struct CliList {
    const char **items;
    size_t count;
} CliList;

/* Strings are borrowed from the arguments; free the lists with cli_options_deinit(). */
typedef struct CliOptions {
    const CliFace *face;
    DnDumpOptions dump; /* complete after cli_options_parse(), but for the callbacks */
    CliList schemas;
    CliList exclude_schemas;
    CliList tables;
    CliList exclude_tables;
    CliList exclude_table_data;
    CliList tables_and_children;
    CliList exclude_tables_and_children;
    CliList exclude_table_data_and_children;
    CliList extensions;
    CliList exclude_extensions;
    CliList include_foreign_data;
    CliList filters;
    CliList fallback_hosts;
    CliList fallback_hostaddrs;
    CliList role_map;    /* restore, clone */
    CliList schema_map;  /* likewise */
    CliList only_tables; /* restore */
    CliList operands;
    const char *env_file; /* where Supabase's variables stand that the environment hasn't */
    const char *file;     /* verify, restore: the dump to read */
    const char *database; /* verify: --db; compare, clone: the target */
    bool reads_stdin;     /* restore: it is standard input */
    bool no_transaction;  /* restore */
    bool dry_run;         /* restore */
    bool resume;          /* restore, clone */
    bool single_transaction, drop_target_objects, yes; /* clone */
    unsigned on_error;                                 /* restore: CliOnError */
    unsigned sections;                                 /* those named by --section; 0 = none was */
    unsigned prompt;                                   /* CliPrompt */
    unsigned progress;                                 /* CliWhen */
    unsigned log_format;                               /* CliLogFormat */
    unsigned format;                                   /* CliFormat */
    int extra_float_digits;
    bool binary_upgrade, no_statistics, ignored;
    bool verbose;
    bool help;
    bool version;
    char cache[4096];  /* where dump.address_cache is */
    bool getopt_error; /* the error is getopt's: pg_dump shows such without a label */
} CliOptions;

/* The commands that an option belongs to, as bits. */
enum { CLI_DUMP = 1, CLI_VERIFY = 2, CLI_PG_DUMP = 4, CLI_RESTORE = 8, CLI_COMPARE = 16, CLI_CLONE = 32 };

struct CliLog; /* log.h */

/* A row of the table of commands. */
typedef struct CliCommand {
    const char *name; /* the first argument; NULL for the one that needs no name */
    unsigned bit;
    const char *synopsis;
    const char *summary;
    /* Looks at the options together; fills `err` with what can't be. */
    DnStatus (*check)(CliOptions *options, DnErr *err);
    /* Returns the exit status. */
    int (*run)(CliOptions *options, struct CliLog *log);
} CliCommand;

typedef enum CliSection {
    CLI_SECTION_GENERAL,
    CLI_SECTION_SELECTION,
    CLI_SECTION_TEXT,
    CLI_SECTION_CONNECTION,
    CLI_SECTION_COUNT
} CliSection;

extern const char *const cli_section_titles[CLI_SECTION_COUNT];

typedef struct CliChoice {
    const char *name; /* NULL ends a list */
    unsigned value;
} CliChoice;

typedef struct CliOptionRow CliOptionRow;

/* Stores what an option says into `options`; fills `err` when the value makes no sense. */
typedef DnStatus (*CliOptionSet)(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);

struct CliOptionRow {
    const char *name;  /* long name, without dashes */
    const char *alias; /* another long name, or NULL */
    char letter;       /* 0 = none */
    const char *arg;   /* what its value is called in the help; NULL = takes none */
    unsigned commands;
    CliSection section;
    CliOptionSet set;
    size_t target; /* offset into CliOptions */
    unsigned value;
    const CliChoice *choices;
    const char *help;
};

extern const CliOptionRow cli_option_rows[];
extern const size_t cli_option_count;

/* Zero-initialises with the face's defaults. */
void cli_options_init(CliOptions *options, const CliFace *face);
void cli_options_deinit(CliOptions *options);

/*
 * Parses argv[1..] by getopt_long's rules (it permutes the array) and lets the command check the whole.
 * Stops early with help or version set. On DN_E_USAGE `err` has one line that names the option, and a hint.
 */
DnStatus cli_options_parse(CliOptions *options, const CliCommand *command, int argc, char **argv, DnErr *err);

/* The checks of the commands. */
DnStatus cli_check_dump(CliOptions *options, DnErr *err);
DnStatus cli_check_verify(CliOptions *options, DnErr *err);
DnStatus cli_check_restore(CliOptions *options, DnErr *err);
DnStatus cli_check_compare(CliOptions *options, DnErr *err);
DnStatus cli_check_clone(CliOptions *options, DnErr *err);
DnStatus cli_check_pg_dump(CliOptions *options, DnErr *err);

/* Fills `err` with a usage error; secrets in the text are crossed out by the caller. */
DnStatus cli_usage_error(const CliOptions *options, DnErr *err, const char *format, ...) DN_PRINTF(3, 4);
/* What the options together mustn't be, and the usage error where they are. */
typedef struct CliRule {
    bool wrong;
    const char *message;
} CliRule;
/* The first of the rules that is broken, in their order. */
DnStatus cli_check_rules(const CliOptions *options, const CliRule *rules, size_t count, DnErr *err);
/* One about a value, shown between the two texts; it may well be a connection string put in the wrong
   place. */
DnStatus cli_value_error(const CliOptions *options, DnErr *err, const char *before, const char *value,
                         const char *after);
/* Adds where to read about options; dumpnative's own usage errors have that already. */
void cli_usage_hint(const CliOptions *options, DnErr *err);
/* The lists of patterns, and what other options imply, into options->dump. */
void cli_take_lists(CliOptions *options);
/* Appends; DN_E_NOMEM fills `err`. */
DnStatus cli_list_add(CliList *list, const char *item, DnErr *err);

/* The setters of the table. */
DnStatus cli_set_flag(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_constant(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_text(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_list(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_count(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_retries(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_number(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_choice(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_choice_bit(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_float_digits(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_sync_method(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);
DnStatus cli_set_format(CliOptions *options, const CliOptionRow *row, const char *value, DnErr *err);

#endif
