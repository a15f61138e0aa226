/* Handles of processes: which PIDs can be opened, which processes are alive, and whose limits are read and set. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/syscall.h>

/* A child that waits until this pipe is closed. */
static int32_t start_sleeper(void) {
    int32_t child;
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0)
        for (;;)
            pause();
    return child;
}

static void reap(int32_t child) {
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void become_zombie(int32_t child) {
    siginfo_t info;
    kill(child, SIGKILL);
    CHECK_EQ(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
}

static int descriptors(void) {
    int count = 0, fd;
    for (fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void the_caller_by_zero_by_number_and_by_null(void) {
    const int32_t pids[] = {0, (int32_t)getpid()};
    size_t i;
    for (i = 0; i < 2; i++) {
        rr_process *process;
        CHECK_CALL(rr_process_open(pids[i], &process), 0);
        CHECK_EQ(rr_process_pid(process), getpid());
        CHECK_CALL(rr_process_check(process), 0);
        rr_process_close(process);
    }
    CHECK_EQ(rr_process_pid(NULL), getpid());
    CHECK_EQ(rr_process_fd(NULL), -1);
    CHECK_CALL(rr_process_check(NULL), 0);
    rr_process_close(NULL);
}

static int thread_number;
static void *in_thread(void *unused) {
    (void)unused;
#ifdef __linux__
    thread_number = (int)syscall(SYS_gettid);
#endif
    pause();
    return NULL;
}

static void a_thread_is_no_process(void) {
#ifdef __linux__
    rr_process *process;
    pthread_t thread;
    FILL(process);
    CHECK_EQ(pthread_create(&thread, NULL, in_thread, NULL), 0);
    while (*(volatile int *)&thread_number == 0)
        usleep(1000);
    CHECK_CALL(rr_process_open(thread_number, &process), EINVAL);
    CHECK_UNTOUCHED(process);
    pthread_cancel(thread);
    pthread_join(thread, NULL);
#else
    skip("threads have no process numbers here");
#endif
}

static void numbers_that_open_nothing(void) {
    int32_t reaped = start_sleeper();
    rr_process *process;
    reap(reaped);
    FILL(process);
    CHECK_CALL(rr_process_open(-1, &process), EINVAL);
    CHECK_CALL(rr_process_open(INT_MIN, &process), EINVAL);
    CHECK_CALL(rr_process_open(reaped, &process), ESRCH);
    CHECK_CALL(rr_process_open(INT_MAX, &process), ESRCH);
    CHECK_CALL(rr_process_open(0, NULL), EFAULT);
    CHECK_UNTOUCHED(process);
}

static void a_child_its_zombie_and_after(void) {
    int32_t child = start_sleeper();
    const rr_rlimit limits = {10, 20};
    rr_rlimit_entry entry = {RR_RLIMIT_NOFILE, 0, {10, 20}};
    rr_rlimit_entry entries[64];
    rr_process *process, *zombie;
    rr_verdict verdict;
    uint64_t used;
    size_t count;
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_EQ(rr_process_pid(process), child);
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), 0);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), 0);

    become_zombie(child);
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ESRCH);
    CHECK_CALL(rr_rlimit_check(process, RR_RLIMIT_NOFILE, &limits, &verdict), ESRCH);
    FILL(used);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_CPU, &used), ESRCH);
#ifdef RR_RLIMIT_NICE
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NICE, &used), ESRCH);
#endif
    CHECK_UNTOUCHED(used);
    CHECK_CALL(rr_process_open(child, &zombie), 0);
    CHECK_CALL(rr_process_check(zombie), ESRCH);
    rr_process_close(zombie);

    reap(child);
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), ESRCH);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ESRCH);
    CHECK_CALL(rr_process_open(child, &zombie), ESRCH);
    rr_process_close(process);
}

static void a_handle_holds_one_descriptor_and_gives_it_back(void) {
    int before = descriptors(), i;
    rr_process *processes[20];
    for (i = 0; i < 20; i++)
        CHECK_CALL(rr_process_open(0, &processes[i]), 0);
#ifdef __linux__
    if (rr_process_fd(processes[0]) >= 0) {
        CHECK_EQ(descriptors(), before + 20);
        CHECK_EQ(fcntl(rr_process_fd(processes[0]), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    }
#endif
    for (i = 0; i < 20; i++)
        rr_process_close(processes[i]);
    CHECK_EQ(descriptors(), before);
}

static void from_a_pidfd(void) {
#if defined(__linux__) && defined(SYS_pidfd_open)
    int32_t child = start_sleeper();
    int pidfd = (int)syscall(SYS_pidfd_open, child, 0), before = descriptors();
    rr_process *process, *untouched;
    FILL(untouched);
    if (pidfd < 0) {
        reap(child);
        skip("no pidfds on this kernel or emulator");
        return;
    }
    CHECK_CALL(rr_process_from_fd(pidfd, &process), 0);
    CHECK_EQ(rr_process_pid(process), child);
    CHECK(rr_process_fd(process) != pidfd);
    close(pidfd);
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_process_from_fd(0, &untouched), EBADF);
    CHECK_CALL(rr_process_from_fd(-1, &untouched), EBADF);
    CHECK_CALL(rr_process_from_fd(250, &untouched), EBADF);
    reap(child);
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_process_from_fd(rr_process_fd(process), &untouched), ESRCH);
    CHECK_CALL(rr_process_from_fd(0, NULL), EFAULT);
    CHECK_UNTOUCHED(untouched);
    rr_process_close(process);
    CHECK_EQ(descriptors(), before - 1);
#else
    skip("this system has no pidfds");
#endif
}

