/*
 * Values compared with an independent source: a known amount of work, RUSAGE_CHILDREN, the files of /proc, clocks
 * that the test sets, and waitpid(2) for the same program.
 */
#include "ways.h"
#include "notify.h"

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

#define MILLISECOND 1000000LL

static int64_t microseconds(struct timeval time) { return (int64_t)time.tv_sec * 1000000 + time.tv_usec; }
static int64_t our_microseconds(rr_timeval time) { return time.tv_sec * 1000000 + time.tv_usec; }

/* Each is truncated to whole microseconds. */
static int is_growth(rr_timeval ours, struct timeval before, struct timeval after) {
    return llabs(our_microseconds(ours) - (microseconds(after) - microseconds(before))) <= 1;
}

/* ---- Time in user mode and time in the kernel --------------------------------------------------- */

static void work_in_user_mode(void) {
    struct rusage usage;
    do {
        volatile unsigned i;
        for (i = 0; i < 2000000; i++)
            ;
        getrusage(RUSAGE_SELF, &usage);
    } while (microseconds(usage.ru_utime) < 200000);
}

static void work_in_the_kernel(void) {
    static char zeros[1 << 20];
    struct rusage usage;
    int file = open("/dev/zero", O_RDONLY);
    do
        CHECK_EQ(read(file, zeros, sizeof zeros), sizeof zeros);
    while (getrusage(RUSAGE_SELF, &usage) == 0 && microseconds(usage.ru_stime) < 200000);
    close(file);
}

/* The two times differ greatly, and the total of all children grows by exactly what one of them used. */
static void check_reaped(void (*work)(void), int is_user) {
    struct rusage before, after;
    int32_t waited, child;
    rr_rusage usage;
    int64_t user, kernel;
    getrusage(RUSAGE_CHILDREN, &before);
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        work();
        _exit(0);
    }
    CHECK_CALL(rr_wait4(child, 0, &waited, NULL, &usage), 0);
    getrusage(RUSAGE_CHILDREN, &after);
    user = our_microseconds(usage.ru_utime), kernel = our_microseconds(usage.ru_stime);
    if (!emulated_by("qemu-user") && !emulated_by("valgrind")) /* whose own work counts */
        CHECK(is_user ? user > 2 * kernel : kernel > 2 * user);
    CHECK(is_growth(usage.ru_utime, before.ru_utime, after.ru_utime));
    CHECK(is_growth(usage.ru_stime, before.ru_stime, after.ru_stime));
}

static void times_of_a_child_that_was_waited_for(void) {
    check_reaped(work_in_user_mode, 1);
    check_reaped(work_in_the_kernel, 0);
}

/* Written by the child, in shared memory. */
typedef struct shared_record {
    volatile int is_ready;
    struct rusage rusage;
} shared_record;
static shared_record *shared;

static void *sleep_for_ever(void *unused) {
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

static int32_t start(void (*part)(void)) {
    int32_t child;
    if (!shared)
        shared = (shared_record *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared->is_ready = 0;
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        part();
        getrusage(RUSAGE_SELF, &shared->rusage);
        shared->is_ready = 1;
        sleep_for_ever(NULL);
    }
    while (!shared->is_ready)
        usleep(1000);
    return child;
}

static void end(int32_t child) {
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void check_living(void (*work)(void), int is_user) {
    const int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);
    int32_t child = start(work);
    rr_process *process;
    rr_usage usage;
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU | RR_USAGE_TIMES, &usage), 0);
    CHECK(is_user ? usage.user_ns > 2 * usage.system_ns : usage.system_ns > 2 * usage.user_ns);
    /* In ticks; and the child may have used a little more before it slept. */
    CHECK(llabs((int64_t)usage.user_ns - microseconds(shared->rusage.ru_utime) * 1000) <= 2 * tick);
    CHECK(llabs((int64_t)usage.system_ns - microseconds(shared->rusage.ru_stime) * 1000) <= 2 * tick);
    rr_process_close(process);
    end(child);
}

static void times_of_another_process(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator's own work counts");
        return;
    }
    check_living(work_in_user_mode, 1);
    check_living(work_in_the_kernel, 0);
}

