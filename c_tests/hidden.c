/* A /proc that hides or lacks processes, or has other PIDs: their values are unknown then, not zero and not another
 * process's, and they have not ended. */
#include "check.h"

#ifdef __linux__
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { NOT_HERE = 77 };

static const int OF_STATUS[] = {RR_RLIMIT_AS, RR_RLIMIT_DATA, RR_RLIMIT_STACK, RR_RLIMIT_RSS, RR_RLIMIT_MEMLOCK, RR_RLIMIT_SIGPENDING};
enum { OF_STATUS_COUNT = sizeof OF_STATUS / sizeof OF_STATUS[0] };

static int32_t start_sleeper(void) {
    const pid_t parent = getpid();
    int32_t child = (int32_t)fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* for parts that return early */
        while (getppid() == parent)
            pause();
        _exit(0);
    }
    return child;
}

static void end(int32_t child) {
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

/* Creates a mount namespace, so that changes are not visible to other processes. */
static void own_view(void) {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        _exit(NOT_HERE);
}

static void become_nobody(void) {
    CHECK_EQ(setgid(65534), 0);
    CHECK_EQ(setuid(65534), 0);
}

/* Runs a part in a separate process; skipped if its environment cannot be created. */
static void run_there(void (*part)(void), const char *reason) {
    int status;
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator reads /proc itself");
        return;
    }
    status = status_of_child(part);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
        skip(reason);
    else
        CHECK_EQ(status, 0);
}

static int32_t sleeper;

static void see_nothing_of_others(const char *options) {
    rr_process *process;
    rr_rlimit_entry entries[64];
    uint64_t used;
    rr_usage usage;
    size_t count;
    int i, error;
    own_view();
    sleeper = start_sleeper();
    if (mount("proc", "/proc", "proc", 0, options) != 0) {
        end(sleeper);
        _exit(NOT_HERE);
    }
    if (fork() == 0) {
        become_nobody();
        CHECK_EQ(access("/proc/1/stat", F_OK), -1);
        CHECK_CALL(rr_process_open(sleeper, &process), 0);
        CHECK_CALL(rr_process_check(process), 0);
        FILL(used);
        for (i = 0; i < OF_STATUS_COUNT; i++)
            CHECK_CALL(rr_rlimit_used(process, OF_STATUS[i], &used), EACCES);
        CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NOFILE, &used), EACCES);
        CHECK_UNTOUCHED(used);
        CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NICE, &used), 0);
        CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), EPERM);
        CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0);
        CHECK_EQ(usage.known, RR_USAGE_CPU);
        error = CALL(rr_usage_reset_peak(process));
        CHECK(error == EACCES || error == ENOTSUP);
        rr_process_close(process);
        _exit(current_failures ? 1 : 0);
    }
    CHECK(wait(&error) > 0);
    CHECK_EQ(error, 0);
    end(sleeper);
}

static void hidden_by_hidepid_2(void) { see_nothing_of_others("hidepid=2"); }
static void hidden_by_hidepid_4(void) { see_nothing_of_others("hidepid=4"); }

static void a_hidden_process_has_not_ended(void) {
    run_there(hidden_by_hidepid_2, "no /proc can be mounted here");
    run_there(hidden_by_hidepid_4, "no /proc can be mounted with hidepid=4 here, Linux 5.8");
}

static void without_proc(void) {
    rr_process *process;
    rr_rlimit_entry entry = {RR_RLIMIT_CORE, 0, {0, 0}};
    struct rlimit limits;
    uint64_t used;
    rr_usage usage;
    int i;
    sleeper = start_sleeper();
    own_view();
    if (mount("none", "/proc", "tmpfs", 0, NULL) != 0) {
        end(sleeper);
        _exit(NOT_HERE);
    }
    if (CALL(rr_process_open(sleeper, &process)) == ENOTSUP) {
        end(sleeper);
        _exit(NOT_HERE); /* without pidfds it cannot be distinguished from a later one */
    }
    FILL(used);
    for (i = 0; i < OF_STATUS_COUNT; i++) {
        CHECK_CALL(rr_rlimit_used(NULL, OF_STATUS[i], &used), ENOENT);
        CHECK_CALL(rr_rlimit_used(process, OF_STATUS[i], &used), ENOTSUP);
    }
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_NOFILE, &used), ENOENT);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NOFILE, &used), ENOTSUP);
    CHECK_UNTOUCHED(used);
    CHECK_CALL(rr_process_check(process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0);
    CHECK_EQ(usage.known, RR_USAGE_CPU);
    CHECK_CALL(rr_usage_reset_peak(process), ENOTSUP);
    CHECK_CALL(rr_usage_reset_peak(NULL), ENOTSUP);
    /* Functions that do not need /proc still work. */
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), 0);
    CHECK_EQ(prlimit(sleeper, RLIMIT_CORE, NULL, &limits), 0);
    CHECK(limits.rlim_cur == 0 && limits.rlim_max == 0);
    end(sleeper);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used), ESRCH);
    rr_process_close(process);
}

