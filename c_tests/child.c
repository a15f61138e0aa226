/* A child: how it ended, timeouts, signals to it, and hosts that wait for children themselves. */
#include "ways.h"
#include <poll.h>
#include <pthread.h>
#ifdef __linux__
#include <sys/ptrace.h>
#endif
#include <sys/utsname.h>

static void exit_codes_and_signals(void) {
    rr_outcome outcome;
    outcome = ended(spawned(shell("exit 0")));
    CHECK(outcome.exit_code == 0 && outcome.signal == 0 && outcome.limit == -1);
    outcome = ended(spawned(shell("exit 255")));
    CHECK(outcome.exit_code == 255 && outcome.signal == 0 && outcome.limit == -1);
    outcome = ended(spawned(shell("kill -TERM $$")));
    CHECK(outcome.exit_code == -1 && outcome.signal == SIGTERM && outcome.limit == -1);
    outcome = ended(spawned(shell("kill -KILL $$")));
    CHECK(outcome.exit_code == -1 && outcome.signal == SIGKILL && outcome.limit == -1);
    CHECK(outcome.core_dumped == 0 && outcome.reserved0 == 0 && outcome.reserved[0] == 0 && outcome.reserved[6] == 0);
}

/* The out-of-memory killer sends SIGKILL, so any other end was certainly not caused by it. */
static void out_of_memory_is_never_guessed(void) {
    CHECK_EQ(ended(spawned(shell("exit 137"))).oom, RR_OOM_NO);
    CHECK_EQ(ended(spawned(shell("kill -TERM $$"))).oom, RR_OOM_NO);
    CHECK_EQ(ended(spawned(shell("kill -KILL $$"))).oom, RR_OOM_UNKNOWN);
}

static int64_t number(const rr_outcome *outcome, const char *name) {
    int64_t value = -4711;
    size_t index;
    for (index = 0; index < rr_outcome_field_count(); index++)
        if (strcmp(rr_outcome_field_name(index), name) == 0)
            CHECK_CALL(rr_outcome_value(outcome, index, &value), 0);
    return value;
}

