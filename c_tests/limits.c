/* Limits, read and refused; what sets them is in own_process.c. */
#include "check.h"

static const int UNKNOWN[] = {-1, 16, 99, INT_MIN, INT_MAX};
#define UNKNOWN_COUNT (sizeof UNKNOWN / sizeof UNKNOWN[0])

static int count(void) { return (int)rr_resource_count(); }

static void getrlimit_agrees_with_the_system(void) {
    int resource;
    for (resource = 0; resource < count(); resource++) {
        struct rlimit theirs;
        rr_rlimit ours;
        CHECK_EQ(getrlimit(resource, &theirs), 0);
        CHECK_CALL(rr_getrlimit(resource, &ours), 0);
        CHECK(same_limits(&ours, theirs.rlim_cur, theirs.rlim_max));
    }
}

static void prlimit_reads_what_getrlimit_reads(void) {
    const int32_t pids[] = {0, (int32_t)getpid()};
    int resource;
    size_t i;
    for (i = 0; i < 2; i++)
        for (resource = 0; resource < count(); resource++) {
            struct rlimit theirs;
            rr_rlimit ours;
            CHECK_EQ(getrlimit(resource, &theirs), 0);
            CHECK_CALL(rr_prlimit(pids[i], resource, NULL, &ours), 0);
            CHECK(same_limits(&ours, theirs.rlim_cur, theirs.rlim_max));
        }
}

static void setting_what_is_set_changes_nothing(void) {
    int resource;
    for (resource = 0; resource < count(); resource++) {
        rr_rlimit before, after;
        CHECK_CALL(rr_getrlimit(resource, &before), 0);
        CHECK_CALL(rr_setrlimit(resource, &before), 0);
        CHECK_CALL(rr_prlimit(0, resource, &before, NULL), 0);
        CHECK_CALL(rr_getrlimit(resource, &after), 0);
        CHECK(same_limits(&after, before.rlim_cur, before.rlim_max));
    }
}

static void an_unknown_resource_is_einval(void) {
    rr_rlimit limits;
    const rr_rlimit none = {0, 0};
    size_t i;
    FILL(limits);
    for (i = 0; i < UNKNOWN_COUNT; i++) {
        if (UNKNOWN[i] >= 0 && UNKNOWN[i] < count())
            continue;
        CHECK_CALL(rr_getrlimit(UNKNOWN[i], &limits), EINVAL);
        CHECK_CALL(rr_setrlimit(UNKNOWN[i], &none), EINVAL);
        CHECK_CALL(rr_prlimit(0, UNKNOWN[i], NULL, &limits), EINVAL);
        CHECK_CALL(rr_prlimit(0, UNKNOWN[i], &none, &limits), EINVAL);
        CHECK_CALL(rr_prlimit(-1, UNKNOWN[i], NULL, &limits), EINVAL); /* before the pid is looked at */
    }
    CHECK_UNTOUCHED(limits);
}

static void soft_above_hard_is_einval(void) {
    const rr_rlimit wrong[] = {{1, 0}, {RR_RLIM_INFINITY, 4096}, {8193, 8192}};
    int resource;
    size_t i;
    for (resource = 0; resource < count(); resource++)
        for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
            rr_rlimit before, old_limits, after;
            if (is_emulated(resource))
                continue;
            FILL(old_limits);
            CHECK_CALL(rr_getrlimit(resource, &before), 0);
            CHECK_CALL(rr_setrlimit(resource, &wrong[i]), EINVAL);
            CHECK_CALL(rr_prlimit(0, resource, &wrong[i], &old_limits), EINVAL);
            CHECK_UNTOUCHED(old_limits);
            CHECK_CALL(rr_getrlimit(resource, &after), 0);
            CHECK(same_limits(&after, before.rlim_cur, before.rlim_max));
        }
    if (emulated_by("qemu-user"))
        skip("qemu-user keeps AS, DATA and STACK to itself and refuses none");
}

static void no_such_process_is_esrch(void) {
    const int32_t reaped = (int32_t)fork();
    rr_rlimit limits;
    size_t i;
    if (reaped == 0)
        _exit(0);
    CHECK_EQ(waitpid(reaped, NULL, 0), reaped);
    {
        const int32_t pids[] = {-1, reaped, INT_MIN, INT_MAX};
        FILL(limits);
        for (i = 0; i < sizeof pids / sizeof pids[0]; i++) {
            CHECK_CALL(rr_prlimit(pids[i], RR_RLIMIT_NOFILE, NULL, &limits), ESRCH);
            CHECK_CALL(rr_prlimit(pids[i], RR_RLIMIT_NOFILE, NULL, NULL), ESRCH);
        }
        CHECK_UNTOUCHED(limits);
    }
}

static void prlimit_without_pointers_only_checks(void) {
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_NOFILE, NULL, NULL), 0);
}

int main(void) {
    RUN(getrlimit_agrees_with_the_system);
    RUN(prlimit_reads_what_getrlimit_reads);
    RUN(setting_what_is_set_changes_nothing);
    RUN(an_unknown_resource_is_einval);
    RUN(soft_above_hard_is_einval);
    RUN(no_such_process_is_esrch);
    RUN(prlimit_without_pointers_only_checks);
    return report();
}
