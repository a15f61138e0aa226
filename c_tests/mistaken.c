/*
 * Processes that may be mistaken for others: a pid that is reused between a check and the act, a kernel without
 * pidfds, a zombie, a thread, and signals to a group.
 */
#include "ways.h"
#include "notify.h"

#ifdef __linux__
#include <pthread.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

static volatile int32_t second_thread;
static void *be_second(void *unused) {
    (void)unused;
    second_thread = (int32_t)syscall(SYS_gettid);
    for (;;)
        pause();
    return NULL;
}

static pthread_t start_second_thread(void) {
    pthread_t thread;
    second_thread = 0;
    CHECK_EQ(pthread_create(&thread, NULL, be_second, NULL), 0);
    while (!second_thread)
        usleep(1000);
    return thread;
}

static void end_second_thread(pthread_t thread) {
    CHECK_EQ(pthread_cancel(thread), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* A signal to the leader ends the whole group, each of which holds the pipe open. */
static void check_group(int (*lead)(rr_command *)) {
    char byte;
    int ends[2];
    struct pollfd all_ended = {-1, POLLIN, 0};
    rr_child *child;
    rr_command *command = shell("sleep 100 & sleep 100 & echo; wait");
    CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
    CHECK_CALL(rr_command_dup2(command, ends[1], 1), 0);
    CHECK_CALL(lead(command), 0);
    child = spawned(command);
    close(ends[1]);
    CHECK_EQ(read(ends[0], &byte, 1), 1);
    CHECK_CALL(rr_child_kill(child, SIGTERM), 0);
    all_ended.fd = ends[0];
    CHECK_EQ(poll(&all_ended, 1, 5000), 1);
    CHECK_EQ(all_ended.revents, POLLHUP);
    close(ends[0]);
    CHECK_EQ(ended_either_way(child).signal, SIGTERM);
}
#endif

#ifdef CAN_NOTIFY
static int pidfds_are_refused;   /* the errno of pidfd_open */
static int32_t followed;         /* a process */
static int is_another;           /* /proc shows a later process with its pid */
static const char *ends_at_file; /* it ends when this file of it is opened, and its pid is reused */

/* The file's text with another start time, which is field 22. */
static const char *with_another_start(const char *path) {
    static char text[2048], changed[2100];
    char *place;
    int file = open(path, O_RDONLY), field;
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length > 0 ? length : 0] = 0;
    place = strrchr(text, ')');
    for (field = 2; place && field < 22; field++)
        place = strchr(place + 1, ' ');
    CHECK(place != NULL);
    snprintf(changed, sizeof changed, "%.*s %llu%s", place ? (int)(place - text) : 0, text,
             strtoull(place ? place : "0", NULL, 10) + 1, place ? strchr(place + 1, ' ') : "");
    return changed;
}

static int is_file_of_followed(uint64_t path, const char *name) {
    char expected[64];
    snprintf(expected, sizeof expected, "/proc/%d/%s", (int)followed, name);
    return is_path(path, expected);
}

static long long mistake(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
    if (call->nr == SYS_pidfd_open)
        return pidfds_are_refused ? -pidfds_are_refused : PASS;
    if (ends_at_file && is_file_of_followed(call->args[1], ends_at_file)) {
        ends_at_file = NULL;
        kill(followed, SIGKILL);
        waitpid(followed, NULL, 0);
        return file_of("8001 8002 8003 8004 8005 8006 8007\n");
    }
    if (is_another && is_file_of_followed(call->args[1], "stat"))
        return file_of(with_another_start((const char *)(uintptr_t)call->args[1]));
    return PASS;
}

static void arrange_mistakes(void) {
    static const int numbers[] = {SYS_pidfd_open, SYS_openat};
    ARRANGE(mistake, numbers);
}

static void check_gone(rr_process *process) {
    rr_rlimit_entry entries[64], entry = {RR_RLIMIT_CORE, 0, {0, 0}};
    rr_usage usage;
    uint64_t used;
    size_t count;
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), ESRCH);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ESRCH);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &usage), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU, &usage), ESRCH);
}

