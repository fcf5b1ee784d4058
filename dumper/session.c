#include "dumper/session.h"

#include <string.h>

#include "common/err.h"
#include "sqlgen/quote.h"

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
    {"statement_timeout", "0"},
    {"lock_timeout", "0"},
    {"idle_in_transaction_session_timeout", "0"},
    {"transaction_timeout", "0"},
    {"jit", "off"},
    {"work_mem", "32MB"}, /* what the catalog queries of 100,000 objects sort and hash, without files */
    /* Setting them up costs more than a catalog query, and they would mix the order of rows. */
    {"max_parallel_workers_per_gather", "0"},
    {"enable_tidscan", "on"}, /* for ranges of pages */
};

static const DnSpelling server_spelling = {.std_strings = true, .quote_all = true};

static const DnSpelling plain_spelling = {.std_strings = true};

static DnSpelling lock_spelling(const DnDumpOptions *options, const DnModel *model) {
    return (DnSpelling){.std_strings = true,
                        .quote_all = options->quote_all_identifiers || !options->stand_in,
                        .major = dn_model_major(model)};
}

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
               "SELECT pg_catalog.set_config(s.name, v.value, true) FROM (VALUES %s) v(name, value) "
               "JOIN pg_catalog.pg_settings s ON pg_catalog.lower(s.name) = v.name",
               dn_buf_text(&values));
    sql->failed = sql->failed || dn_buf_failed(&values);
    dn_buf_deinit(&values);
}

/* How each of the dump's transactions begins; the requests point into the buffers. */
typedef struct Opening {
    DnRequest begin[3];
    size_t count;
    DnRequest settings;
    DnBuf snapshot, role, settings_sql;
} Opening;

static DnStatus make_opening(Opening *o, const DnDumpOptions *options, const char *isolation,
                             const char *snapshot, DnErr *err) {
    o->begin[o->count++] = (DnRequest){.what = "beginning a transaction", .sql = isolation};
    if (snapshot) {
        /* Before anything that takes a snapshot of its own. */
        dn_buf_str(&o->snapshot, "SET TRANSACTION SNAPSHOT ");
        dn_literal(&o->snapshot, &server_spelling, snapshot);
        o->begin[o->count++] = (DnRequest){.what = "taking the snapshot", .sql = dn_buf_text(&o->snapshot)};
    }
    if (options->role) {
        dn_buf_str(&o->role, "SET ROLE ");
        dn_ident(&o->role, &plain_spelling, options->role);
        o->begin[o->count++] = (DnRequest){.what = "setting the role",
                                           .sql = "SELECT pg_catalog.set_config('role', $1, true)",
                                           .shown = dn_buf_text(&o->role),
                                           .param = options->role};
    }
    write_settings(&o->settings_sql, options);
    o->settings = (DnRequest){.what = "changing settings", .sql = dn_buf_text(&o->settings_sql)};
    return dn_buf_failed(&o->settings_sql) || dn_buf_failed(&o->snapshot) || dn_buf_failed(&o->role)
               ? dn_err_nomem(err)
               : DN_OK;
}

static void free_opening(Opening *o) {
    dn_buf_deinit(&o->snapshot);
    dn_buf_deinit(&o->role);
    dn_buf_deinit(&o->settings_sql);
}

static const char repeatable_read[] = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY";

static DnStatus first_round(DnConn *conn, const DnDumpOptions *options, DnCatalog *catalog, DnErr *err) {
    const char *isolation = options->serializable_deferrable
                                ? "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE"
                                : repeatable_read;
    Opening o = {0};
    DnStatus status = make_opening(&o, options, isolation, options->snapshot, err);
    if (status == DN_OK) {
        status = dn_catalog_load_relations(catalog, conn, o.begin, o.count, &o.settings, 1, err);
    }
    free_opening(&o);
    return status;
}

/* ---- More sessions --------------------------------------------------------------- */

/* A host name, or a proxy behind it, may lead to another server this time. */
const char dn_session_start_sql[] =
    "SELECT EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())::pg_catalog.text";

const DnRequest dn_session_wide = {.what = "making room for rows",
                                   .sql = "SELECT pg_catalog.repeat(' ', 262144)"};

static DnStatus check_server(void *ctx, const DnRows *rows, DnErr *err) {
    const char *expected = ctx;
    if (dn_rows_count(rows) && strcmp(dn_rows_str(rows, 0, 0), expected) == 0) {
        return DN_OK;
    }
    return dn_err(err, DN_E_CONNECT, "a second connection led to another server");
}

DnStatus dn_session_join(const DnSessionJoin *join, DnConn **conn, DnErr *err) {
    Opening o = {0};
    DnStatus status = make_opening(&o, join->options, repeatable_read, join->snapshot, err);
    if (status == DN_OK) {
        status = dn_conn_open(&join->connection, conn, err);
    }
    if (status == DN_OK) {
        DnRequest requests[6] = {0};
        memcpy(requests, o.begin, o.count * sizeof *requests);
        requests[o.count] = o.settings;
        requests[o.count + 1] = (DnRequest){.what = "asking which server this is",
                                            .sql = dn_session_start_sql,
                                            .rows = check_server,
                                            .ctx = join->server_start};
        requests[o.count + 2] = dn_session_wide;
        status = dn_conn_batch(*conn, requests, o.count + (join->local ? 3 : 2), err);
        if (status != DN_OK) {
            dn_conn_close(*conn);
            *conn = NULL;
        }
    }
    free_opening(&o);
    return status;
}

