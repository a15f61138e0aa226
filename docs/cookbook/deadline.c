/* Runs a program and what it starts for at most 1 s. All of them are in one process group, which ends as a whole. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include <rresource.h>

int main(int argc, char **argv) {
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    int i, error = argc < 2 ? EINVAL : rr_command_new(argv[1], &command);
    for (i = 2; !error && i < argc; i++)
        error = rr_command_add_arg(command, argv[i]);
    if (error || (error = rr_command_new_group(command)) || (error = rr_command_spawn(command, &child, NULL)) ||
        (error = rr_child_wait(child, 1000000000, &outcome)) == ETIMEDOUT) {
        if (error == ETIMEDOUT) {
            rr_child_kill(child, SIGKILL);
            error = rr_child_wait(child, -1, &outcome);
        }
    }
    if (error)
        fprintf(stderr, "deadline: %s\n", rr_strerror(error));
    else
        printf("%s after %.1f s\n", outcome.signal ? "killed" : "ended", (double)outcome.wall_ns / 1e9);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