static void no_proc_is_not_ended(void) { run_there(without_proc, "no mount, or no pidfds"); }

/* The status of a process without some of its lines, as other kernels have it. */
static void with_a_cut_status(void) {
    char path[64], line[256], name[] = "/tmp/rresource-hidden-XXXXXX";
    rr_process *process;
    uint64_t used;
    rr_usage usage;
    FILE *whole, *cut;
    int file;
    sleeper = start_sleeper();
    own_view();
    snprintf(path, sizeof path, "/proc/%d/status", sleeper);
    file = mkstemp(name);
    whole = fopen(path, "r"), cut = fdopen(file, "w");
    CHECK(whole && cut);
    while (fgets(line, sizeof line, whole))
        if (strncmp(line, "VmStk", 5) && strncmp(line, "VmLck", 5) && strncmp(line, "SigQ", 4) && strncmp(line, "VmHWM", 5) &&
            strncmp(line, "VmSwap", 6))
            fputs(line, cut);
    fclose(whole), fclose(cut);
    file = mount(name, path, NULL, MS_BIND, NULL);
    unlink(name);
    if (file != 0) {
        end(sleeper);
        _exit(NOT_HERE);
    }
    CHECK_CALL(rr_process_open(sleeper, &process), 0);
    FILL(used);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_STACK, &used), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_MEMLOCK, &used), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_SIGPENDING, &used), ENOTSUP);
    CHECK_UNTOUCHED(used);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used), 0);
    CHECK(used > 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_PEAK_RSS | RR_USAGE_SWAP, &usage), 0);
    CHECK_EQ(usage.known & (RR_USAGE_PEAK_RSS | RR_USAGE_SWAP), 0);
    rr_process_close(process);
    end(sleeper);
}

static void a_missing_line_is_not_zero(void) { run_there(with_a_cut_status, "nothing can be mounted on a file of /proc here"); }

/* A kernel thread has no memory: PID 2 is their parent, if it is visible. */
static void a_thread_of_the_kernel_uses_no_memory(void) {
    rr_process *process;
    uint64_t used;
    char name[32] = "";
    FILE *file = fopen("/proc/2/comm", "r");
    if (!file || !fgets(name, sizeof name, file) || strcmp(name, "kthreadd\n") != 0) {
        skip("no thread of the kernel can be seen from here");
    } else {
        CHECK_CALL(rr_process_open(2, &process), 0);
        FILL(used);
        CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used), ENOTSUP);
        CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_STACK, &used), ENOTSUP);
        CHECK_UNTOUCHED(used);
        rr_process_close(process);
    }
    if (file)
        fclose(file);
}

/* --- numbers of other pid namespaces --- */

static uint64_t core_of(int32_t pid) {
    struct rlimit limits;
    CHECK_EQ(prlimit(pid, RLIMIT_CORE, NULL, &limits), 0);
    return limits.rlim_cur;
}

static void next_number(int32_t number) {
    char text[16];
    int file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
    snprintf(text, sizeof text, "%d", number - 1);
    if (file < 0 || write(file, text, strlen(text)) <= 0)
        _exit(NOT_HERE);
    close(file);
}

/* As on a kernel before 6.13, without an ioctl that returns the PID of a pidfd. */
static int is_older_kernel;
static void refuse_ioctl(void) {
    struct sock_filter program[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_ioctl},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | ENOTTY},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    struct sock_fprog filter = {4, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
        _exit(NOT_HERE);
}

