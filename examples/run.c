/*
 * Runs a program under limits, and prints what it really used and what ended it.
 *
 *     cc run.c $(pkg-config --cflags --libs rresource) -o run
 *     ./run [-n 64] [-c 2] [-m 512M] [-t 10s] -- program arguments...
 *
 * -n open files, -c seconds of processor time, -m address space, -t elapsed time.
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rresource.h>

static void must(int error, const char *what) {
    if (error) {
        fprintf(stderr, "run: %s: %s\n", what, rr_strerror(error));
        exit(125);
    }
}

/* One value for both limits, in any form that rr_rlimit_parse accepts: 64, 512M, 1h30min. */
static rr_rlimit parsed(int resource, const char *text) {
    rr_rlimit limits;
    must(rr_getrlimit(resource, &limits), rr_resource_name(resource));
    must(rr_rlimit_parse(resource, text, &limits), text);
    return limits;
}

static void limit(rr_command *command, int resource, const char *text) {
    const rr_rlimit limits = parsed(resource, text);
    must(rr_command_set_limit(command, resource, &limits), text);
}

/* An elapsed time: 10, 10s, 200ms, 1.5min. */
static int64_t nanoseconds(const char *text) {
    uint64_t ns;
    must(rr_duration_parse(text, &ns), text);
    return ns <= INT64_MAX ? (int64_t)ns : -1;
}

/* When its time is over, the program and its process group are killed. Another error is not a timeout. */
static void wait_for(rr_child *child, int64_t timeout_ns, rr_outcome *outcome, int *timed_out) {
    int error = rr_child_wait(child, timeout_ns, outcome);
    if ((*timed_out = error == ETIMEDOUT)) {
        rr_child_kill(child, SIGKILL);
        error = rr_child_wait(child, -1, outcome);
    }
    must(error, "waiting");
}

/* Reports what the start failed on: the program, the directory, the limit. */
static void start(const rr_command *command, const char *program, rr_child **child) {
    rr_failure failure = {RR_STEP_START, 0};
    const int error = rr_command_spawn(command, child, &failure);
    if (failure.step == RR_STEP_LIMIT)
        must(error, rr_resource_name(failure.detail));
    if (failure.step == RR_STEP_EXEC || failure.step == RR_STEP_START)
        must(error, program);
    must(error, rr_step_text(failure.step));
}

static void report(const rr_outcome *outcome, int timed_out) {
    const rr_usage *usage = &outcome->usage;
    if (outcome->signal)
        fprintf(stderr, "ended by    signal %d (%s)\n", outcome->signal, strsignal(outcome->signal));
    else
        fprintf(stderr, "exit code   %d\n", outcome->exit_code);
    if (outcome->limit >= 0)
        fprintf(stderr, "limit       %s: %s\n", rr_resource_name(outcome->limit), rr_resource_summary(outcome->limit));
    if (timed_out)
        fprintf(stderr, "limit       the time by the clock\n");
    fprintf(stderr, "wall        %.3f s\n", (double)outcome->wall_ns / 1e9);
    if (usage->known & RR_USAGE_TIMES) {
        fprintf(stderr, "user        %.3f s\n", (double)usage->user_ns / 1e9);
        fprintf(stderr, "system      %.3f s\n", (double)usage->system_ns / 1e9);
    }
    if (usage->known & RR_USAGE_PEAK_RSS)
        fprintf(stderr, "peak        %s%.1f MiB\n", usage->known & RR_USAGE_PEAK_IS_BOUND ? "at most " : "",
                (double)usage->peak_rss_bytes / 1048576);
}

int main(int argc, char **argv) {
    const char *program, *files = NULL, *seconds = NULL, *memory = NULL;
    int64_t timeout_ns = -1;
    int option, timed_out;
    rr_command *command;
    rr_child *child;
    rr_outcome outcome;

    while ((option = getopt(argc, argv, "+n:c:m:t:")) != -1) {
        switch (option) {
        case 'n': files = optarg; break;
        case 'c': seconds = optarg; break;
        case 'm': memory = optarg; break;
        case 't': timeout_ns = nanoseconds(optarg); break;
        default: return 125;
        }
    }
    if (optind == argc) {
        fprintf(stderr, "usage: run [-n files] [-c seconds] [-m bytes] [-t time] -- program arguments...\n");
        return 125;
    }
    program = argv[optind];
    must(rr_command_new(program, &command), program);
    while (++optind < argc)
        must(rr_command_add_arg(command, argv[optind]), "arguments");
    if (timeout_ns >= 0)
        must(rr_command_new_group(command), "group");
    if (files)
        limit(command, RR_RLIMIT_NOFILE, files);
    if (seconds)
        limit(command, RR_RLIMIT_CPU, seconds);
    if (memory)
        limit(command, RR_RLIMIT_AS, memory);
    start(command, program, &child);
    rr_command_free(command);

    wait_for(child, timeout_ns, &outcome, &timed_out);
    rr_child_free(child);
    report(&outcome, timed_out);
    return outcome.signal ? 128 + outcome.signal : outcome.exit_code;
}
