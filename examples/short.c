#include <rresource.h>
#include <stdio.h>

int main(void) {
    const rr_rlimit second = {1, 1};
    rr_command *command;
    rr_child *child;
    rr_outcome outcome;
    if (rr_command_new("sort", &command) || rr_command_add_arg(command, "/etc/passwd") ||
        rr_command_set_limit(command, RR_RLIMIT_CPU, &second) ||
        rr_command_spawn(command, &child, NULL) || rr_child_wait(child, -1, &outcome))
        return 1;
    printf("exit status %d, peak %.2f MiB\n", outcome.exit_code, (double)outcome.usage.peak_rss_bytes / 1048576);
    rr_child_free(child);
    rr_command_free(command);
    return 0;
}
