/* The command line: what is typed in, DnDumpOptions out; and that every option is documented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "dumper/cli/help.h"
#include "dumper/cli/options.h"
#include "dumper/cli/secrets.h"

static const CliCommand dump_command = {
    .bit = CLI_DUMP, .synopsis = "S", .summary = "s", .check = cli_check_dump};
static const CliCommand verify_command = {
    .name = "verify", .bit = CLI_VERIFY, .synopsis = "S", .summary = "s", .check = cli_check_verify};

static const CliCommand pg_dump_command = {
    .bit = CLI_PG_DUMP, .synopsis = "S", .summary = "s", .check = cli_check_pg_dump};

enum { MAX_ARGS = 24 };

static DnStatus parse_with(const CliFace *face, const CliCommand *command, CliOptions *options, DnErr *err,
                           const char *const *args) {
    static char *argv[MAX_ARGS + 2];
    int argc = 0;
    argv[argc++] = (char *)(uintptr_t)(face->stand_in ? "/usr/bin/pg_dump" : "dumpnative");
    for (; args[argc - 1]; argc++) {
        assert_true(argc < MAX_ARGS);
        argv[argc] = (char *)(uintptr_t)args[argc - 1];
    }
    argv[argc] = NULL;
    *err = (DnErr){0};
    cli_options_init(options, face);
    return cli_options_parse(options, command, argc, argv, err);
}

static DnStatus parse_as(const CliCommand *command, CliOptions *options, DnErr *err,
                         const char *const *args) {
    return parse_with(&cli_face_dumpnative, command, options, err, args);
}

#define PARSE(...) parse_as(&dump_command, &o, &err, (const char *const[]){__VA_ARGS__, NULL})
#define DEFAULTS() parse_as(&dump_command, &o, &err, (const char *const[]){NULL})

static void test_defaults(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(DEFAULTS(), DN_OK);
    assert_int_equal(o.dump.size, sizeof(DnDumpOptions));
    assert_int_equal(o.dump.sections, DN_ALL_SECTIONS);
    assert_string_equal(o.dump.program, "dumpnative");
    assert_null(o.dump.dbname);
    assert_null(o.dump.schemas);
    assert_null(o.dump.path);
    assert_false(o.dump.whole_database);
    assert_int_equal(o.progress, CLI_AUTO);
    cli_options_deinit(&o);
}

static void test_connection(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("-h", "db", "-p5433", "--username=me", "-w", "--role", "boss", "-dshop"), DN_OK);
    assert_string_equal(o.dump.host, "db");
    assert_string_equal(o.dump.port, "5433");
    assert_string_equal(o.dump.user, "me");
    assert_string_equal(o.dump.role, "boss");
    assert_string_equal(o.dump.dbname, "shop");
    assert_int_equal(o.prompt, CLI_PROMPT_NEVER);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-w", "-W"), DN_OK);
    assert_int_equal(o.prompt, CLI_PROMPT_ALWAYS);
    cli_options_deinit(&o);
}

static void test_lists_keep_their_order(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("-n", "a", "--schema=b*", "-nc", "-N", "x", "-t", "t1", "-T", "t2",
                           "--exclude-table-data", "log.*", "--exclude-table-data=\"Odd\""),
                     DN_OK);
    assert_string_equal(o.dump.schemas[0], "a");
    assert_string_equal(o.dump.schemas[1], "b*");
    assert_string_equal(o.dump.schemas[2], "c");
    assert_null(o.dump.schemas[3]);
    assert_string_equal(o.dump.exclude_schemas[0], "x");
    assert_null(o.dump.exclude_schemas[1]);
    assert_string_equal(o.dump.tables[0], "t1");
    assert_string_equal(o.dump.exclude_tables[0], "t2");
    assert_string_equal(o.dump.exclude_table_data[1], "\"Odd\"");
    assert_null(o.dump.exclude_table_data[2]);
    cli_options_deinit(&o);
}

static void test_bundles_abbreviations_and_order(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("-sOxvfout.sql", "shop", "--quote", "--strict", "-CcE", "LATIN1", "--if"), DN_OK);
    assert_true(o.dump.schema_only && o.dump.no_owner && o.dump.no_privileges && o.verbose);
    assert_string_equal(o.dump.path, "out.sql");
    assert_string_equal(o.dump.dbname, "shop");
    assert_true(o.dump.quote_all_identifiers && o.dump.strict_names);
    assert_true(o.dump.create_database && o.dump.clean && o.dump.if_exists);
    assert_string_equal(o.dump.encoding, "LATIN1");
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-a", "--", "-odd"), DN_OK);
    assert_string_equal(o.dump.dbname, "-odd");
    cli_options_deinit(&o);
}

static void test_inserts(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("--rows-per-insert=100", "--on-conflict-do-nothing"), DN_OK);
    assert_int_equal(o.dump.rows_per_insert, 100);
    assert_true(o.dump.inserts && o.dump.on_conflict_do_nothing);
    assert_false(o.dump.column_inserts);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("--attribute-inserts"), DN_OK);
    assert_true(o.dump.column_inserts && o.dump.inserts);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("--rows-per-insert=2147483647"), DN_OK);
    assert_int_equal(o.dump.rows_per_insert, 2147483647);
    cli_options_deinit(&o);
}

static void test_sections_and_choices(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("--section=pre-data", "--section", "post-data"), DN_OK);
    assert_int_equal(o.dump.sections, DN_PRE_DATA | DN_POST_DATA);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-a", "--section=data"), DN_OK); /* as pg_dump */
    assert_int_equal(o.dump.sections, DN_DATA);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("--progress=never", "--log-format", "json", "-Fp", "--no-acl"), DN_OK);
    assert_int_equal(o.progress, CLI_NEVER);
    assert_int_equal(o.log_format, CLI_LOG_JSON);
    assert_true(o.dump.no_privileges);
    cli_options_deinit(&o);
}