/* Of the caller everything is known, its context switches too. */
static void from_ones_own_pidfd(void) {
#if defined(__linux__) && defined(SYS_pidfd_open)
    const int pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    rr_process *process;
    rr_usage usage;
    if (pidfd < 0) {
        skip("no pidfds on this kernel or emulator");
        return;
    }
    CHECK_CALL(rr_process_from_fd(pidfd, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_SWITCHES, &usage), 0);
    CHECK_EQ(usage.known & RR_USAGE_SWITCHES, RR_USAGE_SWITCHES);
    rr_process_close(process);
    close(pidfd);
#else
    skip("this system has no pidfds");
#endif
}

static rr_process *parents;
static void with_the_parents_handle(void) {
    rr_rlimit_entry entries[64];
    const rr_rlimit soft_lower = {1, RR_RLIM_INFINITY};
    size_t count;
    CHECK_EQ(rr_process_pid(parents), getppid());
    CHECK_EQ(setrlimit(RLIMIT_CORE, (const struct rlimit *)(const void *)&soft_lower) == 0 || errno == EPERM, 1);
    CHECK_CALL(rr_rlimits_get(parents, entries, 64, &count), 0);
    CHECK(entries[RR_RLIMIT_CORE].limits.rlim_cur != 1);
}

static void a_handle_on_the_caller_means_the_parent_after_fork(void) {
    CHECK_CALL(rr_process_open(0, &parents), 0);
#ifdef __linux__
    in_child(with_the_parents_handle);
#else
    skip("only the caller can be opened here");
#endif
    rr_process_close(parents);
}

/* A process that gets the PID of one that has ended, and must not be mistaken for it. PIDs cannot be chosen without
 * privilege; in a new namespace they are reused soon. */
#ifdef __linux__
#include <sched.h>

static void write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY);
    CHECK(file >= 0 && write(file, text, strlen(text)) > 0);
    close(file);
}

static void in_namespace(void) {
    int32_t first = start_sleeper(), again = -1;
    rr_rlimit_entry entries[64], entry = {RR_RLIMIT_NOFILE, 0, {7, 7}};
    rr_rlimit newcomers;
    rr_process *process;
    char last[16];
    size_t count;
    if (CALL(rr_process_open(first, &process)) == ENOTSUP || rr_process_fd(process) < 0) {
        kill(first, SIGKILL);
        _exit(77); /* without pidfds a /proc of this namespace would be needed */
    }
    reap(first);
    snprintf(last, sizeof last, "%d", first - 1);
    write_file("/proc/sys/kernel/ns_last_pid", last);
    again = start_sleeper();
    if (again != first) {
        kill(again, SIGKILL);
        _exit(77);
    }
    CHECK_CALL(rr_prlimit(again, RR_RLIMIT_NOFILE, NULL, &newcomers), 0);
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), ESRCH);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ESRCH);
    CHECK_CALL(rr_prlimit(again, RR_RLIMIT_NOFILE, NULL, &newcomers), 0);
    CHECK(newcomers.rlim_cur != 7);
    rr_process_close(process);
    reap(again);
}

static void enter_namespace(void) {
    int status = -1;
    pid_t child;
    if (unshare(CLONE_NEWPID) != 0)
        _exit(77);
    child = fork();
    if (child == 0) {
        in_namespace();
        _exit(current_failures ? 1 : 0);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}
#endif

static void a_newcomer_with_the_number_is_not_the_process(void) {
#ifdef __linux__
    int status = status_of_child(enter_namespace);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no pidfds here, or the number of the next process cannot be chosen");
    else
        CHECK_EQ(status, 0);
#else
    skip("only the caller can be opened here");
#endif
}

int main(void) {
    RUN(the_caller_by_zero_by_number_and_by_null);
    RUN(a_thread_is_no_process);
    RUN(numbers_that_open_nothing);
    RUN(a_child_its_zombie_and_after);
    RUN(a_handle_holds_one_descriptor_and_gives_it_back);
    RUN(from_a_pidfd);
    RUN(from_ones_own_pidfd);
    RUN(a_handle_on_the_caller_means_the_parent_after_fork);
    RUN(a_newcomer_with_the_number_is_not_the_process);
    return report();
}
