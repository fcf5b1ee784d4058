/*
 * measure.c - runs a command and tells what it cost, itself and on the server.
 *
 * usage: measure POSTMASTER_PID COMMAND [ARGUMENT]...
 *
 * Prints one line: wall seconds, user+sys seconds of the command and all that it started, CPU seconds of the
 * server, peak memory in KiB of the biggest process of the command, and the command's exit status.
 *
 * The server's share is the growth of the CPU time of the postmaster, of its living children, and of those
 * that it has waited for: backends end with their connection. This program is small because the peak memory
 * of a process that the kernel reports includes what it had before it became another program.
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What /proc/PID/stat says of a process. */
typedef struct Times {
    long parent;
    unsigned long long own, children; /* ticks */
} Times;

/* The CPU time of a server and how many processes it has beside the first. */
typedef struct Server {
    unsigned long long ticks;
    int processes;
} Server;

static int read_times(const char *pid, Times *times) {
    char path[64], text[1024];
    (void)snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file) {
        return 0;
    }
    size_t size = fread(text, 1, sizeof text - 1, file);
    (void)fclose(file);
    text[size] = '\0';
    char *field = strrchr(text, ')'); /* the second field, a name, may hold anything */
    if (!field) {
        return 0;
    }
    unsigned long long user = 0, sys = 0;
    *times = (Times){0};
    int number = 2;
    for (char *save = NULL, *word = strtok_r(field + 1, " ", &save); word;
         word = strtok_r(NULL, " ", &save)) {
        number++;
        if (number == 4) {
            times->parent = strtol(word, NULL, 10);
        } else if (number == 14 || number == 15) {
            *(number == 14 ? &user : &sys) = strtoull(word, NULL, 10);
        } else if (number == 16 || number == 17) {
            times->children += strtoull(word, NULL, 10);
        }
    }
    times->own = user + sys;
    return 1;
}

static Server look_at(const char *postmaster) {
    Server server = {0};
    Times times;
    DIR *proc = opendir("/proc");
    const struct dirent *entry;
    while (proc && (entry = readdir(proc))) {
        if (isdigit((unsigned char)entry->d_name[0]) && read_times(entry->d_name, &times) &&
            times.parent == strtol(postmaster, NULL, 10)) {
            server.ticks += times.own + times.children;
            server.processes++;
        }
    }
    if (proc) {
        (void)closedir(proc);
    }
    /* Last, so that a child which ended meanwhile counts twice for a moment rather than not at all. */
    if (read_times(postmaster, &times)) {
        server.ticks += times.own + times.children;
    }
    return server;
}

static void pause_ms(long ms) {
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

/* Backends end a moment after their clients. */
static Server look_when_quiet(const char *postmaster, int processes) {
    Server server = look_at(postmaster);
    for (int waited = 0; server.processes > processes && waited < 5000; waited += 20) {
        pause_ms(20);
        server = look_at(postmaster);
    }
    return look_at(postmaster);
}

static double seconds(struct timeval time) {
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
    if (argc < 3) {
        (void)fputs("usage: measure POSTMASTER_PID COMMAND [ARGUMENT]...\n", stderr);
        return 2;
    }
    Server before = look_at(argv[1]);
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        (void)execvp(argv[2], argv + 2);
        perror(argv[2]);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        perror("measure");
        return 1;
    }
    double wall = now() - start;
    struct rusage usage;
    (void)getrusage(RUSAGE_CHILDREN, &usage); /* of this one child and its own */
    Server after = look_when_quiet(argv[1], before.processes);
    double server = (double)(after.ticks - before.ticks) / (double)sysconf(_SC_CLK_TCK);
    (void)printf("%.3f %.3f %.2f %ld %d\n", wall, seconds(usage.ru_utime) + seconds(usage.ru_stime), server,
                 usage.ru_maxrss, WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    return 0;
}
