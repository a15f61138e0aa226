/*
 * What the library reads from the files of /proc. They are replaced by files of the test in which no two numbers are
 * equal, so that a wrong line, a swapped pair or a missing value is found.
 */
#include "notify.h"

#ifdef CAN_NOTIFY

static const char status_text[] =
    "Name:\tname\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t77\nNgid:\t0\nPid:\t77\nPPid:\t1\nTracerPid:\t0\n"
    "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nFDSize:\t64\nGroups:\t0 \n"
    "VmPeak:\t    9001 kB\nVmSize:\t    9002 kB\nVmLck:\t    9003 kB\nVmPin:\t       0 kB\nVmHWM:\t    9005 kB\n"
    "VmRSS:\t    9006 kB\nRssAnon:\t    9007 kB\nRssFile:\t    9008 kB\nRssShmem:\t    9009 kB\nVmData:\t    9010 kB\n"
    "VmStk:\t    9011 kB\nVmExe:\t    9012 kB\nVmLib:\t    9013 kB\nVmPTE:\t    9014 kB\nVmSwap:\t    9015 kB\n"
    "HugetlbPages:\t    9016 kB\nCoreDumping:\t0\nThreads:\t17\nSigQ:\t18/19\nSigPnd:\t0000000000000000\n"
    "voluntary_ctxt_switches:\t20\nnonvoluntary_ctxt_switches:\t21\n";
/* Fields 3 to 52: each is 200 plus its number, except for the state and the start time. */
static const char stat_text[] =
    "77 (a name) with) S 204 205 206 207 208 209 210 211 212 213 214 215 216 217 218 219 220 221 22 223 224 225 226 227 "
    "228 229 230 231 232 233 234 235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252\n";
static const char statm_text[] = "8001 8002 8003 8004 8005 8006 8007\n";
static const char io_text[] = "rchar: 301\nwchar: 302\nsyscr: 303\nsyscw: 304\nread_bytes: 305\nwrite_bytes: 306\n"
                              "cancelled_write_bytes: 307\n";
static char limits_text[4096];

