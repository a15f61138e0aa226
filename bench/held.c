/*
 * What the caller's memory does to a start: for callers that hold 0 to 4 GiB, the time from the start of /bin/true to its
 * end, and its peak memory as it is reported. A line for each size: MiB; then milliseconds and MiB of fork and exec, of
 * posix_spawn, and of the library. The time is the least of RUNS starts: other load on the machine changes it least.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rresource.h>

enum { RUNS = 12 };

typedef struct result {
    double ms, peak_mib;
} result;

static char *words[] = {"/bin/true", NULL};
extern char **environ;

static void must(int error, const char *what) {
    if (error) {
        fprintf(stderr, "held: %s: %s\n", what, strerror(error));
        exit(EXIT_FAILURE);
    }
}

static double now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double reaped(pid_t child) {
    struct rusage usage;
    must(wait4(child, NULL, 0, &usage) == child ? 0 : errno, "wait4");
    return (double)usage.ru_maxrss / 1024;
}

static double by_fork(void) {
    const pid_t child = fork();
    if (child == 0) {
        execv(words[0], words);
        _exit(127);
    }
    must(child < 0 ? errno : 0, "fork");
    return reaped(child);
}

static double by_posix_spawn(void) {
    pid_t child;
    must(posix_spawn(&child, words[0], NULL, NULL, words, environ), "posix_spawn");
    return reaped(child);
}

static double by_library(void) {
    static rr_command *command;
    rr_child *child;
    rr_outcome outcome;
    if (!command)
        must(rr_command_new(words[0], &command), "command");
    must(rr_command_spawn(command, &child, NULL), "spawn");
    must(rr_child_wait(child, -1, &outcome), "wait");
    rr_child_free(child);
    return (double)outcome.usage.peak_rss_bytes / 1048576;
}

static result measured(double (*start)(void)) {
    result result = {0, 0};
    int i;
    for (i = 0; i < RUNS; i++) {
        const double before = now_ms();
        const double took = (result.peak_mib = start(), now_ms() - before);
        if (i == 0 || took < result.ms)
            result.ms = took;
    }
    return result;
}

/* Resident: a compiler may leave out what is only allocated. */
static void hold(size_t size) {
    volatile char *memory = malloc(size);
    size_t at;
    must(memory ? 0 : ENOMEM, "memory to hold");
    for (at = 0; at < size; at += 4096)
        memory[at] = 1;
}

int main(void) {
    static const unsigned sizes[] = {0, 125, 250, 500, 1000, 2000, 3000, 4000};
    unsigned held = 0;
    size_t i;
    printf("# MiB  fork ms, MiB  posix_spawn ms, MiB  rresource ms, MiB\n");
    for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        result fork, spawn, library;
        if (sizes[i] > held)
            hold((size_t)(sizes[i] - held) << 20);
        held = sizes[i];
        fork = measured(by_fork);
        spawn = measured(by_posix_spawn);
        library = measured(by_library);
        printf("%u  %.3f %.2f  %.3f %.2f  %.3f %.2f\n", held, fork.ms, fork.peak_mib, spawn.ms, spawn.peak_mib, library.ms,
               library.peak_mib);
        fflush(stdout);
    }
    return EXIT_SUCCESS;
}
