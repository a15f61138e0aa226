/* Every pointer parameter of every function, NULL: the documented error, and the other outputs are unchanged. */
#include "check.h"

static void resources(void) {
    rr_resource resource;
    FILL(resource);
    CHECK_CALL(rr_resource_at(0, NULL), EFAULT);
    CHECK_CALL(rr_resource_by_id(RR_RLIMIT_CPU, NULL), EFAULT);
    CHECK_CALL(rr_resource_by_name("CPU", NULL), EFAULT);
    CHECK_CALL(rr_resource_by_name(NULL, &resource), EFAULT);
    CHECK_CALL(rr_resource_by_name(NULL, NULL), EFAULT);
    CHECK_UNTOUCHED(resource);
}

static void constants(void) {
    int64_t value;
    FILL(value);
    CHECK_CALL(rr_constant(NULL, &value), EFAULT);
    CHECK_CALL(rr_constant("RLIMIT_CPU", NULL), EFAULT);
    CHECK_CALL(rr_constant(NULL, NULL), EFAULT);
    CHECK_UNTOUCHED(value);
}

static void limits(void) {
    rr_rlimit present;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, NULL), EFAULT);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, NULL), EFAULT);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &present), 0);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, NULL, NULL), 0);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, &present, NULL), 0);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, NULL, &present), 0);
}

static void text(void) {
    rr_rlimit limits;
    char text[RR_RLIMIT_TEXT_SIZE];
    const rr_rlimit none = {0, 0};
    FILL(limits);
    FILL(text);
    CHECK_CALL(rr_rlimit_parse(RR_RLIMIT_CORE, "1", NULL), EFAULT);
    CHECK_CALL(rr_rlimit_parse(RR_RLIMIT_CORE, NULL, &limits), EFAULT);
    CHECK_CALL(rr_rlimit_parse(RR_RLIMIT_CORE, NULL, NULL), EFAULT);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_CORE, &none, NULL, sizeof text), EFAULT);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_CORE, &none, NULL, 0), EFAULT);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_CORE, NULL, text, sizeof text), EFAULT);
    CHECK_CALL(rr_rlimit_format(RR_RLIMIT_CORE, NULL, NULL, sizeof text), EFAULT);
    CHECK_UNTOUCHED(limits);
    CHECK_UNTOUCHED(text);
}

static void many_limits(void) {
    const rr_rlimit low = {0, 0};
    rr_rlimit_entry entry;
    rr_verdict verdict;
    size_t count;
    FILL(entry), FILL(count), FILL(verdict);
    CHECK_CALL(rr_rlimits_get(NULL, NULL, 1, &count), EFAULT);
    CHECK_CALL(rr_rlimits_get(NULL, &entry, 1, NULL), EFAULT);
    CHECK_CALL(rr_rlimits_get(NULL, NULL, 0, NULL), EFAULT);
    CHECK_CALL(rr_rlimits_set(NULL, NULL, 1, &count), EFAULT);
    CHECK_CALL(rr_rlimits_set(NULL, NULL, 0, NULL), 0);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_CPU, NULL, &verdict), EFAULT);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_CPU, &low, NULL), EFAULT);
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_CPU, 0, NULL), 0);
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_CPU, NULL), EFAULT);
    CHECK_UNTOUCHED(entry);
    CHECK_UNTOUCHED(count);
    CHECK_UNTOUCHED(verdict);
}

static void processes(void) {
    CHECK_CALL(rr_process_open(0, NULL), EFAULT);
    CHECK_CALL(rr_process_from_fd(0, NULL), EFAULT);
    rr_process_close(NULL);
    CHECK_EQ(rr_process_pid(NULL), getpid());
    CHECK_EQ(rr_process_fd(NULL), -1);
    CHECK_CALL(rr_process_check(NULL), 0);
}

static void rusage(void) {
    rr_rusage zero;
    double value;
    memset(&zero, 0, sizeof zero);
    FILL(value);
    CHECK_CALL(rr_getrusage(RR_RUSAGE_SELF, NULL), EFAULT);
    CHECK_CALL(rr_getrusage(RR_RUSAGE_BOTH, NULL), EFAULT);
    CHECK_CALL(rr_rusage_value(NULL, 0, &value), EFAULT);
    CHECK_CALL(rr_rusage_value(&zero, 0, NULL), EFAULT);
    CHECK_CALL(rr_rusage_value(NULL, 0, NULL), EFAULT);
    CHECK_UNTOUCHED(value);
}

static void usage(void) {
    rr_usage untouched, zero;
    rr_rusage none;
    uint64_t value;
    memset(&zero, 0, sizeof zero);
    memset(&none, 0, sizeof none);
    FILL(untouched);
    FILL(value);
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_ALL, NULL), EFAULT);
    CHECK_CALL(rr_usage_from_rusage(NULL, &untouched), EFAULT);
    CHECK_CALL(rr_usage_from_rusage(&none, NULL), EFAULT);
    CHECK_CALL(rr_usage_since(NULL, &zero, &untouched), EFAULT);
    CHECK_CALL(rr_usage_since(&zero, NULL, &untouched), EFAULT);
    CHECK_CALL(rr_usage_since(&zero, &zero, NULL), EFAULT);
    CHECK_CALL(rr_usage_value(NULL, 0, &value), EFAULT);
    CHECK_CALL(rr_usage_value(&zero, 0, NULL), EFAULT);
    CHECK_UNTOUCHED(untouched);
    CHECK_UNTOUCHED(value);
}