/* The times of a program that was started, which rr_child_wait has from another call. */
static void times_of_a_program(void) {
    struct rusage before, after;
    rr_outcome outcome;
    getrusage(RUSAGE_CHILDREN, &before);
    outcome = ended(spawned(shell("i=0; while [ $i -lt 150000 ]; do i=$((i+1)); done")));
    getrusage(RUSAGE_CHILDREN, &after);
    CHECK(outcome.usage.user_ns > 2 * outcome.usage.system_ns || emulated_by("valgrind") || emulated_by("qemu-user"));
    CHECK_EQ(outcome.usage.user_ns, our_microseconds(outcome.rusage.ru_utime) * 1000);
    CHECK_EQ(outcome.usage.system_ns, our_microseconds(outcome.rusage.ru_stime) * 1000);
    if (is_direct) { /* else it includes the launcher's */
        CHECK(is_growth(outcome.rusage.ru_utime, before.ru_utime, after.ru_utime));
        CHECK(is_growth(outcome.rusage.ru_stime, before.ru_stime, after.ru_stime));
        CHECK_EQ(outcome.rusage.ru_nvcsw, after.ru_nvcsw - before.ru_nvcsw);
        CHECK_EQ(outcome.rusage.ru_nivcsw, after.ru_nivcsw - before.ru_nivcsw);
    }
}

static void *burn(void *unused) {
    (void)unused;
    work_in_user_mode();
    return NULL;
}
static void work_in_a_thread(void) {
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, burn, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

/* Of all threads, including ended ones: the calling thread and the first one have done nothing. */
static void the_processor_time_is_the_processs(void) {
    int32_t child = start(work_in_a_thread);
    rr_process *process;
    rr_usage usage;
    struct timespec before, after;
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU, &usage), 0);
    CHECK(usage.cpu_ns >= 190 * MILLISECOND);
    rr_process_close(process);
    end(child);
    work_in_a_thread();
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_CPU, &usage), 0);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    CHECK(usage.cpu_ns >= 190 * MILLISECOND);
    if (!emulated_by("qemu-user")) {
        CHECK(usage.cpu_ns >= (uint64_t)before.tv_sec * 1000000000u + (uint64_t)before.tv_nsec);
        CHECK(usage.cpu_ns <= (uint64_t)after.tv_sec * 1000000000u + (uint64_t)after.tv_nsec);
    }
}

/* ---- Bytes read and written --------------------------------------------------------------------- */

/* Reads from memory, reads little from the disk, and writes another amount to it. */
static void read_and_write(void) {
    static char block[1 << 18];
    char path[] = "rresource-XXXXXX", elsewhere[] = "/tmp/rresource-XXXXXX";
    int file = mkstemp(path), i;
    if (file >= 0)
        unlink(path);
    else if ((file = mkstemp(elsewhere)) >= 0)
        unlink(elsewhere);
    CHECK(file >= 0);
    for (i = 0; i < 3; i++)
        CHECK_EQ(write(file, block, sizeof block), sizeof block);
    fsync(file);
    for (i = 0; i < 7; i++)
        CHECK_EQ(pread(file, block, sizeof block, 0), sizeof block);
    posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    CHECK_EQ(pread(file, block, 100, 0), 100);
}

static int64_t io_of(int32_t pid, const char *name) {
    char path[64], line[128];
    long long value = -1;
    FILE *file;
    snprintf(path, sizeof path, "/proc/%d/io", (int)pid);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (strncmp(line, name, strlen(name)) == 0 && line[strlen(name)] == ':')
            value = atoll(line + strlen(name) + 1);
    if (file)
        fclose(file);
    return value;
}

