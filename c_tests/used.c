/* How much of each limit is in use, compared with what the program measures itself. */
#include "check.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#ifdef __linux__

static uint64_t used(rr_process *process, int resource) {
    uint64_t value = 0;
    CHECK_CALL(rr_rlimit_used(process, resource, &value), 0);
    return value;
}

/* A line of /proc/self/status, as any other program reads it, but without allocating memory. */
static unsigned long long status_of(const char *name) {
    static char text[8192];
    char line[64];
    const char *found;
    int file = open("/proc/thread-self/status", O_RDONLY);
    ssize_t length = read(file, text + 1, sizeof text - 2);
    CHECK(length > 0);
    close(file);
    text[0] = '\n';
    text[length > 0 ? length + 1 : 1] = 0;
    snprintf(line, sizeof line, "\n%s:", name);
    found = strstr(text, line);
    CHECK(found != NULL);
    return found ? strtoull(found + strlen(line), NULL, 10) : 0;
}

static int open_files(int most) {
    int fd, count = 0;
    for (fd = 0; fd < most; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void memory(void) {
    const size_t size = 64 << 20;
    char *block = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
    memset(block, 1, size);
    CHECK_EQ(used(NULL, RR_RLIMIT_AS), status_of("VmSize") * 1024);
    CHECK_EQ(used(NULL, RR_RLIMIT_DATA), status_of("VmData") * 1024);
    CHECK_EQ(used(NULL, RR_RLIMIT_STACK), status_of("VmStk") * 1024);
    CHECK(used(NULL, RR_RLIMIT_AS) > size && used(NULL, RR_RLIMIT_DATA) > size && used(NULL, RR_RLIMIT_RSS) > size);
    munmap(block, size);
}

/* The kernel refuses exactly what goes beyond: the reported number is the one that it compares. */
static void at_the_limit(void) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    rr_rlimit limits;
    void *block;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_AS, &limits), 0);
    limits.rlim_cur = used(NULL, RR_RLIMIT_AS) + page;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_AS, &limits), 0);
    block = mmap(NULL, 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block == MAP_FAILED);
    block = mmap(NULL, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
}

static void memory_agrees_with_the_kernel(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind")) {
        skip("the emulator's own memory counts");
        return;
    }
    memory();
    in_child(at_the_limit);
}

static void locked_memory(void) {
    const size_t size = 16384;
    void *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t before = used(NULL, RR_RLIMIT_MEMLOCK);
    if (mlock(block, size) != 0)
        skip("no memory can be locked here");
    else
        CHECK_EQ(used(NULL, RR_RLIMIT_MEMLOCK), before + size);
    munmap(block, size);
}

static void descriptors_are_counted_exactly(void) {
    enum { MOST = 10000 };
    static int files[MOST];
    int before = open_files(1024), count, i;
    rr_rlimit limits;
    if (emulated_by("valgrind") || emulated_by("qemu-user")) {
        skip("the emulator's own descriptors count");
        return;
    }
    CHECK_CALL(rr_rlimit_raise(RR_RLIMIT_NOFILE, MOST + 100, &limits), 0);
    count = limits.rlim_cur < MOST + 100 ? (int)limits.rlim_cur - 100 : MOST;
    CHECK_EQ(used(NULL, RR_RLIMIT_NOFILE), before);
    for (i = 0; i < count; i++)
        files[i] = dup(0);
    CHECK_EQ(used(NULL, RR_RLIMIT_NOFILE), before + count);
    for (i = 0; i < count; i += 2)
        close(files[i]);
    CHECK_EQ(used(NULL, RR_RLIMIT_NOFILE), before + count / 2);
    for (i = 1; i < count; i += 2)
        close(files[i]);
    CHECK_EQ(used(NULL, RR_RLIMIT_NOFILE), before);
}

static volatile sig_atomic_t soft_limit_reached;
static void on_xcpu(int number) {
    (void)number;
    soft_limit_reached = 1;
}

/* The kernel's own comparison: it sends the signal exactly when the number reaches the limit. */
static void cpu(void) {
    rr_rlimit limits;
    uint64_t before = used(NULL, RR_RLIMIT_CPU);
    signal(SIGXCPU, on_xcpu);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CPU, &limits), 0);
    limits.rlim_cur = before + 2;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CPU, &limits), 0);
    while (!soft_limit_reached)
        CHECK(used(NULL, RR_RLIMIT_CPU) <= before + 2);
    CHECK_EQ(used(NULL, RR_RLIMIT_CPU), before + 2);
}

static void processor_time_in_whole_seconds(void) { in_child(cpu); }

static void queue_signals(void) {
    sigset_t all;
    union sigval value;
    uint64_t first;
    value.sival_int = 0;
    if (getuid() == 0)
        CHECK_EQ(setuid(64321), 0); /* a user for this test only: the number counts for the user */
    sigemptyset(&all);
    sigaddset(&all, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &all, NULL);
    first = used(NULL, RR_RLIMIT_SIGPENDING);
    CHECK_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
    CHECK_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
    CHECK_EQ(sigqueue(getpid(), SIGRTMIN, value), 0);
    CHECK_EQ(used(NULL, RR_RLIMIT_SIGPENDING), first + 3);
}

static void queued_signals(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator queues signals itself");
    else
        in_child(queue_signals);
}