/* Without the ioctl, the PID of a pidfd is in a file. Without a free descriptor, only pidfd_send_signal(2) shows that
 * the process exists in this namespace. It returns EPERM to another user. */
static void read_without_a_free_descriptor(void) {
    const struct rlimit few = {64, 64};
    rr_process *process;
    rr_usage usage;
    refuse_ioctl();
    become_nobody();
    CHECK_CALL(rr_process_open(sleeper, &process), 0);
    CHECK_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    while (dup(0) >= 0)
        ;
    CHECK_EQ(errno, EMFILE);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU, &usage), 0);
    CHECK_EQ(usage.known, RR_USAGE_CPU);
    rr_process_close(process);
}

static void another_users_process_to_read(void) {
    int status;
    if (geteuid() != 0)
        _exit(NOT_HERE);
    sleeper = start_sleeper();
    status = status_of_child(read_without_a_free_descriptor);
    end(sleeper);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
        _exit(NOT_HERE);
    CHECK_EQ(status, 0);
}

static void no_free_descriptor_before_6_13(void) {
    run_there(another_users_process_to_read, "needs root and filters of system calls");
}

/* Runs a part as the first process of a pid namespace, below the /proc of the outer one. */
static void in_new_namespace(void (*part)(void)) {
    int status = -1;
    pid_t first;
    if (is_older_kernel)
        refuse_ioctl();
    if (unshare(CLONE_NEWPID) != 0)
        _exit(NOT_HERE);
    first = fork();
    if (first == 0) {
        part();
        _exit(current_failures ? 1 : 0);
    }
    CHECK_EQ(waitpid(first, &status, 0), first);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
        _exit(NOT_HERE);
    CHECK_EQ(status, 0);
}

static rr_process *carried, *carried_own;
static int32_t carried_number;

static void check_refused(rr_process *process) {
    rr_rlimit_entry entry = {RR_RLIMIT_CORE, 0, {0, 0}}, entries[64];
    const rr_rlimit low = {0, 0};
    rr_verdict verdict;
    rr_usage usage;
    uint64_t used;
    size_t count;
    int i;
    FILL(entries), FILL(verdict), FILL(usage), FILL(used);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ENOTSUP);
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), ENOTSUP);
    CHECK_CALL(rr_rlimit_check(process, RR_RLIMIT_CORE, &low, &verdict), ENOTSUP);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), ENOTSUP);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU, &usage), ENOTSUP);
    CHECK_CALL(rr_usage_reset_peak(process), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_CPU, &used), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NICE, &used), ENOTSUP);
    for (i = 0; i < OF_STATUS_COUNT; i++)
        CHECK_CALL(rr_rlimit_used(process, OF_STATUS[i], &used), ENOTSUP);
    CHECK_UNTOUCHED(entries), CHECK_UNTOUCHED(verdict), CHECK_UNTOUCHED(usage), CHECK_UNTOUCHED(used);
    CHECK_CALL(rr_process_check(process), 0); /* it is alive, in any namespace */
}

static void with_a_stranger(void) {
    int32_t stranger;
    uint64_t before;
    next_number(carried_number);
    stranger = start_sleeper();
    if (stranger != carried_number)
        _exit(NOT_HERE);
    before = core_of(stranger);
    check_refused(carried);
    CHECK_EQ(core_of(stranger), before);
    end(stranger);
}

static void carry_a_handle(void) {
    rr_usage usage;
    const struct rlimit core = {1, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &core); /* without privilege the hard limit stays, and is lower then */
    sleeper = start_sleeper();
    carried_number = sleeper;
    CHECK_CALL(rr_process_open(sleeper, &carried), 0);
    CHECK_CALL(rr_usage_read(carried, RR_USAGE_ALL, &usage), 0); /* now it keeps files open */
    if (rr_process_fd(carried) < 0) {
        end(sleeper);
        _exit(NOT_HERE);
    }
    in_new_namespace(with_a_stranger);
    rr_process_close(carried);
    end(sleeper);
}

static void a_handle_in_another_namespace_means_no_stranger(void) {
    run_there(carry_a_handle, "no pid namespace can be made, or no number be chosen, or no pidfds");
}