static void bytes_of_another_process(void) {
    int32_t child = start(read_and_write);
    rr_process *process;
    rr_usage usage;
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_IO, &usage), 0);
    if (!(usage.known & RR_USAGE_IO)) {
        CHECK_EQ(io_of(child, "read_bytes"), -1);
        skip("the kernel does not count input and output, or does not show it here");
    } else {
        CHECK_EQ(usage.read_bytes, io_of(child, "read_bytes"));
        CHECK_EQ(usage.written_bytes, io_of(child, "write_bytes"));
        if (io_of(child, "write_bytes") == 0 && !current_failures)
            skip("this file system has no disk to write to: zero agrees with zero");
        else
            CHECK(usage.written_bytes >= 3 << 18 && usage.written_bytes != usage.read_bytes);
    }
    rr_process_close(process);
    end(child);
}

static void bytes_of_the_caller(void) {
    struct rusage system;
    rr_rusage ours;
    rr_usage usage;
    read_and_write();
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_IO, &usage), 0);
    CHECK_CALL(rr_getrusage(RR_RUSAGE_SELF, &ours), 0);
    getrusage(RUSAGE_SELF, &system);
    CHECK_EQ(ours.ru_inblock, system.ru_inblock);
    CHECK_EQ(ours.ru_oublock, system.ru_oublock);
    CHECK_EQ(usage.read_bytes, system.ru_inblock * 512);
    CHECK_EQ(usage.written_bytes, system.ru_oublock * 512);
    if (system.ru_oublock == 0 && !current_failures)
        skip("this file system has no disk to write to: zero agrees with zero");
}

/* ---- Clocks ------------------------------------------------------------------------------------- */

/* In a time namespace where CLOCK_BOOTTIME and CLOCK_MONOTONIC are a day apart. */
static void read_wall(void) {
    rr_process *process;
    rr_usage usage;
    int32_t child;
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_WALL, &usage), 0);
    CHECK(usage.known & RR_USAGE_WALL);
    CHECK(usage.wall_ns < 3600 * 1000 * (uint64_t)MILLISECOND);
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sleep_for_ever(NULL);
    }
    CHECK_CALL(rr_process_open(child, &process), 0);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_WALL, &usage), 0);
    CHECK(usage.known & RR_USAGE_WALL);
    CHECK(usage.wall_ns < 3600 * 1000 * (uint64_t)MILLISECOND);
    rr_process_close(process);
    end(child);
}

static void enter_a_time_namespace(void) {
    static const char offsets[] = "monotonic 172800 0\nboottime 86400 0\n";
    int file, status = -1;
    pid_t child;
    if (unshare(CLONE_NEWTIME) != 0 && unshare(CLONE_NEWUSER | CLONE_NEWTIME) != 0)
        _exit(77);
    file = open("/proc/self/timens_offsets", O_WRONLY);
    if (file < 0 || write(file, offsets, strlen(offsets)) < 0)
        _exit(77);
    close(file);
    child = fork();
    if (child == 0) {
        read_wall();
        _exit(current_failures != 0);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

/* In a time namespace, Linux 5.6 to 5.10 shift the clock and not the start times in /proc. */
static int start_times_are_not_shifted(void) {
    struct utsname kernel;
    int major = 0, minor = 0;
    uname(&kernel);
    return sscanf(kernel.release, "%d.%d", &major, &minor) == 2 && (major < 5 || (major == 5 && minor < 11));
}

static void wall_time_is_since_boot(void) {
    int status;
    if (start_times_are_not_shifted()) {
        skip("start times in /proc are not shifted in a time namespace before Linux 5.11");
        return;
    }
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator's start time is not the program's");
        return;
    }
    status = status_of_child(enter_a_time_namespace);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("no time namespace can be made here");
    else
        CHECK_EQ(status, 0);
}

/* ---- How a program ended ------------------------------------------------------------------------ */

static int status_by_waitpid(const char *script) {
    int status = -1;
    pid_t child;
    fflush(stdout);
    child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", script, (char *)NULL);
        _exit(127);
    }
    waitpid(child, &status, 0);
    return status;
}

static void check_ends_alike(const char *script) {
    const int status = status_by_waitpid(script);
    const rr_outcome outcome = ended(spawned(shell(script)));
    CHECK_EQ(outcome.exit_code, WIFEXITED(status) ? WEXITSTATUS(status) : -1);
    CHECK_EQ(outcome.signal, WIFSIGNALED(status) ? WTERMSIG(status) : 0);
    CHECK_EQ(outcome.core_dumped, WIFSIGNALED(status) && WCOREDUMP(status));
}

