#include "restore/clone/ends.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "common/err.h"

typedef struct End {
    char cluster[32]; /* its identifier, or "" */
    uint32_t database;
    bool standby, readable; /* whether we may ask for the identifier */
    bool locked;            /* the lock is seen */
} End;

static DnStatus take_end(void *ctx, const DnRows *rows, DnErr *err) {
    End *end = ctx;
    (void)err;
    end->database = dn_rows_oid(rows, 0, 0);
    end->standby = dn_rows_bool(rows, 0, 1);
    end->readable = dn_rows_bool(rows, 0, 2);
    end->locked = dn_rows_bool(rows, 0, 3);
    return DN_OK;
}

static DnStatus take_cluster(void *ctx, const DnRows *rows, DnErr *err) {
    End *end = ctx;
    (void)err;
    (void)snprintf(end->cluster, sizeof end->cluster, "%s", dn_rows_str(rows, 0, 0));
    return DN_OK;
}

/* `lock` takes the lock, or tells whether it is seen. */
static DnStatus look(DnConn *conn, const char *lock, const char *key, End *end, DnErr *err) {
    char sql[1024];
    (void)snprintf(sql, sizeof sql,
                   "SELECT (SELECT oid FROM pg_catalog.pg_database WHERE datname = "
                   "pg_catalog.current_database()), pg_catalog.pg_is_in_recovery(), "
                   "pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE'), %s",
                   lock);
    const DnRequest request = {
        .what = "asking which database this is", .sql = sql, .param = key, .rows = take_end, .ctx = end};
    return dn_conn_batch(conn, &request, 1, err);
}

static DnStatus refuse(DnErr *err) {
    (void)dn_err(err, DN_E_USAGE, "source and target are the same database");
    dn_err_hint(err, "Name another database as the TARGET: a clone of a database into itself would only "
                     "destroy it.");
    return err->status;
}

/* A standby has no locks in common with its primary, but is the same database all the same. */
static DnStatus check_clusters(DnConn *source, DnConn *target, End *from, End *to, DnErr *err) {
    const char *sql = "SELECT system_identifier FROM pg_catalog.pg_control_system()";
    const DnRequest requests[] = {
        {.what = "asking which cluster this is", .sql = sql, .rows = take_cluster, .ctx = from},
        {.what = "asking which cluster this is", .sql = sql, .rows = take_cluster, .ctx = to}};
    DnStatus status = dn_conn_batch(source, &requests[0], 1, err);
    status = status ? status : dn_conn_batch(target, &requests[1], 1, err);
    return !status && strcmp(from->cluster, to->cluster) == 0 ? refuse(err) : status;
}

DnStatus dn_clone_check_ends(DnConn *source, DnConn *target, DnErr *err) {
    static const char take[] = "pg_catalog.pg_try_advisory_xact_lock_shared($1::pg_catalog.int8)";
    static const char seen[] =
        "EXISTS (SELECT FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_database d ON d.oid = l.database WHERE "
        "d.datname = pg_catalog.current_database() AND l.locktype = 'advisory' AND l.objsubid = 1 AND "
        "(l.classid::pg_catalog.int8 << 32) | l.objid::pg_catalog.int8 = $1::pg_catalog.int8)";
    int64_t number = 0;
    char key[32];
    End from = {0};
    End to = {0};
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
        return dn_err_errno(err, errno, "", "no random number is to be had");
    }
    (void)snprintf(key, sizeof key, "%lld", (long long)number);
    DnStatus status = look(source, take, key, &from, err);
    status = status ? status : look(target, seen, key, &to, err);
    if (status) {
        return status;
    }
    if (to.locked) {
        return refuse(err);
    }
    if (!from.standby || from.database != to.database) {
        return DN_OK;
    }
    return from.readable && to.readable ? check_clusters(source, target, &from, &to, err) : refuse(err);
}
