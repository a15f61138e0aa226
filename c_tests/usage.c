/* Usage of any process, compared with what the process measures itself. */
#include "check.h"

#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define MILLISECOND 1000000ULL
#define MIB ((uint64_t)1 << 20)

static rr_usage read_usage(rr_process *process, uint64_t wanted) {
    rr_usage usage;
    memset(&usage, 0, sizeof usage);
    CHECK_CALL(rr_usage_read(process, wanted, &usage), 0);
    return usage;
}

static uint64_t nanoseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

static int is_between(uint64_t low, uint64_t value, uint64_t high) { return low <= value && value <= high; }

/* ---- Records that are made by hand: the table and the arithmetic ------------------------------- */

static rr_usage numbered(uint64_t known, uint64_t step) {
    rr_usage usage;
    uint64_t *field = &usage.cpu_ns, i;
    memset(&usage, 0, sizeof usage);
    usage.known = known;
    for (i = 0; i < 16; i++)
        field[i] = (i + 1) * step;
    return usage;
}

static void the_table_names_each_field(void) {
    const char *names[] = {"cpu_ns", "user_ns", "system_ns", "wall_ns", "rss_bytes", "peak_rss_bytes", "virtual_bytes",
                           "swap_bytes", "minor_faults", "major_faults", "read_bytes", "written_bytes",
                           "voluntary_switches", "involuntary_switches", "threads", "open_files"};
    const rr_usage usage = numbered(RR_USAGE_ALL, 10);
    size_t i;
    uint64_t value;
    CHECK_EQ(rr_usage_field_count(), 16);
    for (i = 0; i < 16; i++) {
        const size_t length = strlen(names[i]);
        int unit = RR_UNIT_COUNT;
        if (strcmp(names[i] + length - 3, "_ns") == 0)
            unit = RR_UNIT_NANOSECONDS;
        else if (length > 6 && strcmp(names[i] + length - 6, "_bytes") == 0)
            unit = RR_UNIT_BYTES;
        CHECK_TEXT(rr_usage_field_name(i), names[i]);
        CHECK_EQ(rr_usage_field_unit(i), unit);
        CHECK_CALL(rr_usage_value(&usage, i, &value), 0);
        CHECK_EQ(value, (i + 1) * 10);
    }
    FILL(value);
    CHECK(rr_usage_field_name(16) == NULL && rr_usage_field_name((size_t)-1) == NULL);
    CHECK_EQ(rr_usage_field_unit(16), RR_UNIT_NONE);
    CHECK(rr_usage_field_summary(16) == NULL && rr_usage_field_group(16) == 0);
    CHECK_TEXT(rr_usage_field_summary(0), "processor time");
    CHECK_TEXT(rr_usage_field_summary(15), "open file descriptors");
    CHECK_CALL(rr_usage_value(&usage, 16, &value), ERANGE);
    CHECK_UNTOUCHED(value);
}

static void each_group_is_known_by_its_bit(void) {
    const struct {
        uint64_t group;
        size_t first, count;
    } groups[] = {{RR_USAGE_CPU, 0, 1}, {RR_USAGE_TIMES, 1, 2}, {RR_USAGE_WALL, 3, 1}, {RR_USAGE_RSS, 4, 1}, {RR_USAGE_PEAK_RSS, 5, 1}, {RR_USAGE_VIRTUAL, 6, 1}, {RR_USAGE_SWAP, 7, 1}, {RR_USAGE_FAULTS, 8, 2}, {RR_USAGE_IO, 10, 2}, {RR_USAGE_SWITCHES, 12, 2}, {RR_USAGE_THREADS, 14, 1}, {RR_USAGE_OPEN_FILES, 15, 1}};
    uint64_t all = 0, value;
    size_t i, field;
    for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const rr_usage usage = numbered(groups[i].group, 1);
        all |= groups[i].group;
        for (field = 0; field < 16; field++) {
            const int is_known = field >= groups[i].first && field < groups[i].first + groups[i].count;
            CHECK((rr_usage_field_group(field) == groups[i].group) == is_known);
            CHECK(rr_usage_field_summary(field) && *rr_usage_field_summary(field));
            CHECK_CALL(rr_usage_value(&usage, field, &value), is_known ? 0 : ENOTSUP);
        }
    }
    CHECK_EQ(all, RR_USAGE_ALL);
    CHECK_EQ(RR_USAGE_ALL & RR_USAGE_PEAK_IS_BOUND, 0);
}