/* The process is in the new namespace too, where it has another number: the one of the handle is a stranger's. */
static void with_its_number_here(void) {
    rr_process *process;
    const int answer = CALL(rr_process_from_fd(rr_process_fd(carried), &process));
    if (answer == ENOTSUP)
        _exit(NOT_HERE); /* before Linux 6.13 nothing shows its number below an outer /proc */
    CHECK_EQ(answer, 0);
    CHECK_EQ(rr_process_pid(process), 1);
    rr_process_close(process);
    check_refused(carried);
    _exit(current_failures ? 1 : 0);
}

static void carry_a_handle_after_its_process(void) {
    int32_t second;
    int status = -1;
    if (unshare(CLONE_NEWPID) != 0)
        _exit(NOT_HERE);
    sleeper = (int32_t)fork();
    if (sleeper == 0)
        for (;;)
            pause();
    CHECK_CALL(rr_process_open(sleeper, &carried), 0);
    second = (int32_t)fork();
    if (second == 0)
        with_its_number_here();
    CHECK_EQ(waitpid(second, &status, 0), second);
    rr_process_close(carried);
    end(sleeper);
    if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_HERE)
        _exit(NOT_HERE);
    CHECK_EQ(status, 0);
}

static void a_number_in_another_namespace_means_no_stranger(void) {
    run_there(carry_a_handle_after_its_process, "no pid namespace can be made, or a kernel before 6.13");
}

/* The forked process has the same PID as the one that opened a handle on itself. */
static void as_the_namesake(void) {
    uint64_t before = core_of(0);
    CHECK_EQ(getpid(), carried_number);
    check_refused(carried_own);
    CHECK_EQ(core_of(0), before);
    _exit(current_failures ? 1 : 0);
}

static void start_the_namesake(void) {
    int32_t namesake;
    int status;
    next_number(carried_number);
    namesake = (int32_t)fork();
    if (namesake == 0)
        as_the_namesake();
    CHECK_EQ(waitpid(namesake, &status, 0), namesake);
    if (namesake != carried_number)
        _exit(NOT_HERE);
    CHECK_EQ(status, 0);
}

static void carry_ones_own_handle(void) {
    carried_number = (int32_t)getpid();
    CHECK_CALL(rr_process_open(0, &carried_own), 0);
    if (rr_process_fd(carried_own) < 0)
        _exit(NOT_HERE);
    in_new_namespace(start_the_namesake);
    rr_process_close(carried_own);
}

static void ones_own_handle_is_not_the_namesakes(void) {
    run_there(carry_ones_own_handle, "no pid namespace can be made, or no number be chosen, or no pidfds");
}

static void open_below_an_outer_proc(void) {
#ifdef SYS_pidfd_open
    rr_rlimit_entry entry = {RR_RLIMIT_CORE, 0, {0, 0}};
    rr_process *process;
    int pidfd, error;
    sleeper = start_sleeper();
    pidfd = (int)syscall(SYS_pidfd_open, sleeper, 0);
    if (pidfd < 0)
        _exit(NOT_HERE);
    error = CALL(rr_process_from_fd(pidfd, &process));
    if (error != ENOTSUP) { /* unknown before Linux 6.13 */
        CHECK_EQ(error, 0);
        CHECK_EQ(rr_process_pid(process), sleeper);
        CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), 0);
        CHECK_EQ(core_of(sleeper), 0);
        rr_process_close(process);
    }
    end(sleeper);
#else
    _exit(NOT_HERE);
#endif
}

static void enter_and_open(void) { in_new_namespace(open_below_an_outer_proc); }

static void a_pidfd_below_an_outer_proc_is_the_process(void) { run_there(enter_and_open, "no pid namespace can be made, or no pidfds"); }

/* A process of the outer namespace has no PID here. */
static int outer_pidfd;
static void open_an_outer_one(void) {
    rr_process *untouched;
    FILL(untouched);
    CHECK_CALL(rr_process_from_fd(outer_pidfd, &untouched), ENOTSUP);
    CHECK_UNTOUCHED(untouched);
}

