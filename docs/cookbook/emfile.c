/* Tests that a program survives when it has no descriptor left: it runs under each limit from 3 to 16, and must neither
 * be killed by a signal nor run for ever. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include <rresource.h>

static int run(char **words, uint64_t files, rr_outcome *outcome) {
    const rr_rlimit limits = {files, files};
    rr_command *command = NULL;
    rr_child *child = NULL;
    int error = rr_command_new(*words, &command);
    while (!error && *++words)
        error = rr_command_add_arg(command, *words);
    if (!error && !(error = rr_command_set_limit(command, RR_RLIMIT_NOFILE, &limits)) &&
        !(error = rr_command_spawn(command, &child, NULL)) &&
        (error = rr_child_wait(child, 10000000000, outcome)) == ETIMEDOUT) {
        rr_child_kill(child, SIGKILL);
        error = rr_child_wait(child, -1, outcome);
    }
    rr_child_free(child);
    rr_command_free(command);
    return error;
}

int main(int argc, char **argv) {
    uint64_t files;
    for (files = 3; argc > 1 && files <= 16; files++) {
        rr_outcome outcome;
        const int error = run(argv + 1, files, &outcome);
        if (error) {
            fprintf(stderr, "emfile: %s\n", rr_strerror(error));
            return 2;
        }
        if (outcome.signal) {
            printf("signal %d with %d descriptors\n", outcome.signal, (int)files);
            return 1;
        }
    }
    puts("survives");
    return 0;
}
