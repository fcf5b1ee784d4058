/* Rows of COPY as a server of the test's own sends them, well-behaved or not. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/buf.h"
#include "dumper/pg/conn.h"
#include "tests/unit/scratch.h"

/* ---- The server -------------------------------------------------------------------- */

typedef struct Server {
    int socket;
    pthread_t thread;
    DnBuf answer; /* to the first query */
} Server;

/* A message of the protocol: type, length, content. */
static void message(DnBuf *out, char type, const char *content, size_t size) {
    unsigned length = (unsigned)size + 4;
    const unsigned char head[] = {(unsigned char)type, (unsigned char)(length >> 24),
                                  (unsigned char)(length >> 16), (unsigned char)(length >> 8),
                                  (unsigned char)length};
    dn_buf_add(out, (const char *)head, sizeof head);
    dn_buf_add(out, content, size);
}

static void send_all(int fd, const DnBuf *bytes) {
    for (size_t at = 0; at < bytes->size;) {
        ssize_t sent = send(fd, dn_buf_text(bytes) + at, bytes->size - at, MSG_NOSIGNAL);
        if (sent <= 0) {
            return; /* the client has had enough */
        }
        at += (size_t)sent;
    }
}

static void *serve(void *arg) {
    Server *server = arg;
    char query[4096];
    DnBuf welcome = {0};
    int fd = accept(server->socket, NULL, NULL);
    (void)close(server->socket); /* refuses requests to cancel */
    message(&welcome, 'R', "\0\0\0", 4);
    message(&welcome, 'Z', "I", 1);
    if (recv(fd, query, sizeof query, 0) > 0) {
        send_all(fd, &welcome);
    }
    if (recv(fd, query, sizeof query, 0) > 0) {
        send_all(fd, &server->answer);
    }
    while (recv(fd, query, sizeof query, 0) > 0) {
    }
    (void)close(fd);
    dn_buf_deinit(&welcome);
    return NULL;
}

static DnConn *start(void **state, Server *server) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    DnConn *conn = NULL;
    DnErr err = {0};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", at(state, ".s.PGSQL.1"));
    server->socket = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(bind(server->socket, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(server->socket, 1), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, serve, server), 0);
    const DnConnOptions options = {.dbname = "dbname=x sslmode=disable gssencmode=disable",
                                   .host = at(state, ""),
                                   .port = "1",
                                   .user = "x"};
    assert_int_equal(dn_conn_open(&options, &conn, &err), DN_OK);
    assert_int_equal(dn_conn_stream(conn, "COPY t TO STDOUT", &err), DN_OK);
    assert_int_equal(dn_conn_copy_begin(conn, &err), DN_OK);
    return conn;
}

static void stop(Server *server, DnConn *conn) {
    dn_conn_close(conn);
    (void)pthread_join(server->thread, NULL);
    dn_buf_deinit(&server->answer);
}

static void begin_copy(Server *server) {
    message(&server->answer, 'H', "\0\0", 3);
}

static void add_row(Server *server, const char *row) {
    message(&server->answer, 'd', row, strlen(row));
}

static void end_copy(Server *server) {
    message(&server->answer, 'c', "", 0);
    message(&server->answer, 'C', "COPY 0", 7);
    message(&server->answer, 'Z', "I", 1);
}

/* ---- Rows -------------------------------------------------------------------------- */

/* All rows and their sum, through rooms of that size. */
static DnStatus read_summed(DnConn *conn, size_t room_size, DnBuf *text, uint64_t *rows, DnSum *sum,
                            DnErr *err) {
    DnCopied copied = {.sums = true};
    DnStatus status = DN_OK;
    char *room = malloc(room_size);
    assert_non_null(room);
    *rows = 0;
    while (status == DN_OK && !copied.ended) {
        status = dn_conn_copy_rows(conn, room, room_size, &copied, err);
        dn_buf_add(text, room, status == DN_OK ? copied.size : 0);
        *rows += copied.rows;
        dn_sum_merge(sum, copied.sum);
    }
    free(room);
    return status;
}