static void a_difference_is_of_counters(void) {
    const rr_usage start = numbered(RR_USAGE_ALL, 10), end = numbered(RR_USAGE_ALL | RR_USAGE_PEAK_IS_BOUND, 25);
    rr_usage difference;
    CHECK_CALL(rr_usage_since(&start, &end, &difference), 0);
    CHECK_EQ(difference.known, RR_USAGE_ALL | RR_USAGE_PEAK_IS_BOUND);
    CHECK_EQ(difference.cpu_ns, 15);
    CHECK_EQ(difference.user_ns, 30);
    CHECK_EQ(difference.system_ns, 45);
    CHECK_EQ(difference.wall_ns, 60);
    CHECK_EQ(difference.rss_bytes, 125);
    CHECK_EQ(difference.peak_rss_bytes, 150);
    CHECK_EQ(difference.virtual_bytes, 175);
    CHECK_EQ(difference.swap_bytes, 200);
    CHECK_EQ(difference.minor_faults, 135);
    CHECK_EQ(difference.major_faults, 150);
    CHECK_EQ(difference.read_bytes, 165);
    CHECK_EQ(difference.written_bytes, 180);
    CHECK_EQ(difference.voluntary_switches, 195);
    CHECK_EQ(difference.involuntary_switches, 210);
    CHECK_EQ(difference.threads, 375);
    CHECK_EQ(difference.open_files, 400);
}

static void a_difference_knows_what_both_readings_know(void) {
    const rr_usage start = numbered(RR_USAGE_CPU | RR_USAGE_WALL, 10);
    const rr_usage end = numbered(RR_USAGE_CPU | RR_USAGE_IO | RR_USAGE_RSS, 20);
    rr_usage difference, expected;
    memset(&expected, 0, sizeof expected);
    expected.known = RR_USAGE_CPU | RR_USAGE_RSS;
    expected.cpu_ns = 10;
    expected.rss_bytes = 100;
    CHECK_CALL(rr_usage_since(&start, &end, &difference), 0);
    CHECK_EQ(memcmp(&difference, &expected, sizeof expected), 0);
}

static void a_counter_that_went_backwards_is_erange(void) {
    const rr_usage end = numbered(RR_USAGE_ALL, 10);
    const size_t counters[] = {0, 1, 2, 3, 8, 9, 10, 11, 12, 13}, gauges[] = {4, 5, 6, 7, 14, 15};
    rr_usage start, untouched, difference;
    size_t i;
    FILL(untouched);
    for (i = 0; i < sizeof counters / sizeof counters[0]; i++) {
        start = end;
        (&start.cpu_ns)[counters[i]]++;
        CHECK_CALL(rr_usage_since(&start, &end, &untouched), ERANGE);
    }
    for (i = 0; i < sizeof gauges / sizeof gauges[0]; i++) {
        start = end;
        (&start.cpu_ns)[gauges[i]]++;
        CHECK_CALL(rr_usage_since(&start, &end, &difference), 0);
    }
    start = end;
    start.reserved[14] = 1;
    CHECK_CALL(rr_usage_since(&start, &end, &untouched), EINVAL);
    CHECK_CALL(rr_usage_since(&end, &start, &untouched), EINVAL);
    CHECK_UNTOUCHED(untouched);
}

static void a_record_of_the_system_in_our_units(void) {
    rr_rusage from;
    rr_usage usage, untouched;
    memset(&from, 0, sizeof from);
    from.ru_utime.tv_sec = 2, from.ru_utime.tv_usec = 999999;
    from.ru_stime.tv_sec = 1, from.ru_stime.tv_usec = 1;
    from.ru_maxrss = 1000, from.ru_minflt = 5, from.ru_majflt = 6, from.ru_inblock = 7, from.ru_oublock = 8;
    from.ru_nvcsw = 9, from.ru_nivcsw = 10;
    CHECK_CALL(rr_usage_from_rusage(&from, &usage), 0);
    CHECK_EQ(usage.user_ns, 2999999000);
    CHECK_EQ(usage.system_ns, 1000001000);
    CHECK_EQ(usage.cpu_ns, 4000000000);
    CHECK_EQ(usage.minor_faults, 5);
    CHECK_EQ(usage.major_faults, 6);
    CHECK_EQ(usage.voluntary_switches, 9);
    CHECK_EQ(usage.involuntary_switches, 10);
#ifdef __linux__
    CHECK_EQ(usage.known, RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_PEAK_RSS | RR_USAGE_FAULTS | RR_USAGE_IO | RR_USAGE_SWITCHES | RR_USAGE_PEAK_IS_BOUND);
    CHECK_EQ(usage.peak_rss_bytes, 1024000);
    CHECK_EQ(usage.read_bytes, 3584);
    CHECK_EQ(usage.written_bytes, 4096);
#endif
    from.ru_maxrss = 0;
    CHECK_CALL(rr_usage_from_rusage(&from, &usage), 0);
    CHECK_EQ(usage.known & (RR_USAGE_PEAK_RSS | RR_USAGE_PEAK_IS_BOUND), 0);
    FILL(untouched);
    from.ru_nvcsw = -1;
    CHECK_CALL(rr_usage_from_rusage(&from, &untouched), EINVAL);
    from.ru_nvcsw = 0, from.ru_stime.tv_usec = 1000000;
    CHECK_CALL(rr_usage_from_rusage(&from, &untouched), EINVAL);
    CHECK_UNTOUCHED(untouched);
}

