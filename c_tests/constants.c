/* Every constant of the header by name; tests/header.rs sees to it that none is missing here. */
#include "check.h"

static int64_t value_of(const char *name) {
    int64_t value;
    CHECK_CALL(rr_constant(name, &value), 0);
    return value;
}

/* With and without RR_. */
#define CONSTANT(name) \
    (CHECK_EQ(value_of("RR_" #name), (int64_t)(RR_##name)), CHECK_EQ(value_of(#name), (int64_t)(RR_##name)))
#define ABSENT(name) CHECK_CALL(rr_constant(#name, &untouched), ENOENT)

static void every_constant_by_name(void) {
    CONSTANT(VERSION_MAJOR);
    CONSTANT(VERSION_MINOR);
    CONSTANT(VERSION_PATCH);
    CONSTANT(UNIT_BYTES);
    CONSTANT(UNIT_SECONDS);
    CONSTANT(UNIT_MICROSECONDS);
    CONSTANT(UNIT_COUNT);
    CONSTANT(UNIT_PRIORITY);
    CONSTANT(UNIT_NANOSECONDS);
    CONSTANT(SCOPE_PROCESS);
    CONSTANT(SCOPE_USER);
    CONSTANT(SCOPE_THREAD);
    CONSTANT(SCOPE_FILE);
    CONSTANT(RESOURCE_UNENFORCED);
    CONSTANT(RLIMIT_TEXT_SIZE);
    CONSTANT(RUSAGE_SELF);
    CONSTANT(RUSAGE_CHILDREN);
    CONSTANT(RUSAGE_BOTH);
    CONSTANT(RUSAGE_THREAD);
    CONSTANT(USAGE_CPU);
    CONSTANT(USAGE_TIMES);
    CONSTANT(USAGE_WALL);
    CONSTANT(USAGE_RSS);
    CONSTANT(USAGE_PEAK_RSS);
    CONSTANT(USAGE_VIRTUAL);
    CONSTANT(USAGE_SWAP);
    CONSTANT(USAGE_FAULTS);
    CONSTANT(USAGE_IO);
    CONSTANT(USAGE_SWITCHES);
    CONSTANT(USAGE_THREADS);
    CONSTANT(USAGE_OPEN_FILES);
    CONSTANT(USAGE_ALL);
    CONSTANT(USAGE_PEAK_IS_BOUND);
    CONSTANT(REASON_NONE);
    CONSTANT(REASON_SOFT_ABOVE_HARD);
    CONSTANT(REASON_HARD_NEEDS_PRIVILEGE);
    CONSTANT(REASON_ABOVE_SYSTEM_MAXIMUM);
    CONSTANT(REASON_NOT_YOUR_PROCESS);
    CONSTANT(REASON_UNKNOWN_RESOURCE);
    CONSTANT(RLIM_INFINITY);
    CONSTANT(RLIMIT_CPU);
    CONSTANT(RLIMIT_FSIZE);
    CONSTANT(RLIMIT_DATA);
    CONSTANT(RLIMIT_STACK);
    CONSTANT(RLIMIT_CORE);
    CONSTANT(RLIMIT_NOFILE);
}

static void constants_of_some_systems(void) {
    int64_t untouched;
    FILL(untouched);
#ifdef RR_RLIM_SAVED_CUR
    CONSTANT(RLIM_SAVED_CUR);
#else
    ABSENT(RLIM_SAVED_CUR);
#endif
#ifdef RR_RLIM_SAVED_MAX
    CONSTANT(RLIM_SAVED_MAX);
#else
    ABSENT(RLIM_SAVED_MAX);
#endif
#ifdef RR_RLIMIT_AS
    CONSTANT(RLIMIT_AS);
#else
    ABSENT(RLIMIT_AS);
#endif
#ifdef RR_RLIMIT_RSS
    CONSTANT(RLIMIT_RSS);
#else
    ABSENT(RLIMIT_RSS);
#endif
#ifdef RR_RLIMIT_NPROC
    CONSTANT(RLIMIT_NPROC);
#else
    ABSENT(RLIMIT_NPROC);
#endif
#ifdef RR_RLIMIT_MEMLOCK
    CONSTANT(RLIMIT_MEMLOCK);
#else
    ABSENT(RLIMIT_MEMLOCK);
#endif
#ifdef RR_RLIMIT_LOCKS
    CONSTANT(RLIMIT_LOCKS);
#else
    ABSENT(RLIMIT_LOCKS);
#endif
#ifdef RR_RLIMIT_SIGPENDING
    CONSTANT(RLIMIT_SIGPENDING);
#else
    ABSENT(RLIMIT_SIGPENDING);
#endif
#ifdef RR_RLIMIT_MSGQUEUE
    CONSTANT(RLIMIT_MSGQUEUE);
#else
    ABSENT(RLIMIT_MSGQUEUE);
#endif
#ifdef RR_RLIMIT_NICE
    CONSTANT(RLIMIT_NICE);
#else
    ABSENT(RLIMIT_NICE);
#endif
#ifdef RR_RLIMIT_RTPRIO
    CONSTANT(RLIMIT_RTPRIO);
#else
    ABSENT(RLIMIT_RTPRIO);
#endif
#ifdef RR_RLIMIT_RTTIME
    CONSTANT(RLIMIT_RTTIME);
#else
    ABSENT(RLIMIT_RTTIME);
#endif
#ifdef RR_RLIMIT_OFILE
    CONSTANT(RLIMIT_OFILE);
#else
    ABSENT(RLIMIT_OFILE);
#endif
#ifdef RR_RLIMIT_VMEM
    CONSTANT(RLIMIT_VMEM);
#else
    ABSENT(RLIMIT_VMEM);
#endif
#ifdef RR_RLIMIT_SBSIZE
    CONSTANT(RLIMIT_SBSIZE);
#else
    ABSENT(RLIMIT_SBSIZE);
#endif
#ifdef RR_RLIMIT_SWAP
    CONSTANT(RLIMIT_SWAP);
#else
    ABSENT(RLIMIT_SWAP);
#endif
#ifdef RR_RLIMIT_NPTS
    CONSTANT(RLIMIT_NPTS);
#else
    ABSENT(RLIMIT_NPTS);
#endif
#ifdef RR_RLIMIT_KQUEUES
    CONSTANT(RLIMIT_KQUEUES);
#else
    ABSENT(RLIMIT_KQUEUES);
#endif
#ifdef RR_RLIMIT_UMTXP
    CONSTANT(RLIMIT_UMTXP);
#else
    ABSENT(RLIMIT_UMTXP);
#endif
#ifdef RR_RLIMIT_PIPEBUF
    CONSTANT(RLIMIT_PIPEBUF);
#else
    ABSENT(RLIMIT_PIPEBUF);
#endif
#ifdef RR_RLIMIT_NTHR
    CONSTANT(RLIMIT_NTHR);
#else
    ABSENT(RLIMIT_NTHR);
#endif
#ifdef RR_RLIMIT_VMM
    CONSTANT(RLIMIT_VMM);
#else
    ABSENT(RLIMIT_VMM);
#endif
#ifdef RR_RLIMIT_POSIXLOCKS
    CONSTANT(RLIMIT_POSIXLOCKS);
#else
    ABSENT(RLIMIT_POSIXLOCKS);
#endif
    CHECK_UNTOUCHED(untouched);
}

static void rusage_numbers_are_the_systems(void) {
    CHECK_EQ(RR_RUSAGE_SELF, RUSAGE_SELF);
    CHECK_EQ(RR_RUSAGE_CHILDREN, RUSAGE_CHILDREN);
#ifdef RUSAGE_THREAD
    CHECK_EQ(RR_RUSAGE_THREAD, RUSAGE_THREAD);
#endif
}

static void infinity_is_the_systems(void) {
    CHECK_EQ(RR_RLIM_INFINITY, (uint64_t)RLIM_INFINITY);
#ifdef RR_RLIM_SAVED_CUR
    CHECK_EQ(RR_RLIM_SAVED_CUR, (uint64_t)RLIM_SAVED_CUR);
    CHECK_EQ(RR_RLIM_SAVED_MAX, (uint64_t)RLIM_SAVED_MAX);
#endif
}

static void unknown_names(void) {
    int64_t untouched;
    FILL(untouched);
    ABSENT();
    ABSENT(RR_);
    ABSENT(RLIMIT_);
    ABSENT(rlimit_nofile);
    ABSENT(NOFILE);
    ABSENT(RR_RR_RLIMIT_NOFILE);
    ABSENT(RLIMIT_NOFILES);
    ABSENT(RR_UNIT);
    CHECK_UNTOUCHED(untouched);
}

int main(void) {
    RUN(every_constant_by_name);
    RUN(constants_of_some_systems);
    RUN(rusage_numbers_are_the_systems);
    RUN(infinity_is_the_systems);
    RUN(unknown_names);
    return report();
}