static bool must_lock(const DnObject *object) {
    const DnRelation *r = (const DnRelation *)object;
    return object->kind == DN_KIND_TABLE && object->schema && (r->relkind == 'r' || r->relkind == 'p') &&
           (object->dump & (DN_PART_DEFINITION | DN_PART_DATA | DN_PART_POLICY));
}

/* "LOCK TABLE a, b, ... IN ACCESS SHARE MODE"; false when there is nothing to lock. */
static bool write_lock(DnBuf *sql, const DnSpelling *spelling, const DnModel *model) {
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (must_lock(object)) {
            dn_buf_str(sql, sql->size ? ", " : "LOCK TABLE ");
            dn_qualified(sql, spelling, object->schema->object.name, object->name);
        }
    }
    if (!sql->size) {
        return false;
    }
    dn_buf_str(sql, " IN ACCESS SHARE MODE");
    return true;
}

enum { LOCKS_AT_ONCE_SINCE = 16 };

static bool ends_with_word(const char *text, size_t size, const char *word) {
    size_t length = strlen(word);
    return size > length && memcmp(text + size - length, word, length) == 0 && text[size - length - 1] == ' ';
}

/* pg_dump locks one by one before 16, and tells the statement that was refused: here that for the first table
   which the server's message names, itself or by its schema. */
static void blame_one_table(const DnSpelling *spelling, const DnModel *model, DnErr *err) {
    size_t size = strcspn(err->server, "\n");
    if (strcmp(err->sqlstate, "42501") != 0 || strncmp(err->query, "LOCK TABLE ", 11) != 0) {
        return;
    }
    bool of_schema = strstr(err->server, " for schema ") != NULL;
    for (size_t i = 0; i < model->objects.count; i++) {
        const DnObject *object = model->objects.items[i];
        if (must_lock(object) &&
            ends_with_word(err->server, size, of_schema ? object->schema->object.name : object->name)) {
            DnBuf sql = {0};
            dn_buf_str(&sql, "LOCK TABLE ");
            dn_qualified(&sql, spelling, object->schema->object.name, object->name);
            dn_buf_str(&sql, " IN ACCESS SHARE MODE");
            dn_err_query(err, dn_buf_text(&sql));
            dn_buf_deinit(&sql);
            return;
        }
    }
}

/* Every lock holds a place in a table of fixed size that all sessions share. Locking in parts would not help:
   a snapshot is only as good as the locks that are held until its end. */
static void explain_full_lock_table(const DnModel *model, DnErr *err) {
    size_t count = 0;
    if (strcmp(err->sqlstate, "53200") != 0 || strncmp(err->query, "LOCK TABLE ", 11) != 0) {
        return;
    }
    for (size_t i = 0; i < model->objects.count; i++) {
        count += must_lock(model->objects.items[i]);
    }
    dn_err_hint(
        err,
        "The dump locks %zu tables, and the server has no room for so many locks at once: raise "
        "max_locks_per_transaction (times max_connections and max_prepared_transactions together, it is "
        "the room that all sessions share) and restart the server, or dump fewer tables at a time with "
        "-n or -t.",
        count);
}

static const char set_lock_timeout[] = "SELECT pg_catalog.set_config('lock_timeout', $1, true)";
static const char set_statement_timeout[] = "SELECT pg_catalog.set_config('statement_timeout', $1, true)";

static DnStatus second_round(DnConn *conn, const DnDumpOptions *options, DnCatalog *catalog, DnErr *err) {
    DnRequest before[3];
    size_t count = 0;
    DnBuf lock = {0};
    const DnSpelling spelling = lock_spelling(options, catalog->model);
    DnBuf shown = {0};
    if (write_lock(&lock, &spelling, catalog->model)) {
        /* pg_dump takes any wait for one; who asks us means locks. */
        const char *timeout = options->stand_in ? "statement_timeout" : "lock_timeout";
        if (options->lock_wait_timeout) {
            dn_buf_fmt(&shown, "SET %s = ", timeout);
            dn_literal(&shown, &plain_spelling, options->lock_wait_timeout);
            before[count++] = (DnRequest){.what = "setting the time to wait for locks",
                                          .sql = options->stand_in ? set_statement_timeout : set_lock_timeout,
                                          .shown = dn_buf_text(&shown),
                                          .param = options->lock_wait_timeout};
        }
        before[count++] = (DnRequest){.what = "locking the tables", .sql = dn_buf_text(&lock)};
        if (options->lock_wait_timeout) {
            before[count++] = (DnRequest){.what = "setting the time to wait for locks",
                                          .sql = options->stand_in ? set_statement_timeout : set_lock_timeout,
                                          .param = "0"};
        }
    }
    DnStatus status =
        dn_buf_failed(&lock) ? dn_err_nomem(err) : dn_catalog_load_rest(catalog, conn, before, count, err);
    if (status == DN_E_QUERY) {
        explain_full_lock_table(catalog->model, err);
    }
    if (status == DN_E_QUERY && options->stand_in && dn_model_major(catalog->model) < LOCKS_AT_ONCE_SINCE) {
        blame_one_table(&spelling, catalog->model, err);
    }
    dn_buf_deinit(&lock);
    dn_buf_deinit(&shown);
    return status;
}

DnStatus dn_session_read_catalog(DnConn *conn, const DnDumpOptions *options, DnCatalog *catalog, DnErr *err) {
    DnStatus status = first_round(conn, options, catalog, err);
    if (status == DN_OK) {
        status = second_round(conn, options, catalog, err);
    }
    return status;
}

DnStatus dn_session_end(DnConn *conn, DnErr *err) {
    const DnRequest commit = {.what = "ending the transaction", .sql = "COMMIT"};
    return dn_conn_batch(conn, &commit, 1, err);
}
