/*
 * Tests that need privilege: raised hard limits, and other settings of the system. They are skipped if the caller
 * lacks the privilege. Tests that would affect other programs run only on a machine made for the tests:
 * tools/check-kernels sets RR_TEST_MACHINE there.
 */
#include "ways.h"

#ifdef __linux__
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

enum { CAP_RESOURCE = 24 };

static void capabilities(unsigned sets[6]) {
    unsigned header[2] = {0x20080522, 0};
    memset(sets, 0, 6 * sizeof *sets);
    CHECK_EQ(syscall(SYS_capget, header, sets), 0);
}

/* Tries it in a child: a capability that counts in a user namespace only does not suffice. */
static void raise_a_hard_limit(void) {
    struct rlimit limits;
    CHECK_EQ(getrlimit(RLIMIT_CORE, &limits), 0);
    limits.rlim_cur = limits.rlim_max = 4096;
    CHECK_EQ(setrlimit(RLIMIT_CORE, &limits), 0);
    limits.rlim_max = 8192;
    _exit(setrlimit(RLIMIT_CORE, &limits) == 0 ? 0 : 77);
}

static int is_privileged(void) {
    if (status_of_child(raise_a_hard_limit) == 0)
        return 1;
    skip("needs CAP_SYS_RESOURCE, which root may lack in a container");
    return 0;
}

static int owns_the_machine(void) {
    const char *machine = getenv("RR_TEST_MACHINE");
    if (getuid() == 0 && machine && strcmp(machine, "own") == 0)
        return 1;
    skip("changes the machine: as root of a virtual one only, see tools/check-kernels");
    return 0;
}

static void become_ordinary(void) {
    CHECK_EQ(setgroups(0, NULL), 0);
    CHECK_EQ(setgid(64321), 0);
    CHECK_EQ(setuid(64321), 0);
    CHECK_EQ(prctl(PR_SET_DUMPABLE, 1), 0); /* else its own /proc belongs to root */
}

/* ---- Hard limits --------------------------------------------------------------------------------- */

static const int four[] = {RR_RLIMIT_CORE, RR_RLIMIT_NOFILE, RR_RLIMIT_SIGPENDING, RR_RLIMIT_CPU};

static void fill(rr_rlimit_entry entries[4], uint64_t soft, uint64_t hard) {
    int i;
    memset(entries, 0, 4 * sizeof *entries);
    for (i = 0; i < 4; i++) {
        entries[i].resource = four[i];
        entries[i].limits.rlim_cur = soft;
        entries[i].limits.rlim_max = hard;
    }
}

static void check_four(uint64_t soft, uint64_t hard) {
    int i;
    for (i = 0; i < 4; i++) {
        rr_rlimit limits;
        CHECK_CALL(rr_getrlimit(four[i], &limits), 0);
        CHECK(same_limits(&limits, soft, hard));
    }
}

static void lower_then_raise(void) {
    rr_rlimit_entry entries[4];
    size_t failed_at = 99;
    fill(entries, 100, 200);
    CHECK_CALL(rr_rlimits_set(NULL, entries, 4, &failed_at), 0);
    check_four(100, 200);
    fill(entries, 300, 400);
    CHECK_CALL(rr_rlimits_set(NULL, entries, 4, &failed_at), 0);
    check_four(300, 400);
    /* No process may have more descriptors than nr_open allows: nothing is raised then. */
    fill(entries, 500, 600);
    entries[1].limits.rlim_max = RR_RLIM_INFINITY;
    CHECK_CALL(rr_rlimits_set(NULL, entries, 4, &failed_at), EPERM);
    CHECK_EQ(failed_at, 1);
    check_four(300, 400);
}

static void hard_limits_rise_together(void) {
    if (is_privileged())
        in_child(lower_then_raise);
}

