/* Addresses of Supabase projects, and the ways to mistake one for another. */
#include "dumper/supabase.h"

#include <string.h>

#include "catalog/platform.h"
#include "common/buf.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define REF     "abcdefghijklmnopqrst"
#define DIRECT  "db." REF ".supabase.co"
#define URL     "https://" REF ".supabase.co"
#define POOLER  "aws-0-eu-central-1.pooler.supabase.com"
#define SESSION "the same with port 5432: postgresql://"

/* "user@host:port/dbname sslmode pooler-user", each as the plan changes it; or message and hint. */
static const char *plan_of(DnSupabaseAsk ask) {
    static DnBuf out;
    DnSupabasePlan plan;
    DnErr err = {0};
    dn_buf_clear(&out);
    ask.user_given = ask.user != NULL;
    ask.host_given = ask.host != NULL;
    ask.port_given = ask.port != NULL;
    ask.port = ask.port ? ask.port : "5432";
    ask.user = ask.user ? ask.user : "root"; /* the system's user, as libpq has it */
    ask.dbname = ask.dbname ? ask.dbname : ask.user;
    if (dn_supabase_plan(&ask, &plan, &err) != DN_OK) {
        assert_int_equal(err.status, DN_E_USAGE);
        dn_buf_fmt(&out, "%s | %s", err.message, err.hint);
    } else if (!plan.is_supabase) {
        dn_buf_str(&out, "no");
    } else {
        dn_buf_fmt(&out, "%s@%s:%s/%s %s %s", plan.user, plan.host, plan.port, plan.dbname, plan.sslmode,
                   plan.pooler_user);
    }
    return dn_buf_text(&out);
}