static void be_nice(void) {
    struct sched_param parameters;
    /* Upwards from the current level, perhaps under nice(1): an ordinary user may not go back. */
    int level = getpriority(PRIO_PROCESS, 0);
    CHECK_EQ(used(NULL, RR_RLIMIT_NICE), 20 - level);
    level = level < 7 ? 7 : 19;
    CHECK_EQ(setpriority(PRIO_PROCESS, 0, level), 0);
    CHECK_EQ(used(NULL, RR_RLIMIT_NICE), 20 - level);
    CHECK_EQ(used(NULL, RR_RLIMIT_RTPRIO), 0);
    memset(&parameters, 0, sizeof parameters);
    parameters.sched_priority = 5;
    if (sched_setscheduler(0, SCHED_FIFO, &parameters) == 0)
        CHECK_EQ(used(NULL, RR_RLIMIT_RTPRIO), 5);
}

static void priorities(void) { in_child(be_nice); }

static void what_is_not_reported_is_enotsup(void) {
    const int resources[] = {RR_RLIMIT_FSIZE, RR_RLIMIT_CORE, RR_RLIMIT_LOCKS, RR_RLIMIT_MSGQUEUE, RR_RLIMIT_NPROC, RR_RLIMIT_RTTIME};
    uint64_t untouched;
    size_t i;
    FILL(untouched);
    for (i = 0; i < sizeof resources / sizeof resources[0]; i++)
        CHECK_CALL(rr_rlimit_used(NULL, resources[i], &untouched), ENOTSUP);
    CHECK_CALL(rr_rlimit_used(NULL, 99, &untouched), EINVAL);
    CHECK_CALL(rr_rlimit_used(NULL, -1, &untouched), EINVAL);
    CHECK_UNTOUCHED(untouched);
}

/* A child that uses 64 MiB and ten more descriptors, and reports when it does. */
static int ready[2];
static void hold(void) {
    volatile char *block = (volatile char *)malloc(64 << 20);
    int i;
    for (i = 0; i < 64 << 20; i += 1024)
        block[i] = 1;
    for (i = 0; i < 10; i++)
        CHECK(dup(0) >= 0);
    CHECK_EQ(write(ready[1], "", 1), 1);
    for (;;)
        pause();
}

static void *hold_in_thread(void *unused) {
    (void)unused;
    hold();
    return NULL;
}

static void hold_without_the_first_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, hold_in_thread, NULL);
    syscall(SYS_exit, 0);
}

static int32_t start_holder(void (*holder)(void), rr_process **process) {
    char byte;
    int32_t child;
    CHECK_EQ(pipe(ready), 0);
    child = (int32_t)fork();
    if (child == 0)
        holder();
    CHECK_EQ(read(ready[0], &byte, 1), 1);
    close(ready[0]), close(ready[1]);
    usleep(20000); /* the first thread may still be ending */
    CHECK_CALL(rr_process_open(child, process), 0);
    return child;
}

static void check_holder(void (*holder)(void)) {
    int files = open_files(1024);
    rr_process *process;
    int32_t child = start_holder(holder, &process);
    uint64_t untouched;
    CHECK_EQ(used(process, RR_RLIMIT_NOFILE), files + 12); /* the pipe's two ends too */
    CHECK(used(process, RR_RLIMIT_RSS) > 64 << 20 && used(process, RR_RLIMIT_RSS) < 512 << 20);
    CHECK(used(process, RR_RLIMIT_AS) > 64 << 20);
    CHECK_EQ(used(process, RR_RLIMIT_CPU), 0);
    CHECK_EQ(used(process, RR_RLIMIT_NICE), 20 - getpriority(PRIO_PROCESS, 0));
    kill(child, SIGKILL);
    FILL(untouched);
    {
        siginfo_t info;
        CHECK_EQ(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
    }
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_RSS, &untouched), ESRCH);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_NOFILE, &untouched), ESRCH);
    CHECK_EQ(waitpid(child, NULL, 0), child);
    CHECK_CALL(rr_rlimit_used(process, RR_RLIMIT_RSS, &untouched), ESRCH);
    CHECK_UNTOUCHED(untouched);
    rr_process_close(process);
}

static void another_process(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator has additional descriptors and memory");
    else
        check_holder(hold);
}

static void another_process_whose_first_thread_has_ended(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator ends with its first thread, or uses additional memory");
    else
        check_holder(hold_without_the_first_thread);
}

static void *ask_in_thread(void *unused) {
    (void)unused;
    usleep(50000);
    CHECK_EQ(used(NULL, RR_RLIMIT_NOFILE), open_files(1024));
    CHECK(used(NULL, RR_RLIMIT_RSS) > 100000);
    CHECK(used(NULL, RR_RLIMIT_AS) > 100000);
    exit(current_failures ? 1 : 0);
    return NULL;
}

static void ask_without_the_first_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, ask_in_thread, NULL);
    syscall(SYS_exit, 0);
}

static void the_caller_whose_first_thread_has_ended(void) {
    if (emulated_by("qemu-user") || emulated_by("valgrind"))
        skip("the emulator ends with its first thread");
    else
        in_child(ask_without_the_first_thread);
}

int main(void) {
    RUN(memory_agrees_with_the_kernel);
    RUN(locked_memory);
    RUN(descriptors_are_counted_exactly);
    RUN(processor_time_in_whole_seconds);
    RUN(queued_signals);
    RUN(priorities);
    RUN(what_is_not_reported_is_enotsup);
    RUN(another_process);
    RUN(another_process_whose_first_thread_has_ended);
    RUN(the_caller_whose_first_thread_has_ended);
    return report();
}

#else

static void processor_time_of_the_caller(void) {
    uint64_t used;
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_CPU, &used), 0);
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_NOFILE, &used), ENOTSUP);
}

int main(void) {
    RUN(processor_time_of_the_caller);
    return report();
}

#endif