static void test_rest_of_the_options(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("-a", "--disable-triggers", "--lock-wait-timeout=2s", "--no-comments"), DN_OK);
    assert_true(o.dump.data_only && o.dump.disable_triggers && o.dump.no_comments);
    assert_string_equal(o.dump.lock_wait_timeout, "2s");
    cli_options_deinit(&o);
}

static void test_help_and_version_stop(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(PARSE("-?", "--nonsense"), DN_OK);
    assert_true(o.help);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-s", "-a", "--help"), DN_OK);
    assert_true(o.help);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-vV"), DN_OK);
    assert_true(o.version);
    cli_options_deinit(&o);
    assert_int_equal(PARSE("-h", "db"), DN_OK); /* a host, as with pg_dump, and no help */
    assert_false(o.help);
    cli_options_deinit(&o);
}

static void test_verify(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(parse_as(&verify_command, &o, &err, (const char *const[]){"-v", "a.sql", NULL}), DN_OK);
    assert_string_equal(o.file, "a.sql");
    cli_options_deinit(&o);
    assert_int_equal(parse_as(&verify_command, &o, &err, (const char *const[]){NULL}), DN_E_USAGE);
    cli_options_deinit(&o);
    assert_int_equal(parse_as(&verify_command, &o, &err, (const char *const[]){"-s", "a", NULL}), DN_E_USAGE);
    assert_string_equal(err.message, "unknown option \"-s\"");
    cli_options_deinit(&o);
}

/* ---- What can't be ----------------------------------------------------------------------- */

typedef struct Refusal {
    const char *args[6];
    const char *says; /* part of the message */
} Refusal;

