/*
 * conn.h - a connection to the server, and the only door to libpq.
 *
 * Queries travel in batches: one pipeline, one round trip, each result handed to its request's function
 * in order. A connection belongs to one thread. Every wait also watches the cancel handle; once it fires,
 * the query is cancelled on the server and the call returns DN_E_CANCELLED.
 */
#ifndef DN_DUMPER_PG_CONN_H
#define DN_DUMPER_PG_CONN_H

#include <stddef.h>
#include <stdint.h>

#include "common/sum.h"
#include "include/dumpnative.h"

typedef struct DnConn DnConn;

/* What a second connection needs to reach the very server that a first one has reached. */
typedef struct DnConnAddress {
    const char *host, *hostaddr, *port, *user; /* borrowed from that connection */
} DnConnAddress;

/* How to reach a server: see reach.h. Everything is borrowed. */
typedef struct DnReachOptions {
    DnPrefer prefer;
    unsigned seconds;   /* for one attempt in total; 0 = connect_timeout of the connection string */
    unsigned retries;   /* after failures that may pass */
    bool retry_refused; /* of those is a connection that nobody takes */
    const char *const *fallback_hosts, *const *fallback_hostaddrs; /* end with NULL; may be NULL */
    const char *address_cache; /* remember.h: where the addresses that worked are kept; NULL = nowhere */
    bool use_cached_address;   /* even of a server that can't prove its name */
    const char *fallback_user; /* at fallback_hosts, with port 5432; NULL = the same user and port */
    bool *only_ipv6;           /* set when no address answers and all are IPv6's; may be NULL */
    void (*warn)(void *ctx, const char *text); /* a host's fallback is used for that reason; may be NULL */
    void (*log)(void *ctx, const char *text);  /* each attempt; may be NULL */
    void *log_ctx;
} DnReachOptions;

typedef struct DnConnOptions {
    const char *dbname; /* name, conninfo or URI; NULL = libpq's default; likewise the next four */
    const char *host;
    const char *port;
    const char *user;
    const char *password;
    const char *database;        /* overrides what dbname says, unless it is NULL */
    const char *sslmode;         /* likewise */
    const char *program;         /* fallback_application_name */
    const char *encoding;        /* client_encoding, NULL = the database's (or PGCLIENTENCODING) */
    unsigned seconds;            /* to open it without `reach`; 0 = connect_timeout's */
    DnConnAddress address;       /* overrides what dbname and host say, unless it is zero */
    const DnReachOptions *reach; /* NULL = as libpq does; not with `address` */
    DnCancel *cancel;            /* borrowed for the connection's life; may be NULL */
    DnCancel *stop;              /* a second one, likewise */
    unsigned stall_seconds;      /* silence after which the server is asked (alive.h); 0 = never */
    /* Notices of the server; may be NULL. */
    void (*notice)(void *ctx, const char *text);
    void *notice_ctx;
} DnConnOptions;

/* What libpq makes of options, environment and service file; "" = nothing. */
typedef struct DnConnAsked {
    char host[256], port[32], user[256], dbname[256], sslmode[32], options[256];
    bool host_given, port_given; /* not by the environment alone */
    bool user_given;             /* not the name of the system's user */
} DnConnAsked;

/* False when libpq can't read it, or what it takes for these may be a part of the password. */
bool dn_conn_asked(const DnConnOptions *options, DnConnAsked *asked);

/* DN_E_PASSWORD when the server wants a password that it was not given. Returns owned in *out. */
DnStatus dn_conn_open(const DnConnOptions *options, DnConn **out, DnErr *err) DN_MUST_USE;
/* Cancels what still runs, then closes. Takes NULL. */
void dn_conn_close(DnConn *conn);

int dn_conn_server_version(const DnConn *conn); /* 150018 for 15.18 */
const char *dn_conn_database(const DnConn *conn);
/* The process on the server that the session has: with a pooler between, not the one that libpq was told. */
void dn_conn_set_backend(DnConn *conn, int pid);
int dn_conn_backend(const DnConn *conn);
/* A reported setting such as "server_version" or "client_encoding"; NULL when unknown. */
const char *dn_conn_parameter(const DnConn *conn, const char *name);