/* ---- The caller --------------------------------------------------------------------------------- */

static void the_callers_record_agrees_with_getrusage(void) {
    struct rusage before, after;
    rr_usage usage;
    spin(0.05);
    getrusage(RUSAGE_SELF, &before);
    usage = read_usage(NULL, RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_FAULTS | RR_USAGE_SWITCHES);
    getrusage(RUSAGE_SELF, &after);
    CHECK(is_between(nanoseconds(before.ru_utime), usage.user_ns, nanoseconds(after.ru_utime)));
    CHECK(is_between(nanoseconds(before.ru_stime), usage.system_ns, nanoseconds(after.ru_stime)));
    CHECK(is_between((uint64_t)before.ru_minflt, usage.minor_faults, (uint64_t)after.ru_minflt));
    CHECK(is_between((uint64_t)before.ru_majflt, usage.major_faults, (uint64_t)after.ru_majflt));
    CHECK(is_between((uint64_t)before.ru_nvcsw, usage.voluntary_switches, (uint64_t)after.ru_nvcsw));
    CHECK(is_between((uint64_t)before.ru_nivcsw, usage.involuntary_switches, (uint64_t)after.ru_nivcsw));
    CHECK(usage.cpu_ns >= 50 * MILLISECOND);
    /* The clock counts by nanoseconds, the two times by what the scheduler derived from its ticks. */
    CHECK(is_between((usage.user_ns + usage.system_ns) * 9 / 10, usage.cpu_ns, (usage.user_ns + usage.system_ns) * 11 / 10 + MILLISECOND));
}

#ifdef __linux__

/* Reading files of /proc as any other program would. */
static const char *text_of(const char *path) {
    static char text[8192];
    int file = open(path, O_RDONLY);
    ssize_t length = read(file, text, sizeof text - 1);
    CHECK(length >= 0);
    text[length > 0 ? length : 0] = 0;
    close(file);
    return text;
}

static uint64_t status_of(const char *path, const char *name) {
    char line[64];
    const char *found;
    snprintf(line, sizeof line, "\n%s:", name);
    found = strstr(text_of(path), line);
    CHECK(found != NULL);
    return found ? strtoull(found + strlen(line), NULL, 10) : 0;
}

