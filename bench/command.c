/*
 * A program started under limits and waited for, beside the other ways to do so, with 0 and with 4 GiB in
 * the caller, in one run.
 *
 * Each round times all of them one after the other, in turns, and what counts is the median of the
 * rounds' ratios: a machine that slows down slows all of them. Those that copy the caller's memory take
 * part in every tenth round only.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <rresource.h>

enum { MOST_ROUNDS = 400, SLOW_EVERY = 20 };

static const char *const program = "/bin/true";
static char *const arguments[] = {(char *)"true", NULL};
static rr_command *through_launcher, *directly;
static uint64_t peak_of_launched;

static void must(int condition, const char *what) {
    if (!condition) {
        perror(what);
        exit(EXIT_FAILURE);
    }
}

static void rr(rr_command *command) {
    rr_child *child;
    rr_outcome outcome;
    must(rr_command_spawn(command, &child) == 0, "rr_command_spawn");
    must(rr_child_wait(child, -1, &outcome) == 0 && outcome.exit_code == 0, "rr_child_wait");
    rr_child_free(child);
    if (command == through_launcher) {
        must(!(outcome.usage.known & RR_USAGE_PEAK_IS_BOUND), "the launcher");
        if (outcome.usage.peak_rss_bytes > peak_of_launched)
            peak_of_launched = outcome.usage.peak_rss_bytes;
    }
}
static void rr_launched(void) { rr(through_launcher); }
static void rr_direct(void) { rr(directly); }

static void wait_for(pid_t pid) {
    struct rusage usage;
    int status;
    must(wait4(pid, &status, 0, &usage) == pid && status == 0, "wait4");
}

static void with_posix_spawn(void) {
    pid_t pid;
    must(posix_spawn(&pid, program, NULL, NULL, arguments, environ) == 0, "posix_spawn");
    wait_for(pid);
}

static void with_fork(void) {
    pid_t pid = fork();
    if (pid == 0) {
        struct rlimit limit;
        getrlimit(RLIMIT_CORE, &limit);
        setrlimit(RLIMIT_CORE, &limit);
        execv(program, arguments);
        _exit(127);
    }
    wait_for(pid);
}

static double nanoseconds(void (*call)(void)) {
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    call();
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(const double *values, int count) {
    static double sorted[MOST_ROUNDS];
    memcpy(sorted, values, (size_t)count * sizeof *values);
    qsort(sorted, (size_t)count, sizeof *sorted, by_size);
    return sorted[count / 2];
}

static double launched_at_0;

static void compare(int gibibytes) {
    static double launched[MOST_ROUNDS], direct[MOST_ROUNDS], spawned[MOST_ROUNDS], forked[MOST_ROUNDS];
    static double to_spawned[MOST_ROUNDS], direct_to_spawned[MOST_ROUNDS], to_forked[MOST_ROUNDS], more[MOST_ROUNDS];
    int round, slow = 0;
    peak_of_launched = 0;
    for (round = 0; round < MOST_ROUNDS; round++) {
        /* Whoever comes second finds warmer caches: take turns. */
        if (round % 2)
            launched[round] = nanoseconds(rr_launched), spawned[round] = nanoseconds(with_posix_spawn);
        else
            spawned[round] = nanoseconds(with_posix_spawn), launched[round] = nanoseconds(rr_launched);
        direct[round] = nanoseconds(rr_direct);
        to_spawned[round] = launched[round] / spawned[round];
        direct_to_spawned[round] = direct[round] / spawned[round];
        more[round] = launched[round] - spawned[round];
        if (round % SLOW_EVERY == 0) {
            forked[slow] = nanoseconds(with_fork);
            to_forked[slow] = launched[round] / forked[slow];
            slow++;
        }
    }
    printf("with %d GiB in the caller, /bin/true\n", gibibytes);
    printf("  %-38s %8.3f ms   %5.2f of posix_spawn, %+.3f ms\n", "rr_command_spawn + rr_child_wait",
           median(launched, MOST_ROUNDS) / 1e6, median(to_spawned, MOST_ROUNDS), median(more, MOST_ROUNDS) / 1e6);
    printf("  %-38s %8.3f ms   %5.2f of posix_spawn\n", "the same after rr_command_direct", median(direct, MOST_ROUNDS) / 1e6,
           median(direct_to_spawned, MOST_ROUNDS));
    printf("  %-38s %8.3f ms\n", "posix_spawn + wait4", median(spawned, MOST_ROUNDS) / 1e6);
    printf("  %-38s %8.3f ms   ours is 1/%.0f of it\n", "fork + setrlimit + exec + wait4", median(forked, slow) / 1e6,
           1 / median(to_forked, slow));
    printf("  true peak of /bin/true: %.1f MiB at most\n", (double)peak_of_launched / 1048576);
    if (gibibytes == 0)
        launched_at_0 = median(launched, MOST_ROUNDS);
    else
        printf("  ours with %d GiB: %.2f of ours with 0\n", gibibytes, median(launched, MOST_ROUNDS) / launched_at_0);
    fflush(stdout);
}

static void hold(size_t gibibytes) {
    size_t size = gibibytes << 30, i;
    char *memory = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED, "mmap");
    for (i = 0; i < size; i += 4096)
        memory[i] = 1;
}

/* Another process, and so beside the others rather than among them; it begins as small as Python is. */
static void python(void) {
    fflush(stdout);
    if (system("python3 -c '\n"
               "import resource, statistics, subprocess, time\n"
               "def once(before):\n"
               "    start = time.perf_counter()\n"
               "    subprocess.run([\"/bin/true\"], preexec_fn=before)\n"
               "    return time.perf_counter() - start\n"
               "limits = resource.getrlimit(resource.RLIMIT_CORE)\n"
               "before = lambda: resource.setrlimit(resource.RLIMIT_CORE, limits)\n"
               "print(\"Python, with nothing in the caller\")\n"
               "print(\"  %-38s %8.3f ms\" % (\"subprocess.run with preexec_fn\", 1e3 * statistics.median(once(before) for _ in range(200))))\n"
               "print(\"  %-38s %8.3f ms\" % (\"subprocess.run without\", 1e3 * statistics.median(once(None) for _ in range(200))))\n"
               "'") != 0)
        printf("Python: python3 is not here\n");
}

static rr_command *command(void) {
    rr_command *command;
    rr_rlimit core;
    rr_getrlimit(RR_RLIMIT_CORE, &core);
    must(rr_command_new(program, &command) == 0 && rr_command_limit(command, RR_RLIMIT_CORE, &core) == 0, "rr_command");
    return command;
}

int main(void) {
    through_launcher = command();
    directly = command();
    rr_command_direct(directly);
    printf("medians of %d rounds, of %d with fork\n", MOST_ROUNDS, MOST_ROUNDS / SLOW_EVERY);
    compare(0);
    hold(4);
    compare(4);
    python();
    rr_command_free(through_launcher);
    rr_command_free(directly);
    return EXIT_SUCCESS;
}