static void raise_another(void) {
    const rr_rlimit low = {100, 200};
    rr_process *process;
    rr_rlimit_entry entries[4];
    rr_rlimit limits;
    int ends[2];
    pid_t child;
    CHECK_EQ(pipe(ends), 0);
    child = fork();
    if (child == 0) {
        char byte;
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? 0 : 1);
    }
    CHECK_CALL(rr_prlimit((int32_t)child, RR_RLIMIT_NOFILE, &low, NULL), 0);
    CHECK_CALL(rr_process_open((int32_t)child, &process), 0);
    fill(entries, 300, 400);
    CHECK_CALL(rr_rlimits_set(process, entries, 4, NULL), 0);
    CHECK_CALL(rr_prlimit((int32_t)child, RR_RLIMIT_NOFILE, NULL, &limits), 0);
    CHECK(same_limits(&limits, 300, 400));
    close(ends[1]);
    CHECK_EQ(waitpid(child, NULL, 0), child);
    CHECK_CALL(rr_rlimits_set(process, entries, 4, NULL), ESRCH);
    rr_process_close(process);
}

static void another_process_is_raised(void) {
    if (is_privileged())
        in_child(raise_another);
}

/* As a separate program: prints its hard limit. */
static int show_limit(void) {
    struct rlimit limits;
    if (getrlimit(RLIMIT_SIGPENDING, &limits) != 0)
        return 1;
    printf("%llu\n", (unsigned long long)limits.rlim_max);
    return 0;
}

static void a_command_with_a_higher_hard_limit(void) {
    rr_rlimit limits;
    rr_command *command;
    char text[32];
    if (!is_privileged())
        return;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_SIGPENDING, &limits), 0);
    CHECK(limits.rlim_max < 0x7FFFFFFF);
    limits.rlim_cur = limits.rlim_max += 1;
    snprintf(text, sizeof text, "%llu\n", (unsigned long long)limits.rlim_max);
    command = command_of(own_path);
    CHECK_CALL(rr_command_add_arg(command, "show-limit"), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_SIGPENDING, &limits), 0);
    CHECK(strcmp(output_of(command), text) == 0);
}

/* ---- One thread without CAP_SYS_RESOURCE ---------------------------------------------------------- */

static rr_rlimit low_cores, high_cores;

static void *without_the_capability(void *unused) {
    unsigned header[2] = {0x20080522, 0}, sets[6];
    rr_verdict verdict;
    (void)unused;
    capabilities(sets);
    sets[0] &= ~(1u << CAP_RESOURCE);
    CHECK_EQ(syscall(SYS_capset, header, sets), 0);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_CORE, &high_cores, &verdict), 0);
    CHECK_EQ(verdict.error, EPERM);
    CHECK_EQ(verdict.reason, RR_REASON_HARD_NEEDS_PRIVILEGE);
    CHECK_EQ(verdict.ceiling, low_cores.rlim_max);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &high_cores), EPERM);
    return NULL;
}

static void drop_in_one_thread(void) {
    pthread_t thread;
    rr_verdict verdict;
    low_cores.rlim_cur = low_cores.rlim_max = 4096;
    high_cores.rlim_cur = high_cores.rlim_max = 8192;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low_cores), 0);
    CHECK_EQ(pthread_create(&thread, NULL, without_the_capability, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_CORE, &high_cores, &verdict), 0);
    CHECK_EQ(verdict.reason, RR_REASON_NONE);
    CHECK_EQ(verdict.ceiling, RR_RLIM_INFINITY);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &high_cores), 0);
}

static void the_capability_is_a_threads(void) {
    if (is_privileged())
        in_child(drop_in_one_thread);
}

/* In a user namespace the process has every capability, and none of them counts. */
static void raise_in_a_namespace(void) {
    unsigned sets[6];
    rr_verdict verdict;
    low_cores.rlim_cur = low_cores.rlim_max = 4096;
    high_cores.rlim_cur = high_cores.rlim_max = 8192;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low_cores), 0);
    if (unshare(CLONE_NEWUSER) != 0)
        _exit(77);
    capabilities(sets);
    CHECK(sets[0] & (1u << CAP_RESOURCE));
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_CORE, &high_cores, &verdict), 0);
    CHECK_EQ(verdict.reason, RR_REASON_HARD_NEEDS_PRIVILEGE);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &high_cores), EPERM);
}

static void a_user_namespaces_capability_raises_nothing(void) {
    const int status = status_of_child(raise_in_a_namespace);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no user namespace can be made here");
    else
        CHECK_EQ(status, 0);
}

/* ---- The machine's settings ----------------------------------------------------------------------- */

