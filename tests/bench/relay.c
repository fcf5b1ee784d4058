/*
 * relay.c - stands between a client and a server as a long way would: every byte arrives late, none is held
 * up longer.
 *
 * usage: relay PORT SERVER_SOCKET MILLISECONDS TRIPS_FILE
 *
 * Listens on 127.0.0.1:PORT, connects each client to the Unix socket SERVER_SOCKET, and delays each direction
 * by MILLISECONDS; throughput is not limited. When a connection ends, a line with the number of its round
 * trips goes to TRIPS_FILE: how often the client got an answer after it had sent something. Runs until it is
 * killed.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* Bytes on their way, or, without any, the end of the stream. */
typedef struct Packet {
    struct Packet *next;
    struct timespec due;
    size_t size;
    char bytes[];
} Packet;

/* One direction of a connection. */
typedef struct Way {
    struct Link *link;
    int from, to;
    bool to_client;
    Packet *first, **last;
    pthread_cond_t arrived;
} Way;

/* A connection: both ways. The mutex guards the queues and the count. */
typedef struct Link {
    pthread_mutex_t mutex;
    Way up, down;
    bool client_spoke; /* since the last answer */
    long trips;
} Link;

static long delay_ms;
static const char *server_path, *trips_path;

static Packet *packet_new(const char *bytes, size_t size) {
    Packet *packet = calloc(1, sizeof *packet + size);
    if (packet) {
        if (size > 0) {
            memcpy(packet->bytes, bytes, size);
        }
        packet->size = size;
        (void)clock_gettime(CLOCK_MONOTONIC, &packet->due);
        packet->due.tv_nsec += delay_ms % 1000 * 1000000;
        packet->due.tv_sec += delay_ms / 1000 + packet->due.tv_nsec / 1000000000;
        packet->due.tv_nsec %= 1000000000;
    }
    return packet;
}

/* Takes what comes and notes when it is due. */
static void *take(void *argument) {
    Way *way = argument;
    static const size_t most = 262144;
    char *bytes = malloc(most);
    ssize_t size = 1;
    while (bytes && size > 0) {
        size = read(way->from, bytes, most);
        Packet *packet = packet_new(bytes, size > 0 ? (size_t)size : 0);
        if (!packet) {
            perror("relay");
            exit(1);
        }
        (void)pthread_mutex_lock(&way->link->mutex);
        if (!way->to_client && size > 0) {
            way->link->client_spoke = true;
        }
        *way->last = packet;
        way->last = &packet->next;
        (void)pthread_cond_signal(&way->arrived);
        (void)pthread_mutex_unlock(&way->link->mutex);
    }
    free(bytes);
    return NULL;
}

static Packet *next_packet(Way *way) {
    (void)pthread_mutex_lock(&way->link->mutex);
    while (!way->first) {
        (void)pthread_cond_wait(&way->arrived, &way->link->mutex);
    }
    Packet *packet = way->first;
    way->first = packet->next;
    if (!way->first) {
        way->last = &way->first;
    }
    (void)pthread_mutex_unlock(&way->link->mutex);
    return packet;
}

static void count_trip(Link *link) {
    (void)pthread_mutex_lock(&link->mutex);
    if (link->client_spoke) {
        link->trips++;
        link->client_spoke = false;
    }
    (void)pthread_mutex_unlock(&link->mutex);
}

/* Hands over what is due. */
static void *give(void *argument) {
    Way *way = argument;
    bool open = true;
    while (open) {
        Packet *packet = next_packet(way);
        (void)clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &packet->due, NULL);
        if (way->to_client && packet->size > 0) {
            count_trip(way->link);
        }
        open = packet->size > 0;
        for (size_t done = 0; open && done < packet->size;) {
            ssize_t size = write(way->to, packet->bytes + done, packet->size - done);
            open = size > 0;
            done += size > 0 ? (size_t)size : 0;
        }
        free(packet);
    }
    (void)shutdown(way->to, SHUT_WR);
    (void)shutdown(way->from, SHUT_RD); /* ends take() when it was the reader that left */
    return NULL;
}

static void note_trips(long trips) {
    FILE *file = fopen(trips_path, "ae");
    if (file) {
        (void)fprintf(file, "%ld\n", trips);
        (void)fclose(file);
    }
}

static void start(pthread_t *thread, void *(*work)(void *), void *argument) {
    if (pthread_create(thread, NULL, work, argument) != 0) {
        (void)fputs("relay: no thread\n", stderr);
        exit(1);
    }
}

static void way_init(Way *way, Link *link, int from, int to, bool to_client) {
    *way = (Way){.link = link, .from = from, .to = to, .to_client = to_client};
    way->last = &way->first;
    (void)pthread_cond_init(&way->arrived, NULL);
}

static int connect_server(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", server_path);
    int server = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server < 0 || connect(server, (struct sockaddr *)&address, sizeof address) != 0) {
        perror(server_path);
        exit(1);
    }
    return server;
}

static void *serve(void *argument) {
    int client = (int)(intptr_t)argument, server = connect_server();
    Link link = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    way_init(&link.up, &link, client, server, false);
    way_init(&link.down, &link, server, client, true);
    pthread_t threads[4];
    start(&threads[0], take, &link.up);
    start(&threads[1], give, &link.up);
    start(&threads[2], take, &link.down);
    start(&threads[3], give, &link.down);
    for (int i = 0; i < 4; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    (void)close(client);
    (void)close(server);
    note_trips(link.trips);
    return NULL;
}

static int listen_on(uint16_t port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int on = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
        perror("relay");
        exit(1);
    }
    return listener;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        (void)fputs("usage: relay PORT SERVER_SOCKET MILLISECONDS TRIPS_FILE\n", stderr);
        return 2;
    }
    server_path = argv[2];
    delay_ms = strtol(argv[3], NULL, 10);
    trips_path = argv[4];
    (void)signal(SIGPIPE, SIG_IGN);
    int listener = listen_on((uint16_t)strtol(argv[1], NULL, 10));
    for (;;) {
        int on = 1, client = accept(listener, NULL, NULL);
        if (client < 0) {
            continue;
        }
        (void)setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_t thread;
        start(&thread, serve, (void *)(intptr_t)client);
        (void)pthread_detach(thread);
    }
}
