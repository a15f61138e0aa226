/* Runs a program and all that it starts for at most 1 s. The tree ends as a whole, whatever sessions and groups its
 * processes have made. */
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
    if (!error && !(error = rr_command_set_tree(command, RR_TREE_SUPERVISOR | RR_TREE_CGROUP)) &&
        !(error = rr_command_spawn(command, &child, NULL)) &&
        (error = rr_child_wait(child, 1000000000, &outcome)) == ETIMEDOUT) {
        rr_child_kill(child, SIGKILL);
        error = rr_child_wait(child, -1, &outcome);
    }
    if (error)
        fprintf(stderr, "deadline: %s\n", rr_strerror(error));
    else
        printf("%s after %.1f s\n", outcome.signal ? "killed" : "ended", (double)outcome.wall_ns / 1e9);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
