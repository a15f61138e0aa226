/*
 * Starting a program under limits and waiting for it, compared with other methods, with 0 and with 4 GiB in the
 * caller, in one run.
 *
 * Each round times all of them in turn, and the result is the median of the rounds' ratios: a machine that slows
 * down slows all of them. Methods that copy the caller's memory are in every twentieth round only.
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
    must(rr_command_spawn(command, &child, NULL) == 0, "rr_command_spawn");
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

struct times {
    double launched, direct, spawned, forked;
    uint64_t peak;
};

static struct times measure(int round) {
    struct times times = {0, 0, 0, 0, 0};
    /* The second one has warmer caches: they take turns. */
    if (round % 2)
        times.launched = nanoseconds(rr_launched), times.spawned = nanoseconds(with_posix_spawn);
    else
        times.spawned = nanoseconds(with_posix_spawn), times.launched = nanoseconds(rr_launched);
    times.direct = nanoseconds(rr_direct);
    if (round % SLOW_EVERY == 0)
        times.forked = nanoseconds(with_fork);
    times.peak = peak_of_launched;
    return times;
}

static double value_of(const struct times *times, const char *what) {
    switch (*what) {
    case 'l': return times->launched;
    case 'd': return times->direct;
    case 's': return times->spawned;
    default: return times->forked;
    }
}

/* The median of the ratios of those rounds in which both were timed. */
static double ratio(const struct times *mine, const char *what, const struct times *others, const char *rival) {
    static double ratios[MOST_ROUNDS];
    int round, count = 0;
    for (round = 0; round < MOST_ROUNDS; round++)
        if (value_of(&others[round], rival) > 0)
            ratios[count++] = value_of(&mine[round], what) / value_of(&others[round], rival);
    return median(ratios, count);
}

static double typical(const struct times *times, const char *what) {
    static double values[MOST_ROUNDS];
    int round, count = 0;
    for (round = 0; round < MOST_ROUNDS; round++)
        if (value_of(&times[round], what) > 0)
            values[count++] = value_of(&times[round], what);
    return median(values, count) / 1e6;
}

static void print(const char *caller, const struct times *times) {
    static double more[MOST_ROUNDS];
    int round;
    for (round = 0; round < MOST_ROUNDS; round++)
        more[round] = times[round].launched - times[round].spawned;
    printf("with %s GiB in the caller, /bin/true\n", caller);
    printf("  %-38s %8.3f ms   %5.2f of posix_spawn, %+.3f ms\n", "rr_command_spawn + rr_child_wait",
           typical(times, "launched"), ratio(times, "launched", times, "spawned"), median(more, MOST_ROUNDS) / 1e6);
    printf("  %-38s %8.3f ms   %5.2f of posix_spawn\n", "the same after rr_command_no_launcher", typical(times, "direct"),
           ratio(times, "direct", times, "spawned"));
    printf("  %-38s %8.3f ms\n", "posix_spawn + wait4", typical(times, "spawned"));
    printf("  %-38s %8.3f ms   ours is 1/%.1f of it\n", "fork + setrlimit + exec + wait4", typical(times, "forked"),
           1 / ratio(times, "launched", times, "forked"));
    printf("  true peak of /bin/true: %.1f MiB at most\n", (double)times[MOST_ROUNDS - 1].peak / 1048576);
}

static void hold(size_t gibibytes) {
    size_t size = gibibytes << 30, i;
    char *memory = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(memory != MAP_FAILED, "mmap");
    for (i = 0; i < size; i += 4096)
        memory[i] = 1;
}

/* The large caller: a separate process, which times a round on request. */
static void large_caller(int requests, int results) {
    int round;
    hold(4);
    while (read(requests, &round, sizeof round) == sizeof round) {
        const struct times times = measure(round);
        must(write(results, &times, sizeof times) == sizeof times, "write");
    }
    _exit(0);
}

/* Each round times the small caller and then the large one. */
static void compare(void) {
    static struct times small[MOST_ROUNDS], large[MOST_ROUNDS];
    int requests[2], results[2], round;
    pid_t caller;
    must(pipe(requests) == 0 && pipe(results) == 0, "pipe");
    caller = fork();
    if (caller == 0) {
        close(requests[1]);
        large_caller(requests[0], results[1]);
    }
    close(requests[0]);
    for (round = 0; round < MOST_ROUNDS; round++) {
        must(write(requests[1], &round, sizeof round) == sizeof round, "write");
        must(read(results[0], &large[round], sizeof large[round]) == sizeof large[round], "read");
        small[round] = measure(round);
    }
    close(requests[1]);
    waitpid(caller, NULL, 0);
    print("0", small);
    print("4", large);
    printf("  ours with 4 GiB: %.2f of ours with 0\n", ratio(large, "launched", small, "launched"));
    printf("  posix_spawn with 4 GiB: %.2f of itself with 0\n", ratio(large, "spawned", small, "spawned"));
}

/* A separate process, and therefore not part of the rounds; it is as small as Python. */
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
    must(rr_command_new(program, &command) == 0 && rr_command_set_limit(command, RR_RLIMIT_CORE, &core) == 0, "rr_command");
    return command;
}

int main(void) {
    through_launcher = command();
    directly = command();
    rr_command_no_launcher(directly);
    printf("medians of %d rounds, of %d with fork\n", MOST_ROUNDS, MOST_ROUNDS / SLOW_EVERY);
    fflush(stdout);
    compare();
    python();
    rr_command_free(through_launcher);
    rr_command_free(directly);
    return EXIT_SUCCESS;
}