/* In the order of the kernel's `lnames`, soft 1000 + n and hard 2000 + n, counted from its first row. */
static void write_limits(void) {
    static const char *const rows[] = {"Max cpu time", "Max file size", "Max data size", "Max stack size",
                                       "Max core file size", "Max resident set", "Max processes", "Max open files",
                                       "Max locked memory", "Max address space", "Max file locks",
                                       "Max pending signals", "Max msgqueue size", "Max nice priority",
                                       "Max realtime priority", "Max realtime timeout"};
    size_t length, i;
    length = (size_t)sprintf(limits_text, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit", "Units");
    for (i = 0; i < 16; i++)
        length += (size_t)sprintf(limits_text + length, "%-25s %-20zu %-20zu %-10s\n", rows[i], 1000 + i, 2000 + i, "units");
}

static int is_refused_by_number, pread_refusal, opened;

static long long open_ours(const struct seccomp_data *call, int32_t thread) {
    if (thread != arranging_thread)
        return PASS;
#ifdef SYS_pread64
    if (call->nr == SYS_pread64)
        return pread_refusal ? -pread_refusal : PASS;
#endif
    /* The clock of a process's processor time has a negative number. It is refused: the time is in `stat` too. */
    if (call->nr == SYS_clock_gettime)
        return (int32_t)call->args[0] < 0 ? -EPERM : PASS;
    if (call->nr == SYS_prlimit64)
        return is_refused_by_number && call->args[0] ? -EPERM : PASS;
    opened++;
    if (path_ends_with(call->args[1], "/status"))
        return file_of(status_text);
    if (path_ends_with(call->args[1], "/stat"))
        return file_of(stat_text);
    if (path_ends_with(call->args[1], "/statm"))
        return file_of(statm_text);
    if (path_ends_with(call->args[1], "/io"))
        return file_of(io_text);
    if (path_ends_with(call->args[1], "/limits"))
        return file_of(limits_text);
    return PASS;
}

static void begin(void) {
    static const int numbers[] = {
#ifdef SYS_pread64
        SYS_pread64,
#endif
        SYS_openat, SYS_prlimit64, SYS_clock_gettime};
    write_limits();
    ARRANGE(open_ours, numbers);
}

static int32_t sleeper;
static rr_process *open_sleeper(void) {
    rr_process *process;
    sleeper = start_sleeper();
    CHECK_CALL(rr_process_open(sleeper, &process), 0);
    return process;
}

static void end_sleeper(rr_process *process) {
    kill(sleeper, SIGKILL);
    CHECK_EQ(waitpid(sleeper, NULL, 0), sleeper);
    rr_process_close(process);
}

static uint64_t since_boot(void) {
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The two files of sizes differ on purpose: both sizes have to come from the same one. */
static void check_sizes(rr_process *process) {
    const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    rr_usage usage;
    CHECK_CALL(rr_usage_read(process, RR_USAGE_RSS | RR_USAGE_VIRTUAL, &usage), 0);
    CHECK_EQ(usage.known & (RR_USAGE_RSS | RR_USAGE_VIRTUAL), RR_USAGE_RSS | RR_USAGE_VIRTUAL);
    CHECK(usage.virtual_bytes == 8001 * page || usage.virtual_bytes == 9002 * 1024);
    CHECK_EQ(usage.rss_bytes, usage.virtual_bytes == 8001 * page ? 8002 * page : 9006 * 1024);
    CHECK_CALL(rr_usage_read(process, RR_USAGE_PEAK_RSS | RR_USAGE_SWAP, &usage), 0);
    CHECK_EQ(usage.known & RR_USAGE_PEAK_RSS, RR_USAGE_PEAK_RSS);
    CHECK_EQ(usage.known & RR_USAGE_PEAK_IS_BOUND, 0);
    CHECK_EQ(usage.known & RR_USAGE_SWAP, RR_USAGE_SWAP);
    CHECK_EQ(usage.peak_rss_bytes, 9005 * 1024);
    CHECK_EQ(usage.swap_bytes, 9015 * 1024);
}

static void check_lifetime(rr_process *process) {
    const uint64_t started = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK) * 22, before = since_boot();
    rr_usage usage;
    CHECK_CALL(rr_usage_read(process, RR_USAGE_WALL | RR_USAGE_THREADS, &usage), 0);
    CHECK_EQ(usage.threads, 220);
    CHECK(before - started <= usage.wall_ns && usage.wall_ns <= since_boot() - started);
}

static void each_value_of_another_process_is_its_own(void) {
    const uint64_t tick = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
    const uint64_t wanted = RR_USAGE_CPU | RR_USAGE_TIMES | RR_USAGE_FAULTS | RR_USAGE_IO;
    rr_process *process = open_sleeper();
    rr_usage usage;
    begin();
    CHECK_CALL(rr_usage_read(process, wanted, &usage), 0);
    CHECK_EQ(usage.known & wanted, wanted);
    CHECK_EQ(usage.minor_faults, 210);
    CHECK_EQ(usage.major_faults, 212);
    CHECK_EQ(usage.user_ns, 214 * tick);
    CHECK_EQ(usage.system_ns, 215 * tick);
    CHECK_EQ(usage.cpu_ns, 429 * tick);
    CHECK_EQ(usage.read_bytes, 305);
    CHECK_EQ(usage.written_bytes, 306);
    check_sizes(process);
    check_lifetime(process);
    end_sleeper(process);
}

/* A group that is wanted alone is read; the expensive ones come only if they are wanted. */
static void each_group_of_another_process_by_itself(void) {
    static const uint64_t groups[] = {RR_USAGE_CPU, RR_USAGE_TIMES, RR_USAGE_WALL, RR_USAGE_RSS, RR_USAGE_PEAK_RSS,
                                      RR_USAGE_VIRTUAL, RR_USAGE_SWAP, RR_USAGE_FAULTS, RR_USAGE_IO, RR_USAGE_THREADS,
                                      RR_USAGE_OPEN_FILES};
    rr_process *process = open_sleeper();
    size_t i;
    begin();
    for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        rr_usage usage, empty;
        CHECK_CALL(rr_usage_read(process, groups[i], &usage), 0);
        CHECK_EQ(usage.known & groups[i], groups[i]);
        CHECK(groups[i] == RR_USAGE_IO || !(usage.known & RR_USAGE_IO));
        CHECK(groups[i] == RR_USAGE_OPEN_FILES || !(usage.known & RR_USAGE_OPEN_FILES));
        CHECK(groups[i] == RR_USAGE_CPU || !(usage.known & RR_USAGE_CPU));
        memset(&empty, 0, sizeof empty);
        CHECK_EQ(memcmp(usage.reserved, empty.reserved, sizeof empty.reserved), 0);
    }
    end_sleeper(process);
}