/* Returns whether it exists and can be written. */
static int write_setting(const char *path, const char *text) {
    const int file = open(path, O_WRONLY | O_CLOEXEC);
    const int worked = file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text);
    if (file >= 0)
        close(file);
    return worked;
}

static void read_setting(const char *path, char *text, size_t size) {
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t length = file < 0 ? -1 : read(file, text, size - 1);
    CHECK(length > 0);
    text[length > 0 ? length : 0] = 0;
    if (file >= 0)
        close(file);
}

#define NR_OPEN "/proc/sys/fs/nr_open"
static const uint64_t nr_open = 65536;

/* Compared with the result of the system call: each pair in a child, whose hard limit is above nr_open. */
static rr_rlimit pair;
static void prediction_and_result(void) {
    struct rlimit theirs;
    rr_verdict verdict;
    int error;
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_NOFILE, &pair, &verdict), 0);
    theirs.rlim_cur = pair.rlim_cur;
    theirs.rlim_max = pair.rlim_max;
    error = setrlimit(RLIMIT_NOFILE, &theirs) == 0 ? 0 : errno;
    CHECK_EQ(verdict.error, error);
    CHECK_EQ(verdict.ceiling, nr_open);
    if (error == EPERM)
        CHECK_EQ(verdict.reason, RR_REASON_ABOVE_SYSTEM_MAXIMUM);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &pair), error);
}

static void every_pair_around_nr_open(void) {
    const uint64_t values[] = {0, 3, nr_open - 1, nr_open, nr_open + 1, 2 * nr_open, RR_RLIM_INFINITY};
    size_t i;
    for (i = 0; i < 49; i++) {
        pair.rlim_cur = values[i / 7];
        pair.rlim_max = values[i % 7];
        in_child(prediction_and_result);
    }
}

/* Even a lower soft limit is refused while the hard one stays where it is. */
static void calls_under_a_lowered_nr_open(void) {
    const rr_rlimit inherited = {5, 2 * nr_open}, allowed = {5, 7};
    rr_rlimit_entry entries[2];
    rr_rlimit result;
    rr_command *command;
    rr_child *child = NULL;
    size_t failed_at = 99;
    memset(entries, 0, sizeof entries);
    entries[0].resource = RR_RLIMIT_CORE;
    entries[1].resource = RR_RLIMIT_NOFILE;
    entries[1].limits = inherited;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &entries[0].limits), 0);
    CHECK_CALL(rr_rlimits_set(NULL, entries, 2, &failed_at), EPERM);
    CHECK_EQ(failed_at, 1);
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_NOFILE, nr_open, &result), EPERM);
    command = command_of("/bin/true");
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &inherited), 0);
    CHECK_CALL(rr_command_spawn(command, &child, NULL), EPERM);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_NOFILE, &allowed), 0);
    CHECK_EQ(exit_code_of(command), 0);
    CHECK_EQ(exit_code_of(command_of("/bin/true")), 0);
    entries[1].limits = allowed;
    CHECK_CALL(rr_rlimits_set(NULL, entries, 2, &failed_at), 0);
}

static void nr_open_below_the_hard_limit(void) {
    const rr_rlimit above = {1024, 2 * nr_open};
    rr_rlimit before;
    char previous[32], lowered[32];
    if (!owns_the_machine())
        return;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &before), 0);
    read_setting(NR_OPEN, previous, sizeof previous);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &above), 0);
    snprintf(lowered, sizeof lowered, "%u", (unsigned)nr_open);
    CHECK(write_setting(NR_OPEN, lowered));
    every_pair_around_nr_open();
    in_child(calls_under_a_lowered_nr_open);
    CHECK(write_setting(NR_OPEN, previous));
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &before), 0);
}