static void plans(void **state) {
    (void)state;
    static const struct {
        DnSupabaseAsk ask;
        const char *plan;
    } cases[] = {
        /* of no concern */
        {{.host = "localhost"}, "no"},
        {{.host = "supabase.co"}, "no"},
        {{.host = "db.example.org", .url = URL}, "no"},
        {{.url = URL}, "no"},
        {{.host = "/run/postgresql", .sslmode = "disable"}, "no"},
        {{.end_of_clone = true}, "no"},
        /* its rules, and nobody's address */
        {{.wanted = true, .end_of_clone = true}, "@:/  "},
        {{.wanted = true, .end_of_clone = true, .url = URL}, "postgres@" DIRECT ":5432/postgres require "},
        /* from the URL */
        {{.wanted = true, .url = URL}, "postgres@" DIRECT ":5432/postgres require "},
        {{.wanted = true, .url = URL "/"}, "postgres@" DIRECT ":5432/postgres require "},
        {{.wanted = true, .url = URL "/rest/v1"}, "postgres@" DIRECT ":5432/postgres require "},
        {{.wanted = true, .url = REF ".supabase.co"}, "postgres@" DIRECT ":5432/postgres require "},
        {{.wanted = true, .url = "https://ABCDEFGHIJKLMNOPQRST.supabase.co"},
         "postgres@" DIRECT ":5432/postgres require "},
        {{.wanted = true, .url = URL, .user = "reader", .dbname = "other"}, "@" DIRECT ":5432/ require "},
        {{.wanted = true, .url = URL, .pooler_host = POOLER},
         "postgres@" DIRECT ":5432/postgres require postgres." REF},
        {{.wanted = true, .url = URL, .pooler_host = POOLER, .user = "reader"},
         "@" DIRECT ":5432/postgres require reader." REF},
        /* from the host */
        {{.host = DIRECT}, "postgres@:/postgres require "},
        {{.host = DIRECT, .sslmode = "prefer"}, "postgres@:/postgres require "},
        {{.host = DIRECT, .sslmode = "allow"}, "postgres@:/postgres require "},
        {{.host = DIRECT, .sslmode = "verify-full"}, "postgres@:/postgres  "},
        {{.host = DIRECT, .user = "postgres", .url = URL, .dbname = "postgres"}, "@:/postgres require "},
        {{.host = POOLER, .user = "postgres." REF}, "@:/postgres require "},
        {{.host = POOLER, .url = URL}, "postgres." REF "@:/postgres require "},
        {{.host = POOLER, .user = "postgres", .options = "reference=" REF}, "@:/postgres require "},
        /* a server of one's own with the same schemas */
        {{.wanted = true, .host = "localhost", .url = "http://127.0.0.1:54321", .sslmode = "disable"},
         "@:/  "},
        /* mistakes */
        {{.wanted = true},
         "nothing tells which Supabase project is meant | Give --supabase-url https://REF.supabase.co or set "
         "SUPABASE_URL, or name the host with -h."},
        {{.dbname = URL},
         "\"" REF ".supabase.co\" is the address of the project's API, not of its database | Use "
         "--supabase-url " URL ", or -h " DIRECT " -U postgres"},
        {{.host = REF ".supabase.co"},
         "\"" REF ".supabase.co\" is the address of the project's API, not of its database | Use "
         "--supabase-url " URL ", or -h " DIRECT " -U postgres"},
        {{.host = URL},
         "\"" REF ".supabase.co\" is the address of the project's API, not of its database | Use "
         "--supabase-url " URL ", or -h " DIRECT " -U postgres"},
        {{.host = DIRECT, .user = "postgres." REF},
         "user \"postgres." REF "\" is the form for a pooler, but " DIRECT
         " is the database | Use -U postgres"},
        {{.host = POOLER, .user = "postgres"},
         "user \"postgres\" lacks the project, by which a pooler finds the database | Use -U postgres.REF, "
         "with "
         "the project's reference for REF."},
        {{.host = POOLER},
         "user \"postgres\" lacks the project, by which a pooler finds the database | Use -U postgres.REF, "
         "with "
         "the project's reference for REF."},
        {{.host = POOLER, .user = "postgres", .url = URL},
         "user \"postgres\" lacks the project, by which a pooler finds the database | Use -U postgres." REF},
        {{.host = POOLER, .user = "postgres.other", .url = URL},
         "user \"postgres.other\" is of another project than " URL " | Use -U postgres." REF
         ", or --supabase-url https://other.supabase.co"},
        {{.host = "db.other.supabase.co", .url = URL},
         "db.other.supabase.co is of another project than " URL " | Use -h " DIRECT
         ", or --supabase-url https://other.supabase.co"},
        {{.host = POOLER, .port = "6543", .user = "postgres." REF},
         "\"" POOLER
         "\" port 6543 is a pooler in transaction mode: a dump can't rely on its sessions | Use session "
         "mode, " SESSION "postgres." REF "@" POOLER ":5432/postgres"},
        {{.host = DIRECT, .port = "6543", .dbname = "other"},
         "\"" DIRECT
         "\" port 6543 is a pooler in transaction mode: a dump can't rely on its sessions | Use session "
         "mode, " SESSION "postgres@" DIRECT ":5432/other"},
        {{.wanted = true, .url = URL, .port = "6543"},
         "\"" DIRECT
         "\" port 6543 is a pooler in transaction mode: a dump can't rely on its sessions | Use session "
         "mode, " SESSION "postgres@" DIRECT ":5432/postgres"},
        {{.host = DIRECT, .sslmode = "disable"},
         "sslmode=disable would send everything in the clear, and Supabase requires TLS | Leave sslmode out, "
         "which "
         "makes it require, or use sslmode=verify-full with the project's certificate as sslrootcert."},
        {{.wanted = true, .url = "https://supabase.com/dashboard/project/" REF "/settings"},
         "the address of Supabase's dashboard is not the project's URL | Use --supabase-url " URL},
        {{.wanted = true, .url = "https://" DIRECT},
         "\"" DIRECT "\" is the host of the database, not the project's URL | Use --supabase-url " URL
         ", or -h " DIRECT},
        {{.wanted = true, .url = POOLER},
         "\"" POOLER "\" is the host of a pooler, not the project's URL | Use --pooler-host " POOLER
         ", and the project's URL, https://REF.supabase.co, with --supabase-url."},
        {{.wanted = true, .url = "http://localhost:54321"},
         "the project's URL is that of a local stack, \"localhost\" | Name its database: --supabase -h "
         "localhost -p "
         "54322 -U postgres -d postgres"},
        {{.wanted = true, .url = "https://api.example.org"},
         "\"api.example.org\" is not the URL of a Supabase project | It has the form "
         "https://REF.supabase.co; the "
         "dashboard shows it under Project Settings, Data API. A domain of your own doesn't tell the "
         "project."},
        {{.host = DIRECT, .pooler_host = DIRECT},
         "\"" DIRECT
         "\" is the project's own host, not a pooler's | The dashboard shows the session pooler under "
         "Connect; its host ends in .pooler.supabase.com."},
        {{.host = DIRECT, .pooler_host = "postgresql://postgres.x:secret@" POOLER ":6543/postgres"},
         "--pooler-host takes the name of a host alone | Use --pooler-host " POOLER
         "; its port is 5432, and the user "
         "follows from the project."},
        {{.wanted = true, .host = "localhost", .pooler_host = POOLER},
         "a pooler's host goes with the project's own, in whose place it is used | Give the project with "
         "--supabase-url https://REF.supabase.co, or leave out --pooler-host."},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(plan_of(cases[i].ask), cases[i].plan);
    }
}