static int open_descriptors(void) {
    int fd, count = 0;
    for (fd = 0; fd < 4096; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static int is_emulator(void) {
    if (!emulated_by("qemu-user") && !emulated_by("valgrind"))
        return 0;
    skip("the emulator has additional memory, threads and descriptors");
    return 1;
}

static char *touched(size_t size) {
    char *block = (char *)mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(block != MAP_FAILED);
    memset(block, 1, size);
    return block;
}

static int is_near(uint64_t value, uint64_t expected) {
    const uint64_t tolerance = expected / 20;
    return is_between(expected - tolerance, value, expected + tolerance);
}

static void everything_of_the_caller_is_known(void) {
    rr_usage usage;
    char *block;
    if (is_emulator())
        return;
    block = touched(64 * MIB);
    munmap(touched(32 * MIB), 32 * MIB); /* so that no size is at its peak */
    usage = read_usage(NULL, RR_USAGE_ALL);
    CHECK_EQ(usage.known, RR_USAGE_ALL);
    CHECK(usage.peak_rss_bytes > usage.rss_bytes + 16 * MIB);
    CHECK_EQ(usage.virtual_bytes, status_of("/proc/self/status", "VmSize") * 1024);
    CHECK(is_near(usage.rss_bytes, status_of("/proc/self/status", "VmRSS") * 1024));
    CHECK(is_near(usage.peak_rss_bytes, status_of("/proc/self/status", "VmHWM") * 1024));
    CHECK_EQ(usage.swap_bytes, status_of("/proc/self/status", "VmSwap") * 1024);
    CHECK_EQ(usage.threads, 1);
    CHECK_EQ(usage.open_files, open_descriptors());
    CHECK(usage.rss_bytes > 64 * MIB && usage.peak_rss_bytes >= usage.rss_bytes && usage.minor_faults > 0);
    munmap(block, 64 * MIB);
}

/* As with statx, groups that are not wanted cost nothing, and additional ones are correct too. */
static void each_group_by_itself(void) {
    const uint64_t groups[] = {RR_USAGE_CPU, RR_USAGE_TIMES, RR_USAGE_WALL, RR_USAGE_RSS, RR_USAGE_PEAK_RSS, RR_USAGE_VIRTUAL,
                               RR_USAGE_SWAP, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_SWITCHES, RR_USAGE_THREADS, RR_USAGE_OPEN_FILES};
    size_t i;
    rr_usage nothing;
    if (is_emulator())
        return;
    for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        const rr_usage usage = read_usage(NULL, groups[i]), whole = read_usage(NULL, RR_USAGE_ALL);
        rr_usage difference;
        CHECK_EQ(usage.known & groups[i], groups[i]);
        CHECK(groups[i] == RR_USAGE_CPU ? usage.known == RR_USAGE_CPU : usage.known != RR_USAGE_ALL);
        CHECK_CALL(rr_usage_since(&usage, &whole, &difference), 0);
    }
    nothing = read_usage(NULL, 0);
    CHECK_EQ(nothing.known, 0);
    nothing = read_usage(NULL, (uint64_t)1 << 63); /* a group of some later version */
    CHECK_EQ(nothing.known, 0);
}

static void wall_time_is_that_of_the_process(void) {
    rr_usage start, end, difference;
    start = read_usage(NULL, RR_USAGE_WALL);
    usleep(100000);
    end = read_usage(NULL, RR_USAGE_WALL);
    if (!(start.known & RR_USAGE_WALL)) {
        skip("the emulator's /proc/self/stat has no start time");
        return;
    }
    CHECK_CALL(rr_usage_since(&start, &end, &difference), 0);
    CHECK(is_between(100 * MILLISECOND, difference.wall_ns, 5000 * MILLISECOND));
    CHECK(start.wall_ns < 600000 * MILLISECOND);
}

static void *read_wall_in_thread(void *usage) {
    *(rr_usage *)usage = read_usage(NULL, RR_USAGE_WALL);
    return NULL;
}

static void wall_time_in_a_later_thread_is_the_processs(void) {
    const rr_usage before = read_usage(NULL, RR_USAGE_WALL);
    rr_usage in_thread;
    pthread_t thread;
    if (!(before.known & RR_USAGE_WALL) || emulated_by("qemu-user")) {
        skip("the emulator's /proc/self/stat has no start time of the process");
        return;
    }
    usleep(50000);
    CHECK_EQ(pthread_create(&thread, NULL, read_wall_in_thread, &in_thread), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
    CHECK(in_thread.wall_ns >= before.wall_ns + 50 * MILLISECOND);
}

static void forget_and_grow(void) {
    rr_usage usage;
    char *block = touched(128 * MIB);
    munmap(block, 128 * MIB);
    usage = read_usage(NULL, RR_USAGE_PEAK_RSS);
    CHECK(usage.peak_rss_bytes > 126 * MIB);
    result_of_call = CALL(rr_usage_reset_peak(NULL));
    if (result_of_call == ENOTSUP || result_of_call == EACCES)
        _exit(77);
    CHECK_EQ(result_of_call, 0);
    usage = read_usage(NULL, RR_USAGE_PEAK_RSS);
    CHECK(usage.peak_rss_bytes < 64 * MIB);
    block = touched(32 * MIB);
    munmap(block, 32 * MIB);
    usage = read_usage(NULL, RR_USAGE_PEAK_RSS);
    CHECK(is_between(30 * MIB, usage.peak_rss_bytes, 96 * MIB)); /* the counters lag by some pages */
}

static void the_peak_can_be_forgotten(void) {
    int status;
    if (is_emulator())
        return;
    status = status_of_child(forget_and_grow);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip("this kernel or sandbox does not reset peaks");
    else
        CHECK_EQ(status, 0);
}

/* ---- Another process ---------------------------------------------------------------------------- */

/* The child's own report, in shared memory. */
typedef struct report_of_child {
    volatile int is_ready;
    rr_usage own;
    struct rusage rusage;
    uint64_t rss, threads, descriptors;
} report_of_child;

static report_of_child *child_says;

static void *wait_for_ever(void *unused) {
    (void)unused;
    for (;;)
        pause();
    return NULL;
}

/* A known amount of work: 0.3 s of processor time, 96 MiB touched, 5 sleeps, 7 descriptors, 4 threads. */
static void work_and_wait(void) {
    pthread_t thread;
    int i;
    touched(96 * MIB);
    for (i = 0; i < 5; i++)
        usleep(2000);
    for (i = 0; i < 7; i++)
        CHECK(dup(0) >= 0);
    for (i = 0; i < 3; i++)
        CHECK_EQ(pthread_create(&thread, NULL, wait_for_ever, NULL), 0);
    spin(0.3);
    child_says->descriptors = (uint64_t)open_descriptors();
    child_says->rss = status_of("/proc/thread-self/status", "VmRSS") * 1024;
    child_says->threads = status_of("/proc/thread-self/status", "Threads");
    getrusage(RUSAGE_SELF, &child_says->rusage);
    child_says->own = read_usage(NULL, RR_USAGE_ALL);
    child_says->is_ready = 1;
    wait_for_ever(NULL);
}

static void *work_in_thread(void *unused) {
    (void)unused;
    work_and_wait();
    return NULL;
}

static void work_without_the_first_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, work_in_thread, NULL);
    syscall(SYS_exit, 0);
}

