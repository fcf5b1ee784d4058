#include "dumper/second.h"

#include <string.h>
#include <unistd.h>

#include "common/err.h"

/* Of a smaller catalog (its pg_attribute) the first session has read most by the time that a second one
   stands. */
enum { LARGE_CATALOG = 4 << 20 };

void dn_second_init(DnSecond *second, DnJoin *join, DnModel *model, bool again) {
    const DnDumpOptions *o = join->options;
    bool may = !again && join->local && !o->stand_in && !o->snapshot && o->jobs != 1;
    *second = (DnSecond){
        .join = join, .model = model, .may = may && (o->jobs || sysconf(_SC_NPROCESSORS_ONLN) > 1)};
}

bool dn_second_is_worth_asking(const DnSecond *second) {
    return !second->denied && (second->may || second->join->rows);
}

/* The server looks at the right to call a function before it looks at any condition. */
bool dn_second_is_denied(DnSecond *second, const DnErr *err) {
    second->denied = strcmp(err->sqlstate, "42501") == 0 && strstr(err->server, "pg_export_snapshot");
    return second->denied;
}

static DnStatus open(void *ctx, DnConn **conn, DnErr *err) {
    return dn_join_open(ctx, conn, err);
}

static DnStatus take(void *ctx, const DnRows *rows, DnErr *err) {
    DnSecond *second = ctx;
    DnJoin *join = second->join;
    if (!dn_rows_count(rows)) {
        return DN_OK;
    }
    join->server_start = dn_model_str(second->model, dn_rows_str(rows, 0, DN_JOIN_START));
    join->snapshot = join->options->snapshot
                         ? join->options->snapshot
                         : dn_model_str(second->model, dn_rows_text(rows, 0, DN_JOIN_SNAPSHOT));
    join->cache = (uint64_t)dn_rows_int64(rows, 0, DN_JOIN_CACHE);
    if (dn_arena_failed(&second->model->arena)) {
        return dn_err_nomem(err);
    }
    if (second->may && dn_rows_int64(rows, 0, DN_JOIN_CATALOG) > LARGE_CATALOG) {
        second->stop = dn_cancel_new();
        second->opening = *join;
        second->opening.impatient = true;
        second->opening.connection.notice =
            NULL; /* it has a thread of its own; the first session's are told */
        second->opening.connection.stop = second->stop;
        second->helper = second->stop ? dn_helper_start(open, &second->opening, second->stop) : NULL;
    }
    return DN_OK;
}

DnRequest dn_second_request(DnSecond *second) {
    dn_buf_clear(&second->sql);
    dn_join_write_sql(second->join, LARGE_CATALOG, &second->sql);
    return (DnRequest){.what = "asking what further sessions need",
                       .sql = dn_buf_text(&second->sql),
                       .rows = take,
                       .ctx = second};
}

void dn_second_end(DnSecond *second, bool keep) {
    static const DnRequest patient = {.what = "setting the time to wait for locks",
                                      .sql = "SET LOCAL lock_timeout = 0"};
    DnErr ignored; /* a session that fails at this is not kept */
    DnConn *conn = dn_helper_end(second->helper);
    if (conn && keep) {
        dn_conn_watch(conn, NULL, NULL, NULL);
        keep = dn_conn_batch(conn, &patient, 1, &ignored) == DN_OK;
    }
    if (keep) {
        second->join->idle = conn;
    } else {
        dn_conn_close(conn);
    }
    dn_cancel_free(second->stop);
    dn_buf_deinit(&second->sql);
}
