/*
 * Which clock measures a child's time. The program's own clock_gettime replaces libc's, and advances the time of
 * day by hours at each call.
 */
#include "ways.h"

#ifdef __linux__
#include <sys/syscall.h>

#ifdef __cplusplus
extern "C" {
#endif
int look_at_clock(clockid_t clock, long time[2]) __asm__("clock_gettime");
#ifdef __cplusplus
}
#endif

static int looks;
static long hours;

int look_at_clock(clockid_t clock, long time[2]) {
    const int result = (int)syscall(SYS_clock_gettime, clock, time);
    looks++;
    if (clock == CLOCK_REALTIME)
        time[0] += 3600 * ++hours;
    return result;
}

static uint64_t since_start(void) {
    long time[2];
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, time);
    return (uint64_t)time[0] * 1000000000u + (uint64_t)time[1];
}

static void a_set_clock_changes_no_time(void) {
    const uint64_t start = since_start();
    rr_child *child = spawned(shell("exec sleep 100"));
    rr_outcome outcome;
    uint64_t begin = since_start();
    CHECK_CALL(rr_child_wait(child, 50000000, &outcome), ETIMEDOUT);
    CHECK(since_start() - begin >= 50000000);
    CHECK_CALL(rr_child_kill(child, SIGKILL), 0);
    CHECK_CALL(rr_child_wait(child, -1, &outcome), 0);
    CHECK(outcome.wall_ns >= 50000000 && outcome.wall_ns <= since_start() - start);
    rr_child_free(child);
    if (looks == 0)
        skip("the library calls another clock_gettime here");
}
#else
static void a_set_clock_changes_no_time(void) { skip("a test of Linux"); }
#endif

int main(int argc, char **argv) {
    (void)argc;
    BEGIN(argv);
    RUN_WAYS(a_set_clock_changes_no_time);
    return report();
}