static int32_t start(void (*part)(void)) {
    int32_t child;
    if (!child_says)
        child_says = (report_of_child *)mmap(NULL, sizeof *child_says, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    memset(child_says, 0, sizeof *child_says);
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0) {
        part();
        _exit(0);
    }
    return child;
}

static void wait_until_ready(void) {
    int i;
    for (i = 0; i < 20000 && !child_says->is_ready; i++)
        usleep(1000);
    CHECK(child_says->is_ready);
    usleep(20000); /* into its sleep */
}

static void become_zombie(int32_t child) {
    siginfo_t info;
    kill(child, SIGKILL);
    CHECK_EQ(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
}

static void reap(int32_t child) {
    kill(child, SIGKILL);
    CHECK_EQ(waitpid(child, NULL, 0), child);
}

static void check_worker(void (*work)(void), uint64_t threads) {
    const int32_t child = start(work);
    const uint64_t of_living = RR_USAGE_ALL & ~(uint64_t)RR_USAGE_SWITCHES;
    const uint64_t of_zombies = RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_FAULTS | RR_USAGE_IO;
    rr_process *process;
    rr_usage usage, ended, untouched;
    struct rusage *rusage = &child_says->rusage;
    int round;
    CHECK_CALL(rr_process_open(child, &process), 0);
    wait_until_ready();
    for (round = 0; round < 3; round++) { /* the files that the handle keeps open have current values */
        usage = read_usage(process, RR_USAGE_ALL);
        CHECK(is_near(usage.cpu_ns, nanoseconds(rusage->ru_utime) + nanoseconds(rusage->ru_stime)));
        CHECK(is_near(usage.cpu_ns, child_says->own.cpu_ns));
        /* Each in ticks of 10 ms, rounded down. */
        CHECK(is_near(usage.user_ns + usage.system_ns, usage.cpu_ns) ||
              is_near(usage.user_ns + usage.system_ns + 20 * MILLISECOND, usage.cpu_ns));
        CHECK(is_near(usage.rss_bytes, child_says->rss));
        CHECK(is_near(usage.minor_faults, (uint64_t)rusage->ru_minflt));
        CHECK(is_near(usage.virtual_bytes, child_says->own.virtual_bytes));
        CHECK(is_between(usage.rss_bytes, usage.peak_rss_bytes, usage.virtual_bytes));
        CHECK_EQ(usage.threads, child_says->threads);
        CHECK_EQ(usage.threads, threads);
        CHECK_EQ(usage.open_files, child_says->descriptors);
        CHECK(is_between(300 * MILLISECOND, usage.wall_ns, 60000 * MILLISECOND));
        CHECK_EQ(usage.known | RR_USAGE_IO, of_living);
        CHECK_EQ(usage.voluntary_switches, 0);
    }
    usage = read_usage(process, RR_USAGE_CPU | RR_USAGE_RSS);
    CHECK_EQ(usage.known, RR_USAGE_CPU | RR_USAGE_RSS | RR_USAGE_VIRTUAL);
    CHECK(is_near(usage.rss_bytes, child_says->rss));

    become_zombie(child);
    ended = read_usage(process, RR_USAGE_ALL);
    CHECK_EQ(ended.known | RR_USAGE_IO, of_zombies);
    CHECK_EQ(ended.rss_bytes, 0);
    /* To end takes long on an emulated processor. */
    CHECK(is_near(ended.cpu_ns, usage.cpu_ns) ||
          (emulated_by("qemu-system") && is_between(usage.cpu_ns, ended.cpu_ns, usage.cpu_ns + 500 * MILLISECOND)));
    reap(child);
    FILL(untouched);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_ALL, &untouched), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_CPU, &untouched), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &untouched), ESRCH);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_OPEN_FILES, &untouched), ESRCH);
    CHECK_CALL(rr_usage_read(process, 0, &untouched), ESRCH);
    CHECK_CALL(rr_usage_reset_peak(process), ESRCH);
    CHECK_UNTOUCHED(untouched);
    rr_process_close(process);
}