static void enter_with_a_pidfd(void) {
#ifdef SYS_pidfd_open
    outer_pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    if (outer_pidfd < 0)
        _exit(NOT_HERE);
    in_new_namespace(open_an_outer_one);
#else
    _exit(NOT_HERE);
#endif
}

static void a_process_without_a_number_here_cannot_be_opened(void) {
    run_there(enter_with_a_pidfd, "no pid namespace can be made, or no pidfds");
}

/* The caller has the same PID in both namespaces, so that /proc/self agrees; other processes do not. */
static void as_one_number_in_both(void) {
    rr_process *process;
    rr_usage usage;
    uint64_t used;
    int32_t child = start_sleeper();
    int i;
    CHECK_CALL(rr_process_open(child, &process), 0);
    FILL(used);
    for (i = 0; i < OF_STATUS_COUNT; i++)
        CHECK_CALL(rr_rlimit_used(process, OF_STATUS[i], &used), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NOFILE, &used), ENOTSUP);
    CHECK_UNTOUCHED(used);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0);
    CHECK_EQ(usage.known, RR_USAGE_CPU);
    CHECK_CALL(rr_usage_reset_peak(process), ENOTSUP);
    rr_process_close(process);
    end(child);
    _exit(current_failures ? 1 : 0);
}

static int32_t number_in_proc(void) {
    char name[16];
    ssize_t length = readlink("/proc/self", name, sizeof name - 1);
    name[length > 0 ? length : 0] = 0;
    return (int32_t)atoi(name);
}

/* Both namespaces count separately: the inner one is set near the outer's next PID until they are equal. */
static void meet(void) {
    int tries, status;
    int32_t outer = number_in_proc(), ahead = 0;
    for (tries = 0; tries < 1000; tries++) {
        int32_t child, seen[2];
        int report[2];
        CHECK_EQ(pipe(report), 0);
        next_number(outer + 1 + ahead % 8);
        child = (int32_t)fork();
        if (child == 0) {
            seen[0] = (int32_t)getpid(), seen[1] = number_in_proc();
            CHECK_EQ(write(report[1], seen, sizeof seen), sizeof seen);
            if (seen[0] == seen[1])
                as_one_number_in_both();
            _exit(0);
        }
        CHECK_EQ(read(report[0], seen, sizeof seen), sizeof seen);
        close(report[0]), close(report[1]);
        CHECK_EQ(waitpid(child, &status, 0), child);
        if (seen[0] == seen[1]) {
            CHECK_EQ(status, 0);
            return;
        }
        outer = seen[1], ahead++;
    }
    _exit(NOT_HERE);
}

static void enter_and_meet(void) { in_new_namespace(meet); }

static void an_outer_proc_is_recognized_by_more_than_a_pid(void) {
    run_there(enter_and_meet, "no pid namespace can be made, or no number be chosen");
}

static void older_kernels_mean_no_stranger_either(void) {
    const char *reason = "no pid namespace can be made, or no number be chosen, or no pidfds or filters";
    is_older_kernel = 1;
    run_there(carry_a_handle, reason);
    run_there(carry_ones_own_handle, reason);
    run_there(enter_and_open, reason);
    run_there(enter_with_a_pidfd, reason);
    run_there(enter_and_meet, reason);
    is_older_kernel = 0;
}

/* --- predictions without their sources --- */

static void check_prediction(int resource, uint64_t hard, int error, int reason) {
    rr_rlimit wanted = {0, 0};
    rr_verdict verdict;
    wanted.rlim_max = hard;
    CHECK_CALL(rr_rlimit_check(NULL, resource, &wanted, &verdict), 0);
    CHECK_EQ(verdict.error, error);
    CHECK_EQ(verdict.reason, reason);
}

static void in_a_user_namespace_without_proc(void) {
    const rr_rlimit low = {0, 10}, higher = {0, 11};
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low), 0);
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || mount("none", "/proc", "tmpfs", 0, NULL) != 0)
        _exit(NOT_HERE);
    check_prediction(RR_RLIMIT_CORE, 11, ENOTSUP, RR_REASON_UNKNOWN);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &higher), EPERM);
    check_prediction(RR_RLIMIT_CORE, 10, 0, RR_REASON_NONE);
    check_prediction(RR_RLIMIT_NOFILE, 10, ENOTSUP, RR_REASON_UNKNOWN);
}