/* In a separate folder, with room for a dump. */
static void dump_core(void) {
    char folder[] = "/tmp/rresource-XXXXXX";
    const char *const script = "ulimit -c unlimited; kill -ABRT $$";
    int status;
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
    status = status_by_waitpid(script);
    check_ends_alike(script);
    check_ends_alike("ulimit -c 0; kill -SEGV $$");
    check_ends_alike("kill -TERM $$");
    check_ends_alike("exit 134");
    CHECK_EQ(chdir("/"), 0);
    {
        char remove[64];
        snprintf(remove, sizeof remove, "rm -rf %s", folder);
        CHECK_EQ(system(remove), 0);
    }
    if (!current_failures && !WCOREDUMP(status))
        _exit(77);
}

static void a_core_dump_is_reported(void) {
    int status;
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        skip("the emulator dumps core itself");
        return;
    }
    status = status_of_child(dump_core);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("this system leaves no core dumps");
    else
        CHECK_EQ(status, 0);
}

/* It is never waited for. Since Linux 6.15 the pidfd keeps its status. */
static void reap_by_the_kernel(void) {
    rr_child *child;
    rr_outcome outcome;
    signal(SIGCHLD, SIG_IGN);
    child = spawned(shell("kill -TERM $$"));
    result_of_call = CALL(rr_child_wait(child, -1, &outcome));
    if (result_of_call == ECHILD)
        _exit(77);
    CHECK_EQ(result_of_call, 0);
    CHECK_EQ(outcome.exit_code, -1);
    CHECK_EQ(outcome.signal, SIGTERM);
    CHECK_EQ(outcome.core_dumped, 0);
    rr_child_free(child);
}

static void a_kept_signal_is_a_signal(void) {
    int status;
    if (emulated_by("qemu-user")) {
        skip("qemu-user returns descriptor 0 for a pidfd when the child is gone before it has opened one");
        return;
    }
    status = status_of_child(reap_by_the_kernel);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("this kernel keeps no status with a pidfd");
    else
        CHECK_EQ(status, 0);
}

/* SIGKILL by hand, past the soft limit on processor time, far below the hard one. */
static void kill_past_the_soft_limit(void) {
    const rr_rlimit limits = {0, 100};
    rr_command *command = shell("kill -KILL $$");
    rr_outcome outcome;
    signal(SIGXCPU, SIG_IGN);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CPU, &limits), 0);
    outcome = ended(spawned(command));
    CHECK_EQ(outcome.signal, SIGKILL);
    CHECK_EQ(outcome.limit, -1);
}
static void a_soft_limit_does_not_kill(void) { in_child(kill_past_the_soft_limit); }

/* SIGXCPU by hand, below the soft limit of the command or, if it has none, of the caller. */
static void check_signal_by_hand(rr_command *command) {
    rr_outcome outcome = ended(spawned(command));
    CHECK_EQ(outcome.signal, SIGXCPU);
    CHECK_EQ(outcome.limit, -1);
}

static void signal_below_the_soft_limit(void) {
    const rr_rlimit core = {0, 0}, own = {1, 100};
    rr_command *command = shell("kill -XCPU $$");
    rr_rlimit limits;
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CORE, &core), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CPU, &own), 0);
    check_signal_by_hand(command);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CPU, &limits), 0);
    limits.rlim_cur = 1;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CPU, &limits), 0);
    check_signal_by_hand(shell("kill -XCPU $$"));
}
static void a_signal_below_the_soft_limit_is_by_hand(void) { in_child(signal_below_the_soft_limit); }

#ifdef CAN_NOTIFY

/* ---- Results in place of the kernel -- ------------------------------------------------------------ */

static void nothing(void) {}

