#include "dumper/opening.h"

#include <string.h>

#include "common/err.h"
#include "sqlgen/quote.h"

const char dn_repeatable_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

/* What must hold while we read, whatever the user, the role or the database has set. Unknown names, on
   servers that are too old for them, are passed over. */
static const struct {
    const char *name, *value;
} settings[] = {
    {"search_path", ""}, /* the server then spells names with their schema (CVE-2018-1058) */
    {"datestyle", "ISO"},
    {"intervalstyle", "postgres"},
    {"bytea_output", "hex"},
    {"xmlbinary", "base64"},
    {"synchronize_seqscans", "off"}, /* rows in the order in which they lie on disk */
    {"idle_session_timeout", "0"},   /* 14 and later */
    {"jit", "off"},
    {"work_mem", "32MB"}, /* what the catalog queries of 100,000 objects sort and hash, without files */
    /* Setting them up costs more than a catalog query, and they would mix the order of rows. */
    {"max_parallel_workers_per_gather", "0"},
    {"enable_tidscan", "on"}, /* for ranges of pages */
};

static const DnSpelling server_spelling = {.std_strings = true, .quote_all = true};

static const DnSpelling plain_spelling = {.std_strings = true};

static void add_setting(DnBuf *sql, const char *name, const char *value) {
    dn_buf_str(sql, sql->size ? ", (" : "(");
    dn_literal(sql, &server_spelling, name);
    dn_buf_str(sql, ", ");
    dn_literal(sql, &server_spelling, value);
    dn_buf_char(sql, ')');
}

static void write_settings(DnBuf *sql, const DnDumpOptions *options) {
    DnBuf values = {0};
    for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
        add_setting(&values, settings[i].name, settings[i].value);
    }
    /* "off": an error in place of rows that a policy hides */
    add_setting(&values, "row_security", options->enable_row_security ? "on" : "off");
    if (options->quote_all_identifiers) {
        add_setting(&values, "quote_all_identifiers", "on");
    }
    DnBuf digits = {0};
    dn_buf_fmt(&digits, "%d", options->extra_float_digits ? *options->extra_float_digits : 3);
    add_setting(&values, "extra_float_digits", dn_buf_text(&digits));
    dn_buf_deinit(&digits);
    /* No view or foreign table may run its owner's code in our name (CVE-2024-7348). */
    bool foreign = options->include_foreign_data && options->include_foreign_data[0];
    add_setting(&values, "restrict_nonsystem_relation_kind", foreign ? "view" : "view, foreign-table");
    dn_buf_fmt(sql,
               "SELECT pg_catalog.pg_backend_pid(), pg_catalog.set_config(s.name, v.value, true) FROM "
               "(VALUES %s) v(name, value) "
               "JOIN pg_catalog.pg_settings s ON pg_catalog.lower(s.name) OPERATOR(pg_catalog.=) v.name",
               dn_buf_text(&values));
    sql->failed = sql->failed || dn_buf_failed(&values);
    dn_buf_deinit(&values);
}

static DnStatus take_backend(void *ctx, const DnRows *rows, DnErr *err) {
    (void)err;
    if (dn_rows_count(rows)) {
        dn_conn_set_backend(ctx, dn_rows_int(rows, 0, 0));
    }
    return DN_OK;
}

static const char beginning[] = "beginning a transaction";
static const char switching_off[] = "switching time-outs off";

/* BEGIN, and nothing cuts the transaction short; returns how many requests that is. */
static size_t begin_transaction(DnRequest *requests, const DnConn *conn, const char *isolation) {
    size_t count = 0;
    requests[count++] = (DnRequest){.what = beginning, .sql = isolation};
    for (size_t i = 0; i < DN_TIME_OUTS; i++) {
        const DnTimeOut *limit = &dn_time_outs[i];
        if (limit->off_locally && dn_conn_server_version(conn) >= limit->since) {
            requests[count++] = (DnRequest){.what = switching_off, .sql = limit->off_locally};
        }
    }
    return count;
}

static bool is_of(const DnErr *err, const char *what) {
    return strncmp(err->message, what, strlen(what)) == 0;
}

bool dn_opening_timed_out(const DnErr *err) {
    return strcmp(err->sqlstate, "57014") == 0 && (is_of(err, beginning) || is_of(err, switching_off));
}

static void set_role(DnOpening *o, const DnDumpOptions *options) {
    dn_buf_str(&o->role, "SET LOCAL ROLE ");
    dn_ident(&o->role, &plain_spelling, options->role);
    dn_buf_str(&o->role_shown, "SET ROLE "); /* as pg_dump spells it */
    dn_ident(&o->role_shown, &plain_spelling, options->role);
    o->begin[o->count++] = (DnRequest){
        .what = "setting the role", .sql = dn_buf_text(&o->role), .shown = dn_buf_text(&o->role_shown)};
}

DnStatus dn_opening_make(DnOpening *o, DnConn *conn, const DnDumpOptions *options, const char *isolation,
                         const char *snapshot, DnErr *err) {
    *o = (DnOpening){0};
    o->count = begin_transaction(o->begin, conn, isolation);
    if (snapshot) {
        /* Before anything that takes a snapshot of its own. */
        dn_buf_str(&o->snapshot, "SET TRANSACTION SNAPSHOT ");
        dn_literal(&o->snapshot, &server_spelling, snapshot);
        o->begin[o->count++] = (DnRequest){.what = "taking the snapshot", .sql = dn_buf_text(&o->snapshot)};
    }
    if (options->role) {
        set_role(o, options);
    }
    write_settings(&o->settings_sql, options);
    o->settings = (DnRequest){
        .what = "changing settings", .sql = dn_buf_text(&o->settings_sql), .rows = take_backend, .ctx = conn};
    bool failed = dn_buf_failed(&o->settings_sql) || dn_buf_failed(&o->snapshot) || dn_buf_failed(&o->role) ||
                  dn_buf_failed(&o->role_shown);
    return failed ? dn_err_nomem(err) : DN_OK;
}

void dn_opening_deinit(DnOpening *o) {
    dn_buf_deinit(&o->snapshot);
    dn_buf_deinit(&o->role);
    dn_buf_deinit(&o->role_shown);
    dn_buf_deinit(&o->settings_sql);
}
