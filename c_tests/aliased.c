/* One object as input and output of one call. */
#include "check.h"

static void prlimit_swaps(void) {
    rr_rlimit before, limits = {0, 0}, after;
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &before), 0);
    limits.rlim_max = before.rlim_max; /* only the soft limit moves, so that it can move back */
    limits.rlim_cur = before.rlim_cur == 0 ? before.rlim_max : 0;
    after = limits;
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, &limits, &limits), 0);
    CHECK(same_limits(&limits, before.rlim_cur, before.rlim_max));
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, &limits, &limits), 0);
    CHECK(same_limits(&limits, after.rlim_cur, after.rlim_max));
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &after), 0);
    CHECK(same_limits(&after, before.rlim_cur, before.rlim_max));
}

static void a_refusal_leaves_the_object(void) {
    rr_rlimit limits = {2, 1};
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_CORE, &limits, &limits), EINVAL);
    CHECK(same_limits(&limits, 2, 1));
    CHECK_CALL(rr_prlimit(0, -1, &limits, &limits), EINVAL);
    CHECK(same_limits(&limits, 2, 1));
}

static void a_value_within_its_usage(void) {
    union {
        rr_rusage usage;
        double value;
    } both;
    memset(&both, 0, sizeof both);
    both.usage.ru_nivcsw = 42;
    CHECK_CALL(rr_rusage_value(&both.usage, 15, &both.value), 0);
    CHECK(both.value == 42.0);
}

static void a_difference_within_one_of_its_readings(void) {
    rr_usage start, end;
    memset(&start, 0, sizeof start);
    start.known = RR_USAGE_CPU;
    start.cpu_ns = 40;
    end = start;
    end.cpu_ns = 100;
    CHECK_CALL(rr_usage_since(&start, &end, &end), 0);
    CHECK_EQ(end.cpu_ns, 60);
    CHECK_CALL(rr_usage_since(&start, &start, &start), 0);
    CHECK_EQ(start.cpu_ns, 0);
}

static void one_word_for_status_and_signal(void) {
    int32_t waited, child;
    fflush(stdout);
    child = (int32_t)fork();
    if (child == 0)
        _exit(3);
    CHECK_CALL(rr_wait4(child, 0, &waited, &waited, NULL), 0);
    CHECK_EQ(waited, child); /* written last: the required output */
}

int main(void) {
    RUN(prlimit_swaps);
    RUN(a_refusal_leaves_the_object);
    RUN(a_value_within_its_usage);
    RUN(a_difference_within_one_of_its_readings);
    RUN(one_word_for_status_and_signal);
    return report();
}
