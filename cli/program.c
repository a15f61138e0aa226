/* Programs that `run` and `bench` start. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <string.h>

#include "cli.h"

rr_command *command_of(char **words, int count) {
    rr_command *command;
    int i;
    must(rr_command_new(words[0], &command), words[0]);
    for (i = 1; i < count; i++)
        must(rr_command_add_arg(command, words[i]), words[0]);
    return command;
}

/* As for a shell: 127 if there is no such program, 126 if it cannot be executed. */
static int status_of_failure(const rr_failure *failure, int error) {
    if (failure->step != RR_STEP_EXEC)
        return STATUS_TROUBLE;
    return error == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE;
}

int status_of_failed_spawn(const char *program, const rr_failure *failure, int error) {
    if (failure->step == RR_STEP_LIMIT)
        warn("the limit %s cannot be set: %s", rr_resource_name(failure->detail), rr_strerror(error));
    else if (failure->step == RR_STEP_EXEC && error == ENOENT && !strchr(program, '/'))
        warn("%s: no such program in PATH: check the name, or give its path", program);
    else if (failure->step == RR_STEP_EXEC)
        warn("%s: %s", program, rr_strerror(error));
    else
        warn("%s cannot be started: %s: %s", program, rr_step_text(failure->step), rr_strerror(error));
    return status_of_failure(failure, error);
}

int spawn(const rr_command *command, const char *program, rr_child **child) {
    rr_failure failure;
    int error;
    failure.step = RR_STEP_START;
    failure.detail = 0;
    error = rr_command_spawn(command, child, &failure);
    return error ? status_of_failed_spawn(program, &failure, error) : 0;
}

const char *end_text(const rr_outcome *outcome, char text[TEXT_SIZE]) {
    if (outcome->signal)
        snprintf(text, TEXT_SIZE, "signal %d (%s)%s", (int)outcome->signal, strsignal(outcome->signal),
                 outcome->core_dumped ? ", core dumped" : "");
    else
        snprintf(text, TEXT_SIZE, "exit status %d", (int)outcome->exit_code);
    return text;
}