static void become_zombie(int32_t child) {
    siginfo_t info;
    kill(child, SIGKILL);
    CHECK_EQ(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
}

static void compare_start_times(int error) {
    rr_process *process, *zombie;
    rr_rlimit limits;
    pidfds_are_refused = error;
    arrange_mistakes();
    followed = start_sleeper();
    CHECK_CALL(rr_process_open(followed, &process), 0);
    CHECK_EQ(rr_process_fd(process), -1);
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_process_open(-followed, &zombie), EINVAL);
    is_another = 1;
    check_gone(process);
    CHECK_CALL(rr_prlimit(followed, RR_RLIMIT_CORE, NULL, &limits), 0);
    is_another = 0;
    CHECK_CALL(rr_process_check(process), 0);
    become_zombie(followed);
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_process_open(followed, &zombie), 0);
    CHECK_CALL(rr_process_check(zombie), ESRCH);
    rr_process_close(zombie);
    CHECK_EQ(waitpid(followed, NULL, 0), followed);
    check_gone(process);
    rr_process_close(process);
}

static void by_start_time_a_later_one_is_another(void) { compare_start_times(ENOSYS); }
static void by_start_time_in_a_sandbox_too(void) { compare_start_times(EPERM); }

static void by_start_time_a_thread_is_no_process(void) {
    rr_process *process;
    FILL(process);
    start_second_thread();
    pidfds_are_refused = ENOSYS;
    arrange_mistakes();
    CHECK_CALL(rr_process_open(second_thread, &process), EINVAL);
    CHECK_UNTOUCHED(process);
}

/* A file opened by pid belongs to the process only if the pid is still its own afterwards. */
static void a_file_of_a_later_one_is_not_kept(void) {
    rr_process *process;
    rr_usage usage;
    FILL(usage);
    arrange_mistakes();
    followed = start_sleeper();
    CHECK_CALL(rr_process_open(followed, &process), 0);
    ends_at_file = "statm";
    CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &usage), ESRCH);
    CHECK(ends_at_file == NULL);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &usage), ESRCH);
    CHECK_UNTOUCHED(usage);
    rr_process_close(process);
}

/* ---- The wait and those who signal -------------------------------------------------------------- */

static rr_child *waited_for;
static volatile int was_zombie = -1;

/* The child ends while a thread is about to signal it. The thread that waits must not reap it until that is done. */
static long long end_before_the_signal(const struct seccomp_data *call, int32_t thread) {
    const int32_t pid = rr_child_pid(waited_for);
    if (thread == arranging_thread && call->nr == SYS_pidfd_send_signal && call->args[1])
        return -ENOSYS; /* so that the pid is used */
    if (call->nr != SYS_kill || thread != arranging_thread || was_zombie >= 0)
        return PASS;
    kill(pid, SIGKILL);
    usleep(200000);
    was_zombie = kill(pid, 0) == 0;
    return PASS;
}

/* A busy loop would not give the processor up. */
static void *wait_for_it(void *outcome) {
    struct rusage usage;
    CHECK_EQ(rr_child_wait(waited_for, -1, (rr_outcome *)outcome), 0);
    getrusage(RUSAGE_THREAD, &usage);
    CHECK(usage.ru_nvcsw > 5);
    return NULL;
}

static void a_pid_in_use_is_not_freed(void) {
    static const int numbers[] = {SYS_pidfd_send_signal, SYS_kill};
    rr_outcome outcome;
    pthread_t thread;
    is_direct = 1;
    waited_for = spawned(shell("exec sleep 100"));
    ARRANGE(end_before_the_signal, numbers);
    CHECK_EQ(pthread_create(&thread, NULL, wait_for_it, &outcome), 0);
    CHECK_CALL(rr_child_kill(waited_for, SIGTERM), 0);
    CHECK_EQ(was_zombie, 1);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_CALL(rr_child_kill(waited_for, SIGTERM), ESRCH);
    rr_child_free(waited_for);
}

static volatile int is_held, is_over;
static long long hold_the_signal(const struct seccomp_data *call, int32_t thread) {
    (void)thread;
    if (call->nr == SYS_pidfd_send_signal)
        return call->args[1] ? -ENOSYS : PASS;
    for (is_held = 1; !is_over;)
        usleep(1000);
    return PASS;
}

static void *signal_it(void *error) {
    *(int *)error = rr_child_kill(waited_for, SIGCONT);
    return NULL;
}

/* The threads that were signalling do not exist in a forked process. */
static void wait_after_fork(void) {
    rr_outcome outcome;
    end_after(10);
    CHECK_CALL(rr_child_wait(waited_for, -1, &outcome), ECHILD);
}

