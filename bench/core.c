/* The core calls compared with the same calls of libc and with an empty system call. */
#define _GNU_SOURCE
#include <stdint.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <signal.h>

#include <rresource.h>

#include "paired.h"

enum { CALLS = 1000 };

static rr_rlimit ours;
static struct rlimit theirs;
static rr_rusage our_usage;
static struct rusage their_usage;
static pid_t child;

static void floor_call(void) { syscall(SYS_getppid); }

static void rr_getrlimit_call(void) { rr_getrlimit(RR_RLIMIT_NOFILE, &ours); }
static void getrlimit_call(void) { getrlimit(RLIMIT_NOFILE, &theirs); }
static void rr_setrlimit_call(void) { rr_setrlimit(RR_RLIMIT_NOFILE, &ours); }
static void setrlimit_call(void) { setrlimit(RLIMIT_NOFILE, &theirs); }
#if defined(__LP64__) && defined(SYS_getrlimit)
/* How libc makes system calls differs between its versions, and their cost between machines. */
#define HAS_BARE_CALLS
static void bare_getrlimit_call(void) { syscall(SYS_getrlimit, RLIMIT_NOFILE, &theirs); }
static void bare_setrlimit_call(void) { syscall(SYS_setrlimit, RLIMIT_NOFILE, &theirs); }
#endif
static void rr_prlimit_call(void) { rr_prlimit(child, RR_RLIMIT_NOFILE, NULL, &ours); }
static void prlimit_call(void) { prlimit(child, RLIMIT_NOFILE, NULL, &theirs); }
static void rr_self_call(void) { rr_getrusage(RR_RUSAGE_SELF, &our_usage); }
static void self_call(void) { getrusage(RUSAGE_SELF, &their_usage); }
static void rr_children_call(void) { rr_getrusage(RR_RUSAGE_CHILDREN, &our_usage); }
static void children_call(void) { getrusage(RUSAGE_CHILDREN, &their_usage); }
static void rr_both_call(void) { rr_getrusage(RR_RUSAGE_BOTH, &our_usage); }
static void both_calls(void) { self_call(), children_call(); }
static void rr_thread_call(void) { rr_getrusage(RR_RUSAGE_THREAD, &our_usage); }
static void thread_call(void) { getrusage(RUSAGE_THREAD, &their_usage); }
static void rr_wait4_call(void) {
    int32_t waited, status;
    rr_wait4(child, WNOHANG, &waited, &status, &our_usage);
}
static void wait4_call(void) {
    int status;
    wait4(child, &status, WNOHANG, &their_usage);
}
static void rr_getpagesize_call(void) { rr_getpagesize(); }
static void getpagesize_call(void) { sysconf(_SC_PAGESIZE); }

static rr_rlimit_entry entries[64];
static size_t entry_count;
static void rr_getrlimits_call(void) { rr_rlimits_get(NULL, entries, 64, &entry_count); }
static void sixteen_getrlimit_calls(void) {
    int resource;
    for (resource = 0; resource < 16; resource++)
        getrlimit((__rlimit_resource_t)resource, &theirs);
}

static uint64_t used;
static struct stat status;
static void rr_rlimit_used_call(void) { rr_rlimit_used(NULL, RR_RLIMIT_NOFILE, &used); }
static void stat_call(void) { stat("/proc/self/fd", &status); }

static void compare(const char *name, void (*our_call)(void), const char *rival, void (*their_call)(void)) {
    static double our_times[ROUNDS], to_theirs[ROUNDS], to_floor[ROUNDS];
    int round;
    for (round = 0; round < ROUNDS; round++) {
        /* The second one has warmer caches: they take turns. */
        int we_begin = round % 2;
        double mine = we_begin ? nanoseconds(our_call, CALLS) : 0;
        double other = nanoseconds(their_call, CALLS);
        if (!we_begin)
            mine = nanoseconds(our_call, CALLS);
        our_times[round] = mine;
        to_theirs[round] = mine / other;
        to_floor[round] = mine / nanoseconds(floor_call, CALLS);
    }
    printf("%-32s %8.1f ns   %5.2f of %-34s %5.2f of an empty system call\n", name, median(our_times, ROUNDS),
           median(to_theirs, ROUNDS), rival, median(to_floor, ROUNDS));
    fflush(stdout);
}

int main(void) {
    rr_getrlimit(RR_RLIMIT_NOFILE, &ours);
    getrlimit(RLIMIT_NOFILE, &theirs);
    child = fork();
    if (child == 0)
        for (;;)
            pause();
    printf("medians of %d rounds of %d calls\n", ROUNDS, CALLS);
    compare("rr_getrlimit", rr_getrlimit_call, "getrlimit", getrlimit_call);
    compare("rr_setrlimit", rr_setrlimit_call, "setrlimit", setrlimit_call);
#ifdef HAS_BARE_CALLS
    compare("rr_getrlimit", rr_getrlimit_call, "the bare system call", bare_getrlimit_call);
    compare("rr_setrlimit", rr_setrlimit_call, "the bare system call", bare_setrlimit_call);
#endif
    compare("rr_prlimit of a child", rr_prlimit_call, "prlimit", prlimit_call);
    compare("rr_getrusage SELF", rr_self_call, "getrusage", self_call);
    compare("rr_getrusage CHILDREN", rr_children_call, "getrusage", children_call);
    compare("rr_getrusage BOTH", rr_both_call, "getrusage SELF and CHILDREN", both_calls);
    compare("rr_getrusage THREAD", rr_thread_call, "getrusage", thread_call);
    compare("rr_wait4 WNOHANG, no change", rr_wait4_call, "wait4", wait4_call);
    compare("rr_getpagesize", rr_getpagesize_call, "sysconf(_SC_PAGESIZE)", getpagesize_call);
    compare("rr_rlimits_get, all 16", rr_getrlimits_call, "16 times getrlimit", sixteen_getrlimit_calls);
    rr_rlimit_raise(RR_RLIMIT_NOFILE, 10100, &ours);
    while (dup(0) >= 0 && rr_rlimit_used(NULL, RR_RLIMIT_NOFILE, &used) == 0 && used < 10000)
        ;
    printf("with %llu descriptors open:\n", (unsigned long long)used);
    compare("rr_rlimit_used NOFILE", rr_rlimit_used_call, "stat of /proc/self/fd", stat_call);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    return EXIT_SUCCESS;
}
