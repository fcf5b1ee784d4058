#include "dumper/session.h"

#include <string.h>

#include "catalog/changed.h"
#include "catalog/model/order.h"
#include "catalog/readable.h"
#include "common/err.h"
#include "dumper/blocked.h"
#include "dumper/opening.h"
#include "dumper/second.h"
#include "sqlgen/quote.h"

static const DnSpelling plain_spelling = {.std_strings = true};

/* pg_dump takes any wait for one; who asks us means locks. */
static const char *lock_timeout_of(const DnDumpOptions *options) {
    return options->stand_in ? "statement_timeout" : "lock_timeout";
}

/* A standby replays the log, and has no end of its own. */
static const char when_sql[] =
    "SELECT pg_catalog.to_char(pg_catalog.now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), "
    "CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn() "
    "ELSE pg_catalog.pg_current_wal_insert_lsn() END";

static DnStatus take_when(void *ctx, const DnRows *rows, DnErr *err) {
    DnModel *model = ctx;
    (void)err;
    model->snapshot_time = dn_model_str(model, dn_rows_str(rows, 0, 0));
    model->snapshot_lsn = dn_model_str(model, dn_rows_text(rows, 0, 1));
    return DN_OK;
}

/* BEGIN and what follows is no query, which would take the snapshot: so the locks come before it. */
static DnStatus lock_first(DnConn *conn, const DnDumpOptions *options, const DnOpening *opening,
                           const DnLockNames *tables, DnErr *err) {
    DnBuf timeout = {0};
    DnRequest requests[DN_MOST_BEGINNINGS + 1];
    size_t count = opening->count;
    memcpy(requests, opening->begin, count * sizeof *requests);
    if (options->lock_wait_timeout) {
        dn_buf_fmt(&timeout, "SET LOCAL %s = ", lock_timeout_of(options));
        dn_literal(&timeout, &plain_spelling, options->lock_wait_timeout);
        requests[count++] =
            (DnRequest){.what = "setting the time to wait for locks", .sql = dn_buf_text(&timeout)};
    }
    DnStatus status = dn_buf_failed(&timeout) ? dn_err_nomem(err) : dn_conn_batch(conn, requests, count, err);
    if (status == DN_OK) {
        status = dn_lock_names_take(tables, conn, err);
    }
    dn_buf_deinit(&timeout);
    return status;
}

static DnStatus first_round(DnConn *conn, const DnDumpOptions *options, const DnLockNames *tables,
                            DnCatalog *catalog, DnSecond *second, DnErr *err) {
    const char *isolation = options->serializable_deferrable
                                ? "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE"
                                : dn_repeatable_read;
    DnOpening o;
    DnStatus status = dn_opening_make(&o, conn, options, isolation, options->snapshot, err);
    bool again = tables->names.count > 0;
    if (status == DN_OK && again) {
        status = lock_first(conn, options, &o, tables, err);
    }
    if (status == DN_OK) {
        DnRequest requests[4];
        size_t count = 0;
        if (dn_second_is_worth_asking(second)) {
            requests[count++] = dn_second_request(second);
            status = dn_buf_failed(&second->sql) ? dn_err_nomem(err) : DN_OK;
        }
        requests[count++] = o.settings;
        if (again) {
            requests[count++] = dn_changed_held(catalog);
        }
        if (!options->stand_in) {
            requests[count++] = (DnRequest){.what = "asking how far the server is",
                                            .sql = when_sql,
                                            .rows = take_when,
                                            .ctx = catalog->model};
        }
        if (status == DN_OK) {
            status =
                dn_catalog_load_relations(catalog, conn, o.begin, again ? 0 : o.count, requests, count, err);
        }
    }
    dn_opening_deinit(&o);
    return status;
}

/* What came out of the second round may fit no moment: then the first error of that kind counts. */
static DnStatus check_unchanged(const DnCatalog *catalog, DnErr *err) {
    const DnObject *changed = dn_changed_object(catalog);
    if (!changed) {
        return DN_OK;
    }
    const char *schema = changed->schema ? changed->schema->object.name : "";
    (void)dn_err(err, DN_E_QUERY, "%s \"%s%s%s\" was changed by another session while the dump began",
                 dn_changed_noun(changed->classoid), schema, *schema ? "." : "", changed->name);
    dn_err_object(err, "%s%s%s", schema, *schema ? "." : "", changed->name);
    dn_err_sqlstate(err, DN_SESSION_CHANGED);
    return DN_E_QUERY;
}

