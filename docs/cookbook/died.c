/* Runs a program with at most 1 s of processor time, 512 MiB of address space and 60 s by the clock, and prints why it
 * ended. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include <rresource.h>

static int run(rr_command *command, rr_child **child, rr_outcome *outcome, int *timed_out) {
    const rr_rlimit time = {1, 2}, memory = {512u << 20, 512u << 20};
    int error;
    if ((error = rr_command_set_limit(command, RR_RLIMIT_CPU, &time)) ||
        (error = rr_command_set_limit(command, RR_RLIMIT_AS, &memory)) ||
        (error = rr_command_spawn(command, child, NULL)))
        return error;
    error = rr_child_wait(*child, 60000000000, outcome);
    if ((*timed_out = error == ETIMEDOUT)) {
        rr_child_kill(*child, SIGKILL);
        error = rr_child_wait(*child, -1, outcome);
    }
    return error;
}

int main(int argc, char **argv) {
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    int timed_out = 0, i, error = argc < 2 ? EINVAL : rr_command_new(argv[1], &command);
    for (i = 2; !error && i < argc; i++)
        error = rr_command_add_arg(command, argv[i]);
    if (!error)
        error = run(command, &child, &outcome, &timed_out);
    if (error)
        fprintf(stderr, "died: %s\n", rr_strerror(error));
    else if (timed_out)
        puts("no time left");
    else if (outcome.limit >= 0)
        printf("limit %s: %s\n", rr_resource_name(outcome.limit), rr_resource_summary(outcome.limit));
    else if (outcome.oom == RR_OOM_YES)
        puts("out of memory");
    else if (outcome.signal)
        printf("signal %d\n", outcome.signal);
    else
        printf("exit status %d\n", outcome.exit_code);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