static void each_value_of_the_caller_is_its_own(void) {
    begin();
    check_sizes(NULL);
    check_lifetime(NULL);
}

/* Each file of a process is opened once, and found again by whichever group needs it. */
static void a_handle_opens_each_file_once(void) {
    static const uint64_t groups[] = {RR_USAGE_RSS, RR_USAGE_PEAK_RSS, RR_USAGE_SWAP, RR_USAGE_TIMES, RR_USAGE_IO,
                                      RR_USAGE_VIRTUAL, RR_USAGE_THREADS, RR_USAGE_WALL, RR_USAGE_FAULTS};
    rr_process *process = open_sleeper();
    rr_usage usage;
    int round;
    size_t i;
    begin();
    for (round = 0; round < 2; round++) {
        opened = 0;
        for (i = 0; i < sizeof groups / sizeof groups[0]; i++) {
            CHECK_CALL(rr_usage_read(process, groups[i], &usage), 0);
            CHECK_EQ(usage.known & groups[i], groups[i]);
        }
        CHECK_EQ(opened > 0, round == 0);
    }
    end_sleeper(process);
}

/* There is preadv(2). */
static void every_value_is_read_without_pread(void) {
    static const int refusals[] = {ENOSYS, EPERM, EACCES};
    rr_process *process = open_sleeper();
    size_t i;
    begin();
    for (i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        pread_refusal = refusals[i];
        check_sizes(NULL);
        check_sizes(process);
        check_lifetime(process);
    }
    pread_refusal = 0;
    end_sleeper(process);
}

static void check_used(rr_process *process) {
    static const struct {
        int resource;
        uint64_t used;
    } expected[] = {
        {RR_RLIMIT_AS, 9002 * 1024},
        {RR_RLIMIT_DATA, 9010 * 1024},
        {RR_RLIMIT_STACK, 9011 * 1024},
        {RR_RLIMIT_RSS, 9006 * 1024},
        {RR_RLIMIT_MEMLOCK, 9003 * 1024},
        {RR_RLIMIT_SIGPENDING, 18},
    };
    size_t i;
    for (i = 0; i < sizeof expected / sizeof expected[0]; i++) {
        uint64_t used = 0;
        CHECK_CALL(rr_rlimit_used(process, expected[i].resource, &used), 0);
        CHECK_EQ(used, expected[i].used);
    }
}

static void each_limits_use_is_its_own(void) {
    rr_process *process = open_sleeper();
    begin();
    check_used(NULL);
    check_used(process);
    end_sleeper(process);
}

/* prlimit(2) refuses another user's process; its limits can be read from a file. */
static void each_limit_in_the_file_is_its_own(void) {
    static const int rows[] = {RR_RLIMIT_CPU, RR_RLIMIT_FSIZE, RR_RLIMIT_DATA, RR_RLIMIT_STACK, RR_RLIMIT_CORE,
                               RR_RLIMIT_RSS, RR_RLIMIT_NPROC, RR_RLIMIT_NOFILE, RR_RLIMIT_MEMLOCK, RR_RLIMIT_AS,
                               RR_RLIMIT_LOCKS, RR_RLIMIT_SIGPENDING, RR_RLIMIT_MSGQUEUE, RR_RLIMIT_NICE,
                               RR_RLIMIT_RTPRIO, RR_RLIMIT_RTTIME};
    rr_process *process = open_sleeper();
    rr_rlimit_entry entries[64];
    size_t count = 0, i, row;
    begin();
    is_refused_by_number = 1;
    CHECK_CALL(rr_rlimits_get(process, entries, 64, &count), 0);
    CHECK_EQ(count, 16);
    for (i = 0; i < count; i++)
        for (row = 0; row < 16; row++)
            if (rows[row] == entries[i].resource)
                CHECK(same_limits(&entries[i].limits, 1000 + row, 2000 + row));
    is_refused_by_number = 0;
    end_sleeper(process);
}
#endif

int main(void) {
    RUN_ARRANGED(each_value_of_another_process_is_its_own);
    RUN_ARRANGED(each_group_of_another_process_by_itself);
    RUN_ARRANGED(each_value_of_the_caller_is_its_own);
    RUN_ARRANGED(a_handle_opens_each_file_once);
    RUN_ARRANGED(every_value_is_read_without_pread);
    RUN_ARRANGED(each_limits_use_is_its_own);
    RUN_ARRANGED(each_limit_in_the_file_is_its_own);
    return report();
}
