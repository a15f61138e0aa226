/* Captures the output of a program that may use 1 s of processor time. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <rresource.h>

int main(int argc, char **argv) {
    const rr_rlimit time = {1, 1};
    rr_command *command = NULL;
    rr_child *child = NULL;
    rr_outcome outcome;
    char output[4096];
    size_t length = 0;
    ssize_t got;
    int ends[2], i, error = argc < 2 ? EINVAL : rr_command_new(argv[1], &command);
    for (i = 2; !error && i < argc; i++)
        error = rr_command_add_arg(command, argv[i]);
    if (!error && pipe(ends) != 0)
        error = errno;
    if (!error) {
        /* The program gets the writing end as descriptor 1 only. */
        fcntl(ends[0], F_SETFD, FD_CLOEXEC);
        fcntl(ends[1], F_SETFD, FD_CLOEXEC);
        if (!(error = rr_command_dup2(command, ends[1], STDOUT_FILENO)) &&
            !(error = rr_command_set_limit(command, RR_RLIMIT_CPU, &time)))
            error = rr_command_spawn(command, &child, NULL);
        close(ends[1]);
        while (!error && length < sizeof output && (got = read(ends[0], output + length, sizeof output - length)) > 0)
            length += (size_t)got;
        close(ends[0]);
    }
    if (error || (error = rr_child_wait(child, -1, &outcome)))
        fprintf(stderr, "capture: %s\n", rr_strerror(error));
    else
        printf("%zu bytes: %.*s(exit status %d)\n", length, (int)length, output, outcome.exit_code);
    rr_child_free(child);
    rr_command_free(command);
    return error != 0;
}
