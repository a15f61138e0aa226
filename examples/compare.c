/*
 * Runs a program twice under a limit of one second of processor time, and prints what wait4(2) reports of it and what
 * the library does.
 *
 *     cc compare.c $(pkg-config --cflags --libs rresource) -o compare
 *     ./compare [MIB [program arguments...]]
 *
 * MIB is the memory that the caller holds meanwhile; 500 by default. The program is a loop by default.
 */
#define _DEFAULT_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rresource.h>

static char *loop[] = {"sh", "-c", "while :; do :; done", NULL};

static void must(int error, const char *what) {
    if (error) {
        fprintf(stderr, "compare: %s: %s\n", what, rr_strerror(error));
        exit(EXIT_FAILURE);
    }
}

/* Resident: a compiler may leave out what is only allocated. */
static void hold(size_t size) {
    volatile char *memory = malloc(size + 1);
    size_t at;
    must(memory ? 0 : ENOMEM, "memory to hold");
    for (at = 0; at < size; at += 4096)
        memory[at] = 1;
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* As it is usually done: fork, setrlimit, exec, wait4. */
static double by_hand(char **words, int *status, struct rusage *usage) {
    const struct rlimit second = {1, 1};
    const double start = seconds();
    const pid_t child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CPU, &second);
        execvp(words[0], words);
        _exit(127);
    }
    must(child < 0 ? errno : 0, "fork");
    while (wait4(child, status, 0, usage) < 0)
        must(errno == EINTR ? 0 : errno, "wait4");
    return seconds() - start;
}

static void by_library(char **words, rr_outcome *outcome) {
    const rr_rlimit second = {1, 1};
    rr_command *command;
    rr_child *child;
    must(rr_command_new(words[0], &command), words[0]);
    while (*++words)
        must(rr_command_add_arg(command, *words), *words);
    must(rr_command_set_limit(command, RR_RLIMIT_CPU, &second), "limit");
    must(rr_command_spawn(command, &child, NULL), "start");
    must(rr_child_wait(child, -1, outcome), "wait");
    rr_child_free(child);
    rr_command_free(command);
}

static const char *end_text(int exit_code, int signal, char text[64]) {
    if (signal)
        snprintf(text, 64, "signal %d (%s)", signal, strsignal(signal));
    else
        snprintf(text, 64, "exit status %d", exit_code);
    return text;
}

int main(int argc, char **argv) {
    const long held = argc > 1 ? atol(argv[1]) : 500;
    char **words = argc > 2 ? argv + 2 : loop;
    char first[64], second[64];
    struct rusage usage;
    rr_outcome outcome;
    double wall;
    int status;
    if (held < 0) {
        fprintf(stderr, "usage: compare [MIB [program arguments...]]\n");
        return EXIT_FAILURE;
    }
    hold((size_t)held << 20);
    wall = by_hand(words, &status, &usage);
    by_library(words, &outcome);

    printf("%s, started by a program that holds %ld MiB, with 1 s of processor time\n\n", words[0], held);
    printf("%-14s  %-24s  %s\n", "", "fork, exec, wait4", "rresource");
    printf("%-14s  %-24s  %s\n", "ended by", end_text(WEXITSTATUS(status), WIFSIGNALED(status) ? WTERMSIG(status) : 0, first),
           end_text(outcome.exit_code, outcome.signal, second));
    printf("%-14s  %-24s  %s\n", "which limit", "not reported",
           outcome.limit < 0 ? "none" : rr_resource_summary(outcome.limit));
    printf("%-14s  %-24.2f  %.2f\n", "peak MiB", (double)usage.ru_maxrss / 1024,
           (double)outcome.usage.peak_rss_bytes / 1048576);
    printf("%-14s  %-24.2f  %.2f\n", "wall ms", wall * 1e3, (double)outcome.wall_ns / 1e6);
    return EXIT_SUCCESS;
}