static void bounds(void) {
    rr_bound limit, room, good;
    char text[RR_BOUND_TEXT_SIZE];
    size_t count;
    FILL(limit), FILL(room), FILL(count), FILL(text);
    memset(&good, 0, sizeof good);
    good.source = RR_SOURCE_MACHINE;
    CHECK_CALL(rr_bounds_read(NULL, RR_BOUND_FILES, NULL, 1, &count), EFAULT);
    CHECK_CALL(rr_bounds_read(NULL, RR_BOUND_FILES, &limit, 1, NULL), EFAULT);
    CHECK_CALL(rr_bounds_read(NULL, RR_BOUND_FILES, NULL, 0, NULL), EFAULT);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_FILES, NULL, &room), EFAULT);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_FILES, &limit, NULL), EFAULT);
    CHECK_CALL(rr_bound_effective(NULL, RR_BOUND_FILES, NULL, NULL), EFAULT);
    CHECK_CALL(rr_bound_format(NULL, RR_BOUND_FILES, text, sizeof text), EFAULT);
    CHECK_CALL(rr_bound_format(&good, RR_BOUND_FILES, NULL, sizeof text), EFAULT);
    CHECK_CALL(rr_bound_format(&good, RR_BOUND_FILES, NULL, 0), EFAULT);
    CHECK_UNTOUCHED(limit);
    CHECK_UNTOUCHED(room);
    CHECK_UNTOUCHED(count);
    CHECK_UNTOUCHED(text);
}

static void commands(void) {
    const rr_rlimit low = {0, 0};
    rr_command *command;
    rr_child *child;
    rr_process *process;
    rr_outcome outcome;
    FILL(command), FILL(child), FILL(process), FILL(outcome);
    CHECK_CALL(rr_command_new(NULL, &command), EFAULT);
    CHECK_CALL(rr_command_new("/bin/true", NULL), EFAULT);
    CHECK_UNTOUCHED(command);
    CHECK_CALL(rr_command_new("/bin/true", &command), 0);
    CHECK_CALL(rr_command_add_arg(NULL, "a"), EFAULT);
    CHECK_CALL(rr_command_add_arg(command, NULL), EFAULT);
    CHECK_CALL(rr_command_set_arg0(NULL, "a"), EFAULT);
    CHECK_CALL(rr_command_set_arg0(command, NULL), EFAULT);
    CHECK_CALL(rr_command_set_env(NULL, "A", "a"), EFAULT);
    CHECK_CALL(rr_command_set_env(command, NULL, "a"), EFAULT);
    CHECK_CALL(rr_command_set_env(command, "A", NULL), 0);
    CHECK_CALL(rr_command_clear_env(NULL), EFAULT);
    CHECK_CALL(rr_command_set_directory(NULL, "/"), EFAULT);
    CHECK_CALL(rr_command_set_directory(command, NULL), EFAULT);
    CHECK_CALL(rr_command_dup2(NULL, 0, 0), EFAULT);
    CHECK_CALL(rr_command_set_limit(NULL, RR_RLIMIT_CORE, &low), EFAULT);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CORE, NULL), EFAULT);
    CHECK_CALL(rr_command_new_group(NULL), EFAULT);
    CHECK_CALL(rr_command_new_session(NULL), EFAULT);
    CHECK_CALL(rr_command_no_launcher(NULL), EFAULT);
    CHECK_CALL(rr_command_spawn(NULL, &child, NULL), EFAULT);
    CHECK_CALL(rr_command_spawn(command, NULL, NULL), EFAULT);
    CHECK_UNTOUCHED(child);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), 0);
    rr_command_free(NULL);
    rr_command_free(command);
    CHECK_EQ(rr_child_pid(NULL), -1);
    CHECK_EQ(rr_child_fd(NULL), -1);
    CHECK_CALL(rr_child_process(NULL, &process), EFAULT);
    CHECK_CALL(rr_child_process(child, NULL), EFAULT);
    CHECK_CALL(rr_child_kill(NULL, 0), EFAULT);
    CHECK_CALL(rr_child_wait(NULL, -1, &outcome), EFAULT);
    CHECK_UNTOUCHED(process);
    CHECK_UNTOUCHED(outcome);
    CHECK_CALL(rr_child_wait(child, -1, NULL), EFAULT); /* before it is reaped */
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    rr_child_free(NULL);
    rr_child_free(child);
}

static void waiting(void) {
    int32_t number, child;
    FILL(number);
    CHECK_CALL(rr_wait_status(0, NULL, &number), EFAULT);
    CHECK_CALL(rr_wait_status(0, &number, NULL), EFAULT);
    CHECK_CALL(rr_wait_status(0, NULL, NULL), EFAULT);
    CHECK_UNTOUCHED(number);
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0)
        _exit(0);
    CHECK_CALL(rr_wait4(child, 0, NULL, NULL, NULL), EFAULT);
    CHECK_CALL(rr_wait4(child, 0, &number, NULL, NULL), 0);
    CHECK_EQ(number, child);
}

int main(void) {
    RUN(resources);
    RUN(constants);
    RUN(limits);
    RUN(text);
    RUN(many_limits);
    RUN(processes);
    RUN(rusage);
    RUN(usage);
    RUN(bounds);
    RUN(commands);
    RUN(waiting);
    return report();
}
