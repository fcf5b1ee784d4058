#include "dumper/second.h"

#include <string.h>
#include <unistd.h>

#include "common/err.h"

/* Of a smaller catalog (its pg_attribute has no more than 4 MiB) the first session has read most by the time
   that a second one stands. A snapshot is exported in a file, so not for nothing. */
static const char sql[] =
    "SELECT EXTRACT(epoch FROM pg_catalog.pg_postmaster_start_time())::pg_catalog.text, "
    "CASE WHEN pg_catalog.pg_relation_size('pg_catalog.pg_attribute'::pg_catalog.regclass) > 4194304 "
    "THEN pg_catalog.pg_export_snapshot() END";

bool dn_second_is_worth_asking(const DnDumpOptions *options, const DnConn *conn) {
    bool may = !options->stand_in && !options->snapshot && options->jobs != 1;
    return may && dn_conn_is_local(conn) && (options->jobs || sysconf(_SC_NPROCESSORS_ONLN) > 1);
}

static DnStatus open(void *ctx, DnConn **conn, DnErr *err) {
    return dn_session_join(ctx, conn, err);
}

static DnStatus take(void *ctx, const DnRows *rows, DnErr *err) {
    DnSecond *second = ctx;
    if (!dn_rows_count(rows) || !dn_rows_text(rows, 0, 1)) {
        return DN_OK;
    }
    second->join.server_start = dn_arena_str(&second->arena, dn_rows_str(rows, 0, 0));
    second->join.snapshot = dn_arena_str(&second->arena, dn_rows_str(rows, 0, 1));
    second->stop = dn_cancel_new();
    if (dn_arena_failed(&second->arena) || !second->stop) {
        return dn_err_nomem(err);
    }
    second->join.connection.stop = second->stop;
    second->helper = dn_helper_start(open, &second->join, second->stop);
    return DN_OK;
}

DnRequest dn_second_request(DnSecond *second, const DnDumpOptions *options, const DnConnOptions *connection) {
    second->join = (DnSessionJoin){.options = options, .connection = *connection};
    second->join.connection.notice = NULL;
    return (DnRequest){.what = "asking how large the catalog is", .sql = sql, .rows = take, .ctx = second};
}

/* The server looks at the right to call a function before it looks at any condition. */
bool dn_second_is_denied(const DnErr *err) {
    return strcmp(err->sqlstate, "42501") == 0 && strstr(err->server, "pg_export_snapshot");
}

void dn_second_end(DnSecond *second) {
    dn_helper_end(second->helper);
    dn_cancel_free(second->stop);
    dn_arena_deinit(&second->arena);
}
