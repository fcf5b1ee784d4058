/* needs_check.c - asks the target for what a dump needs. */
#include <stdio.h>
#include <string.h>

#include "common/err.h"
#include "restore/array.h"
#include "restore/needs.h"
#include "restore/recode.h"

enum { MOST_TOLD = 50 };

#define QUALIFIED  "n.nspname = pg_catalog.split_part(name, E'\\n', 1) AND "
#define FROM_NAMES "SELECT name FROM pg_catalog.unnest($1::pg_catalog.text[]) name WHERE "

/* Each query has those names that are a problem. */
static const struct {
    const char *sql;
    const char *before, *after; /* the name, in the message */
    bool in_the_way;
} checks[DN_NEED_COUNT] = {
    [DN_NEED_ROLE] = {FROM_NAMES "NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name)", "role ",
                      " is not there", false},
    [DN_NEED_EXTENSION] = {FROM_NAMES
                           "NOT EXISTS (SELECT FROM pg_catalog.pg_available_extensions e WHERE e.name = "
                           "name.name)",
                           "extension ", " is not installed on the server", false},
    [DN_NEED_TABLESPACE] = {FROM_NAMES
                            "NOT EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = name)",
                            "tablespace ", " is not there", false},
    [DN_NEED_COLLATION] = {FROM_NAMES
                           "NOT EXISTS (SELECT FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n "
                           "ON n.oid = c.collnamespace WHERE " QUALIFIED
                           "collname = pg_catalog.split_part(name, E'\\n', 2) AND collencoding IN (-1, "
                           "(SELECT encoding FROM pg_catalog.pg_database WHERE datname = "
                           "pg_catalog.current_database())))",
                           "collation ", " is not there", false},
    [DN_NEED_SCHEMA] = {FROM_NAMES "NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)",
                        "schema ", " is not there, and the dump does not create it", false},
    [DN_NEED_RELATION] = {FROM_NAMES
                          "NOT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                          "n.oid = c.relnamespace WHERE " QUALIFIED
                          "relname = pg_catalog.split_part(name, E'\\n', 2))",
                          "relation ", ", which a foreign key refers to, is not there", false},
    [DN_NEED_NO_SCHEMA] = {FROM_NAMES "EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = name)",
                           "schema ", " is there already", true},
    [DN_NEED_NO_RELATION] = {FROM_NAMES
                             "EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON "
                             "n.oid = c.relnamespace WHERE " QUALIFIED
                             "relname = pg_catalog.split_part(name, E'\\n', 2))",
                             "relation ", " is there already", true},
    [DN_NEED_NO_TYPE] = {FROM_NAMES
                         "EXISTS (SELECT FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = "
                         "t.typnamespace WHERE " QUALIFIED
                         "typname = pg_catalog.split_part(name, E'\\n', 2))",
                         "type ", " is there already", true},
    [DN_NEED_NO_DATABASE] = {FROM_NAMES "EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = name)",
                             "database ", " is there already", true},
};

typedef struct Check {
    DnRun *run;
    size_t problems;
    DnNeedKind kind;
} Check;

static void tell(Check *check, const char *text) {
    check->run->object[0] = '\0';
    dn_run_tell(check->run, DN_EVENT_WARNING, text, NULL);
}

static DnStatus on_names(void *ctx, const DnRows *rows, DnErr *err) {
    Check *check = ctx;
    char text[512];
    size_t count = dn_rows_count(rows);
    (void)err;
    for (size_t i = 0; i < count && i < MOST_TOLD; i++) {
        const char *name = dn_rows_str(rows, i, 0);
        size_t schema = strcspn(name, "\n");
        (void)snprintf(text, sizeof text, "%s\"%.*s%s%s\"%s", checks[check->kind].before, (int)schema, name,
                       name[schema] ? "\".\"" : "", name[schema] ? name + schema + 1 : "",
                       checks[check->kind].after);
        tell(check, text);
    }
    if (count > MOST_TOLD) {
        (void)snprintf(text, sizeof text, "... and %zu more such", count - MOST_TOLD);
        tell(check, text);
    }
    check->problems += count;
    return DN_OK;
}