/* The wait for a thread that signals has a deadline, after which everything is as before. */
static void a_held_signal_holds_up_no_timeout(void) {
    static const int numbers[] = {SYS_pidfd_send_signal, SYS_kill};
    rr_process *process;
    rr_outcome outcome;
    pthread_t thread;
    uint64_t start = nanoseconds_now();
    int error = -1;
    is_direct = 1;
    end_after(60);
    waited_for = spawned(shell("sleep 0.2; exit 5"));
    ARRANGE(hold_the_signal, numbers);
    CHECK_EQ(pthread_create(&thread, NULL, signal_it, &error), 0);
    while (!is_held)
        usleep(1000);
    CHECK_CALL(rr_child_wait(waited_for, 500000000, &outcome), ETIMEDOUT);
    CHECK(nanoseconds_now() - start >= 500000000 && nanoseconds_now() - start < 30000000000u);
    CHECK_CALL(rr_child_process(waited_for, &process), 0);
    rr_process_close(process);
    in_child(wait_after_fork);
    is_over = 1;
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_EQ(error, 0);
    CHECK_CALL(rr_child_wait(waited_for, -1, &outcome), 0);
    CHECK_EQ(outcome.exit_code, 5);
    rr_child_free(waited_for);
}

static int send_refusal;
static long long refuse_to_signal(const struct seccomp_data *call, int32_t thread) {
    return thread == arranging_thread && call->args[1] ? -send_refusal : PASS;
}

/* By pid, where the pidfd cannot be used. */
static void check_second_way(int error) {
    static const int numbers[] = {SYS_pidfd_send_signal};
    rr_child *child;
    send_refusal = error;
    is_direct = 1;
    ARRANGE(refuse_to_signal, numbers);
    check_group(rr_command_new_group);
    check_group(rr_command_new_session);
    child = spawned(shell("exec sleep 100"));
    CHECK_CALL(rr_child_kill(child, SIGTERM), 0);
    CHECK_EQ(ended_either_way(child).signal, SIGTERM);
}

static void signals_go_by_number_where_pidfds_cannot(void) { check_second_way(ENOSYS); }
static void signals_go_by_number_where_pidfds_may_not(void) { check_second_way(EPERM); }
static void signals_go_by_number_where_flags_are_unknown(void) { check_second_way(EINVAL); }

/* ---- A status that the kernel keeps with the pidfd ---------------------------------------------- */

static int misses, attempts;
static long long miss_the_status(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread || (uint32_t)call->args[1] != 0xC040FF0B)
        return PASS;
    return attempts++ < misses ? -ESRCH : PASS;
}

/* The process may end between the kernel's look for the status and for the process: a second look finds the status. */
static void a_status_that_was_missed_is_read_again(void) {
    static const int numbers[] = {SYS_ioctl};
    rr_outcome outcome;
    signal(SIGCHLD, SIG_IGN);
    is_direct = 1;
    outcome.exit_code = -1;
    waited_for = spawned(shell("exit 5"));
    if (rr_child_wait(waited_for, -1, &outcome) == ECHILD)
        _exit(77); /* a kernel that keeps none */
    rr_child_free(waited_for);
    ARRANGE(miss_the_status, numbers);
    for (misses = 0; misses < 4; misses++) {
        attempts = 0;
        waited_for = spawned(shell("exit 5"));
        CHECK_CALL(rr_child_wait(waited_for, -1, &outcome), misses < 2 ? 0 : ECHILD);
        CHECK_EQ(outcome.exit_code, 5);
        rr_child_free(waited_for);
    }
}
#endif

#ifdef __linux__

/* ---- Without arrangements ----------------------------------------------------------------------- */

static void a_session_leaders_group_is_signalled(void) { check_group(rr_command_new_session); }

static void the_pidfd_of_a_thread_is_no_process(void) {
#ifdef SYS_pidfd_open
    rr_process *process;
    const pthread_t thread = start_second_thread();
    const int pidfd = (int)syscall(SYS_pidfd_open, second_thread, O_EXCL); /* PIDFD_THREAD */
    FILL(process);
    if (pidfd < 0)
        skip("this kernel or emulator does not support pidfds of threads");
    else {
        CHECK_CALL(rr_process_from_fd(pidfd, &process), EINVAL);
        CHECK_UNTOUCHED(process);
        close(pidfd);
    }
    end_second_thread(thread);
#else
    skip("no pidfds here");
#endif
}

#ifdef SYS_pidfd_open
/* A process without a PID in this namespace has no handle: its pidfd shows 0. */
static int outer_pidfd;
static void look_from_within(void) {
    rr_process *process;
    int status = 1;
    pid_t child;
    outer_pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (outer_pidfd < 0 || unshare(CLONE_NEWPID | CLONE_NEWNS) != 0)
        _exit(77);
    child = fork();
    if (child == 0) {
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount("proc", "/proc", "proc", 0, NULL) != 0)
            _exit(77);
        FILL(process);
        CHECK_CALL(rr_process_from_fd(outer_pidfd, &process), ENOTSUP);
        CHECK_UNTOUCHED(process);
        _exit(current_failures != 0);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}