static void without_sources_the_verdict_is_unknown(void) {
    run_there(in_a_user_namespace_without_proc, "no user namespace can be made here");
}

static void with_a_full_table(void) {
    const rr_rlimit low = {0, 10}, few = {32, 64}, crossed = {2, 1};
    rr_rlimit_entry entry = {RR_RLIMIT_CORE, 0, {0, 9}};
    rr_verdict verdict;
    uint64_t untouched;
    if (getuid() == 0)
        become_nobody();
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low), 0);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &few), 0);
    check_prediction(RR_RLIMIT_NOFILE, RR_RLIM_INFINITY, EPERM, RR_REASON_ABOVE_SYSTEM_MAXIMUM);
    while (dup(0) >= 0)
        ;
    check_prediction(RR_RLIMIT_CORE, 11, EPERM, RR_REASON_HARD_NEEDS_PRIVILEGE);
    check_prediction(RR_RLIMIT_CORE, 10, 0, RR_REASON_NONE);
    check_prediction(RR_RLIMIT_NOFILE, RR_RLIM_INFINITY, EPERM, RR_REASON_UNKNOWN);
    check_prediction(RR_RLIMIT_NOFILE, 60, ENOTSUP, RR_REASON_UNKNOWN);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_NOFILE, &crossed, &verdict), 0);
    CHECK_EQ(verdict.reason, RR_REASON_SOFT_ABOVE_HARD);
    FILL(untouched);
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_AS, &untouched), EMFILE);
    CHECK_CALL(rr_usage_reset_peak(NULL), EMFILE);
    CHECK_UNTOUCHED(untouched);
    CHECK_CALL(rr_rlimits_set(NULL, &entry, 1, NULL), 0); /* needs none */
}

static void a_full_table_is_unknown_too(void) { run_there(with_a_full_table, ""); }

/* A change must not be refused because of a wrong prediction: the system's maximum is replaced by another number. */
static void below_a_wrong_maximum(void) {
    const rr_rlimit wanted = {20, 30};
    rr_rlimit_entry entry = {RR_RLIMIT_NOFILE, 0, {20, 30}};
    rr_verdict verdict;
    char name[] = "/tmp/rresource-hidden-XXXXXX";
    int file = mkstemp(name), error;
    CHECK(file >= 0 && write(file, "10\n", 3) == 3);
    close(file);
    own_view();
    error = mount(name, "/proc/sys/fs/nr_open", NULL, MS_BIND, NULL);
    unlink(name);
    if (error != 0)
        _exit(NOT_HERE);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_NOFILE, &wanted, &verdict), 0);
    CHECK_EQ(verdict.reason, RR_REASON_ABOVE_SYSTEM_MAXIMUM); /* so the prediction is wrong */
    CHECK_EQ(verdict.ceiling, 10);
    CHECK_CALL(rr_rlimits_set(NULL, &entry, 1, NULL), 0);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &wanted), 0);
}

static void a_set_is_decided_by_the_system(void) { run_there(below_a_wrong_maximum, "nothing can be mounted here"); }

int main(void) {
    RUN(a_hidden_process_has_not_ended);
    RUN(no_proc_is_not_ended);
    RUN(a_missing_line_is_not_zero);
    RUN(a_thread_of_the_kernel_uses_no_memory);
    RUN(a_handle_in_another_namespace_means_no_stranger);
    RUN(a_number_in_another_namespace_means_no_stranger);
    RUN(ones_own_handle_is_not_the_namesakes);
    RUN(a_pidfd_below_an_outer_proc_is_the_process);
    RUN(a_process_without_a_number_here_cannot_be_opened);
    RUN(an_outer_proc_is_recognized_by_more_than_a_pid);
    RUN(older_kernels_mean_no_stranger_either);
    RUN(without_sources_the_verdict_is_unknown);
    RUN(a_full_table_is_unknown_too);
    RUN(a_set_is_decided_by_the_system);
    RUN(no_free_descriptor_before_6_13);
    return report();
}

#else

static void nothing_is_hidden(void) { skip("/proc and pid namespaces are Linux's"); }

int main(void) {
    RUN(nothing_is_hidden);
    return report();
}

#endif