static void check_version(const DnNeeds *needs, Check *check) {
    int major = dn_conn_server_version(check->run->conn) / 10000;
    if (needs->source_major > major) {
        char text[256];
        (void)snprintf(text, sizeof text,
                       "the dump is of PostgreSQL %d and the target is %d: it may lack what the dump needs",
                       needs->source_major, major);
        tell(check, text);
    }
}

void dn_needs_tell_texts(const DnSchemaNotes *schemas, const DnRun *run) {
    const DnEvent event = {.kind = DN_EVENT_WARNING,
                           .text = "--schema-map changes no text of functions; these name a schema that "
                                   "has another name now:",
                           .detail = dn_buf_text(&schemas->texts)};
    if (schemas->texts.size && run->options->event) {
        run->options->event(run->options->event_ctx, &event);
    }
}

/* What the dump drops, and what a resumed restore has made, is not in the way; nor is what is in the database
   that the target names beside the one that is made. */
static bool applies(const DnNeeds *needs, const DnRestoreOptions *options, DnNeedKind kind) {
    bool objects = kind == DN_NEED_SCHEMA || kind == DN_NEED_NO_SCHEMA || kind == DN_NEED_NO_RELATION ||
                   kind == DN_NEED_NO_TYPE || kind == DN_NEED_COLLATION;
    return needs->names[kind].count && !(objects && options->create) &&
           !(checks[kind].in_the_way && (needs->drops || options->clean || options->resume));
}

static bool is_replaceable(DnNeedKind kind) {
    return checks[kind].in_the_way && kind != DN_NEED_NO_DATABASE;
}

static DnStatus refuse(size_t problems, size_t replaceable, DnErr *err) {
    (void)dn_err(err, DN_E_MISMATCH, "%zu thing%s in the way; nothing was changed", problems,
                 problems == 1 ? " is" : "s are");
    dn_err_hint(err, "%s%s%s",
                replaceable ? "What is there already: another target, restore --clean, or clone "
                              "--drop-target-objects."
                            : "",
                replaceable && replaceable < problems ? " " : "",
                replaceable < problems ? "Mend what the warnings name. For roles: --no-owner, "
                                         "--no-privileges, or --role-map."
                                       : "");
    return err->status;
}

DnStatus dn_needs_check(const DnNeeds *needs, DnRun *run, DnErr *err) {
    DnBuf arrays[DN_NEED_COUNT] = {{0}};
    Check contexts[DN_NEED_COUNT];
    DnRequest requests[DN_NEED_COUNT];
    size_t count = 0;
    size_t problems = 0;
    size_t replaceable = 0;
    Check version = {.run = run};
    check_version(needs, &version);
    dn_needs_tell_texts(&needs->schemas, run);
    DnStatus status = dn_needs_check_encoding(needs, run, &problems, err);
    for (DnNeedKind kind = 0; kind < DN_NEED_COUNT && !status; kind++) {
        if (applies(needs, run->options, kind)) {
            dn_array_of(needs->names[kind].items, needs->names[kind].count, &arrays[count]);
            status = dn_recode(run, run->options->create ? NULL : needs->encoding, &arrays[count], err);
            if (status == DN_E_QUERY && problems) { /* nor can names be read: that is told already */
                status = dn_conn_recover(run->conn, err);
                dn_buf_deinit(&arrays[count]);
                continue;
            }
            contexts[count] = (Check){.run = run, .kind = kind};
            requests[count] = (DnRequest){.what = "looking for what the dump needs",
                                          .sql = checks[kind].sql,
                                          .param = dn_buf_text(&arrays[count]),
                                          .rows = on_names,
                                          .ctx = &contexts[count]};
            count++;
        }
    }
    status = status || !count ? status : dn_conn_batch(run->conn, requests, count, err);
    for (size_t i = 0; i < count; i++) {
        problems += contexts[i].problems;
        replaceable += is_replaceable(contexts[i].kind) ? contexts[i].problems : 0;
        dn_buf_deinit(&arrays[i]);
    }
    return !status && problems && !run->options->go_on ? refuse(problems, replaceable, err) : status;
}
