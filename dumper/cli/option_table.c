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
static const CliChoice error_choices[] = {{"stop", CLI_STOP}, {"continue", CLI_CONTINUE}, {0}};
static const CliChoice prefer_choices[] = {{"ipv4", DN_PREFER_IPV4}, {"ipv6", DN_PREFER_IPV6}, {0}};
static const CliChoice format_choices[] = {{"p", CLI_PLAIN}, {"plain", CLI_PLAIN}, {0}};
static const CliChoice section_choices[] = {
    {"pre-data", DN_PRE_DATA}, {"data", DN_DATA}, {"post-data", DN_POST_DATA}, {0}};

enum {
    BOTH = CLI_DUMP | CLI_PG_DUMP,
    SELECTED = BOTH | CLI_COMPARE | CLI_CLONE,
    READING = SELECTED | CLI_VERIFY,
    LIVE = BOTH | CLI_RESTORE,
    EACH = LIVE | CLI_VERIFY | CLI_COMPARE | CLI_CLONE,
    OURS = EACH & ~CLI_PG_DUMP,
    WRITING = CLI_RESTORE | CLI_CLONE,
    OWN = CLI_DUMP | WRITING
};

/* Names and meaning are pg_dump's, for those that it has. Short columns first, the help last. */
#define ROW(long_name, short_name, value_name, of, part)                                                     \
    .name = (long_name), .letter = (short_name), .arg = (value_name), .commands = (of),                      \
    .section = CLI_SECTION_##part
#define FLAG(field) .set = cli_set_flag, .target = AT(field)
#define TEXT(field) .set = cli_set_text, .target = AT(field)
#define LIST(field) .set = cli_set_list, .target = AT(field)

