#include "dumper/cli/options.h"

#include <stddef.h>

#define AT(field) offsetof(CliOptions, field)

const char *const cli_section_titles[CLI_SECTION_COUNT] = {
    [CLI_SECTION_GENERAL] = "General",
    [CLI_SECTION_SELECTION] = "What to dump",
    [CLI_SECTION_TEXT] = "How to write it",
    [CLI_SECTION_CONNECTION] = "Connection",
};

static const CliChoice when_choices[] = {
    {"auto", CLI_AUTO}, {"always", CLI_ALWAYS}, {"never", CLI_NEVER}, {0}};
static const CliChoice log_choices[] = {{"text", CLI_LOG_TEXT}, {"json", CLI_LOG_JSON}, {0}};
static const CliChoice format_choices[] = {{"p", 0}, {"plain", 0}, {0}};
static const CliChoice section_choices[] = {
    {"pre-data", DN_PRE_DATA}, {"data", DN_DATA}, {"post-data", DN_POST_DATA}, {0}};

/* Names and meaning are pg_dump's, for those that it has. Short columns first, the help last. */
#define ROW(long_name, short_name, value_name, of, part)                                                     \
    .name = (long_name), .letter = (short_name), .arg = (value_name), .commands = (of),                      \
    .section = CLI_SECTION_##part
#define FLAG(field) .set = cli_set_flag, .target = AT(field)
#define TEXT(field) .set = cli_set_text, .target = AT(field)
#define LIST(field) .set = cli_set_list, .target = AT(field)