static void a_child_that_works(void) {
    if (!is_emulator())
        check_worker(work_and_wait, 4);
}

static void a_child_whose_first_thread_has_ended(void) {
    if (!is_emulator())
        check_worker(work_without_the_first_thread, 5); /* its zombie counts, as for the kernel */
}

static void *read_in_thread(void *unused) {
    rr_usage usage;
    (void)unused;
    usleep(50000);
    usage = read_usage(NULL, RR_USAGE_ALL);
    CHECK_EQ(usage.known, RR_USAGE_ALL);
    CHECK(usage.rss_bytes > 100000 && usage.peak_rss_bytes >= usage.rss_bytes);
    CHECK_EQ(usage.open_files, open_descriptors());
    exit(current_failures ? 1 : 0);
    return NULL;
}

static void read_without_the_first_thread(void) {
    pthread_t thread;
    pthread_create(&thread, NULL, read_in_thread, NULL);
    syscall(SYS_exit, 0);
}

static void the_caller_whose_first_thread_has_ended(void) {
    if (!is_emulator())
        in_child(read_without_the_first_thread);
}

/* ---- The handle --------------------------------------------------------------------------------- */

static char own_name[4096];

static void wait_then_exec(void) {
    while (child_says->is_ready < 2)
        usleep(1000);
    execl(own_name, own_name, "--sleep", (char *)NULL);
    _exit(1);
}

static void a_handle_from_before_exec(void) {
    rr_process *process;
    rr_usage before, after;
    int32_t child;
    int i;
    if (is_emulator())
        return;
    touched(64 * MIB);
    child = start(wait_then_exec);
    CHECK_CALL(rr_process_open(child, &process), 0);
    before = read_usage(process, RR_USAGE_ALL);
    child_says->is_ready = 2;
    for (i = 0; i < 60000; i++) {
        usleep(1000);
        after = read_usage(process, RR_USAGE_ALL);
        if (after.rss_bytes < before.rss_bytes / 2 && after.rss_bytes > 0)
            break;
    }
    CHECK_EQ(after.known | RR_USAGE_IO, RR_USAGE_ALL & ~(uint64_t)RR_USAGE_SWITCHES);
    CHECK(is_between(1, after.rss_bytes, 8 * MIB));
    CHECK(is_between(1, after.peak_rss_bytes, 8 * MIB));
    CHECK(after.wall_ns >= before.wall_ns && after.cpu_ns >= before.cpu_ns);
    rr_process_close(process);
    reap(child);
}

static void a_handle_holds_five_descriptors_at_most(void) {
    const int before = open_descriptors();
    const int32_t child = start((void (*)(void))pause);
    char was_open[4096];
    rr_process *process;
    int fd, i;
    for (fd = 0; fd < 4096; fd++)
        was_open[fd] = fcntl(fd, F_GETFD) != -1;
    CHECK_CALL(rr_process_open(child, &process), 0);
    read_usage(process, RR_USAGE_CPU | RR_USAGE_OPEN_FILES);
    CHECK(open_descriptors() <= before + 1);
    read_usage(process, RR_USAGE_CPU | RR_USAGE_RSS);
    CHECK(open_descriptors() <= before + 2);
    for (i = 0; i < 10; i++)
        read_usage(process, RR_USAGE_ALL);
    CHECK(open_descriptors() <= before + 5);
    for (fd = 0; fd < 4096; fd++)
        CHECK(was_open[fd] || fcntl(fd, F_GETFD) == -1 || (fcntl(fd, F_GETFD) & FD_CLOEXEC));
    rr_process_close(process);
    CHECK_EQ(open_descriptors(), before);
    reap(child);
}