static void every_number_by_index(void) {
    rr_outcome outcome = ended(spawned(shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 7")));
    size_t index, count = rr_outcome_field_count();
    int64_t value;
    CHECK_EQ(count, 5 + 16 + 1 + 16 + 1);
    CHECK_EQ(number(&outcome, "exit_code"), 7);
    CHECK_EQ(number(&outcome, "limit"), -1);
    CHECK_EQ(number(&outcome, "oom"), RR_OOM_NO);
    CHECK_EQ(number(&outcome, "wall_ns"), outcome.wall_ns);
    CHECK_EQ(number(&outcome, "rusage.ru_utime"), outcome.rusage.ru_utime.tv_sec * 1000000 + outcome.rusage.ru_utime.tv_usec);
    CHECK_EQ(number(&outcome, "rusage.ru_maxrss"), outcome.rusage.ru_maxrss);
    CHECK_EQ(number(&outcome, "rusage.ru_nivcsw"), outcome.rusage.ru_nivcsw);
    CHECK_EQ(number(&outcome, "usage.known"), outcome.usage.known);
    CHECK_EQ(number(&outcome, "usage.cpu_ns"), outcome.usage.cpu_ns);
    CHECK(number(&outcome, "usage.cpu_ns") > 0);
    for (index = 0; index < count; index++) {
        const char *name = rr_outcome_field_name(index);
        int is_unknown = strcmp(name, "usage.open_files") == 0 || strcmp(name, "usage.threads") == 0;
        if (is_unknown)
            CHECK_CALL(rr_outcome_value(&outcome, index, &value), ENOTSUP);
        if (strcmp(name + strlen(name) - 3, "_ns") == 0)
            CHECK_EQ(rr_outcome_field_unit(index), RR_UNIT_NANOSECONDS);
        if (strstr(name, "time"))
            CHECK_EQ(rr_outcome_field_unit(index), RR_UNIT_MICROSECONDS);
    }
    FILL(value);
    outcome.wall_ns = UINT64_MAX;
    CHECK_CALL(rr_outcome_value(&outcome, 4, &value), ERANGE);
    CHECK_CALL(rr_outcome_value(&outcome, count, &value), ERANGE);
    CHECK_CALL(rr_outcome_value(NULL, 0, &value), EFAULT);
    CHECK_CALL(rr_outcome_value(&outcome, 0, NULL), EFAULT);
    CHECK_UNTOUCHED(value);
    CHECK(rr_outcome_field_name(count) == NULL && rr_outcome_field_unit(count) == RR_UNIT_NONE);
}

static void usage_agrees_with_the_systems_own_record(void) {
    struct rusage before, after;
    rr_outcome outcome;
    uint64_t start = nanoseconds_now(), wall;
    rr_usage same;
    getrusage(RUSAGE_CHILDREN, &before);
    outcome = ended(spawned(shell("i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done")));
    wall = nanoseconds_now() - start;
    getrusage(RUSAGE_CHILDREN, &after);
    CHECK(outcome.wall_ns > 0 && outcome.wall_ns <= wall);
    CHECK(outcome.usage.wall_ns == outcome.wall_ns && (outcome.usage.known & RR_USAGE_WALL));
    CHECK_EQ(rr_usage_from_rusage(&outcome.rusage, &same), 0);
    CHECK(same.cpu_ns == outcome.usage.cpu_ns && same.minor_faults == outcome.usage.minor_faults);
    CHECK(outcome.usage.cpu_ns > 1000000);
    if (is_direct) /* else it includes the launcher's */
        CHECK_EQ(outcome.rusage.ru_minflt, after.ru_minflt - before.ru_minflt);
    else
        CHECK(outcome.rusage.ru_minflt <= after.ru_minflt - before.ru_minflt);
}

static void waiting_twice_gives_the_same(void) {
    rr_child *child = spawned(shell("exit 9"));
    rr_outcome first, second;
    memset(&first, 1, sizeof first);
    memset(&second, 2, sizeof second);
    CHECK_CALL(rr_child_wait(child, -1, &first), 0);
    CHECK_CALL(rr_child_wait(child, 0, &second), 0);
    CHECK(memcmp(&first, &second, sizeof first) == 0);
    CHECK_EQ(first.exit_code, 9);
    check_no_children();
    rr_child_free(child);
}

static void timeouts(void) {
    rr_child *child = spawned(shell("exec sleep 100"));
    rr_outcome outcome;
    uint64_t start;
    FILL(outcome);
    CHECK_CALL(rr_child_wait(child, 0, &outcome), ETIMEDOUT);
    start = nanoseconds_now();
    CHECK_CALL(rr_child_wait(child, 50000000, &outcome), ETIMEDOUT);
    CHECK(nanoseconds_now() - start >= 50000000 && nanoseconds_now() - start < 60000000000u);
    CHECK_UNTOUCHED(outcome);
    CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
    start = nanoseconds_now();
    CHECK_CALL(rr_child_wait(child, INT64_MAX, &outcome), 0);
    CHECK(nanoseconds_now() - start < 60000000000u);
    CHECK_EQ(outcome.signal, SIGKILL);
    rr_child_free(child);
}

static int alarms, input[2];
static void on_alarm(int number) {
    (void)number;
    if (++alarms == 10)
        close(input[1]);
}

/* The child runs for ten signals. */
static void wait_among_signals(void) {
    rr_child *child;
    rr_command *command = command_of("cat");
    rr_outcome outcome;
    struct itimerval often;
    uint64_t start = nanoseconds_now();
    CHECK_EQ(pipe2(input, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, input[0], 0), 0);
    child = spawned(command);
    signal(SIGALRM, on_alarm);
    memset(&often, 0, sizeof often);
    often.it_value.tv_usec = often.it_interval.tv_usec = 20000;
    setitimer(ITIMER_REAL, &often, NULL);
    CHECK_CALL(rr_child_wait(child, 100000000, &outcome), ETIMEDOUT);
    CHECK(nanoseconds_now() - start >= 100000000);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    memset(&often, 0, sizeof often);
    setitimer(ITIMER_REAL, &often, NULL);
    CHECK(alarms >= 10);
    CHECK_EQ(outcome.exit_code, 0);
    rr_child_free(child);
}
static void signals_do_not_interrupt_a_wait(void) { in_child(wait_among_signals); }

static void its_descriptor_is_readable_at_the_end(void) {
    rr_child *child = spawned(shell("exec sleep 100"));
    rr_process *process = NULL;
    rr_usage usage;
    rr_rlimit limits;
    int fd = rr_child_fd(child);
    rr_outcome outcome;
    CHECK(rr_child_pid(child) > 0 && fd >= 0);
    CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
    CHECK_CALL(rr_child_process(child, &process), 0);
    CHECK_EQ(rr_process_pid(process), rr_child_pid(child));
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0);
    CHECK(usage.known & RR_USAGE_CPU);
    CHECK_CALL(rr_prlimit(rr_child_pid(child), RR_RLIMIT_CPU, NULL, &limits), 0);
    CHECK_CALL(rr_child_kill(child, SIGTERM), 0);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_CALL(rr_process_check(process), ESRCH);
    rr_process_close(process);
    FILL(process);
    CHECK_CALL(rr_child_process(child, &process), ESRCH);
    CHECK_UNTOUCHED(process);
    rr_child_free(child);
}

static void no_signal_after_the_wait(void) {
    rr_child *child = spawned(shell("exit 1"));
    rr_outcome outcome;
    CHECK_CALL(rr_child_kill(child, 0), 0);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_CALL(rr_child_kill(child, 0), ESRCH);
    CHECK_CALL(rr_child_kill(child, SIGKILL), ESRCH);
    rr_child_free(child);
    child = spawned(shell("exec sleep 100"));
    CHECK_CALL(rr_child_kill(child, 9999), EINVAL);
    CHECK_CALL(rr_child_kill(child, -1), EINVAL);
    CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
    CHECK_EQ(ended(child).signal, SIGKILL);
}

static void a_signal_reaches_the_whole_group(void) {
    int ends[2];
    char byte;
    rr_child *child;
    rr_outcome outcome;
    rr_command *command = shell("sleep 100 & sleep 100 & echo; wait");
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    CHECK_CALL(rr_command_new_group(command), 0);
    child = spawned(command);
    close(ends[1]);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_CALL(rr_child_kill(child, 9999), EINVAL);
    CHECK_CALL(rr_child_kill(child, SIGTERM), 0);
    /* Waits until all of them have ended: each holds the pipe. */
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_EQ(outcome.signal, SIGTERM);
    CHECK_CALL(rr_child_kill(child, SIGTERM), ESRCH);
    rr_child_free(child);
}

/* The group's leader has ended; another member has not. */
static void no_signal_to_the_group_after_the_wait(void) {
    char byte;
    int ends[2];
    struct pollfd end = {-1, POLLIN, 0};
    rr_child *child;
    rr_outcome outcome;
    rr_command *command = shell("sleep 100 & exit 0");
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    CHECK_CALL(rr_command_new_group(command), 0);
    child = spawned(command);
    close(ends[1]);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK_CALL(rr_child_kill(child, SIGKILL), ESRCH);
    end.fd = ends[0];
    CHECK_EQ(poll(&end, 1, 100), 0);
    CHECK_EQ(kill(-rr_child_pid(child), SIGKILL), 0);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    close(ends[0]);
    rr_child_free(child);
}

static rr_child *shared_child;
static void *kill_until_it_is_gone(void *arg) {
    int error;
    (void)arg;
    while ((error = rr_child_kill(shared_child, SIGKILL)) == 0)
        sched_yield();
    return (void *)(size_t)error;
}

static void kill_during_wait(void) {
    int i;
    for (i = 0; i < 50; i++) {
        pthread_t thread;
        void *error;
        rr_outcome outcome;
        rr_command *command = shell("exec sleep 100");
        if (i % 2)
            CHECK_CALL(rr_command_new_group(command), 0);
        shared_child = spawned(command);
        CHECK_EQ(pthread_create(&thread, NULL, kill_until_it_is_gone, NULL), 0);
        CHECK_EQ(rr_child_wait(shared_child, -1, &outcome), 0);
        CHECK_EQ(outcome.signal, SIGKILL);
        pthread_join(thread, &error);
        CHECK_EQ((size_t)error, ESRCH);
        rr_child_free(shared_child);
    }
}

static volatile sig_atomic_t was_reaped;
static void reap_on_sigchld(int number) {
    rr_outcome outcome;
    (void)number;
    if (rr_child_wait(shared_child, 0, &outcome) == 0)
        was_reaped = 1;
}

/* The launcher's SIGCHLD may come first. A handler that waited for the call that it interrupts would hang. */
static void kill_with_a_handler_that_waits(void) {
    sigset_t none_yet, previous;
    rr_process *process;
    int i;
    sigemptyset(&none_yet);
    sigaddset(&none_yet, SIGCHLD);
    signal(SIGCHLD, reap_on_sigchld);
    end_after(60);
    for (i = 0; i < 50; i++) {
        was_reaped = 0;
        sigprocmask(SIG_BLOCK, &none_yet, &previous);
        shared_child = spawned(shell("exec sleep 100"));
        sigprocmask(SIG_SETMASK, &previous, NULL);
        CHECK_CALL(rr_child_kill(shared_child, SIGKILL), 0);
        while (!was_reaped)
            if (i % 2)
                rr_child_kill(shared_child, 0);
            else if (rr_child_process(shared_child, &process) == 0)
                rr_process_close(process);
        CHECK_CALL(rr_child_kill(shared_child, 0), ESRCH);
        rr_child_free(shared_child);
    }
}
static void a_handler_may_wait_for_what_kill_has_ended(void) { in_child(kill_with_a_handler_that_waits); }

static void freed_it_is_the_callers_to_wait_for(void) {
    rr_child *child = spawned(shell("exit 6"));
    int32_t pid = rr_child_pid(child);
    int status, before = open_descriptors();
    rr_child_free(child);
    CHECK_EQ(open_descriptors(), before - 1);
    CHECK_EQ(waitpid(pid, &status, 0), pid);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 6);
}