const CliOptionRow cli_option_rows[] = {
    {ROW("file", 'f', "FILE", CLI_DUMP, GENERAL), TEXT(dump.path),
     .help = "write to FILE, and its SHA-256 to FILE.sha256; FILE appears only when the dump is whole "
             "(default: standard output)"},
    {ROW("format", 'F', "p", CLI_DUMP, GENERAL), .set = cli_set_format, .target = AT(format),
     .choices = format_choices, .help = "output format; p (plain SQL) is the only one"},
    {ROW("verbose", 'v', NULL, CLI_DUMP | CLI_VERIFY, GENERAL), FLAG(verbose),
     .help = "tell each step on standard error"},
    {ROW("progress", 0, "WHEN", CLI_DUMP, GENERAL), .set = cli_set_choice, .target = AT(progress),
     .choices = when_choices, .help = "show a progress line: auto (on a terminal), always or never"},
    {ROW("log-format", 0, "FORMAT", CLI_DUMP | CLI_VERIFY, GENERAL), .set = cli_set_choice,
     .target = AT(log_format), .choices = log_choices,
     .help = "messages as text, or as json: one object a line"},
    {ROW("lock-wait-timeout", 0, "TIMEOUT", CLI_DUMP, GENERAL), TEXT(dump.lock_wait_timeout),
     .help = "give up when a table can't be locked within TIMEOUT: milliseconds, or with a unit as in 2s"},
    {ROW("version", 'V', NULL, CLI_DUMP | CLI_VERIFY, GENERAL), FLAG(version),
     .help = "print the version and leave"},
    {ROW("help", '?', NULL, CLI_DUMP | CLI_VERIFY, GENERAL), FLAG(help), .help = "print this and leave"},

    {ROW("schema", 'n', "PATTERN", CLI_DUMP, SELECTION), LIST(schemas),
     .help = "dump the schemas that match; may be repeated (default: public)"},
    {ROW("exclude-schema", 'N', "PATTERN", CLI_DUMP, SELECTION), LIST(exclude_schemas),
     .help = "leave out the schemas that match; may be repeated"},
    {ROW("table", 't', "PATTERN", CLI_DUMP, SELECTION), LIST(tables),
     .help = "dump only the tables, views and sequences that match, whatever their schema; "
             "may be repeated"},
    {ROW("exclude-table", 'T', "PATTERN", CLI_DUMP, SELECTION), LIST(exclude_tables),
     .help = "leave out the tables that match; may be repeated"},
    {ROW("exclude-table-data", 0, "PATTERN", CLI_DUMP, SELECTION), LIST(exclude_table_data),
     .help = "define the tables that match, but leave out their rows; may be repeated"},
    {ROW("strict-names", 0, NULL, CLI_DUMP, SELECTION), FLAG(dump.strict_names),
     .help = "fail when a -n or -t pattern matches nothing"},
    {ROW("data-only", 'a', NULL, CLI_DUMP, SELECTION), FLAG(dump.data_only),
     .help = "rows and sequence values only, no definitions"},
    {ROW("schema-only", 's', NULL, CLI_DUMP, SELECTION), FLAG(dump.schema_only),
     .help = "definitions only, no rows"},
    {ROW("section", 0, "SECTION", CLI_DUMP, SELECTION), .set = cli_set_choice_bit, .target = AT(sections),
     .choices = section_choices, .help = "only this part: pre-data, data or post-data; may be repeated"},
    {ROW("no-comments", 0, NULL, CLI_DUMP, SELECTION), FLAG(dump.no_comments),
     .help = "leave out the comments on objects"},
    {ROW("no-owner", 'O', NULL, CLI_DUMP, SELECTION), FLAG(dump.no_owner), .help = "leave out who owns what"},
    {ROW("no-privileges", 'x', NULL, CLI_DUMP, SELECTION), .alias = "no-acl", FLAG(dump.no_privileges),
     .help = "leave out GRANT and REVOKE"},

    {ROW("clean", 'c', NULL, CLI_DUMP, TEXT), FLAG(dump.clean),
     .help = "drop each object before creating it"},
    {ROW("if-exists", 0, NULL, CLI_DUMP, TEXT), FLAG(dump.if_exists),
     .help = "with -c: drop only what is there"},
    {ROW("create", 'C', NULL, CLI_DUMP, TEXT), FLAG(dump.create_database),
     .help = "create the database too, and connect to it"},
    {ROW("inserts", 0, NULL, CLI_DUMP, TEXT), FLAG(dump.inserts),
     .help = "rows as INSERT commands in place of COPY"},
    {ROW("column-inserts", 0, NULL, CLI_DUMP, TEXT), .alias = "attribute-inserts", FLAG(dump.column_inserts),
     .help = "the same, with the column names in each"},
    {ROW("rows-per-insert", 0, "NUMBER", CLI_DUMP, TEXT), .set = cli_set_count,
     .target = AT(dump.rows_per_insert), .help = "INSERT commands of up to NUMBER rows each"},
    {ROW("on-conflict-do-nothing", 0, NULL, CLI_DUMP, TEXT), FLAG(dump.on_conflict_do_nothing),
     .help = "INSERT commands that pass over rows which are there already"},
    {ROW("disable-triggers", 0, NULL, CLI_DUMP, TEXT), FLAG(dump.disable_triggers),
     .help = "with -a: switch triggers off while rows are loaded"},
    {ROW("quote-all-identifiers", 0, NULL, CLI_DUMP, TEXT), FLAG(dump.quote_all_identifiers),
     .help = "put double quotes around every name"},
    {ROW("encoding", 'E', "ENCODING", CLI_DUMP, TEXT), TEXT(dump.encoding),
     .help = "character encoding of the dump (default: the database's)"},

    {ROW("dbname", 'd', "DBNAME", CLI_DUMP, CONNECTION), TEXT(dump.dbname),
     .help = "the database: its name, a conninfo string or a postgresql:// URI; may stand without -d"},
    {ROW("host", 'h', "HOST", CLI_DUMP, CONNECTION), TEXT(dump.host),
     .help = "server's host name, or the folder of its socket"},
    {ROW("port", 'p', "PORT", CLI_DUMP, CONNECTION), TEXT(dump.port), .help = "server's port"},
    {ROW("username", 'U', "NAME", CLI_DUMP, CONNECTION), TEXT(dump.user), .help = "user to connect as"},
    {ROW("no-password", 'w', NULL, CLI_DUMP, CONNECTION), .set = cli_set_constant, .target = AT(prompt),
     .value = CLI_PROMPT_NEVER, .help = "never ask for a password"},
    {ROW("password", 'W', NULL, CLI_DUMP, CONNECTION), .set = cli_set_constant, .target = AT(prompt),
     .value = CLI_PROMPT_ALWAYS, .help = "ask for the password before connecting"},
    {ROW("role", 0, "ROLE", CLI_DUMP, CONNECTION), TEXT(dump.role), .help = "become ROLE after connecting"},
};

const size_t cli_option_count = sizeof cli_option_rows / sizeof *cli_option_rows;