/* The clock that the kernel compares with RLIMIT_CPU has the last three bits 0. */
static uint64_t used_seconds[2];
static long long tell_processor_time(const struct seccomp_data *call, int32_t thread) {
    long *time = (long *)(uintptr_t)call->args[1];
    if (thread != arranging_thread || (int32_t)call->args[0] >= 0)
        return PASS;
    time[0] = (long)used_seconds[(call->args[0] & 7) != 0], time[1] = 0;
    return 0;
}

static void check_kill_after(uint64_t seconds, uint64_t by_another_clock, int limit) {
    const rr_rlimit limits = {100, 100};
    rr_command *command = shell("kill -KILL $$");
    used_seconds[0] = seconds, used_seconds[1] = by_another_clock;
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_CPU, &limits), 0);
    CHECK_EQ(ended_either_way(spawned(command)).limit, limit);
}

static void the_limits_own_clock_decides(void) {
    const int numbers[] = {SYS_clock_gettime};
    ARRANGE(tell_processor_time, numbers);
    check_kill_after(100, 0, RR_RLIMIT_CPU);
    check_kill_after(99, 200, -1);
}

static int delays;
static long long delay_clone(const struct seccomp_data *call, int32_t thread) {
    (void)call;
    if (thread == arranging_thread && delays++ == 0)
        usleep(300000);
    return PASS;
}

/* From before the start, which takes 300 ms here, until the end. */
static void the_start_counts_as_wall_time(void) {
    const int numbers[] = {SYS_clone, SYS_clone3};
    const uint64_t start = nanoseconds_now();
    rr_outcome outcome;
    uint64_t wall;
    ARRANGE(delay_clone, numbers);
    outcome = ended_either_way(spawned(command_of("/bin/true")));
    wall = nanoseconds_now() - start;
    CHECK(delays > 0);
    CHECK(outcome.wall_ns >= 300 * (uint64_t)MILLISECOND && outcome.wall_ns <= wall);
    CHECK_EQ(outcome.usage.wall_ns, outcome.wall_ns);
}

/* Before Linux 6.2 the folder has no size: it is read, through one more descriptor. */
static long long hide_size(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
    memset((void *)(uintptr_t)call->args[4], 0, 256);
    return 0;
}

static void descriptors_are_counted_without_the_one_that_reads(void) {
    const int numbers[] = {SYS_statx};
    int32_t child = start(nothing);
    rr_process *process;
    rr_usage usage;
    uint64_t used = 0;
    int fd, count = 0, inherited = open_descriptors();
    CHECK_CALL(rr_process_open(child, &process), 0);
    ARRANGE(hide_size, numbers);
    for (fd = 0; fd < 40; fd++)
        CHECK(dup(0) >= 0);
    count = open_descriptors();
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_NOFILE, &used), 0);
    CHECK_EQ(used, count);
    CHECK_CALL(rr_usage_read(NULL, RR_USAGE_OPEN_FILES, &usage), 0);
    CHECK_EQ(usage.open_files, count);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NOFILE, &used), 0);
    CHECK_EQ(used, inherited);
    rr_process_close(process);
    end(child);
}
#endif

int main(int argc, char **argv) {
    (void)argc;
    is_direct = 0;
    BEGIN(argv);
    RUN(times_of_a_child_that_was_waited_for);
    RUN(times_of_another_process);
    RUN_WAYS(times_of_a_program);
    RUN(the_processor_time_is_the_processs);
    RUN(bytes_of_another_process);
    RUN(bytes_of_the_caller);
    RUN(wall_time_is_since_boot);
    RUN_WAYS(a_core_dump_is_reported);
    RUN_WAYS(a_kept_signal_is_a_signal);
    RUN_WAYS(a_soft_limit_does_not_kill);
    RUN_WAYS(a_signal_below_the_soft_limit_is_by_hand);
    is_direct = 1;
    RUN_ARRANGED(the_limits_own_clock_decides);
    RUN_ARRANGED(the_start_counts_as_wall_time);
    RUN_ARRANGED(descriptors_are_counted_without_the_one_that_reads);
    return report();
}

#else
static void times_of_a_child_that_was_waited_for(void) { skip("a test of Linux' accounts"); }
int main(void) {
    RUN(times_of_a_child_that_was_waited_for);
    return report();
}
#endif
