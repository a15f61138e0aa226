/* Sets limits, the directory and the session of a program: what a preexec_fn or code between fork and exec does, without
 * code in the child. The limits of this process do not change. */
#include <inttypes.h>
#include <stdio.h>

#include <rresource.h>

int main(void) {
    const rr_rlimit files = {32, 32}, core = {0, 0};
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    rr_rlimit own;
    rr_failure failure = {0, 0};
    int error;
    if ((error = rr_command_new("sh", &command)) || (error = rr_command_add_arg(command, "-c")) ||
        (error = rr_command_add_arg(command, "echo \"$(ulimit -n) files, core $(ulimit -c), in $(pwd)\"")) ||
        (error = rr_command_set_limit(command, RR_RLIMIT_NOFILE, &files)) ||
        (error = rr_command_set_limit(command, RR_RLIMIT_CORE, &core)) ||
        (error = rr_command_set_directory(command, "/")) || (error = rr_command_new_session(command)) ||
        (error = rr_command_spawn(command, &child, &failure)) || (error = rr_child_wait(child, -1, &outcome)) ||
        (error = rr_getrlimit(RR_RLIMIT_NOFILE, &own)))
        fprintf(stderr, "preexec: %s: %s\n", rr_step_text(failure.step), rr_strerror(error));
    else
        printf("%s here\n", own.rlim_cur == 32 ? "changed" : "unchanged");
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