const CliOptionRow cli_option_rows[] = {
    {ROW("file", 'f', "FILE", BOTH, GENERAL), TEXT(dump.path),
     .help = "write to FILE, and its SHA-256 to FILE.sha256; FILE appears only when the dump is whole "
             "(default: standard output)"},
    {ROW("format", 'F', "p", BOTH, GENERAL), .set = cli_set_format, .target = AT(format),
     .choices = format_choices, .help = "output format; p (plain SQL) is the only one"},
    {ROW("verbose", 'v', NULL, EACH, GENERAL), FLAG(verbose), .help = "tell each step on standard error"},
    {ROW("progress", 0, "WHEN", OWN, GENERAL), .set = cli_set_choice, .target = AT(progress),
     .choices = when_choices, .help = "show a progress line: auto (on a terminal), always or never"},
    {ROW("log-format", 0, "FORMAT", OURS, GENERAL), .set = cli_set_choice, .target = AT(log_format),
     .choices = log_choices, .help = "messages as text, or as json: one object a line"},
    {ROW("no-transaction", 0, NULL, CLI_RESTORE, GENERAL), FLAG(no_transaction),
     .help = "don't restore in one transaction: what came before an error stays"},
    {ROW("on-error", 0, "WHAT", CLI_RESTORE, GENERAL), .set = cli_set_choice, .target = AT(on_error),
     .choices = error_choices,
     .help = "at a statement that the server refuses, stop; or, with --no-transaction, continue"},
    {ROW("lock-wait-timeout", 0, "TIMEOUT", BOTH, GENERAL), TEXT(dump.lock_wait_timeout),
     .help = "give up when a table can't be locked within TIMEOUT: milliseconds, or with a unit as in 2s"},
    {ROW("yield-to-ddl", 0, "SECONDS", CLI_DUMP, GENERAL), .set = cli_set_count,
     .target = AT(dump.yield_to_ddl),
     .help =
         "give up when a session waits for a lock of the dump for SECONDS (default: tell of it after 10)"},
    {ROW("compress", 'Z', "METHOD[:DETAIL]", BOTH, GENERAL), TEXT(dump.compress),
     .help = "compress what is written: gzip, lz4, zstd or none, as in gzip:9 or zstd:level=5,long; a number "
             "alone is gzip's level"},
    {ROW("no-sync", 0, NULL, BOTH, GENERAL), FLAG(dump.no_sync),
     .help = "don't wait until the file is safe on disk"},
    {ROW("snapshot", 0, "SNAPSHOT", BOTH, GENERAL), TEXT(dump.snapshot),
     .help = "dump what that snapshot shows, which another session has exported"},
    {ROW("serializable-deferrable", 0, NULL, BOTH, GENERAL), FLAG(dump.serializable_deferrable),
     .help = "wait until the dump can't see an anomaly of concurrent transactions"},
    {ROW("jobs", 'j', "NUM", READING | WRITING, GENERAL), .set = cli_set_count, .target = AT(dump.jobs),
     .help =
         "read rows over NUM connections; the dump is the same with any number (default: as many as pay); "
         "restore over NUM connections, not in one transaction (default: 1); clone over NUM connections to "
         "each "
         "end (default: as many as pay)"},
    {ROW("dry-run", 0, NULL, WRITING, GENERAL), FLAG(dry_run),
     .help = "only tell whether anything is in the way of the restore, or of the clone"},
    {ROW("resume", 0, NULL, WRITING, GENERAL), FLAG(resume),
     .help = "go on with a restore of this file with -j, or with a clone, that has failed"},
    {ROW("single-transaction", 0, NULL, CLI_CLONE, GENERAL), FLAG(single_transaction),
     .help = "clone in one transaction: when it fails, the target is as it was"},
    {ROW("drop-target-objects", 0, NULL, CLI_CLONE, GENERAL), FLAG(drop_target_objects),
     .help = "drop what is in the way of the clone in the target, after asking on the terminal"},
    {ROW("yes", 'y', NULL, CLI_CLONE, GENERAL), FLAG(yes), .help = "don't ask whether to drop that"},
    {ROW("sync-method", 0, "METHOD", CLI_PG_DUMP, GENERAL), .set = cli_set_sync_method, .target = AT(format),
     .help = "fsync is the only one"},
    {ROW("version", 'V', NULL, EACH, GENERAL), FLAG(version), .help = "print the version and leave"},
    {ROW("help", '?', NULL, EACH, GENERAL), FLAG(help), .help = "print this and leave"},

    {ROW("schema", 'n', "PATTERN", SELECTED, SELECTION), LIST(schemas),
     .help = "dump the schemas that match; may be repeated (default: public)"},
    {ROW("exclude-schema", 'N', "PATTERN", SELECTED, SELECTION), LIST(exclude_schemas),
     .help = "leave out the schemas that match; may be repeated"},
    {ROW("table", 't', "PATTERN", SELECTED, SELECTION), LIST(tables),
     .help = "dump only the tables, views and sequences that match, whatever their schema; "
             "may be repeated"},
    {ROW("exclude-table", 'T', "PATTERN", SELECTED, SELECTION), LIST(exclude_tables),
     .help = "leave out the tables that match; may be repeated"},
    {ROW("exclude-table-data", 0, "PATTERN", SELECTED, SELECTION), LIST(exclude_table_data),
     .help = "define the tables that match, but leave out their rows; may be repeated"},
    {ROW("table-and-children", 0, "PATTERN", SELECTED, SELECTION), LIST(tables_and_children),
     .help = "as -t, with all tables that inherit from those that match, partitions included"},
    {ROW("exclude-table-and-children", 0, "PATTERN", SELECTED, SELECTION), LIST(exclude_tables_and_children),
     .help = "as -T, with all that inherit from them"},
    {ROW("exclude-table-data-and-children", 0, "PATTERN", SELECTED, SELECTION),
     LIST(exclude_table_data_and_children),
     .help = "as --exclude-table-data, with all that inherit from them"},
    {ROW("extension", 'e', "PATTERN", SELECTED, SELECTION), LIST(extensions),
     .help = "dump the extensions that match; may be repeated"},
    {ROW("exclude-extension", 0, "PATTERN", SELECTED, SELECTION), LIST(exclude_extensions),
     .help = "leave out the extensions that match; may be repeated"},
    {ROW("include-foreign-data", 0, "PATTERN", SELECTED, SELECTION), LIST(include_foreign_data),
     .help = "dump the rows of foreign tables on the servers that match; may be repeated"},
    {ROW("include-managed", 0, NULL, CLI_DUMP, SELECTION), FLAG(dump.include_managed),
     .help = "with --supabase: the platform's schemas and objects too, which only a superuser can restore"},
    {ROW("whole-database", 0, NULL, CLI_DUMP | CLI_COMPARE, SELECTION), FLAG(dump.whole_database),
     .help =
         "all schemas, and what belongs to none: large objects, publications, ...; for clone the default"},
    {ROW("filter", 0, "FILE", SELECTED, SELECTION), LIST(filters),
     .help = "take more patterns from FILE, lines such as: include table shop.*; - is standard input"},
    {ROW("strict-names", 0, NULL, SELECTED, SELECTION), FLAG(dump.strict_names),
     .help = "fail when a -n or -t pattern matches nothing"},
    {ROW("data-only", 'a', NULL, SELECTED, SELECTION), FLAG(dump.data_only),
     .help = "rows and sequence values only, no definitions"},
    {ROW("schema-only", 's', NULL, SELECTED, SELECTION), FLAG(dump.schema_only),
     .help = "definitions only, no rows"},
    {ROW("no-data", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_data), .help = "leave out rows"},
    {ROW("no-schema", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_schema), .help = "leave out definitions"},
    {ROW("sequence-data", 0, NULL, SELECTED, SELECTION), FLAG(dump.sequence_data),
     .help = "values of sequences even where no rows are dumped"},
    {ROW("no-unlogged-table-data", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_unlogged_table_data),
     .help = "leave out the rows of unlogged tables"},
    {ROW("large-objects", 'b', NULL, SELECTED, SELECTION), .alias = "blobs", FLAG(dump.large_objects),
     .help = "dump all large objects, which no schema and table selects"},
    {ROW("no-large-objects", 'B', NULL, SELECTED, SELECTION), .alias = "no-blobs",
     FLAG(dump.no_large_objects), .help = "leave out large objects, even of the whole database"},
    {ROW("enable-row-security", 0, NULL, SELECTED, SELECTION), FLAG(dump.enable_row_security),
     .help = "dump only the rows that row-level security shows, in place of failing"},
    {ROW("skip-unreadable", 0, NULL, CLI_DUMP, SELECTION), FLAG(dump.skip_unreadable),
     .help = "leave out rows that can't be read, by name and with status 3, in place of failing"},
    {ROW("section", 0, "SECTION", SELECTED, SELECTION), .set = cli_set_choice_bit, .target = AT(sections),
     .choices = section_choices, .help = "only this part: pre-data, data or post-data; may be repeated"},
    {ROW("no-comments", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_comments),
     .help = "leave out the comments on objects"},
    {ROW("no-policies", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_policies),
     .help = "leave out row-level security policies"},
    {ROW("no-publications", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_publications),
     .help = "leave out publications"},
    {ROW("no-security-labels", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_security_labels),
     .help = "leave out security labels"},
    {ROW("no-subscriptions", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_subscriptions),
     .help = "leave out subscriptions"},
    {ROW("statistics", 0, NULL, SELECTED, SELECTION), FLAG(dump.statistics),
     .help = "the planner's statistics too, which PostgreSQL 18 and later can restore"},
    {ROW("statistics-only", 0, NULL, SELECTED, SELECTION), FLAG(dump.statistics_only),
     .help = "the planner's statistics only, no definitions and no rows"},
    {ROW("no-statistics", 0, NULL, SELECTED, SELECTION), FLAG(no_statistics),
     .help = "leave out the planner's statistics, as by default"},
    {ROW("no-owner", 'O', NULL, SELECTED | WRITING, SELECTION), FLAG(dump.no_owner),
     .help = "leave out who owns what"},
    {ROW("no-privileges", 'x', NULL, SELECTED | WRITING, SELECTION), .alias = "no-acl",
     FLAG(dump.no_privileges), .help = "leave out GRANT and REVOKE"},
    {ROW("role-map", 0, "OLD=NEW", WRITING, SELECTION), LIST(role_map),
     .help = "the role OLD of the dump, or of the source, is NEW in the target; may be repeated"},
    {ROW("only-table", 0, "PATTERN", CLI_RESTORE, SELECTION), LIST(only_tables),
     .help =
         "restore only the tables, views and sequences that match, with all that is a part of them; may be "
         "repeated"},
    {ROW("schema-map", 0, "OLD=NEW", WRITING, SELECTION), LIST(schema_map),
     .help = "what the dump, or the source, has in the schema OLD comes into NEW; may be repeated"},
    {ROW("no-tablespaces", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_tablespaces),
     .help = "leave out which tablespace things are in"},
    {ROW("no-table-access-method", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_table_access_method),
     .help = "leave out the tables' access methods"},
    {ROW("no-toast-compression", 0, NULL, SELECTED, SELECTION), FLAG(dump.no_toast_compression),
     .help = "leave out the columns' compression methods"},

    {ROW("clean", 'c', NULL, LIVE, TEXT), FLAG(dump.clean), .help = "drop each object before creating it"},
    {ROW("if-exists", 0, NULL, BOTH, TEXT), FLAG(dump.if_exists), .help = "with -c: drop only what is there"},
    {ROW("create", 'C', NULL, LIVE, TEXT), FLAG(dump.create_database),
     .help = "create the database too, and connect to it"},
    {ROW("inserts", 0, NULL, BOTH, TEXT), FLAG(dump.inserts),
     .help = "rows as INSERT commands in place of COPY"},
    {ROW("column-inserts", 0, NULL, BOTH, TEXT), .alias = "attribute-inserts", FLAG(dump.column_inserts),
     .help = "the same, with the column names in each"},
    {ROW("rows-per-insert", 0, "NUMBER", BOTH, TEXT), .set = cli_set_count,
     .target = AT(dump.rows_per_insert), .help = "INSERT commands of up to NUMBER rows each"},
    {ROW("on-conflict-do-nothing", 0, NULL, BOTH, TEXT), FLAG(dump.on_conflict_do_nothing),
     .help = "INSERT commands that pass over rows which are there already"},
    {ROW("disable-triggers", 0, NULL, BOTH, TEXT), FLAG(dump.disable_triggers),
     .help = "with -a: switch triggers off while rows are loaded"},
    {ROW("quote-all-identifiers", 0, NULL, BOTH, TEXT), FLAG(dump.quote_all_identifiers),
     .help = "put double quotes around every name"},
    {ROW("disable-dollar-quoting", 0, NULL, BOTH, TEXT), FLAG(dump.disable_dollar_quoting),
     .help = "function bodies as plain strings, not between dollars"},
    {ROW("load-via-partition-root", 0, NULL, BOTH, TEXT), FLAG(dump.load_via_partition_root),
     .help = "load the rows of partitions through the root of their tree"},
    {ROW("extra-float-digits", 0, "NUM", BOTH, TEXT), .set = cli_set_float_digits,
     .target = AT(extra_float_digits), .help = "digits of floating-point values: -15 to 3"},
    {ROW("superuser", 'S', "NAME", BOTH, TEXT), TEXT(dump.superuser),
     .help = "with --disable-triggers: the role that switches them off"},
    {ROW("use-set-session-authorization", 0, NULL, BOTH, TEXT), FLAG(dump.use_set_session_authorization),
     .help = "SET SESSION AUTHORIZATION in place of ALTER ... OWNER TO"},
    {ROW("restrict-key", 0, "KEY", CLI_PG_DUMP, TEXT), TEXT(dump.restrict_key),
     .help = "KEY for psql's \\restrict, letters and digits, in place of a random one"},
    {ROW("binary-upgrade", 0, NULL, CLI_PG_DUMP, TEXT), FLAG(binary_upgrade),
     .help = "for pg_upgrade only, and not available"},
    {ROW("no-reconnect", 'R', NULL, CLI_PG_DUMP, TEXT), FLAG(ignored), .help = "does nothing"},
    {ROW("encoding", 'E', "ENCODING", BOTH, TEXT), TEXT(dump.encoding),
     .help = "character encoding of the dump (default: the database's)"},

    {ROW("dbname", 'd', "DBNAME", LIVE, CONNECTION), TEXT(dump.dbname),
     .help = "the database: its name, a conninfo string or a postgresql:// URI; may stand without -d"},
    {ROW("db", 0, "CONNINFO", CLI_VERIFY, CONNECTION), TEXT(database),
     .help = "compare this database with the manifest of FILE: a name, a conninfo string or a URI"},
    {ROW("host", 'h', "HOST", LIVE, CONNECTION), TEXT(dump.host),
     .help = "server's host name, or the folder of its socket"},
    {ROW("port", 'p', "PORT", LIVE, CONNECTION), TEXT(dump.port), .help = "server's port"},
    {ROW("username", 'U', "NAME", LIVE, CONNECTION), TEXT(dump.user), .help = "user to connect as"},
    {ROW("no-password", 'w', NULL, LIVE, CONNECTION), .set = cli_set_constant, .target = AT(prompt),
     .value = CLI_PROMPT_NEVER, .help = "never ask for a password"},
    {ROW("password", 'W', NULL, LIVE, CONNECTION), .set = cli_set_constant, .target = AT(prompt),
     .value = CLI_PROMPT_ALWAYS, .help = "ask for the password before connecting"},
    {ROW("prefer", 0, "FAMILY", OWN, CONNECTION), .set = cli_set_choice, .target = AT(dump.prefer),
     .choices = prefer_choices,
     .help = "addresses of the host to try first: ipv4 or ipv6; the others join in when they don't answer"},
    {ROW("connect-timeout", 0, "SECONDS", OWN, CONNECTION), .set = cli_set_number,
     .target = AT(dump.connect_timeout),
     .help = "time for an attempt to connect, names included (default: 10 for name and addresses)"},
    {ROW("retries", 0, "NUM", OWN, CONNECTION), .set = cli_set_retries, .target = AT(dump.retries),
     .help = "try again NUM times where the server starts up or is full, where a connection is lost, or a "
             "standby's "
             "replay gets in the way (default: 3), and where nobody listens"},
    {ROW("stall-timeout", 0, "SECONDS", OURS, CONNECTION), .set = cli_set_number,
     .target = AT(dump.stall_timeout),
     .help =
         "after SECONDS of silence, ask the server whether it is still at work; if not, the connection is "
         "lost (default: 300; 0: never)"},
    {ROW("fallback-hostaddr", 0, "ADDRESS", CLI_DUMP | CLI_RESTORE, CONNECTION), LIST(fallback_hostaddrs),
     .help = "another address of the host, when it can't be reached; may be repeated"},
    {ROW("fallback-host", 0, "HOST", CLI_DUMP | CLI_RESTORE, CONNECTION), LIST(fallback_hosts),
     .help = "another host, when that can't be reached either; may be repeated"},
    {ROW("use-cached-address", 0, NULL, OWN, CONNECTION), FLAG(dump.use_cached_address),
     .help = "when no resolver answers, use the address at which the host answered last, even without "
             "sslmode=verify-full"},
    {ROW("supabase", 0, NULL, CLI_DUMP | CLI_COMPARE | CLI_CLONE, CONNECTION), FLAG(dump.supabase),
     .help = "the server is a Supabase project's: dump what is the project's own, not the platform's; for "
             "clone and compare: both servers, and no clone touches what is the platform's (implied by its "
             "host)"},
    {ROW("supabase-url", 0, "URL", CLI_DUMP, CONNECTION), TEXT(dump.supabase_url),
     .help = "the project, https://REF.supabase.co; its database's host follows (default: $SUPABASE_URL or "
             "$NEXT_PUBLIC_SUPABASE_URL)"},
    {ROW("pooler-host", 0, "HOST", CLI_DUMP, CONNECTION), TEXT(dump.pooler_host),
     .help = "the project's session pooler, for networks that don't reach its own host, which has IPv6 only"},
    {ROW("env-file", 0, "FILE", CLI_DUMP, CONNECTION), TEXT(env_file),
     .help = "read SUPABASE_URL and SUPABASE_DB_PASSWORD from FILE, as Next.js reads .env.local"},
    {ROW("role", 0, "ROLE", EACH, CONNECTION), TEXT(dump.role), .help = "become ROLE after connecting"},
};

const size_t cli_option_count = sizeof cli_option_rows / sizeof *cli_option_rows;