static void the_table_has_the_platforms_schemas(void **state) {
    (void)state;
    static const char *const managed[] = {"information_schema",
                                          "pg_catalog",
                                          "pg_toast",
                                          "_analytics",
                                          "_realtime",
                                          "_supavisor",
                                          "auth",
                                          "cron",
                                          "dbdev",
                                          "etl",
                                          "extensions",
                                          "graphql",
                                          "graphql_public",
                                          "net",
                                          "pgbouncer",
                                          "pgmq",
                                          "pgsodium",
                                          "pgsodium_masks",
                                          "pgtle",
                                          "realtime",
                                          "repack",
                                          "storage",
                                          "supabase_functions",
                                          "supabase_migrations",
                                          "tiger",
                                          "tiger_data",
                                          "topology",
                                          "vault",
                                          "_timescaledb_catalog",
                                          "_timescaledb_internal",
                                          "timescaledb_information",
                                          "timescaledb_experimental"};
    static const char *const own[] = {"public", "private", "auth_extra",   "networks",
                                      "pg",     "authx",   "_timescaledb", ""};
    for (size_t i = 0; i < sizeof managed / sizeof *managed; i++) {
        assert_true(dn_platform_lists(dn_supabase_platform.schemas, managed[i]));
    }
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_false(dn_platform_lists(dn_supabase_platform.schemas, own[i]));
    }
    for (size_t i = 0; dn_supabase_platform.guest_schemas[i]; i++) {
        assert_true(dn_platform_lists(dn_supabase_platform.schemas, dn_supabase_platform.guest_schemas[i]));
    }
    assert_true(dn_platform_lists(dn_supabase_platform.guest_schemas, "auth"));
    assert_false(dn_platform_lists(dn_supabase_platform.guest_schemas, "cron"));
}

static void roles_of_the_project_are_not_the_platforms(void **state) {
    (void)state;
    static const char *const own[] = {"postgres", "anon", "authenticated", "service_role", "reader"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        assert_false(dn_platform_lists(dn_supabase_platform.roles, own[i]));
    }
    assert_true(dn_platform_lists(dn_supabase_platform.roles, "supabase_admin"));
    assert_false(dn_platform_lists(NULL, "supabase_admin"));
    assert_false(dn_platform_lists(dn_supabase_platform.roles, NULL));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plans),
        cmocka_unit_test(the_table_has_the_platforms_schemas),
        cmocka_unit_test(roles_of_the_project_are_not_the_platforms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
