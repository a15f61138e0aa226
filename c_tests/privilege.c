/* rr_rlimit_check with and without CAP_SYS_RESOURCE: the test provides the result of capget(2). */
#include "notify.h"

#ifdef CAN_NOTIFY

/* CAP_SYS_RESOURCE is number 24; effective, permitted and inheritable of 0 to 31, then of the others. */
enum { BIT = 1 << 24 };
static uint32_t sets[6];

static int is_refused;

static long long give_capabilities(const struct seccomp_data *call, int32_t thread) {
    char status[128];
    (void)thread;
    if (call->nr == SYS_openat) {
        if (!is_refused || !path_ends_with(call->args[1], "/status"))
            return PASS;
        snprintf(status, sizeof status, "CapInh:\t%016x\nCapPrm:\t%016x\nCapEff:\t%016x\n", sets[2], sets[1], sets[0]);
        return file_of(status);
    }
    if (is_refused)
        return -EPERM;
    if (call->args[1])
        memcpy((void *)(uintptr_t)call->args[1], sets, sizeof sets);
    return 0;
}

static void check_verdict(int resource, uint64_t hard, int reason, uint64_t ceiling) {
    const rr_rlimit wanted = {1, hard};
    rr_verdict verdict;
    CHECK_CALL(rr_rlimit_check(NULL, resource, &wanted, &verdict), 0);
    CHECK_EQ(verdict.reason, reason);
    CHECK_EQ(verdict.error, reason == RR_REASON_NONE ? 0 : EPERM);
    CHECK_EQ(verdict.ceiling, ceiling);
}

static uint64_t nr_open(void) {
    unsigned long long number = 0;
    FILE *file = fopen("/proc/sys/fs/nr_open", "r");
    CHECK(file && fscanf(file, "%llu", &number) == 1);
    if (file)
        fclose(file);
    return number;
}

static void check_capabilities(int by_file) {
    const int numbers[] = {SYS_capget, SYS_openat};
    const rr_rlimit low = {10, 20};
    const uint64_t maximum = nr_open();
    char namespace_of_users[64] = "";
    size_t i;
    CHECK(readlink("/proc/self/ns/user", namespace_of_users, sizeof namespace_of_users - 1) > 0);
    if (strcmp(namespace_of_users, "user:[4026531837]") != 0)
        _exit(77); /* a capability within another namespace does not count */
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_CORE, &low), 0);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_NOFILE, &low), 0);
    ARRANGE(give_capabilities, numbers);
    is_refused = by_file;
    sets[0] = BIT;
    check_verdict(RR_RLIMIT_CORE, 21, RR_REASON_NONE, RR_RLIM_INFINITY);
    check_verdict(RR_RLIMIT_CORE, RR_RLIM_INFINITY, RR_REASON_NONE, RR_RLIM_INFINITY);
    check_verdict(RR_RLIMIT_NOFILE, maximum, RR_REASON_NONE, maximum);
    check_verdict(RR_RLIMIT_NOFILE, maximum + 1, RR_REASON_ABOVE_SYSTEM_MAXIMUM, maximum);
    /* All others: permitted, inheritable, and every other effective one. */
    memset(sets, 0xFF, sizeof sets);
    sets[0] = ~(uint32_t)BIT;
    check_verdict(RR_RLIMIT_CORE, 21, RR_REASON_HARD_NEEDS_PRIVILEGE, 20);
    check_verdict(RR_RLIMIT_CORE, 20, RR_REASON_NONE, 20);
    check_verdict(RR_RLIMIT_NOFILE, maximum, RR_REASON_HARD_NEEDS_PRIVILEGE, 20);
    for (i = 0; i < 6; i++)
        sets[i] = 0;
    check_verdict(RR_RLIMIT_CORE, 21, RR_REASON_HARD_NEEDS_PRIVILEGE, 20);
}

static void only_the_effective_capability_counts(void) { check_capabilities(0); }
static void a_file_tells_it_where_capget_is_refused(void) { check_capabilities(1); }
#endif

int main(void) {
    RUN_ARRANGED(only_the_effective_capability_counts);
    RUN_ARRANGED(a_file_tells_it_where_capget_is_refused);
    return report();
}
