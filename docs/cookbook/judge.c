/* Judges a program: it gets an input, may use 1 s of processor time, 3 s by the clock, 256 MiB of address space and 1 MiB
 * of output, and has to print what is expected.
 *
 *     judge INPUT EXPECTED program arguments...
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <rresource.h>

/* The output goes to a file, of which FSIZE limits the size. */
static int equal(int a, int b) {
    char first[4096], second[4096];
    ssize_t length;
    if (lseek(a, 0, SEEK_SET) < 0)
        return 0;
    while ((length = read(a, first, sizeof first)) > 0)
        if (read(b, second, (size_t)length) != length || memcmp(first, second, (size_t)length) != 0)
            return 0;
    return length == 0 && read(b, second, 1) == 0;
}

static int prepare(rr_command *command, char **words, int input, int output) {
    static const struct {
        int resource;
        rr_rlimit limits;
    } limits[] = {
        {RR_RLIMIT_CPU, {1, 2}},
        {RR_RLIMIT_AS, {256 << 20, 256 << 20}},
        {RR_RLIMIT_FSIZE, {1 << 20, 1 << 20}},
        {RR_RLIMIT_CORE, {0, 0}},
    };
    size_t i;
    int error = 0;
    for (i = 0; !error && i < sizeof limits / sizeof *limits; i++)
        error = rr_command_set_limit(command, limits[i].resource, &limits[i].limits);
    for (; !error && *words; words++)
        error = rr_command_add_arg(command, *words);
    if (error || (error = rr_command_dup2(command, input, 0)) || (error = rr_command_dup2(command, output, 1)))
        return error;
    return rr_command_new_group(command);
}

static const char *verdict(const rr_outcome *outcome, int timed_out, int output, int expected) {
    if (timed_out || outcome->limit == RR_RLIMIT_CPU)
        return "time limit exceeded";
    if (outcome->limit == RR_RLIMIT_FSIZE)
        return "output limit exceeded";
    if (outcome->signal || outcome->exit_code)
        return "runtime error";
    return equal(output, expected) ? "accepted" : "wrong answer";
}

int main(int argc, char **argv) {
    char name[] = "/tmp/judge-XXXXXX";
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    const int input = argc > 3 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
    const int expected = argc > 3 ? open(argv[2], O_RDONLY | O_CLOEXEC) : -1, output = mkstemp(name);
    int error, timed_out = 0;
    unlink(name);
    if (input < 0 || expected < 0 || output < 0) {
        fprintf(stderr, "usage: judge INPUT EXPECTED program arguments...\n");
        return 2;
    }
    fcntl(output, F_SETFD, FD_CLOEXEC);
    if (!(error = rr_command_new(argv[3], &command)) && !(error = prepare(command, argv + 4, input, output)) &&
        !(error = rr_command_spawn(command, &child, NULL)) &&
        (timed_out = (error = rr_child_wait(child, 3000000000, &outcome)) == ETIMEDOUT)) {
        rr_child_kill(child, SIGKILL);
        error = rr_child_wait(child, -1, &outcome);
    }
    if (error)
        fprintf(stderr, "judge: %s\n", rr_strerror(error));
    else
        printf("%s (%.0f ms, %.1f MiB)\n", verdict(&outcome, timed_out, output, expected),
               (double)outcome.usage.cpu_ns / 1e6, (double)outcome.usage.peak_rss_bytes / 1048576);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
