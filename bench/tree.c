/*
 * A program started in a process tree, waited for with all that it started, compared with posix_spawn and wait4 of the
 * program alone, in one run: the median of the rounds' ratios. RR_BENCH_ROUNDS rounds.
 */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rresource.h>

enum { MOST_ROUNDS = 400, WARM_UP = 20 };

static char *const arguments[] = {(char *)"true", NULL};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static double with_posix_spawn(void) {
    const double begun = now();
    struct rusage usage;
    int status;
    pid_t pid;
    if (posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ) != 0 || wait4(pid, &status, 0, &usage) != pid)
        abort();
    return now() - begun;
}

/* 0 where it does not work here. */
static double with(rr_command *command) {
    const double begun = now();
    rr_outcome outcome;
    rr_child *child;
    if (rr_command_spawn(command, &child, NULL) != 0)
        return 0;
    if (rr_child_wait(child, -1, &outcome) != 0 || outcome.exit_code != 0)
        abort();
    rr_child_free(child);
    return now() - begun;
}

static int by_size(const void *left, const void *right) {
    const double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

int main(void) {
    static const struct { const char *name; uint32_t flags; } ways[] = {
        {"without a tree", 0},
        {"in a tree, by supervisor", RR_TREE_SUPERVISOR},
        {"in a tree, by namespace", RR_TREE_NAMESPACE},
        {"in a tree, by control group", RR_TREE_CGROUP},
    };
    enum { WAYS = sizeof ways / sizeof *ways };
    static double ratios[WAYS][MOST_ROUNDS], spawned[MOST_ROUNDS];
    const int rounds = getenv("RR_BENCH_ROUNDS") ? atoi(getenv("RR_BENCH_ROUNDS")) : MOST_ROUNDS;
    rr_command *commands[WAYS];
    int round, way;
    for (way = 0; way < WAYS; way++)
        if (rr_command_new("/bin/true", &commands[way]) != 0 ||
            (ways[way].flags && rr_command_set_tree(commands[way], ways[way].flags) != 0))
            abort();
    for (round = -WARM_UP; round < rounds && round < MOST_ROUNDS; round++) {
        const double base = with_posix_spawn();
        for (way = 0; way < WAYS; way++) {
            const double taken = with(commands[(way + round + WARM_UP) % WAYS]);
            if (round >= 0)
                ratios[(way + round + WARM_UP) % WAYS][round] = taken / base;
        }
        if (round >= 0)
            spawned[round] = base;
    }
    qsort(spawned, (size_t)round, sizeof *spawned, by_size);
    printf("/bin/true\n  %-38s %8.3f ms\n", "posix_spawn + wait4", spawned[round / 2] / 1e6);
    for (way = 0; way < WAYS; way++) {
        qsort(ratios[way], (size_t)round, sizeof *ratios[way], by_size);
        if (ratios[way][round / 2] > 0)
            printf("  %-38s %5.2f of it\n", ways[way].name, ratios[way][round / 2]);
        else
            printf("  %-38s does not work here\n", ways[way].name);
        rr_command_free(commands[way]);
    }
    return 0;
}