DnConnAddress dn_conn_address(const DnConn *conn);
/* The process that the connection was told to cancel queries of: a pooler tells one of its own. */
int dn_conn_backend_pid(const DnConn *conn);
/* Whether a pooler in transaction mode stands between: then a session may have another process of the server
   in its next transaction. The connection has none open; `again` is how it was opened. */
DnStatus dn_conn_is_pooled(DnConn *conn, const DnConnOptions *again, bool *pooled, DnErr *err) DN_MUST_USE;
/* Takes what the server has sent by itself: false once it has ended the session. For an idle session. */
bool dn_conn_is_there(DnConn *conn);
/* Each wait ends after so many milliseconds in all, as if the connection were lost; 0 = no limit. */
void dn_conn_limit(DnConn *conn, unsigned milliseconds);
/* Whether it is a Unix socket or the loopback device. */
bool dn_conn_is_local(const DnConn *conn);
/* While a thread has the connection: who hears notices, and a second handle that ends waits (NULL = none). */
void dn_conn_watch(DnConn *conn, DnCancel *stop, void (*notice)(void *ctx, const char *text), void *ctx);

/* ---- Results --------------------------------------------------------------------- */

typedef struct DnRows DnRows; /* lives until the function that received it returns */

size_t dn_rows_count(const DnRows *rows);
size_t dn_rows_columns(const DnRows *rows);
/* The text of a value; NULL for SQL NULL. */
const char *dn_rows_text(const DnRows *rows, size_t row, size_t column);
/* The same with "" for SQL NULL. */
const char *dn_rows_str(const DnRows *rows, size_t row, size_t column);
uint32_t dn_rows_oid(const DnRows *rows, size_t row, size_t column); /* 0 for NULL */
int dn_rows_int(const DnRows *rows, size_t row, size_t column);      /* 0 for NULL */
int64_t dn_rows_int64(const DnRows *rows, size_t row, size_t column);
bool dn_rows_bool(const DnRows *rows, size_t row, size_t column); /* false for NULL */
char dn_rows_char(const DnRows *rows, size_t row, size_t column); /* '\0' for NULL or "" */

typedef DnStatus (*DnRowsFn)(void *ctx, const DnRows *rows, DnErr *err);

typedef struct DnRequest {
    const char *what; /* "reading triggers": for error messages; may be NULL */
    const char *sql;
    const char *shown; /* the query as errors tell it; NULL = sql */
    const char *param; /* $1 as text, or NULL for a query without parameters */
    DnRowsFn rows;     /* NULL when the result does not matter */
    void *ctx;
} DnRequest;

/* Sends all requests in one pipeline and takes their results in order; stops at the first error. */
DnStatus dn_conn_batch(DnConn *conn, const DnRequest *requests, size_t count, DnErr *err) DN_MUST_USE;

/* The same in one message of the simple protocol, which the server takes for one statement; for requests
   without parameters. */
DnStatus dn_conn_message(DnConn *conn, const DnRequest *requests, size_t count, DnErr *err) DN_MUST_USE;

/* After an error of the server (dn_conn_batch() or a stream): takes what is left of its answer, so that the
   connection can be used again, in a transaction that has failed. */
DnStatus dn_conn_recover(DnConn *conn, DnErr *err) DN_MUST_USE;

/* Sends one query; nothing else may be sent before its answer was taken. */
DnStatus dn_conn_request(DnConn *conn, const DnRequest *request, DnErr *err) DN_MUST_USE;
/* Waits for the answer, which is not handed to the request's function: *rows is owned. */
DnStatus dn_conn_answer(DnConn *conn, const DnRequest *request, DnRows **rows, DnErr *err) DN_MUST_USE;
/* Takes NULL. Only for rows of dn_conn_answer(). */
void dn_rows_free(DnRows *rows);
size_t dn_rows_memory(const DnRows *rows); /* bytes */