/* While the server looks for changes. What came of these makes no sense perhaps, so they count first. */
static DnStatus order(DnConn *conn, DnCatalog *catalog, DnErr *err) {
    catalog->step(catalog->ctx, "ordering the objects by their dependencies");
    DnErr of_order;
    DnStatus ordered = dn_order_objects(catalog->model, catalog->warn, catalog->ctx, &of_order);
    DnStatus status = dn_catalog_end(catalog, conn, err);
    status = status == DN_OK ? check_unchanged(catalog, err) : status;
    status = status == DN_OK ? dn_readable_check(catalog, err) : status;
    if (status == DN_OK && ordered != DN_OK) {
        *err = of_order;
    }
    return status == DN_OK ? ordered : status;
}

static DnStatus second_round(DnConn *conn, const DnDumpOptions *options, DnHelper *helper, DnCatalog *catalog,
                             DnErr *err) {
    static const char set_timeout[] = "SELECT pg_catalog.set_config($1, '0', true)";
    DnRequest before[3];
    size_t count = 0;
    DnBuf lock = {0};
    DnBuf shown = {0};
    DnBuf set = {0};
    if (dn_locks_write(&lock, options, catalog->model)) {
        const char *timeout = lock_timeout_of(options);
        if (options->lock_wait_timeout) {
            dn_buf_fmt(&shown, "SET %s = ", timeout);
            dn_literal(&shown, &plain_spelling, options->lock_wait_timeout);
            dn_buf_fmt(&set, "SELECT pg_catalog.set_config('%s', $1, true)", timeout);
            before[count++] = (DnRequest){.what = "setting the time to wait for locks",
                                          .sql = dn_buf_text(&set),
                                          .shown = dn_buf_text(&shown),
                                          .param = options->lock_wait_timeout};
        }
        before[count++] = (DnRequest){.what = "locking the tables", .sql = dn_buf_text(&lock)};
        if (options->lock_wait_timeout) {
            before[count++] = (DnRequest){
                .what = "setting the time to wait for locks", .sql = set_timeout, .param = timeout};
        }
    }
    DnStatus status = dn_buf_failed(&lock) || dn_buf_failed(&set) || dn_buf_failed(&shown)
                          ? dn_err_nomem(err)
                          : dn_catalog_load_rest(catalog, conn, helper, before, count, err);
    if (status == DN_E_QUERY) {
        dn_locks_explain(options, catalog->model, err);
    }
    dn_buf_deinit(&lock);
    dn_buf_deinit(&shown);
    dn_buf_deinit(&set);
    return status == DN_OK ? order(conn, catalog, err) : status;
}

/* pg_dump hands on the server's words, which tell neither the table nor who has it. */
static bool timed_out(const DnDumpOptions *options, DnStatus status, const DnErr *err) {
    return status == DN_E_QUERY && options->lock_wait_timeout && !options->stand_in &&
           strcmp(err->sqlstate, "55P03") == 0;
}

DnStatus dn_session_read_catalog(DnConn *conn, DnJoin *join, const DnLockNames *tables, DnCatalog *catalog,
                                 DnErr *err) {
    const DnDumpOptions *options = join->options;
    DnSecond second;
    dn_second_init(&second, join, catalog->model, tables->names.count > 0);
    catalog->selection.sizes = join->rows;
    DnStatus status = first_round(conn, options, tables, catalog, &second, err);
    if (status != DN_OK && dn_second_is_denied(&second, err)) {
        catalog->step(catalog->ctx, "reading the catalog over one connection: the role may not call "
                                    "pg_export_snapshot()");
        status = dn_session_roll_back(conn, err);
        status = status == DN_OK ? first_round(conn, options, tables, catalog, &second, err) : status;
    }
    if (status == DN_OK) {
        if (second.helper) {
            catalog->step(catalog->ctx, "reading the catalog over two connections: it is large");
        }
        status = second_round(conn, options, second.helper, catalog, err);
    }
    dn_second_end(&second, status == DN_OK && join->rows);
    if (timed_out(options, status, err)) {
        status = dn_blocked_tell(conn, catalog->model, options->lock_wait_timeout, err);
    }
    return status;
}

bool dn_session_moved(const DnErr *err) {
    /* The server itself says 40001 of a conflict with replay, which is another matter. */
    bool changed = strcmp(err->sqlstate, DN_SESSION_CHANGED) == 0 && !err->server[0];
    return changed || dn_locks_moved(err);
}

DnStatus dn_session_roll_back(DnConn *conn, DnErr *err) {
    const DnRequest roll_back = {.what = "rolling back", .sql = "ROLLBACK"};
    DnStatus status = dn_conn_recover(conn, err);
    return status == DN_OK ? dn_conn_batch(conn, &roll_back, 1, err) : status;
}

DnStatus dn_session_end(DnConn *conn, DnErr *err) {
    const DnRequest commit = {.what = "ending the transaction", .sql = "COMMIT"};
    return dn_conn_batch(conn, &commit, 1, err);
}
