/* Limits that need more than 32 bits: refused by a 32-bit kernel, kept by a 64-bit one, under 32-bit programs too. */
#include "check.h"

#ifdef __linux__
static const uint64_t too_wide[] = {
    UINT64_C(0xFFFFFFFF), UINT64_C(1) << 32, UINT64_C(8) << 30, UINT64_C(1) << 63, UINT64_MAX - 1,
};
static const uint64_t always_fit[] = {0, 1, 0x7FFFFFFF, UINT64_C(0xFFFFFFFE), RR_RLIM_INFINITY};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* The limits of FSIZE, or all ones if they cannot be read. */
static rr_rlimit present(void) {
    rr_rlimit limits = {UINT64_MAX - 2, UINT64_MAX - 2};
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_FSIZE, &limits), 0);
    return limits;
}

static int expected(uint64_t value) {
    return refusal_by_width(value, RR_RLIM_INFINITY);
}

/* Checks what a call returned and what it did: it set the value, or nothing. */
static void check_result(int error, uint64_t soft, rr_rlimit before) {
    const rr_rlimit after = present();
    CHECK_EQ(error, expected(soft));
    if (error == 0)
        CHECK(same_limits(&after, soft, before.rlim_max));
    else
        CHECK(same_limits(&after, before.rlim_cur, before.rlim_max));
}

static void set_alone(uint64_t soft) {
    const rr_rlimit before = present();
    const rr_rlimit wanted = {soft, before.rlim_max};
    check_result(CALL(rr_setrlimit(RR_RLIMIT_FSIZE, &wanted)), soft, before);
}

static void set_by_number(uint64_t soft) {
    const rr_rlimit before = present();
    const rr_rlimit wanted = {soft, before.rlim_max};
    rr_rlimit previous;
    FILL(previous);
    check_result(CALL(rr_prlimit((int32_t)getpid(), RR_RLIMIT_FSIZE, &wanted, &previous)), soft, before);
    if (expected(soft))
        CHECK_UNTOUCHED(previous);
    else
        CHECK(same_limits(&previous, before.rlim_cur, before.rlim_max));
}

/* The other entry could be set, but is not. */
static void set_among_others(uint64_t soft) {
    const rr_rlimit before = present();
    rr_rlimit cores;
    rr_rlimit_entry entries[2];
    size_t failed_at = 77;
    memset(entries, 0, sizeof entries);
    CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &cores), 0);
    entries[0].resource = RR_RLIMIT_CORE;
    entries[0].limits.rlim_max = cores.rlim_max;
    entries[0].limits.rlim_cur = cores.rlim_cur == 0 ? cores.rlim_max : 0;
    entries[1].resource = RR_RLIMIT_FSIZE;
    entries[1].limits.rlim_cur = soft;
    entries[1].limits.rlim_max = before.rlim_max;
    check_result(CALL(rr_rlimits_set(NULL, entries, 2, &failed_at)), soft, before);
    if (expected(soft)) {
        rr_rlimit after;
        CHECK_EQ(failed_at, 1);
        CHECK_CALL(rr_getrlimit(RR_RLIMIT_CORE, &after), 0);
        CHECK(same_limits(&after, cores.rlim_cur, cores.rlim_max));
    }
}

static void raise_to(uint64_t soft) {
    const rr_rlimit low = {0, present().rlim_max};
    rr_rlimit result;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_FSIZE, &low), 0);
    check_result(CALL(rr_rlimit_raise(RR_RLIMIT_FSIZE, soft, &result)), soft, low);
}

static void predict(uint64_t soft) {
    const rr_rlimit before = present();
    const rr_rlimit wanted = {soft, before.rlim_max};
    const int error = expected(soft);
    rr_verdict verdict;
    CHECK_CALL(rr_rlimit_check(NULL, RR_RLIMIT_FSIZE, &wanted, &verdict), 0);
    CHECK_EQ(verdict.error, error);
    CHECK_EQ(verdict.reason, error ? RR_REASON_NOT_REPRESENTABLE : RR_REASON_NONE);
    CHECK_EQ(verdict.ceiling, before.rlim_max);
    CHECK_EQ(rr_setrlimit(RR_RLIMIT_FSIZE, &wanted), verdict.error);
}

static void give_to_a_command(uint64_t soft) {
    const rr_rlimit wanted = {soft, present().rlim_max};
    rr_command *command = NULL;
    CHECK_CALL(rr_command_new("/bin/true", &command), 0);
    CHECK_CALL(rr_command_set_limit(command, RR_RLIMIT_FSIZE, &wanted), expected(soft));
    rr_command_free(command);
}

static void (*way)(uint64_t);
static void with_every_value(void) {
    size_t i;
    for (i = 0; i < COUNT(too_wide); i++)
        way(too_wide[i]);
    for (i = 0; i < COUNT(always_fit); i++)
        way(always_fit[i]);
}

static int can_try(void) {
    if (present().rlim_max == RR_RLIM_INFINITY)
        return 1;
    skip("the hard limit of FSIZE leaves no room for wide values");
    return 0;
}

static void every_value(void (*one)(uint64_t)) {
    way = one;
    if (can_try())
        in_child(with_every_value);
}

static void one_limit(void) { every_value(set_alone); }
static void one_limit_by_number(void) { every_value(set_by_number); }
static void one_limit_of_many(void) { every_value(set_among_others); }
static void a_raise(void) { every_value(raise_to); }
static void a_verdict(void) { every_value(predict); }
static void a_command(void) { every_value(give_to_a_command); }

/* The hard limit alone is too wide. */
static void a_hard_limit(void) {
    const rr_rlimit wanted = {1, too_wide[1]};
    const rr_rlimit before = present();
    rr_rlimit after;
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_FSIZE, &wanted), expected(too_wide[1]));
    after = present();
    if (kernel_is_narrow())
        CHECK(same_limits(&after, before.rlim_cur, before.rlim_max));
    else
        CHECK(same_limits(&after, 1, too_wide[1]));
}
static void only_a_hard_limit(void) {
    if (can_try())
        in_child(a_hard_limit);
}

/* Other errors are reported first, on every kernel. */
static void other_errors_come_first(void) {
    const rr_rlimit wide = {too_wide[1], too_wide[1]}, crossed = {too_wide[2], too_wide[1]};
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    CHECK_EQ(waitpid(child, NULL, 0), child);
    CHECK_CALL(rr_setrlimit(99, &wide), EINVAL);
    CHECK_CALL(rr_setrlimit(RR_RLIMIT_FSIZE, &crossed), EINVAL);
    CHECK_CALL(rr_prlimit((int32_t)child, RR_RLIMIT_FSIZE, &wide, NULL), ESRCH);
    CHECK_CALL(rr_prlimit(0, RR_RLIMIT_FSIZE, &crossed, NULL), EINVAL);
}
#else
static void one_limit(void) { skip("32-bit kernels with narrower limits than their calls are Linux's"); }
#endif

int main(void) {
    RUN(one_limit);
#ifdef __linux__
    RUN(one_limit_by_number);
    RUN(one_limit_of_many);
    RUN(a_raise);
    RUN(a_verdict);
    RUN(a_command);
    RUN(only_a_hard_limit);
    RUN(other_errors_come_first);
#endif
    return report();
}