/* ---- Rows as they stream --------------------------------------------------------- */

/* Sends one Query message that may hold many statements (COPY ... TO STDOUT; SELECT ...). */
DnStatus dn_conn_stream(DnConn *conn, const char *sql, DnErr *err) DN_MUST_USE;
/* The same for SELECTs of a row or two: a SELECT's rows come at once. */
DnStatus dn_conn_ask(DnConn *conn, const char *sql, DnErr *err) DN_MUST_USE;
/* Takes the result of the message's next statement, which gives no rows (LOCK). */
DnStatus dn_conn_command(DnConn *conn, DnErr *err) DN_MUST_USE;
/* Waits until the next COPY of the message begins. */
DnStatus dn_conn_copy_begin(DnConn *conn, DnErr *err) DN_MUST_USE;
/* The least room for rows: with less, none would begin. */
enum { DN_COPY_LEAST_ROOM = 4 };

typedef struct DnCopied {
    bool sums;   /* set by the caller: `sum` is wanted */
    bool binary; /* likewise: the COPY is in that form, whose header and trailer come along */
    size_t size;
    uint64_t rows; /* that end in it */
    DnSum sum;     /* of these, whole */
    bool ended;    /* this COPY */
} DnCopied;

/* Rows in COPY's format, in text each with its newline, until less than DN_COPY_LEAST_ROOM is left of the
   room, or the COPY ends. The last one may go on in the next call. DN_E_PROTOCOL for a row that is not one
   line, or is "\."; in the binary form when the first call has no room for the header, 19 bytes. */
DnStatus dn_conn_copy_rows(DnConn *conn, char *room, size_t size, DnCopied *copied, DnErr *err) DN_MUST_USE;
/* The next row, whole; *row is borrowed until the next call on this connection, NULL at the end of this COPY.
   The same errors. */
DnStatus dn_conn_copy_row(DnConn *conn, const char **row, size_t *size, DnErr *err) DN_MUST_USE;
/* Calls `row` for each row of the message's next SELECT, one row a call (`count` is 1), without holding
   the result in memory; called at least once, with count 0, at its end. */
DnStatus dn_conn_select_rows(DnConn *conn, DnRowsFn row, void *ctx, DnErr *err) DN_MUST_USE;
/* Sends one SELECT, whose $1 is `param`, to be taken row by row. */
DnStatus dn_conn_select(DnConn *conn, const char *sql, const char *param, DnErr *err) DN_MUST_USE;
/* The next row of that SELECT, borrowed until the next call on this connection; NULL at its end. */
DnStatus dn_conn_next_row(DnConn *conn, const DnRows **row, DnErr *err) DN_MUST_USE;
/* Ends the message: any further result is an error. */
DnStatus dn_conn_stream_end(DnConn *conn, DnErr *err) DN_MUST_USE;

/* ---- Statements of a script ------------------------------------------------------ */

/* Runs one statement; its rows don't matter. *rows_wanted: it is a COPY FROM stdin, whose rows come next.
   DN_E_QUERY when the server refuses it: dn_conn_alive() tells whether another may follow. */
DnStatus dn_conn_execute(DnConn *conn, const char *sql, bool *rows_wanted, DnErr *err) DN_MUST_USE;
/* Some of the rows, in pieces of any size; little of it is kept in memory. */
DnStatus dn_conn_put_rows(DnConn *conn, const char *rows, size_t size, DnErr *err) DN_MUST_USE;
/* The rows are complete: here it shows whether the server took them. *count is how many, and on DN_E_QUERY
   the number of the row that the server names, or 0. */
DnStatus dn_conn_end_rows(DnConn *conn, uint64_t *count, DnErr *err) DN_MUST_USE;
bool dn_conn_alive(const DnConn *conn);
/* Within a transaction that has not failed. */
bool dn_conn_in_transaction(const DnConn *conn);

#endif