/* Checks a child whose record the system may have dropped: Linux 6.15 keeps the exit status. */
static void check_perhaps_dropped(rr_child *child, int exit_code) {
    struct utsname kernel;
    rr_outcome outcome;
    int major = 0, minor = 0, error;
    FILL(outcome);
    uname(&kernel);
    sscanf(kernel.release, "%d.%d", &major, &minor);
    error = CALL(rr_child_wait(child, -1, &outcome));
    if (error == 0) {
        CHECK_EQ(outcome.exit_code, exit_code);
        CHECK_EQ(outcome.limit, -1);
    } else {
        CHECK_EQ(error, ECHILD);
        CHECK_UNTOUCHED(outcome);
        CHECK(major < 6 || (major == 6 && minor < 15) || emulated_by("qemu-user"));
    }
    CHECK_CALL(rr_child_kill(child, 0), ESRCH);
    CHECK_EQ(CALL(rr_child_wait(child, -1, &outcome)), error);
    rr_child_free(child);
}

static void host_ignores_sigchld(void) {
    int i;
    signal(SIGCHLD, SIG_IGN);
    for (i = 0; i < 20; i++) {
        rr_outcome outcome;
        rr_child *child = spawned(shell(i % 2 ? "sleep 0.02; exit 5" : "exit 5"));
        if (i == 0 && (errno = 0, rr_child_wait(child, -1, &outcome) == 0)) {
            CHECK(outcome.usage.known == RR_USAGE_WALL && outcome.rusage.ru_maxrss == 0);
            CHECK(outcome.wall_ns > 0);
        }
        check_perhaps_dropped(child, 5);
    }
    check_no_children();
    {
        rr_child *child;
        rr_command *command = command_of("/nowhere");
        CHECK_CALL(rr_command_spawn(command, &child, NULL), ENOENT);
        rr_command_free(command);
    }
}
static void works_where_sigchld_is_ignored(void) {
    if (emulated_by("qemu-user"))
        skip("qemu-user returns descriptor 0 for a pidfd when the child is gone before it has opened one");
    else
        in_child(host_ignores_sigchld);
}