static void test_refusals(void **state) {
    (void)state;
    static const Refusal refusals[] = {
        {{"-s", "-a"}, "-s/--schema-only and -a/--data-only"},
        {{"-c", "-a"}, "-c/--clean and -a/--data-only"},
        {{"--statistics-only", "-a"}, "--statistics-only and -s/--schema-only or -a/--data-only"},
        {{"-s", "--statistics"}, "--statistics and -s/--schema-only or -a/--data-only"},
        {{"--statistics", "--no-statistics"}, "--no-statistics contradicts"},
        {{"--if-exists"}, "--if-exists needs -c/--clean"},
        {{"--on-conflict-do-nothing"}, "--on-conflict-do-nothing needs --inserts"},
        {{"--rows-per-insert=0"}, "--rows-per-insert must be between 1 and 2147483647"},
        {{"--rows-per-insert=2147483648"}, "must be between"},
        {{"--rows-per-insert=99999999999999999999"}, "must be between"},
        {{"--rows-per-insert=-1"}, "must be between"},
        {{"--rows-per-insert=5x"}, "takes a number, not \"5x\""},
        {{"--rows-per-insert="}, "takes a number, not \"\""},
        {{"--section=all"}, "--section takes pre-data, data or post-data, not \"all\""},
        {{"-a", "--section=pre-data"}, "leave nothing to dump"},
        {{"-s", "--section=data"}, "leave nothing to dump"},
        {{"--progress=yes"}, "--progress takes auto, always or never, not \"yes\""},
        {{"-Fc"}, "output format \"c\" is not available"},
        {{"-f", ""}, "-f/--file needs the name"},
        {{"-d", "a", "b"}, "two databases are named"},
        {{"a", "b"}, "too many arguments: \"b\""},
        {{"--nonsense=secret"}, "unknown option \"--nonsense\""},
        {{"-vJ"}, "unknown option \"-J\""},
        {{"-\xff"}, "unknown option"},
        {{"--no"}, "ambiguous: it may be --no-sync"},
        {{"-n"}, "option \"-n\" needs a value: PATTERN"},
        {{"--schema"}, "option \"--schema\" needs a value: PATTERN"},
        {{"--clean=yes"}, "option \"--clean\" takes no value"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        CliOptions o;
        DnErr err;
        assert_int_equal(parse_as(&dump_command, &o, &err, refusals[i].args), DN_E_USAGE);
        if (!strstr(err.message, refusals[i].says)) {
            fail_msg("\"%s\" does not say \"%s\"", err.message, refusals[i].says);
        }
        assert_string_equal(err.hint, "Try \"dumpnative --help\" for more information.");
        cli_options_deinit(&o);
    }
}

static void test_no_refusal_shows_a_password(void **state) {
    (void)state;
    static const char *const misplaced[][4] = {
        {"a", "postgres://u:s3cret@h/db"},       {"-d", "a", "host=h password=s3cret"},
        {"--section=postgres://u:s3cret@h/db"},  {"--rows-per-insert", "password=s3cret"},
        {"--dbnme=postgres://u:s3cret@h/db"},    {"--clean=password=s3cret"},
        {"-F", "postgresql://h?password=s3cret"}};
    for (size_t i = 0; i < sizeof misplaced / sizeof *misplaced; i++) {
        CliOptions o;
        DnErr err;
        assert_int_equal(parse_as(&dump_command, &o, &err, misplaced[i]), DN_E_USAGE);
        assert_null(strstr(err.message, "s3cret"));
        cli_options_deinit(&o);
    }
}

/* ---- Passwords in the process list --------------------------------------------------------- */

static void test_scrubbing(void **state) {
    (void)state;
    static const char *const cases[][2] = {
        {"postgres://me:secret@h/db", "postgres://me:xxxxxx@h/db"},
        {"postgresql://me:se%40c%2Fret@h:5432/db", "postgresql://me:xxxxxxxxxxxx@h:5432/db"},
        {"--dbname=postgresql://me:pw@h", "--dbname=postgresql://me:xx@h"},
        {"-dpostgresql://me:pw@h", "-dpostgresql://me:xx@h"},
        {"postgres://me:p@s/s:w@h/db?sslmode=require", "postgres://me:xxxxxxx@h/db?sslmode=require"},
        {"postgres://me:what?ever@h/db", "postgres://me:xxxxxxxxx@h/db"},
        {"postgres://me@h:5432/db", "postgres://me@h:5432/db"},
        {"postgres://h:5432/db?user=me", "postgres://h:5432/db?user=me"},
        {"postgres://:pw@h", "postgres://:xx@h"},
        {"postgres:///db?user=me&password=pw&port=1", "postgres:///db?user=me&password=xx&port=1"},
        {"postgres:///db?pass%77ord=pw", "postgres:///db?pass%77ord=xx"},
        {"postgres:///db?sslpassword=pw&x=y", "postgres:///db?sslpassword=xx&x=y"},
        {"host=h password=pw dbname=d", "host=h password=xx dbname=d"},
        {"password=pw", "password=xx"},
        {"PASSWORD=pw", "PASSWORD=xx"},
        {"host=h password = pw", "host=h password = xx"},
        {"password='a b' host=h", "password='xxx' host=h"},
        {"password='it\\'s' host=h", "password='xxxxx' host=h"},
        {"password='unterminated host=h", "password='xxxxxxxxxxxxxxxxxxx"},
        {"password=a\\ b host=h", "password=xxxx host=h"},
        {"-dpassword=pw", "-dpassword=xx"},
        {"--dbname=host=h password=pw", "--dbname=host=h password=xx"},
        {"--dbname=password=pw", "--dbname=password=xx"},
        {"host='password=x' user=me", "host='password=x' user=me"},
        {"password=", "password="},
        {"shop", "shop"},
        {"--no-password", "--no-password"},
        {"passfile=/home/me/.pgpass", "passfile=/home/me/.pgpass"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[128];
        (void)snprintf(text, sizeof text, "%s", cases[i][0]);
        cli_secrets_scrub(text);
        assert_string_equal(text, cases[i][1]);
    }
}

static void test_arguments_are_taken(void **state) {
    (void)state;
    char program[] = "password=kept";
    char uri[] = "postgres://me:pw@h/db";
    char *argv[] = {program, uri, NULL};
    char **args = cli_args_take(2, argv);
    assert_non_null(args);
    assert_string_equal(args[1], "postgres://me:pw@h/db");
    assert_string_equal(uri, "postgres://me:xx@h/db");
    assert_string_equal(program, "password=kept");
    assert_null(args[2]);
    cli_args_free(2, args);
}

/* ---- Every option is documented ---------------------------------------------------------------- */

static char *read_whole(const char *path) {
    static char text[65536];
    FILE *file = fopen(path, "r");
    if (!file) {
        fail_msg("can't open %s: run the tests from the top of the repository", path);
    }
    size_t size = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    assert_true(size > 0 && size < sizeof text - 1);
    text[size] = '\0';
    return text;
}

/* The word stands there, and isn't the beginning of a longer one. */
static bool has_word(const char *text, const char *before, const char *word) {
    static const char name_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
    char wanted[128];
    (void)snprintf(wanted, sizeof wanted, "%s%s", before, word);
    size_t length = strlen(wanted);
    for (const char *at = text; (at = strstr(at, wanted)); at++) {
        if (at[length] == '\0' || !strchr(name_characters, at[length])) {
            return true;
        }
    }
    return false;
}

static void expect_options_in(const char *text, const char *what, const char *long_prefix,
                              const char *short_prefix, unsigned commands) {
    for (size_t i = 0; i < cli_option_count; i++) {
        const CliOptionRow *row = &cli_option_rows[i];
        if (!(row->commands & commands)) {
            continue;
        }
        char letter[2] = {row->letter, '\0'};
        if (!has_word(text, long_prefix, row->name) ||
            (row->alias && !has_word(text, long_prefix, row->alias)) ||
            (row->letter && row->letter != '?' && !has_word(text, short_prefix, letter))) {
            fail_msg("%s does not have option --%s, or its letter or alias", what, row->name);
        }
    }
}

static void test_options_are_documented(void **state) {
    (void)state;
    expect_options_in(read_whole("dumper/cli/dumpnative.1"), "the man page", "Fl -", "It Fl ",
                      CLI_DUMP | CLI_VERIFY | CLI_COMPARE);
    expect_options_in(read_whole("dumper/cli/completion.bash"), "bash completion", "--", " -",
                      CLI_DUMP | CLI_VERIFY | CLI_COMPARE);
    expect_options_in(read_whole("dumper/cli/completion.zsh"), "zsh completion", "--", "{-",
                      CLI_DUMP | CLI_VERIFY | CLI_COMPARE);
    CliText help = {0};
    cli_help(&help, &cli_face_dumpnative, &dump_command, &dump_command, 1);
    expect_options_in(cli_text_get(&help), "the help", "--", "  -", CLI_DUMP);
    cli_text_deinit(&help);
    cli_help(&help, &cli_face_pg_dump, &pg_dump_command, &pg_dump_command, 1);
    expect_options_in(cli_text_get(&help), "the help of pg_dump", "--", "  -", CLI_PG_DUMP);
    cli_text_deinit(&help);
}

/* ---- pg_dump's face ---------------------------------------------------------------- */

static void test_face_follows_the_name(void **state) {
    (void)state;
    assert_ptr_equal(cli_face_for("pg_dump"), &cli_face_pg_dump);
    assert_ptr_equal(cli_face_for("/usr/lib/postgresql/15/bin/pg_dump"), &cli_face_pg_dump);
    assert_ptr_equal(cli_face_for("./pg_dump"), &cli_face_pg_dump);
    assert_ptr_equal(cli_face_for("dumpnative"), &cli_face_dumpnative);
    assert_ptr_equal(cli_face_for("/opt/pg_dump/dumpnative"), &cli_face_dumpnative);
    assert_ptr_equal(cli_face_for("pg_dumper"), &cli_face_dumpnative);
    assert_ptr_equal(cli_face_for(""), &cli_face_dumpnative);
    assert_ptr_equal(cli_face_for(NULL), &cli_face_dumpnative);
}

static void test_pg_dump_has_its_defaults(void **state) {
    (void)state;
    CliOptions o;
    DnErr err;
    assert_int_equal(parse_with(&cli_face_pg_dump, &pg_dump_command, &o, &err,
                                (const char *const[]){"-bRB", "--no-blobs", "--filter=x", "-e", "hstore",
                                                      "--extra-float-digits=-15", "db", NULL}),
                     DN_OK);
    assert_true(o.dump.whole_database && o.dump.stand_in);
    assert_int_equal(o.progress, CLI_NEVER);
    assert_string_equal(o.dump.program, "pg_dump");
    assert_string_equal(o.dump.dbname, "db");
    assert_string_equal(o.dump.filters[0], "x");
    assert_string_equal(o.dump.extensions[0], "hstore");
    assert_int_equal(*o.dump.extra_float_digits, -15);
    cli_options_deinit(&o);
}

/* pg_dump 18's own words. */
static void test_pg_dump_refuses_in_its_words(void **state) {
    (void)state;
    static const struct {
        const char *args[4];
        const char *says;
        bool hint, getopt;
    } refusals[] = {
        {{"a", "b"}, "too many command-line arguments (first is \"b\")", true, false},
        {{"-d", "a", "b"}, "too many command-line arguments (first is \"b\")", true, false},
        {{"-s", "-a"}, "options -s/--schema-only and -a/--data-only cannot be used together", false, false},
        {{"-s", "--no-schema", "--statistics-only"},
         "options -s/--schema-only and --statistics-only cannot be used together",
         false,
         false},
        {{"-a", "--statistics-only", "--no-statistics"},
         "options -a/--data-only and --statistics-only cannot be used together",
         false,
         false},
        {{"-s", "--statistics", "--no-statistics"},
         "options --statistics and --no-statistics cannot be used together",
         false,
         false},
        {{"-a", "--statistics", "-c"},
         "options -a/--data-only and --statistics cannot be used together",
         false,
         false},
        {{"-c", "-a"}, "options -c/--clean and -a/--data-only cannot be used together", false, false},
        {{"--if-exists"}, "option --if-exists requires option -c/--clean", false, false},
        {{"-j3", "-c", "-a"}, "options -c/--clean and -a/--data-only cannot be used together", false, false},
        {{"-j3", "--include-foreign-data=x"},
         "option --include-foreign-data is not supported with parallel backup",
         false,
         false},
        {{"-j3"}, "parallel backup only supported by the directory format", false, false},
        {{"-j0"}, "-j/--jobs must be in range 1..2147483647", false, false},
        {{"-jx"}, "invalid value \"x\" for option -j/--jobs", false, false},
        {{"-Fx"}, "invalid output format \"x\" specified", false, false},
        {{"--section=x"}, "unrecognized section name: \"x\"", true, false},
        {{"--rows-per-insert=0"}, "--rows-per-insert must be in range 1..2147483647", false, false},
        {{"--extra-float-digits=4"}, "--extra-float-digits must be in range -15..3", false, false},
        {{"--nonsense=1"}, "/usr/bin/pg_dump: unrecognized option '--nonsense=1'", true, true},
        {{"-J"}, "/usr/bin/pg_dump: invalid option -- 'J'", true, true},
        {{"-n"}, "/usr/bin/pg_dump: option requires an argument -- 'n'", true, true},
        {{"--schema"}, "/usr/bin/pg_dump: option '--schema' requires an argument", true, true},
        {{"--clean=1"}, "/usr/bin/pg_dump: option '--clean' doesn't allow an argument", true, true},
        {{"--if"}, "option --if-exists requires option -c/--clean", false, false},
        {{"--progress=auto"}, "/usr/bin/pg_dump: unrecognized option '--progress=auto'", true, true},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        CliOptions o;
        DnErr err;
        assert_int_equal(parse_with(&cli_face_pg_dump, &pg_dump_command, &o, &err, refusals[i].args),
                         DN_E_USAGE);
        assert_string_equal(err.message, refusals[i].says);
        assert_string_equal(err.hint, refusals[i].hint ? "Try \"pg_dump --help\" for more information." : "");
        assert_int_equal(o.getopt_error, refusals[i].getopt);
        cli_options_deinit(&o);
    }
}

/* Those of the version that it claims to be. */
static void test_pg_dump_refuses_as_older_ones(void **state) {
    (void)state;
    static const struct {
        const char *version, *args[2], *says;
    } refusals[] = {
        {"14.20", {"--rows-per-insert=0"}, "rows-per-insert must be in range 1..2147483647"},
        {"13.23", {"--rows-per-insert=x"}, "rows-per-insert must be in range 1..2147483647"},
        {"13.23", {"--extra-float-digits=4"}, "extra_float_digits must be in range -15..3"},
        {"13.23", {"-j0"}, "invalid number of parallel jobs"},
        {"14.20", {"-Z10"}, "compression level must be in range 0..9"},
        {"15.20 (Debian 15.20-0+deb12u1)", {"-Z-3"}, "-Z/--compress must be in range 0..9"},
        {"15.20", {"-Z99999999999999999999"}, "-Z/--compress must be in range 0..9"},
        {"15.20", {"--rows-per-insert=0"}, "--rows-per-insert must be in range 1..2147483647"},
    };
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        CliOptions o;
        DnErr err;
        assert_int_equal(setenv("PG_DUMP_VERSION", refusals[i].version, 1), 0);
        assert_int_equal(parse_with(&cli_face_pg_dump, &pg_dump_command, &o, &err, refusals[i].args),
                         DN_E_USAGE);
        assert_string_equal(err.message, refusals[i].says);
        cli_options_deinit(&o);
    }
    assert_int_equal(unsetenv("PG_DUMP_VERSION"), 0);
}

static void test_one_job_is_no_parallel_backup(void **state) {
    (void)state;
    static const char *const args[] = {"-j1", "-Zzstd:level=5", "db", NULL};
    CliOptions o;
    DnErr err;
    assert_int_equal(parse_with(&cli_face_pg_dump, &pg_dump_command, &o, &err, args), DN_OK);
    cli_options_deinit(&o);
}

static void test_table_is_sound(void **state) {
    (void)state;
    for (size_t i = 0; i < cli_option_count; i++) {
        const CliOptionRow *row = &cli_option_rows[i];
        assert_non_null(row->help);
        assert_non_null(row->set);
        assert_true(row->commands != 0);
        assert_true(row->target < sizeof(CliOptions));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(row->name, cli_option_rows[j].name);
            assert_true(row->letter == 0 || row->letter != cli_option_rows[j].letter);
        }
    }
}