static void a_program_that_has_used_half_keeps_the_rest(void) {
    rr_rlimit limits = {0, 0};
    const int32_t child = start((void (*)(void))pause);
    rr_process *process;
    int before, i;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    limits.rlim_cur = 64;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &limits), 0);
    while (open_descriptors() < 32)
        CHECK(dup(0) >= 0);
    CHECK_CALL(rr_process_open(child, &process), 0);
    before = open_descriptors();
    for (i = 0; i < 3; i++) {
        const rr_usage usage = read_usage(process, RR_USAGE_ALL);
        CHECK(usage.known & RR_USAGE_RSS);
    }
    CHECK_EQ(open_descriptors(), before);
    while (dup(0) >= 0)
        ;
    CHECK_EQ(errno, EMFILE);
    {
        rr_usage untouched, usage = read_usage(process, RR_USAGE_CPU);
        CHECK_EQ(usage.known, RR_USAGE_CPU);
        FILL(untouched);
        CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS, &untouched), EMFILE);
        CHECK_CALL(rr_usage_read(NULL, RR_USAGE_RSS, &untouched), EMFILE);
        CHECK_UNTOUCHED(untouched);
    }
    rr_process_close(process);
    reap(child);
}

static void handles_leave_a_program_half_of_its_descriptors(void) {
    if (!is_emulator())
        in_child(a_program_that_has_used_half_keeps_the_rest);
}

static rr_process *parents;
static void with_the_parents_handle(void) {
    const rr_usage usage = read_usage(parents, RR_USAGE_ALL);
    CHECK(usage.rss_bytes > 64 * MIB);
    CHECK_EQ(usage.known & RR_USAGE_SWITCHES, 0); /* no longer the caller's */
}

static void a_handle_on_the_caller_means_the_parent_after_fork(void) {
    char *block;
    if (is_emulator())
        return;
    block = touched(64 * MIB);
    CHECK_CALL(rr_process_open(0, &parents), 0);
    CHECK_EQ(read_usage(parents, RR_USAGE_ALL).known, RR_USAGE_ALL);
    in_child(with_the_parents_handle);
    munmap(block, 64 * MIB);
    rr_process_close(parents);
}

static void read_others_as_nobody(void) {
    uint64_t hidden = RR_USAGE_SWITCHES | RR_USAGE_IO;
    rr_process *process;
    struct stat folder;
    rr_usage usage;
    CHECK_EQ(setgid(64321), 0);
    CHECK_EQ(setuid(64321), 0);
    CHECK_CALL(rr_process_open((int32_t)getppid(), &process), 0);
    usage = read_usage(process, RR_USAGE_ALL);
    if (stat("/proc/self/fd", &folder) == 0 && folder.st_size == 0)
        hidden |= RR_USAGE_OPEN_FILES; /* before Linux 6.2 only a process that may list the folder can count */
    CHECK_EQ(usage.known, RR_USAGE_ALL & ~hidden);
    CHECK_EQ(usage.read_bytes, 0);
    CHECK(usage.rss_bytes > 100000);
    result_of_call = CALL(rr_usage_reset_peak(process));
    CHECK(result_of_call == EACCES || result_of_call == EPERM);
    rr_process_close(process);
}

static void what_rights_do_not_give_is_a_gap(void) {
    if (is_emulator())
        return;
    if (getuid() != 0)
        skip("only root can become another user");
    else
        in_child(read_others_as_nobody);
}

static void read_with_many_groups(void) {
    static gid_t groups[2000];
    rr_usage usage;
    uint64_t used = 0;
    size_t i;
    for (i = 0; i < sizeof groups / sizeof *groups; i++)
        groups[i] = (gid_t)(2000000000 + i);
    CHECK_EQ(setgroups(sizeof groups / sizeof *groups, groups), 0);
    usage = read_usage(NULL, RR_USAGE_ALL);
    CHECK_EQ(usage.known, RR_USAGE_ALL);
    CHECK_CALL(rr_rlimit_used(NULL, RR_RLIMIT_AS, &used), 0);
    CHECK(is_near(used, usage.virtual_bytes));
}

/* Groups precede all sizes in /proc/self/status, and may fill any buffer. */
static void a_user_of_many_groups(void) {
    if (is_emulator())
        return;
    if (getuid() != 0)
        skip("only root can join groups");
    else
        in_child(read_with_many_groups);
}

/* ---- Another /proc, and none -------------------------------------------------------------------- */

static void skip_where_not_allowed(void (*part)(void), const char *reason) {
    int status = status_of_child(part);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        skip(reason);
    else
        CHECK_EQ(status, 0);
}

/* In a pid namespace with the /proc of the outer one, in which the PID of its next process belongs to the large
 * parent. */