static volatile int reaper_goes_on;
static void *reap_everything(void *arg) {
    long reaped = 0;
    (void)arg;
    while (reaper_goes_on)
        if (waitpid(-1, NULL, 0) > 0)
            reaped++;
        else
            usleep(100);
    return (void *)reaped;
}

static void host_reaps(void) {
    pthread_t thread;
    void *reaped;
    int i;
    const int times = emulated_by("valgrind") || emulated_by("qemu-user") ? 20 : 300;
    reaper_goes_on = 1;
    CHECK_EQ(pthread_create(&thread, NULL, reap_everything, NULL), 0);
    for (i = 0; i < times; i++) {
        if (i % 10 == 0) {
            rr_child *child;
            rr_command *command = command_of("/nowhere");
            CHECK_EQ(rr_command_spawn(command, &child, NULL), ENOENT);
            rr_command_free(command);
        }
        check_perhaps_dropped(spawned(shell("exit 5")), 5);
    }
    reaper_goes_on = 0;
    pthread_join(thread, &reaped);
    CHECK((long)reaped > 0);
}
static void works_where_the_host_reaps_any_child(void) {
    if (emulated_by("qemu-user"))
        skip("qemu-user returns descriptor 0 for a pidfd when the child is gone before it has opened one");
    else
        in_child(host_reaps);
}