static void test_help_fits_a_terminal(void **state) {
    (void)state;
    CliText help = {0};
    cli_help(&help, &cli_face_dumpnative, &dump_command, &dump_command, 1);
    for (const char *line = cli_text_get(&help); *line;) {
        size_t length = strcspn(line, "\n");
        assert_true(length <= 90);
        line += length + (line[length] == '\n');
    }
    cli_text_deinit(&help);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_connection),
        cmocka_unit_test(test_lists_keep_their_order),
        cmocka_unit_test(test_bundles_abbreviations_and_order),
        cmocka_unit_test(test_inserts),
        cmocka_unit_test(test_sections_and_choices),
        cmocka_unit_test(test_rest_of_the_options),
        cmocka_unit_test(test_help_and_version_stop),
        cmocka_unit_test(test_verify),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_no_refusal_shows_a_password),
        cmocka_unit_test(test_scrubbing),
        cmocka_unit_test(test_arguments_are_taken),
        cmocka_unit_test(test_options_are_documented),
        cmocka_unit_test(test_face_follows_the_name),
        cmocka_unit_test(test_pg_dump_has_its_defaults),
        cmocka_unit_test(test_pg_dump_refuses_in_its_words),
        cmocka_unit_test(test_pg_dump_refuses_as_older_ones),
        cmocka_unit_test(test_one_job_is_no_parallel_backup),
        cmocka_unit_test(test_table_is_sound),
        cmocka_unit_test(test_help_fits_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