static pid_t outside;
static void in_a_namespace_of_numbers(void) {
    rr_process *process;
    rr_usage usage;
    char last[16];
    int file = open("/proc/sys/kernel/ns_last_pid", O_WRONLY);
    const int length = snprintf(last, sizeof last, "%d", (int)outside - 1);
    pid_t child;
    if (file < 0 || write(file, last, (size_t)length) != length)
        _exit(77);
    close(file);
    child = fork();
    if (child == 0)
        wait_for_ever(NULL);
    if (child != outside || CALL(rr_process_open(child, &process)) == ENOTSUP) {
        kill(child, SIGKILL);
        _exit(77);
    }
    usage = read_usage(process, RR_USAGE_ALL);
    CHECK_EQ(usage.known, RR_USAGE_CPU);
    CHECK(usage.rss_bytes == 0 && usage.threads == 0);
    rr_process_close(process);
    kill(child, SIGKILL);
}

static void enter_a_namespace(void) {
    int status = -1;
    pid_t child;
    outside = getppid();
    if (unshare(CLONE_NEWPID) != 0)
        _exit(77);
    child = fork();
    if (child == 0) {
        in_a_namespace_of_numbers();
        _exit(current_failures != 0);
    }
    waitpid(child, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 1);
}

static void a_proc_with_other_pids_is_not_used(void) {
    if (is_emulator())
        return;
    skip_where_not_allowed(enter_a_namespace, "no pidfds here, or the number of the next process cannot be chosen");
}

static void take_proc_away(void) {
    rr_usage usage;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        _exit(77);
    while (umount2("/proc", MNT_DETACH) == 0)
        ;
    CHECK(access("/proc/self", F_OK) != 0);
    usage = read_usage(NULL, RR_USAGE_ALL);
    CHECK_EQ(usage.known, RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_PEAK_RSS | RR_USAGE_PEAK_IS_BOUND | RR_USAGE_FAULTS |
                              RR_USAGE_IO | RR_USAGE_SWITCHES);
    CHECK(usage.peak_rss_bytes > 0 && usage.rss_bytes == 0);
}

static void without_proc_the_peak_is_a_bound(void) {
    if (is_emulator())
        return;
    skip_where_not_allowed(take_proc_away, "/proc cannot be taken away here");
}

/* ---- Whose peak it is --------------------------------------------------------------------------- */

/* The program that a large process executes: its own peak, and the one in its inherited record. */
static int print_peaks(void) {
    rr_usage usage = read_usage(NULL, RR_USAGE_PEAK_RSS);
    rr_rusage rusage;
    CHECK_CALL(rr_getrusage(RR_RUSAGE_SELF, &rusage), 0);
    if (usage.known & RR_USAGE_PEAK_IS_BOUND)
        return 3;
    return usage.peak_rss_bytes < 8 * MIB && rusage.ru_maxrss >= 1024 * 1024 ? 0 : 1;
}

static void grow_and_exec(void) {
    touched(1024 * MIB);
    execl(own_name, own_name, "--peaks", (char *)NULL);
    _exit(2);
}

static void the_peak_is_the_programs_own(void) {
    if (is_emulator())
        return;
    CHECK_EQ(status_of_child(grow_and_exec), 0);
}

#endif

int main(int count, char **arguments) {
#ifdef __linux__
    if (count == 2 && strcmp(arguments[1], "--sleep") == 0)
        wait_for_ever(NULL);
    if (count == 2 && strcmp(arguments[1], "--peaks") == 0)
        return print_peaks();
    if (readlink("/proc/self/exe", own_name, sizeof own_name - 1) < 0)
        return 1;
#endif
    (void)count, (void)arguments;
    RUN(the_table_names_each_field);
    RUN(each_group_is_known_by_its_bit);
    RUN(a_difference_is_of_counters);
    RUN(a_difference_knows_what_both_readings_know);
    RUN(a_counter_that_went_backwards_is_erange);
    RUN(a_record_of_the_system_in_our_units);
    RUN(the_callers_record_agrees_with_getrusage);
#ifdef __linux__
    RUN(everything_of_the_caller_is_known);
    RUN(each_group_by_itself);
    RUN(wall_time_is_that_of_the_process);
    RUN(wall_time_in_a_later_thread_is_the_processs);
    RUN(the_peak_can_be_forgotten);
    RUN(a_child_that_works);
    RUN(a_child_whose_first_thread_has_ended);
    RUN(the_caller_whose_first_thread_has_ended);
    RUN(a_handle_from_before_exec);
    RUN(a_handle_holds_five_descriptors_at_most);
    RUN(handles_leave_a_program_half_of_its_descriptors);
    RUN(a_handle_on_the_caller_means_the_parent_after_fork);
    RUN(what_rights_do_not_give_is_a_gap);
    RUN(a_user_of_many_groups);
    RUN(a_proc_with_other_pids_is_not_used);
    RUN(without_proc_the_peak_is_a_bound);
    RUN(the_peak_is_the_programs_own);
#endif
    return report();
}
