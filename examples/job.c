/* Raises the limit on open files, runs a program under limits, and shows what it used. */
#include <inttypes.h>
#include <stdio.h>

#include <rresource.h>

int main(void) {
    const rr_rlimit seconds = {1, 2}, files = {64, 64};
    rr_rlimit here;
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    int error;
    if ((error = rr_rlimit_raise(RR_RLIMIT_NOFILE, 4096, &here)) ||
        (error = rr_command_new("sort", &command)) ||
        (error = rr_command_add_arg(command, "--output=/dev/null")) ||
        (error = rr_command_add_arg(command, "/etc/passwd")) ||
        (error = rr_command_set_limit(command, RR_RLIMIT_CPU, &seconds)) ||
        (error = rr_command_set_limit(command, RR_RLIMIT_NOFILE, &files)) ||
        (error = rr_command_spawn(command, &child, NULL)) ||
        (error = rr_child_wait(child, -1, &outcome)))
        fprintf(stderr, "job: %s\n", rr_strerror(error));
    else
        printf("%" PRIu64 " files here; exit code %d: %" PRIu64 " us of processor time, %" PRIu64 " KiB\n",
               here.rlim_cur, outcome.exit_code, outcome.usage.cpu_ns / 1000, outcome.usage.peak_rss_bytes / 1024);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