#ifdef __linux__
/* A child that has ended cannot be reaped before its tracer has waited for it. */
static void wait_for_a_traced_child(void) {
    rr_child *child = spawned(shell("exec sleep 100"));
    rr_outcome outcome;
    const int32_t pid = rr_child_pid(child);
    int ready[2];
    char byte;
    pid_t tracer;
    uint64_t start;
    CHECK_EQ(pipe(ready), 0);
    tracer = fork();
    if (tracer == 0) {
        const char result = ptrace(PTRACE_SEIZE, pid, NULL, NULL) == 0;
        if (write(ready[1], &result, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    if (!byte) {
        kill(tracer, SIGKILL);
        _exit(77);
    }
    CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
    usleep(50000);
    start = nanoseconds_now();
    CHECK_CALL(rr_child_wait(child, 0, &outcome), ETIMEDOUT);
    CHECK_CALL(rr_child_wait(child, 100000000, &outcome), ETIMEDOUT);
    CHECK(nanoseconds_now() - start >= 100000000 && nanoseconds_now() - start < 10000000000u);
    CHECK_CALL(rr_child_kill(child, 0), 0);
    kill(tracer, SIGKILL);
    CHECK_EQ(waitpid(tracer, NULL, 0), tracer);
    CHECK_CALL(rr_child_wait(child, 60000000000, &outcome), 0);
    CHECK_EQ(outcome.signal, SIGKILL);
    rr_child_free(child);
}

static void a_traced_child_does_not_prolong_a_wait(void) {
    int status;
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("emulators cannot trace");
        return;
    }
    status = status_of_child(wait_for_a_traced_child);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("ptrace is not allowed here");
    else
        CHECK_EQ(status, 0);
}
#else
static void a_traced_child_does_not_prolong_a_wait(void) { skip("only Linux traces a process without stopping it"); }
#endif

/* It is not this process's child: no status is to come. */
static void wait_in_a_forked_process(void) {
    rr_outcome outcome;
    const uint64_t start = nanoseconds_now();
    CHECK_CALL(rr_child_wait(shared_child, -1, &outcome), ECHILD);
    CHECK(nanoseconds_now() - start < 900000000);
}

static void a_forked_process_does_not_wait(void) {
    char byte;
    int ends[2];
    rr_command *command = shell("exit 3");
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 9), 0);
    shared_child = spawned(command);
    close(ends[1]);
    CHECK_EQ(read(ends[0], &byte, 1), 0);
    usleep(50000);
    in_child(wait_in_a_forked_process);
    CHECK_EQ(ended(shared_child).exit_code, 3);
    close(ends[0]);
}

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
    RUN_WAYS(exit_codes_and_signals);
    RUN_WAYS(out_of_memory_is_never_guessed);
    RUN_WAYS(every_number_by_index);
    RUN_WAYS(usage_agrees_with_the_systems_own_record);
    RUN_WAYS(waiting_twice_gives_the_same);
    RUN_WAYS(timeouts);
    RUN_WAYS(signals_do_not_interrupt_a_wait);
    RUN_WAYS(its_descriptor_is_readable_at_the_end);
    RUN_WAYS(no_signal_after_the_wait);
    RUN_WAYS(a_signal_reaches_the_whole_group);
    RUN_WAYS(no_signal_to_the_group_after_the_wait);
    RUN_WAYS(kill_during_wait);
    RUN_WAYS(a_handler_may_wait_for_what_kill_has_ended);
    RUN_WAYS(freed_it_is_the_callers_to_wait_for);
    RUN_WAYS(works_where_sigchld_is_ignored);
    RUN_WAYS(works_where_the_host_reaps_any_child);
    RUN_WAYS(a_traced_child_does_not_prolong_a_wait);
    RUN_WAYS(a_forked_process_does_not_wait);
    return report();
}