/* For the memfd of the launcher: with 1 it is executable only on request, with 2 never. */
static int memfd_noexec;
static void start_with_memfd_noexec(void) {
    char text[2] = {(char)('0' + memfd_noexec), 0};
    pid_t first;
    int status = -1;
    CHECK_EQ(unshare(CLONE_NEWPID), 0); /* the setting is the namespace's */
    first = fork();
    if (first == 0) {
        rr_outcome outcome;
        if (!write_setting("/proc/sys/vm/memfd_noexec", text))
            _exit(77);
        is_direct = 0;
        outcome = ended_either_way(spawned(command_of("/bin/true")));
        CHECK_EQ(outcome.exit_code, 0);
        CHECK_EQ(outcome.signal, 0);
        if (has_launcher())
            CHECK_EQ(is_bound(&outcome), memfd_noexec == 2);
        _exit(current_failures ? 1 : 0);
    }
    CHECK_EQ(waitpid(first, &status, 0), first);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void memfds_that_are_not_executable(void) {
    if (!owns_the_machine())
        return;
    for (memfd_noexec = 0; memfd_noexec <= 2; memfd_noexec++) {
        const int status = status_of_child(start_with_memfd_noexec);
        if (WIFEXITED(status) && WEXITSTATUS(status) == 77) {
            skip("this kernel has no vm.memfd_noexec: since Linux 6.3");
            return;
        }
        CHECK_EQ(status, 0);
    }
}

/* PIDs are reused soon: a handle does not refer to the new process. */
static void a_number_comes_round(void) {
    rr_rlimit_entry entry = {RR_RLIMIT_NOFILE, 0, {7, 7}};
    rr_process *process;
    rr_usage usage;
    rr_rlimit limits;
    uint64_t used;
    int tries;
    pid_t newcomer = -1, child = fork();
    if (child == 0)
        for (;;)
            pause();
    CHECK_CALL(rr_process_open((int32_t)child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), 0); /* it holds files of /proc now */
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    for (tries = 0; tries < 2000 && newcomer != child; tries++) {
        newcomer = fork();
        if (newcomer == 0)
            for (;;)
                pause();
        if (newcomer != child)
            CHECK(kill(newcomer, SIGKILL) == 0 && waitpid(newcomer, NULL, 0) == newcomer);
    }
    CHECK_EQ(newcomer, child);
    if (newcomer != child)
        return;
    CHECK_CALL(rr_process_check(process), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &usage), ESRCH);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used), ESRCH);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), ESRCH);
    CHECK_CALL(rr_prlimit((int32_t)newcomer, RR_RLIMIT_NOFILE, NULL, &limits), 0);
    CHECK(limits.rlim_cur != 7);
    rr_process_close(process);
    CHECK(kill(newcomer, SIGKILL) == 0 && waitpid(newcomer, NULL, 0) == newcomer);
}

static void few_numbers(void) {
    char previous[32];
    if (!owns_the_machine())
        return;
    read_setting("/proc/sys/kernel/pid_max", previous, sizeof previous);
    CHECK(write_setting("/proc/sys/kernel/pid_max", "1000"));
    in_child(a_number_comes_round);
    CHECK(write_setting("/proc/sys/kernel/pid_max", previous));
}

/* ---- /proc that hides ----------------------------------------------------------------------------- */

static const char *proc_options;
static int32_t roots_child;

/* Unknown values are not zero, and no process has ended. */
static void read_what_is_hidden(void) {
    rr_process *process;
    rr_rlimit_entry entries[64], entry = {RR_RLIMIT_NOFILE, 0, {7, 7}};
    rr_usage usage;
    uint64_t used = 77;
    size_t count;
    int error, is_hidden;
    become_ordinary();
    is_hidden = access("/proc/1/stat", F_OK) != 0;
    error = CALL(rr_process_open(roots_child, &process));
    CHECK_EQ(error, 0);
    if (error)
        return;
    CHECK_CALL(rr_process_check(process), 0);
    FILL(usage);
    error = CALL(rr_usage_read(process, RR_USAGE_ALL, &usage));
    CHECK(error == 0 || error == EACCES || error == EPERM || error == ENOTSUP);
    if (error == 0) {
        CHECK_EQ((usage.known & RR_USAGE_RSS) != 0, usage.rss_bytes != 0);
        CHECK_EQ((usage.known & RR_USAGE_THREADS) != 0, usage.threads != 0);
        if (is_hidden)
            CHECK_EQ(usage.known & RR_USAGE_RSS, 0);
    } else
        CHECK_UNTOUCHED(usage);
    error = CALL(rr_rlimit_used(process, RR_RLIMIT_AS, &used));
    CHECK(error == EACCES || error == EPERM || error == ENOTSUP || (error == 0 && used > 0 && used != 77));
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), is_hidden ? EPERM : 0);
    CHECK_CALL(rr_rlimits_set(process, &entry, 1, NULL), EPERM);
    CHECK_CALL(rr_process_check(process), 0);
    rr_process_close(process);
    /* The caller's own values are known. */
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_ALL, &usage), 0);
    CHECK_EQ(usage.known, RR_USAGE_ALL);
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_AS, &used), 0);
    CHECK_EQ(exit_code_of(command_of("/bin/true")), 0);
}

