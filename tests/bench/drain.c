/*
 * drain.c - reads all rows of a database as fast as libpq can over several connections, and throws them away.
 *
 * usage: drain JOBS CONNINFO
 *
 * What a dump can't be faster than, or hardly: COPY in one snapshot, big tables in ranges of pages (of
 * servers 14 and later, which read such a range without the rest of the table), nothing done with the rows.
 * Prints their bytes.
 */
#include <libpq-fe.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES = 4096, MOST_JOBS = 64 };

static const char *conninfo;
static char snapshot[64];
static PGresult *pieces; /* one COPY command a row */
static int next_piece;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static const char list_pieces[] =
    "SELECT CASE WHEN r.relpages <= $1::int OR current_setting('server_version_num')::int < 140000"
    " THEN format('COPY %s TO STDOUT', r.oid::regclass)"
    " ELSE format('COPY (SELECT * FROM ONLY %s WHERE ctid >= ''(%s,0)''%s) TO STDOUT', r.oid::regclass, p,"
    "  CASE WHEN p + $1::int < r.relpages THEN format(' AND ctid < ''(%s,0)''', p + $1::int) END) END"
    " FROM pg_class r, generate_series(0, CASE WHEN current_setting('server_version_num')::int < 140000 THEN "
    "0"
    "  ELSE greatest(r.relpages - 1, 0) END, $1::int) p"
    " WHERE r.relkind = 'r' AND r.relnamespace IN (SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_'"
    "  AND nspname <> 'information_schema')"
    " ORDER BY r.oid, p";

static PGresult *checked(PGconn *connection, PGresult *result) {
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_COPY_OUT) {
        (void)fprintf(stderr, "drain: %s", PQerrorMessage(connection));
        exit(1);
    }
    return result;
}

static void run(PGconn *connection, const char *command) {
    PQclear(checked(connection, PQexec(connection, command)));
}

static PGconn *open_connection(void) {
    PGconn *connection = PQconnectdb(conninfo);
    if (PQstatus(connection) != CONNECTION_OK) {
        (void)fprintf(stderr, "drain: %s", PQerrorMessage(connection));
        exit(1);
    }
    run(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY");
    run(connection, "SET synchronize_seqscans = off");
    run(connection, "SET max_parallel_workers_per_gather = 0");
    return connection;
}

static const char *take_piece(void) {
    (void)pthread_mutex_lock(&mutex);
    const char *command = next_piece < PQntuples(pieces) ? PQgetvalue(pieces, next_piece++, 0) : NULL;
    (void)pthread_mutex_unlock(&mutex);
    return command;
}

static long long drain_pieces(PGconn *connection) {
    long long bytes = 0;
    for (const char *command; (command = take_piece());) {
        run(connection, command);
        char *row;
        int size;
        while ((size = PQgetCopyData(connection, &row, 0)) > 0) {
            bytes += size;
            PQfreemem(row);
        }
        for (PGresult *result; (result = PQgetResult(connection));) {
            PQclear(checked(connection, result));
        }
    }
    return bytes;
}

static void *work(void *argument) {
    char command[128];
    PGconn *connection = open_connection();
    (void)snprintf(command, sizeof command, "SET TRANSACTION SNAPSHOT '%s'", snapshot);
    run(connection, command);
    *(long long *)argument = drain_pieces(connection);
    PQfinish(connection);
    return NULL;
}

int main(int argc, char **argv) {
    long jobs = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
    if (jobs < 1 || jobs > MOST_JOBS) {
        (void)fputs("usage: drain JOBS CONNINFO\n", stderr);
        return 2;
    }
    conninfo = argv[2];
    PGconn *connection = open_connection();
    PGresult *exported = checked(connection, PQexec(connection, "SELECT pg_export_snapshot()"));
    (void)snprintf(snapshot, sizeof snapshot, "%s", PQgetvalue(exported, 0, 0));
    PQclear(exported);
    char pages[16];
    (void)snprintf(pages, sizeof pages, "%d", PAGES);
    const char *const values[] = {pages};
    pieces = checked(connection, PQexecParams(connection, list_pieces, 1, NULL, values, NULL, NULL, 0));

    pthread_t threads[MOST_JOBS];
    long long bytes[MOST_JOBS] = {0}, total = 0;
    for (long i = 1; i < jobs; i++) {
        if (pthread_create(&threads[i], NULL, work, &bytes[i]) != 0) {
            (void)fputs("drain: no thread\n", stderr);
            return 1;
        }
    }
    total = drain_pieces(connection);
    for (long i = 1; i < jobs; i++) {
        (void)pthread_join(threads[i], NULL);
        total += bytes[i];
    }
    PQclear(pieces);
    PQfinish(connection);
    (void)printf("%lld\n", total);
    return 0;
}