#endif

static void a_pidfd_from_outside_of_the_namespace_is_enotsup(void) {
#ifdef SYS_pidfd_open
    int status = status_of_child(look_from_within);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no pidfds or no new namespaces here");
    else
        CHECK_EQ(status, 0);
#else
    skip("no pidfds here");
#endif
}

/* A file is kept if its descriptor is below half of the limit, and not from there on. */
static void keep_below_half(void) {
    int lowest;
    rr_rlimit limits;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    limits.rlim_cur = 64;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    for (lowest = 31; lowest <= 32; lowest++) {
        rr_process *process;
        rr_usage usage;
        int before;
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                pause();
        }
        CHECK_CALL(rr_process_open(child, &process), 0);
        while ((before = dup(0)) >= 0 && before < lowest - 1)
            ;
        before = open_descriptors();
        CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &usage), 0);
        CHECK_EQ(usage.known & RR_USAGE_RSS, RR_USAGE_RSS);
        CHECK_EQ(open_descriptors(), before + (lowest == 31));
        rr_process_close(process);
        for (before = lowest; before > 3; before--)
            close(before);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
}

static void files_are_kept_below_half_of_the_descriptors(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator has additional descriptors");
    else
        in_child(keep_below_half);
}

/* The peak of a process that has grown and shrunk: with its first thread, and after that has ended. */
static int grown[2];
static void *grow(void *unused) {
    const size_t size = (size_t)48 << 20;
    char *block = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    (void)unused;
    CHECK(block != MAP_FAILED);
    memset(block, 1, size);
    munmap(block, size);
    CHECK_EQ(write(grown[1], "", 1), 1);
    for (;;)
        pause();
    return NULL;
}

static void check_reset(int is_without_first_thread) {
    rr_usage usage;
    rr_process *process;
    uint64_t before;
    char byte;
    pid_t child;
    CHECK_EQ(pipe(grown), 0);
    fflush(stdout);
    child = fork();
    if (child == 0) {
        pthread_t thread;
        prctl(PR_SET_PDEATHSIG, is_without_first_thread ? 0 : SIGKILL);
        end_after(60);
        if (is_without_first_thread && pthread_create(&thread, NULL, grow, NULL) == 0)
            syscall(SYS_exit, 0);
        grow(NULL);
    }
    CHECK_EQ(read(grown[0], &byte, 1), 1);
    close(grown[0]), close(grown[1]);
    usleep(20000);
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_PEAK_RSS, &usage), 0);
    before = usage.peak_rss_bytes;
    result_of_call = CALL(rr_usage_reset_peak(process));
    if (result_of_call == ENOTSUP || result_of_call == EACCES)
        skip("this kernel or sandbox does not reset peaks");
    else {
        CHECK_EQ(result_of_call, 0);
        CHECK_CALL(rr_usage_read(process, RR_USAGE_PEAK_RSS, &usage), 0);
        CHECK(usage.peak_rss_bytes + ((uint64_t)40 << 20) < before);
    }
    rr_process_close(process);
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void the_peak_of_another_process_is_reset(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator uses additional memory");
    else {
        check_reset(0);
        check_reset(1);
    }
}
#endif

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
#ifdef __linux__
    RUN_WAYS(a_session_leaders_group_is_signalled);
    RUN(the_pidfd_of_a_thread_is_no_process);
    RUN(a_pidfd_from_outside_of_the_namespace_is_enotsup);
    RUN(files_are_kept_below_half_of_the_descriptors);
    RUN(the_peak_of_another_process_is_reset);
#endif
    RUN_ARRANGED(by_start_time_a_later_one_is_another);
    RUN_ARRANGED(by_start_time_in_a_sandbox_too);
    RUN_ARRANGED(by_start_time_a_thread_is_no_process);
    RUN_ARRANGED(a_file_of_a_later_one_is_not_kept);
    RUN_ARRANGED(a_pid_in_use_is_not_freed);
    RUN_ARRANGED(a_held_signal_holds_up_no_timeout);
    RUN_ARRANGED(signals_go_by_number_where_pidfds_cannot);
    RUN_ARRANGED(signals_go_by_number_where_pidfds_may_not);
    RUN_ARRANGED(signals_go_by_number_where_flags_are_unknown);
    RUN_ARRANGED(a_status_that_was_missed_is_read_again);
    return report();
}