static DnStatus read_rows(DnConn *conn, size_t room_size, DnBuf *text, uint64_t *rows, DnErr *err) {
    DnSum sum = {0};
    return read_summed(conn, room_size, text, rows, &sum, err);
}

static void rows_are_whole_whatever_the_room(void **state) {
    static const size_t rooms[] = {DN_COPY_LEAST_ROOM, 5, 7, 64, 1000, (size_t)256 * 1024};
    enum { ROWS = 3000 };
    for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
        Server server = {0};
        DnBuf expected = {0};
        DnBuf text = {0};
        DnErr err = {0};
        DnSum expected_sum = {0};
        DnSum sum = {0};
        uint64_t rows;
        begin_copy(&server);
        for (int n = 0; n < ROWS; n++) {
            char row[128];
            (void)snprintf(row, sizeof row, "%0*d\n", 1 + n % 100, n);
            add_row(&server, row);
            dn_sum_add_row(&expected_sum, row, strlen(row));
            dn_buf_str(&expected, row);
        }
        end_copy(&server);
        DnConn *conn = start(state, &server);
        assert_int_equal(read_summed(conn, rooms[i], &text, &rows, &sum, &err), DN_OK);
        assert_int_equal(dn_conn_stream_end(conn, &err), DN_OK);
        assert_int_equal(rows, ROWS);
        assert_true(dn_sum_equal(sum, expected_sum));
        assert_int_equal(text.size, expected.size);
        assert_memory_equal(dn_buf_text(&text), dn_buf_text(&expected), expected.size);
        stop(&server, conn);
        dn_buf_deinit(&expected);
        dn_buf_deinit(&text);
        assert_int_equal(unlink(at(state, ".s.PGSQL.1")), 0);
    }
}

static void what_is_not_one_line_is_refused(void **state) {
    static const char *const bad[] = {"\\.\n", "a\nb\n", "a\n\\.\n", "no end", "long", "\n\n"};
    static const size_t rooms[] = {DN_COPY_LEAST_ROOM, 1000};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        for (size_t j = 0; j < sizeof rooms / sizeof *rooms; j++) {
            Server server = {0};
            DnBuf text = {0};
            DnErr err = {0};
            uint64_t rows;
            begin_copy(&server);
            add_row(&server, "good\n");
            add_row(&server, bad[i]);
            end_copy(&server);
            DnConn *conn = start(state, &server);
            if (read_rows(conn, rooms[j], &text, &rows, &err) != DN_E_PROTOCOL) {
                fail_msg("\"%s\" was taken, with room for %zu bytes", bad[i], rooms[j]);
            }
            stop(&server, conn);
            dn_buf_deinit(&text);
            assert_int_equal(unlink(at(state, ".s.PGSQL.1")), 0);
        }
    }
}

static void whole_rows_are_checked_too(void **state) {
    Server server = {0};
    DnErr err = {0};
    const char *row;
    size_t size;
    begin_copy(&server);
    add_row(&server, "good\n");
    add_row(&server, "a\nb\n");
    end_copy(&server);
    DnConn *conn = start(state, &server);
    assert_int_equal(dn_conn_copy_row(conn, &row, &size, &err), DN_OK);
    assert_int_equal(size, 5);
    assert_memory_equal(row, "good\n", 5);
    assert_int_equal(dn_conn_copy_row(conn, &row, &size, &err), DN_E_PROTOCOL);
    stop(&server, conn);
}

#define SCRATCH_TEST(f) cmocka_unit_test_setup_teardown(f, scratch_open, scratch_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        SCRATCH_TEST(rows_are_whole_whatever_the_room),
        SCRATCH_TEST(what_is_not_one_line_is_refused),
        SCRATCH_TEST(whole_rows_are_checked_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