static void with_proc_that_hides(void) {
    pid_t child;
    CHECK_EQ(unshare(CLONE_NEWNS), 0);
    CHECK_EQ(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
    if (mount("proc", "/proc", "proc", 0, proc_options) != 0)
        _exit(77);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    roots_child = (int32_t)child;
    is_direct = !has_launcher();
    in_child(read_what_is_hidden);
    CHECK(kill(child, SIGKILL) == 0 && waitpid(child, NULL, 0) == child);
    /* Before Linux 5.8 the options are those of every /proc of the pid namespace. */
    mount("proc", "/proc", "proc", MS_REMOUNT, "hidepid=0");
}

static void hides(const char *options) {
    int status;
    if (!owns_the_machine())
        return;
    proc_options = options;
    status = status_of_child(with_proc_that_hides);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("this kernel's /proc has no such option");
    else
        CHECK_EQ(status, 0);
}

static void hidepid_1(void) { hides("hidepid=1"); }
static void hidepid_2(void) { hides("hidepid=2"); }
static void hidepid_4(void) { hides("hidepid=4"); }
static void subset_pid(void) { hides("subset=pid"); }

/* ---- Core dumps ------------------------------------------------------------------------------------ */

/* As the system reports it for a child that the test forks. */
static void check_core(uint64_t soft, int is_written) {
    const rr_rlimit limits = {soft, RR_RLIM_INFINITY};
    rr_command *command = shell("kill -ABRT $$");
    rr_outcome outcome;
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CORE, &limits), 0);
    outcome = ended_either_way(spawned(command));
    CHECK_EQ(outcome.signal, SIGABRT);
    CHECK_EQ(outcome.core_dumped, is_written);
    CHECK_EQ(access("core", F_OK) == 0, is_written);
    unlink("core");
}

static void dump_cores(void) {
    char folder[] = "/tmp/rr-core-XXXXXX";
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    check_core(RR_RLIM_INFINITY, 1);
    check_core(0, 0);
    CHECK(chdir("/") == 0 && rmdir(folder) == 0);
}

static void core_dumps(void) {
    char previous[256], uses_pid[8];
    if (!owns_the_machine())
        return;
    read_setting("/proc/sys/kernel/core_pattern", previous, sizeof previous);
    read_setting("/proc/sys/kernel/core_uses_pid", uses_pid, sizeof uses_pid);
    CHECK(write_setting("/proc/sys/kernel/core_pattern", "core\n"));
    CHECK(write_setting("/proc/sys/kernel/core_uses_pid", "0\n"));
    in_child(dump_cores);
    CHECK(write_setting("/proc/sys/kernel/core_pattern", previous));
    CHECK(write_setting("/proc/sys/kernel/core_uses_pid", uses_pid));
}

static void as_a_whole(void) {
    RUN(hard_limits_rise_together);
    RUN(another_process_is_raised);
    RUN_WAYS(a_command_with_a_higher_hard_limit);
    RUN(the_capability_is_a_threads);
    RUN(a_user_namespaces_capability_raises_nothing);
    RUN(nr_open_below_the_hard_limit);
    RUN(memfds_that_are_not_executable);
    RUN(few_numbers);
    RUN(hidepid_1);
    RUN(hidepid_2);
    RUN(hidepid_4);
    RUN(subset_pid);
    RUN_WAYS(core_dumps);
}
#else
static void elsewhere(void) { skip("capabilities, namespaces and these settings are Linux's"); }
static void as_a_whole(void) { RUN(elsewhere); }
#endif

int main(int argc, char **argv) {
#ifdef __linux__
    if (argc > 1 && strcmp(argv[1], "show-limit") == 0)
        return show_limit();
#else
    (void)argc;
#endif
    BEGIN(argv);
    as_a_whole();
    return report();
}
